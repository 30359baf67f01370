// Pictures of a page. SHOTS names the folder they go to.

import { join } from "node:path";

import type { Page, TestInfo } from "@playwright/test";

/** Takes pictures of this page, each named for what it shows and for how the page is looked at. */
export function shooting(page: Page, info: TestInfo): (name: string) => Promise<void> {
  const folder = process.env["SHOTS"] ?? "shots";
  return async (name) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}-${info.project.name}.png`), animations: "disabled" });
  };
}
