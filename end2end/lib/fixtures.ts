// What every spec gets: a server of its own, page objects, and a watch that fails the spec when the browser
// complained (console errors, broken content security policy) about something the spec did not announce.

import { type ConsoleMessage, type Page, type TestInfo, test as base, expect } from "@playwright/test";

import { HomePage, InterviewPage } from "./pages.ts";
import { Server } from "./server.ts";

/** What browsers complained about. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly announced: RegExp[] = [];

  /** Complaints that match are part of this spec. */
  expect(pattern: RegExp): void {
    this.announced.push(pattern);
  }

  watch(page: Page): void {
    page.on("console", (message: ConsoleMessage) => {
      // A broken policy is an error or, for some kinds, a warning.
      if (message.type() === "error" || /content security policy/i.test(message.text())) {
        this.heard.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => this.heard.push(`uncaught: ${error.message}`));
  }

  get unexpected(): string[] {
    return this.heard.filter((text) => !this.announced.some((pattern) => pattern.test(text)));
  }
}

interface Fixtures {
  server: Server;
  complaints: Complaints;
  home: HomePage;
  interview: InterviewPage;
}

/** Lets a spec use a server with more in its environment. */
export async function served(
  info: TestInfo,
  environment: Record<string, string>,
  use: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await Server.create(environment);
  try {
    await server.start();
    await use(server);
  } finally {
    await server.remove();
    if (info.status !== info.expectedStatus) await info.attach("server log", { body: server.log });
  }
}

export const test = base.extend<Fixtures>({
  server: async ({}, use, info) => served(info, {}, use),
  baseURL: async ({ server }, use) => use(server.url),
  complaints: [
    async ({ context }, use) => {
      const complaints = new Complaints();
      context.on("page", (page) => complaints.watch(page));
      await use(complaints);
      expect(complaints.unexpected, "the browser has nothing to complain about").toEqual([]);
    },
    { auto: true },
  ],
  home: async ({ page }, use) => use(new HomePage(page)),
  interview: async ({ page }, use) => use(new InterviewPage(page)),
});

export { expect };
