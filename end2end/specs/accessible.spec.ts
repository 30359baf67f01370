// Usable by everyone: axe finds nothing, in light and dark, on a desk and a phone; the keyboard is enough;
// motion is left out where it is not wanted.

import type { Locator } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { violations } from "../lib/sound.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing on any page", { tag: "@phone" }, async ({ page, home, interview, complaints }) => {
      complaints.expect(/404/);
      await home.open();
      expect(await violations(page), "home, empty").toEqual([]);

      await home.start();
      await interview.open(page.url());
      await interview.say(answer(0));
      expect(await violations(page), "interview, running").toEqual([]);

      await home.open();
      await expect(home.earlier("Backend engineer, senior")).toBeVisible();
      expect(await violations(page), "home, with an interview").toEqual([]);

      await home.earlier("Backend engineer, senior").getByRole("link", { name: "Continue" }).click();
      await interview.finish();
      await page.waitForURL(/\/report#notes$/);
      expect(await violations(page), "notes, of one answer").toEqual([]);
      await page.getByRole("link", { name: "Transcript" }).click();
      await expect(interview.ended).toBeVisible();
      expect(await violations(page), "interview, ended").toEqual([]);

      await home.start({ role: "Librarian" });
      await home.open();
      await home.askToDeleteAll();
      await expect(page.getByRole("button", { name: "Delete all interviews" })).toBeVisible();
      expect(await violations(page), "home, asking before all are deleted").toEqual([]);
      await page.goto("/how");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await violations(page), "how it works").toEqual([]);

      expect((await page.goto("/nowhere"))?.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await violations(page), "no such page").toEqual([]);
    });

    test("the page is really in that scheme", async ({ page, home }) => {
      await home.open();
      const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const light = (paper.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
      if (colorScheme === "light") expect(light).toBeGreaterThan(600);
      else expect(light).toBeLessThan(150);
    });
  });
}

test("the keyboard is enough for a whole way through", async ({ page, home, interview }) => {
  /** Presses a key until this is focused. */
  const tabTo = async (what: Locator, key = "Tab") => {
    for (let steps = 0; steps < 40; steps++) {
      if (await what.evaluate((element) => element === document.activeElement)) {
        const outline = await what.evaluate((element) => {
          // The composer shows it on the whole box.
          const looks = [element, element.closest("form")].filter((part) => part !== null).map((part) => getComputedStyle(part));
          return looks.some((look) => look.outlineStyle !== "none" || look.boxShadow !== "none");
        });
        expect(outline, "what has the focus shows it").toBe(true);
        return;
      }
      await page.keyboard.press(key);
    }
    throw new Error("the keyboard does not get there");
  };
  await home.open();
  await tabTo(home.name);
  await page.keyboard.type("Priya");
  await tabTo(home.role);
  await page.keyboard.type("Backend engineer");
  await tabTo(home.level);
  await page.keyboard.type("Sen");
  await tabTo(home.begin);
  await page.keyboard.press("Enter");
  await expect(interview.questions).toHaveCount(1);
  await tabTo(interview.composer);
  await page.keyboard.type(answer(0));
  await page.keyboard.press("Enter");
  await expect(interview.questions).toHaveCount(2);
  await expect(interview.composer, "the focus stays in the composer").toBeFocused();
  await tabTo(interview.skip);
  await page.keyboard.press("Space");
  await expect(interview.questions).toHaveCount(3);
  await tabTo(interview.finishing, "Shift+Tab");
  await page.keyboard.press("Enter");
  await tabTo(page.getByRole("button", { name: "End", exact: true }));
  await page.keyboard.press("Enter");
  await expect(interview.ended).toBeVisible();
});

test("a screen reader hears whole lines", async ({ page, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  await interview.say(answer(0));
  const question = (await interview.words()).at(-1) ?? "";
  const live = page.locator("[aria-live], [role=log], [role=status]").filter({ hasText: question });
  await expect(live.first()).toBeAttached();
});

test("nothing moves where motion is not wanted", async ({ page, home, interview }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await home.start();
  await interview.open(page.url());
  await interview.composer.fill(answer(0));
  await interview.send.click();
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 50).length,
  );
  expect(moving).toBe(0);
  await expect(interview.questions).toHaveCount(2);
});
