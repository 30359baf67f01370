// What a person needs is in reach, wherever they are on the page, and what is not meant is not done.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { expectSound } from "../lib/sound.ts";

test("an interview is ended from anywhere, and not by mistake", { tag: ["@both", "@phone"] }, async ({ page, home, interview, javaScriptEnabled }) => {
  await home.start();
  for (let n = 0; n < 4; n++) await interview.say(answer(n));
  await expect(page.getByText("The sound of what you say"), "what is typed has none").toBeHidden();
  for (const top of [0, 100_000]) {
    await page.mouse.wheel(0, top === 0 ? -100_000 : top);
    await expect(interview.finishing).toBeInViewport();
  }
  const at = () => page.evaluate(() => window.scrollY);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const before = await at();
  await interview.finishing.click();
  const end = page.getByRole("button", { name: "End", exact: true });
  await expect(end).toBeInViewport();
  await expectSound(page);
  if (javaScriptEnabled === false) {
    await interview.finishing.click();
  } else {
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(interview.finishing).toBeFocused();
  }
  await expect(end).toBeHidden();
  expect(await at(), "the question stays in sight").toBe(before);
  await interview.finish();
  // The page goes to the notes by itself; two ways at once are none.
  await page.waitForURL(/\/report#notes$/);
  await page.goto(`/interview/${interview.id}`);
  await page.getByRole("link", { name: "Your interviews" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your interviews" })).toBeVisible();
});

test("what is written from right to left runs so", async ({ home, interview }) => {
  await home.start();
  await interview.say("\u05e2\u05d1\u05d3\u05ea\u05d9 \u05e2\u05dd \u05e6\u05d5\u05d5\u05ea.");
  /** Where the full stop stands beside the first letter. */
  const stop = await interview.answers.last().locator(".said").evaluate((said) => {
    const words = said.firstChild!;
    const at = (from: number) => {
      const range = document.createRange();
      range.setStart(words, from);
      range.setEnd(words, from + 1);
      return range.getBoundingClientRect().left;
    };
    return at(words.textContent!.length - 1) - at(0);
  });
  expect(stop, "at the left end").toBeLessThan(0);
});
