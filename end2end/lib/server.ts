// One real server for one spec: its own free port, its own empty data folder.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { PATIENCE_MS } from "./patience.ts";


export class Server {
  private child: ChildProcess | undefined;
  private output = "";
  /** More flags for the next start. Specs are faster than any person, so nothing is limited unless they say so. */
  more = ["--browser-rate", "0", "--address-rate", "0"];

  private constructor(
    readonly port: number,
    readonly folder: string,
    /** More than what every server gets; counts from the next start on. */
    readonly environment: Record<string, string>,
  ) {}

  /** `environment`: more than what every server gets. */
  static async create(environment: Record<string, string> = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "interviewos-end2end-"));
    return new Server(await freePort(), folder, environment);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What voice workers and other programs show it. */
  get secret(): string {
    return readFileSync(join(this.folder, "data", "ingest-secret"), "utf8").trim();
  }

  /** What it printed so far. */
  get log(): string {
    return this.output;
  }

  /** Starts it and waits until interviews can be held. The port and the data are those of the last time. */
  async start(): Promise<void> {
    const binary = process.env["INTERVIEWOS_BIN"];
    if (binary === undefined) throw new Error("INTERVIEWOS_BIN names no server: run the specs by `make test`");
    // Settings and keys of the person who runs the specs are not theirs.
    const theirs = Object.entries(process.env).filter(([name]) => !/^(INTERVIEWOS|OPENAI|GEMINI|LIVEKIT)_/.test(name));
    // The same questions each time, unless another seed is asked for: to look for what depends on them.
    const own = { INTERVIEWOS_ROOMS_UDP_PORT: "0", INTERVIEWOS_SEED: process.env["INTERVIEWOS_TEST_SEED"] ?? "1" };
    const env = { ...Object.fromEntries(theirs), ...own, ...this.environment };
    const args = ["serve", "--port", String(this.port), "--data", join(this.folder, "data"), ...this.more];
    const child = spawn(binary, args, {
      cwd: this.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    }
    let failed: string | undefined;
    child.on("error", (error) => (failed = error.message));
    const giveUp = Date.now() + PATIENCE_MS;
    while (!(await this.ready())) {
      failed ??= child.exitCode === null ? undefined : `it ended with ${child.exitCode}`;
      if (failed === undefined && Date.now() > giveUp) failed = "it was not ready in time";
      if (failed !== undefined) throw new Error(`the server did not start: ${failed}\n${this.output}`);
      await sleep(25);
    }
  }

  /** Stops it the friendly way; what runs may end. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  private async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    const late = sleep(PATIENCE_MS, "late", { ref: false });
    if ((await Promise.race([ended, late])) === "late") {
      child.kill("SIGKILL");
      throw new Error(`the server did not end within ${PATIENCE_MS} ms of ${signal}\n${this.output}`);
    }
  }
}

let turn = 0;

/** Below those that systems hand out by themselves, so that nobody else gets it before the server does. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + ((process.pid * 97 + turn++) % 18_000);
    const listener = createServer().listen(port, "127.0.0.1");
    try {
      await once(listener, "listening");
    } catch {
      continue; // Taken.
    }
    listener.close();
    await once(listener, "close");
    return port;
  }
}
