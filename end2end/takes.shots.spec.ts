// Takes the pictures of a question answered again. SHOTS names the folder they go to.

import { answer } from "./lib/answers.ts";
import { test } from "./lib/fixtures.ts";
import { NotesPage } from "./lib/notes.ts";
import { shooting } from "./lib/shots.ts";

const FIRST = "In spring our referrals fell by a third. I pulled the funnel with a colleague, and we saw that people left at the identity check, so I sent a draft to legal.";
const SECOND =
  "We lost a third of our referrals at the identity check. I wrote a version that asks for one document instead of two, legal wanted it limited to small amounts, and I agreed. In six weeks the loss went from 33 to 21 percent, and the form is still in use.";

test("pictures of takes and forks", async ({ page, home, interview }, info) => {
  test.setTimeout(120_000);
  const shoot = shooting(page, info);
  await home.start({ quick: true });
  const parent = interview.id;
  for (const text of [answer(0), answer(1), FIRST]) await interview.say(text);
  const retry = interview.answers.nth(2).locator("summary", { hasText: "retry" });
  await retry.click();
  await shoot("again-ways");
  await interview.answers.nth(2).getByRole("button", { name: "The same question" }).click();
  await page.waitForURL((url) => !url.href.includes(parent));
  await page.locator(".first-take summary").click();
  await shoot("take");
  await interview.composer.fill(SECOND);
  await interview.send.click();
  await page.getByRole("link", { name: "Compare the takes" }).click();
  await page.locator(".sides").waitFor();
  await page.screenshot({ path: `${process.env["SHOTS"] ?? "shots"}/takes-${info.project.name}.png`, fullPage: true });
  await page.goto(`/interview/${parent}`);
  await interview.answers.nth(2).locator("summary", { hasText: "retry" }).click();
  await interview.answers.nth(2).getByRole("button", { name: "Go on differently from here" }).click();
  await page.waitForURL((url) => !url.href.includes(parent));
  await shoot("fork");
  await page.goto(`/interview/${parent}/report`);
  await new NotesPage(page).stories.first().locator("summary").first().click();
  await page.locator(".story-open .again summary").first().click();
  await page.screenshot({ path: `${process.env["SHOTS"] ?? "shots"}/again-notes-${info.project.name}.png`, fullPage: true });
});
