// The notes on an interview as a person knows them.

import type { Locator, Page } from "@playwright/test";

export class NotesPage {
  readonly heading: Locator;
  /** The stories, each a row that opens. */
  readonly stories: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole("heading", { level: 1, name: "Notes on the performance" });
    this.stories = page.locator("details.story");
  }

  /** What stands beside this name in the margin. */
  entry(name: string): Locator {
    return this.page.locator(".entry").filter({ has: this.page.getByRole("heading", { name, exact: true }) });
  }

  /** All that is quoted, shown or folded. */
  async quotes(): Promise<string[]> {
    const texts = await this.page.locator("q").allTextContents();
    return texts.map((text) => text.trim());
  }
}
