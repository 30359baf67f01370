// An interview that a language model words: its lines come as they are written, and go on when it does not.

import { readFile } from "node:fs/promises";

import { answer } from "../lib/answers.ts";
import { expect, served, test as base } from "../lib/fixtures.ts";
import { FakeModel } from "../lib/model.ts";
import type { HomePage, InterviewPage } from "../lib/pages.ts";

const test = base.extend<{ model: FakeModel }>({
  model: async ({}, use) => {
    const model = await FakeModel.start();
    await use(model);
    await model.kill();
  },
  server: async ({ model }, use, info) => served(info, { OPENAI_BASE_URL: model.url }, use),
});

const OPENING = "Hello, Priya. What brought you to backend work?";

/** Begins an interview that the model opens. */
async function begin(model: FakeModel, home: HomePage, interview: InterviewPage, quick = false): Promise<void> {
  const opening = model.line(OPENING);
  await home.start({ quick });
  await opening;
  await expect(interview.questions).toHaveCount(1);
}

test("words are shown as they come, and become the line", async ({ page, model, home, interview }) => {
  await begin(model, home, interview);
  await expect(interview.questions.first()).toContainText(OPENING);

  await interview.composer.fill(answer(0));
  await interview.send.click();
  const line = await model.next();
  await expect(interview.answers, "the answer stands there while the reply is being written").toHaveCount(1);
  // A sentence is let out once the next one begins: it is over for certain then.
  line.say("Six years of ledgers is a long time. Which ");
  const partial = page.locator(".speech[aria-hidden]");
  await expect(partial).toContainText("Six years of ledgers is a long time.");
  await expect(interview.questions, "not a line yet").toHaveCount(1);
  line.say("one are you most ");
  line.say("proud of?");
  line.end();
  await expect(interview.questions).toHaveCount(2);
  await expect(interview.questions.last()).toContainText("a long time. Which one are you most proud of?");
  await expect(partial).toHaveCount(0);
});

test("who reloads in the middle of a line sees it go on", async ({ page, model, home, interview }) => {
  await begin(model, home, interview);
  await interview.composer.fill(answer(0));
  await interview.send.click();
  const line = await model.next();
  line.say("Six years of ledgers is a long time. Which ");
  await expect(page.locator(".speech[aria-hidden]")).toContainText("Six years");
  await interview.open(page.url());
  await expect(page.locator(".speech[aria-hidden]")).toContainText("Six years");
  line.say("one are you most proud of?");
  line.end();
  await expect(interview.questions.last()).toContainText("Which one are you most proud of?");
});

test("a model that dies in the middle of a line costs nothing but its words", async ({
  page,
  model,
  home,
  interview,
}) => {
  await begin(model, home, interview, true);
  await interview.composer.fill(answer(0));
  await interview.send.click();
  const line = await model.next();
  line.say("Six years of led");
  await model.kill();
  await expect(interview.questions).toHaveCount(2);
  for (let n = 1; n < 30 && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await expect(interview.ended).toBeVisible();
  await expect(interview.questions.first().locator("details"), "the page says whose words they are").toContainText("a language model");
  await expect(interview.questions.nth(1).locator("details")).toContainText("built-in interviewer");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: /JSON/ }).click();
  const file = JSON.parse(await readFile(await (await download).path(), "utf8")) as {
    messages: { speaker: string; source?: string }[];
    events: { kind: string; data: { reason?: string } }[];
  };
  const sources = file.messages.filter((m) => m.speaker === "interviewer").map((m) => m.source);
  expect(sources[0]).toBe("model");
  expect(new Set(sources.slice(1))).toEqual(new Set(["fallback"]));
  const reasons = file.events.filter((e) => e.kind === "writer_failed").map((e) => e.data.reason);
  expect(reasons.length).toBe(sources.length - 1);
  expect(reasons[0]).toBe("cut_off");
  expect(reasons).toContain("unreachable");
  expect(reasons.at(-1)).toBe("breaker_open");
});

test("after three lines that it could not give, the page says why the model is not used", async ({
  page,
  model,
  home,
  interview,
}) => {
  await begin(model, home, interview);
  await model.kill();
  for (let n = 0; n < 3; n++) await interview.say(answer(n));
  await interview.open(page.url());
  const note = page.getByText(/^The language model .* is not used at present: it /);
  await expect(note).toBeVisible();
  await expect(note).toContainText("Questions come from the built-in interviewer.");
});
