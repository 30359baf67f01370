// An interview is played once more, by the keyboard alone; without scripts it is read.

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
  await expect.poll(() => shown.count(), { message: "lines come by themselves", timeout: 20_000 }).toBeGreaterThan(1);
  await page.keyboard.press("k");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await expectSound(page);
});
