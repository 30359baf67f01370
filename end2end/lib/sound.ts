// What a page must not have, whatever it shows: barriers that a tool finds, and anything cut off at its side.

import AxeBuilder from "@axe-core/playwright";
import { type Page, expect, test } from "@playwright/test";

/** What axe finds of its accessibility, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // What is still fading in has the colours of neither its beginning nor its end.
  await page.evaluate(async () => {
    const ends = (animation: Animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
    const running = document.getAnimations().filter((animation) => animation.playState === "running" && ends(animation));
    await Promise.all(running.map((animation) => animation.finished.catch(() => undefined)));
  });
  const found = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary ?? ""}`));
}

/** Whether it is wider than the window. */
export function isWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Expects neither of a page; the tools run as its scripts, so not where those are off. */
export async function expectSound(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) return;
  expect(await violations(page)).toEqual([]);
  expect(await isWide(page), "nothing is cut off at the side").toBe(false);
}
