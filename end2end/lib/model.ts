// A model's server for specs: speaks OpenAI's streaming format, says what the spec tells it, as slowly as that wants.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export class FakeModel {
  private readonly http: HttpServer;
  private readonly waiting: ((line: ServerResponse) => void)[] = [];
  private readonly asked: ServerResponse[] = [];
  private port = 0;

  private constructor() {
    this.http = createServer((request, response) => void this.answer(request, response));
  }

  static async start(): Promise<FakeModel> {
    const model = new FakeModel();
    model.http.listen(0, "127.0.0.1");
    await once(model.http, "listening");
    model.port = (model.http.address() as AddressInfo).port;
    return model;
  }

  /** What OPENAI_BASE_URL is to be. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** The next line that is asked for, to be said piece by piece. */
  async next(): Promise<{ say: (words: string) => void; end: () => void }> {
    const response = this.asked.shift() ?? (await new Promise<ServerResponse>((take) => this.waiting.push(take)));
    const event = (choice: object) => response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
    return {
      say: (words) => event({ index: 0, delta: { content: words } }),
      end: () => {
        event({ index: 0, delta: {}, finish_reason: "stop" });
        response.end("data: [DONE]\n\n");
      },
    };
  }

  /** Says a whole line when it is asked for one. */
  async line(words: string): Promise<void> {
    const line = await this.next();
    line.say(words);
    line.end();
  }

  /** Ends it as a crash would: what it was saying is cut off, and nobody answers any more. */
  async kill(): Promise<void> {
    this.http.closeAllConnections();
    if (!this.http.listening) return;
    this.http.close();
    await once(this.http, "close");
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for await (const _ of request) {
      // Read to its end.
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const take = this.waiting.shift();
    if (take === undefined) this.asked.push(response);
    else take(response);
  }
}
