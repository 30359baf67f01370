// Begins what practises an answer again.

import type { Locator } from "@playwright/test";

/** Unfolds the ways to give an answer again, and takes one; ends on the page of what was begun. */
export async function again(within: Locator, way: string): Promise<void> {
  const from = within.page().url();
  await within.locator("summary", { hasText: "retry this answer" }).first().click();
  await within.getByRole("button", { name: way }).first().click();
  await within.page().waitForURL((url) => /^\/interview\/[0-9a-f-]{36}$/.test(url.pathname) && url.href !== from);
}
