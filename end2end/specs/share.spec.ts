// A coach's link: opened in another browser, commented, seen by the person, revoked, expired.

import type { Page } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { canWait, later } from "../lib/later.ts";
import { expectSound } from "../lib/sound.ts";

/** Makes a link on the page where that is done, and returns the address that is sent. */
async function made(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = page.locator("a.absolute");
  return new URL((await link.getAttribute("href")) ?? "", page.url()).href;
}

test("a coach reads and comments, and the link is revoked", { tag: ["@both", "@phone"] }, async ({
  page,
  browser,
  home,
  interview,
  javaScriptEnabled,
}) => {
  await home.start({ quick: true, name: "Priya" });
  await interview.say(`My name is Priya, write to priya@example.com. ${answer(0)}`);
  await page.goto("/interviews");
  await page.getByRole("link", { name: /^Share/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Share with a coach" })).toBeVisible();
  const address = await made(page);
  if (javaScriptEnabled !== false) await expect(page.locator("a.absolute"), "whole, to be sent").toHaveText(/^http:\/\//);
  await expect(page.getByText("It works on this computer only."), "and how others get there").toContainText("--host 0.0.0.0");
  if (javaScriptEnabled !== false) {
    await page.getByRole("button", { name: "Copy" }).click();
    await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  }
  await expectSound(page);

  const other = await browser.newContext({ javaScriptEnabled: javaScriptEnabled !== false });
  const coach = await other.newPage();
  await coach.goto(address);
  const line = coach.locator(".speech").filter({ hasText: "payments company in Leeds" });
  await expect(line).toContainText("My name is [name], write to [left out].");
  await expect(coach.getByText("Priya")).toHaveCount(0);
  await line.getByText("comment").first().click();
  await line.getByRole("textbox", { name: "Your comment" }).fill("Say what it cost.");
  await line.getByRole("textbox", { name: "Your name, if you like" }).fill("Sam");
  await expectSound(coach);
  await line.getByRole("button", { name: "Add comment" }).click();
  await expect(coach.locator(".coach")).toHaveCount(1);
  await expect(coach.locator(".coach")).toContainText("Say what it cost.");
  await expectSound(coach);
  // Nothing else is reached from there.
  expect(await coach.locator("a[href^='/interview/']").count()).toBe(0);

  await page.goto("/interviews");
  await page.getByRole("link", { name: /^One comment/ }).click();
  await expect(page.locator(".coach")).toContainText("Sam");
  await expectSound(page);
  await page.getByRole("button", { name: /^Revoke/ }).click();
  await expect(page.getByRole("button", { name: /^Revoke/ })).toHaveCount(0);
  await coach.goto(address);
  await expect(coach.getByRole("heading", { level: 1 })).toHaveText("This link no longer works.");
  await expectSound(coach);
  await other.close();
});

test("a link opens nothing once its seven days are over", async ({ page, browser, home, interview, server }) => {
  test.skip(!canWait, "the server's clock cannot be set ahead here");
  await home.start({ quick: true });
  await interview.say(answer(0));
  await page.goto(`/interview/${interview.id}/share`);
  const address = await made(page);
  const other = await browser.newContext();
  const coach = await other.newPage();
  const [hour, week] = [3_600, 7 * 24 * 3_600];

  await later(server, week - hour);
  await coach.goto(address);
  await expect(coach.locator(".speech").filter({ hasText: "payments company in Leeds" }), "until then it does").toHaveCount(1);
  const form = coach.locator(".speech").filter({ hasText: "payments company in Leeds" });
  await form.getByText("comment").first().click();
  await form.getByRole("textbox", { name: "Your comment" }).fill("Say what it cost.");

  await later(server, week + hour);
  await form.getByRole("button", { name: "Add comment" }).click();
  await expect(coach.locator(".coach"), "nothing is written any more either").toHaveCount(0);
  await coach.goto(address);
  await expect(coach.getByRole("heading", { level: 1 })).toHaveText("This link no longer works.");
  await expectSound(coach);
  await page.goto(`/interview/${interview.id}/share`);
  await expect(page.getByRole("button", { name: "Make a link" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Revoke/ }), "there is nothing to revoke").toHaveCount(0);
  await coach.goto(await made(page));
  await expect(coach.locator(".speech").first(), "another link opens it again").toBeVisible();
  await other.close();
});
