// An interview is played once more, by the keyboard alone; without scripts it is read.

import type { Locator, Page } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { expectSound } from "../lib/sound.ts";

test("an interview is played as it went, by the keyboard", { tag: ["@both", "@phone"] }, async ({
  page,
  home,
  interview,
  javaScriptEnabled,
}) => {
  await home.start({ quick: true });
  await interview.say(answer(0));
  await interview.say(answer(1));
  const lines = await page.locator(".speech").count();
  await page.goto(`/interview/${interview.id}/replay`);
  await expect(page.getByRole("heading", { level: 1, name: "Replay" })).toBeVisible();
  await expectSound(page);
  const shown = page.locator(".beat:visible");
  if (javaScriptEnabled === false) {
    await expect(shown, "it is read").toHaveCount(lines);
    await expect(page.getByRole("button", { name: "Play" })).toHaveCount(0);
    return;
  }
  await expect(shown, "the first line, at its beginning").toHaveCount(1);
  const place = page.getByRole("slider", { name: "Place in the interview" });
  await place.focus();
  await page.keyboard.press("End");
  await expect(shown).toHaveCount(lines);
  await expect(place).toHaveAttribute("aria-valuetext", new RegExp(`line ${lines} of ${lines}`));
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("button", { name: "Pause" }), "at its end it begins again").toBeVisible();
  await expect(shown).toHaveCount(1);
  await page.getByRole("button", { name: "Pause" }).click();
  await place.focus();
  await page.keyboard.press("Home");
  await expect(shown).toHaveCount(1);
  await page.getByRole("button", { name: "Next line" }).press("Enter");
  await expect(shown).toHaveCount(2);
  await page.getByRole("button", { name: "Line before" }).press("Enter");
  await expect(shown).toHaveCount(1);
  await page.getByRole("combobox", { name: "Speed" }).selectOption("4");
  await page.getByRole("button", { name: "Play" }).press("Space");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect.poll(() => shown.count(), { message: "lines come by themselves" }).toBeGreaterThan(1);
  await page.keyboard.press("k");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await expectSound(page);
});

/** The slider tells the time to so many milliseconds. */
const STEP = 100;

/** Goes on with this key until something has the focus, as somebody without a mouse does. */
async function reach(page: Page, wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press(key);
    if (await wanted.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(wanted).toBeFocused();
  await expect(wanted, "what has the focus is in sight").toBeInViewport();
}

test("a whole interview is replayed to its end by the keyboard alone", async ({ page, home, interview }) => {
  test.setTimeout(120_000);
  await home.start({ quick: true });
  await interview.say(answer(0));
  await interview.skip.click();
  await expect(interview.questions).toHaveCount(3);
  for (let n = 1; n < 20 && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await expect(interview.ended).toBeVisible();
  await page.reload();
  const words = await interview.words();
  const parts = await interview.chapters.filter({ hasText: /^Part / }).allInnerTexts();

  // From here on nothing but keys.
  await reach(page, page.getByRole("link", { name: "Replay" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Replay" })).toBeVisible();
  // Its time goes by as this spec says, however fast the machine is.
  await page.clock.install();
  await page.reload();
  const controls = page.getByRole("group", { name: "Replay" });
  await expect(controls).toBeVisible();
  await page.clock.pauseAt(Date.now() + 60_000);
  const passes = async (ms: number) => page.clock.runFor(ms);
  const [play, pause] = ["Play", "Pause"].map((name) => controls.getByRole("button", { name })) as [Locator, Locator];
  const place = controls.getByRole("slider", { name: "Place in the interview" });
  const time = controls.locator("#replay-time");
  const speed = controls.getByRole("combobox", { name: "Speed" });
  const shown = page.locator(".beat:visible");
  const skipped = page.locator(".direction:visible", { hasText: "(Skipped.)" });
  await expect(shown).toHaveCount(1);

  // Played and paused, by the button and by K.
  await reach(page, play);
  await page.keyboard.press("Space");
  await expect(pause).toBeFocused();
  await passes(2_000);
  await expect(time).toHaveText(/^0:0[12] of /);
  await page.keyboard.press("k");
  await expect(play).toBeFocused();
  const stopped = await time.textContent();
  await passes(60_000);
  await expect(time, "what is paused stands still").toHaveText(stopped ?? "");

  // Line by line, and back.
  await reach(page, controls.getByRole("button", { name: "Next line" }));
  for (const lines of [2, 3]) {
    await page.keyboard.press("Enter");
    await expect(shown).toHaveCount(lines);
  }
  await reach(page, controls.getByRole("button", { name: "Line before" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(shown).toHaveCount(2);

  // Along the scrubber: a little, a lot, to both ends.
  await reach(page, place);
  const at = async () => Number(await place.inputValue());
  const here = await at();
  await page.keyboard.press("ArrowRight");
  expect(await at()).toBeGreaterThan(here);
  await page.keyboard.press("ArrowLeft");
  expect(await at()).toBe(here);
  await page.keyboard.press("PageUp");
  expect(await at()).toBeGreaterThan(here + 1_000);
  await page.keyboard.press("End");
  await expect(shown).toHaveCount(words.length);
  await expect(place).toHaveAttribute("aria-valuetext", new RegExp(`line ${words.length} of ${words.length}$`));
  await page.keyboard.press("Home");
  await expect(shown).toHaveCount(1);
  await expect(skipped).toHaveCount(0);
  await expect(place).toHaveAttribute("aria-valuetext", new RegExp(`^0:00 of .*line 1 of ${words.length}$`));

  // Twice as fast, and to the end by itself.
  await reach(page, speed);
  await page.keyboard.press("ArrowDown");
  await expect(speed).toHaveValue("2");
  await reach(page, play, "Shift+Tab");
  await page.keyboard.press("Space");
  const length = Number(await page.locator("#replay").getAttribute("data-length"));
  const begins = await page.locator(".beat").evaluateAll((beats) => beats.map((beat) => Number((beat as HTMLElement).dataset["from"])));
  const direction = await page.locator(".beat").evaluateAll((beats) => beats.findIndex((beat) => beat.textContent?.includes("(Skipped.)")));
  for (let passed = 0; passed < length / 2; passed += 1_000) {
    await expect(pause).toBeFocused();
    // Each line, and what happened before it, comes when it was said and not sooner.
    const now = Number(await place.inputValue()) + STEP;
    const lines = await shown.count();
    expect(lines).toBeLessThanOrEqual(begins.filter((from) => from <= now).length);
    expect(lines).toBeGreaterThanOrEqual(begins.filter((from) => from <= now - 2 * STEP).length);
    await expect(skipped).toHaveCount(lines > direction ? 1 : 0);
    await passes(1_000);
  }
  await passes(1_000);
  await expect(play, "at the end it stops by itself").toBeFocused();
  await expect(shown).toHaveCount(words.length);
  expect(await page.locator(".beat:visible .said").allInnerTexts()).toEqual(words);
  expect(await page.locator(".beat:visible h2").allInnerTexts()).toEqual(parts);
  await expect(skipped).toHaveCount(1);
  await expect(page.locator(".beat").last()).toBeInViewport();
  const whole = (await time.textContent()) ?? "";
  expect(whole.split(" of ")[0]).toBe(whole.split(" of ")[1]);
  await page.clock.resume();
  await expectSound(page);

  // And once more from the beginning.
  await page.keyboard.press("Space");
  await expect(shown).toHaveCount(1);
});
