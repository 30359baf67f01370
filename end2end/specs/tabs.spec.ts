// Many tabs of one browser: none takes the connections of the others, and an answer goes by the question that was read.

import type { Page } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { InterviewPage } from "../lib/pages.ts";

/** The tab goes out of sight, or comes back. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);
}

test("eight tabs work, and those out of sight catch up", async ({ page, context, home, interview }) => {
  await home.start();
  const url = page.url();
  await interview.open(url);
  const tabs = [interview];
  while (tabs.length < 8) {
    // Browsers open six connections to one address: the tabs that are left let go of theirs.
    const before = tabs.at(-1);
    if (before !== undefined) await hide(before.page, true);
    const tab = new InterviewPage(await context.newPage());
    await tab.open(url);
    tabs.push(tab);
  }
  const last = tabs.at(-1) ?? interview;
  await last.say(answer(0));
  await expect(interview.questions, "out of sight it follows nothing").toHaveCount(1);
  await hide(page, false);
  await expect(interview.questions).toHaveCount(2);
  expect(await interview.words()).toEqual(await last.words());
});

test("an answer to a question that another tab has answered is not recorded", async ({ page, context, home, interview, complaints }) => {
  complaints.expect(/409/);
  await home.start();
  const url = page.url();
  await interview.open(url);
  const others = [];
  for (let tab = 0; tab < 2; tab++) {
    const other = new InterviewPage(await context.newPage());
    await other.open(url);
    // It does not hear of what the first one does.
    await hide(other.page, true);
    others.push(other);
  }
  await interview.say(answer(0));
  const words = await interview.words();
  for (const other of others) {
    await other.composer.fill(answer(1));
    await other.send.click();
    await expect(other.page.getByText("A new question came up before this arrived")).toBeVisible();
    await expect(other.composer, "the words are kept").toHaveValue(answer(1));
    expect(await other.words(), "the new question is shown").toEqual(words);
    await expect(other.composer).toBeFocused();
  }
  await expect(interview.answers).toHaveCount(1);
  const [other] = others;
  await other?.send.click();
  await expect(interview.answers).toHaveCount(2);
  await expect(interview.answers.last()).toContainText(answer(1));
});

test("an answer without a reply says so after ten seconds, and is sent again as the same turn", async ({ page, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  // Nothing arrives, and nothing is refused: the connection hangs.
  const turns: string[] = [];
  let hangs = true;
  await page.route("**/api/answer", async (route) => {
    turns.push(new URLSearchParams(route.request().postData() ?? "").get("turn_id") ?? "");
    if (!hangs) await route.continue();
  });
  await interview.composer.fill(answer(0));
  await interview.send.click();
  const unsent = page.getByRole("alert");
  await expect(unsent).toContainText("Not sent. The server has not replied for 10 seconds. Your words are kept.");
  await expect(page.getByText(answer(0))).toBeVisible();
  hangs = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(interview.questions).toHaveCount(2);
  await expect(unsent).toHaveCount(0);
  expect(new Set(turns).size, "one turn, however often it is sent").toBe(1);
  expect(turns).toHaveLength(2);
});

test("a draft is not sent by one press as the answer to a question that came up since", async ({ page, context, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  const other = new InterviewPage(await context.newPage());
  await other.open(page.url());
  await other.composer.fill("I half-typed this");
  await interview.say(answer(0));
  await expect(other.questions).toHaveCount(2);
  await expect(other.page.getByText("You started writing this before the question above came up.")).toBeVisible();
  await other.composer.press("Enter");
  await expect(other.composer, "it stays").toHaveValue("I half-typed this");
  await expect(other.answers).toHaveCount(1);
  await other.composer.press("Enter");
  await expect(other.answers).toHaveCount(2);
  // What is begun now is for the question that is open.
  await other.say(answer(1));
});
