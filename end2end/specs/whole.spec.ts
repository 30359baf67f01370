// A whole interview, typed to the end, with and without JavaScript.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";

const MOST_ANSWERS = 40;

test("an interview is held to its end, read and exported", { tag: ["@both", "@phone"] }, async ({ page, home, interview }) => {
  await home.start({ quick: true });
  const said: string[] = [];
  while (!(await interview.ended.isVisible())) {
    expect(said.length, "the interview comes to an end").toBeLessThan(MOST_ANSWERS);
    const text = answer(said.length);
    await interview.say(text);
    said.push(text);
  }
  expect(said.length, "an interview is more than a question or two").toBeGreaterThan(2);
  await expect(interview.composer).toBeHidden();
  await expect(interview.answers).toHaveCount(said.length);

  const markdown = await page.request.get(`/interview/${interview.id}/export?format=md`);
  expect(markdown.headers()["content-disposition"]).toMatch(/attachment; filename=".+\.md"/);
  const text = await markdown.text();
  for (const words of said) expect(text.split(words).length, `once in the file: ${words}`).toBe(2);

  const json = await (await page.request.get(`/interview/${interview.id}/export?format=json`)).json();
  const messages: { seq: number; speaker: string; text: string }[] = json.messages;
  expect(messages.map((message) => message.seq)).toEqual(messages.map((_, at) => at + 1));
  expect(messages.filter((message) => message.speaker === "candidate").map((message) => message.text)).toEqual(said);
  const questions = messages.filter((message) => message.speaker === "interviewer").map((message) => message.text);
  expect(new Set(questions).size, "nothing is asked twice").toBe(questions.length);

  await home.open();
  await home.earlier("Backend engineer, senior").getByRole("link", { name: "Read" }).click();
  await expect(interview.answers).toHaveCount(said.length);
});

test("the person can ask again, skip and finish", { tag: "@both" }, async ({ home, interview }) => {
  await home.start();
  const first = await interview.questions.count();
  await interview.repeat.click();
  await expect(interview.questions).toHaveCount(first + 1);
  await interview.skip.click();
  await expect(interview.questions).toHaveCount(first + 2);
  await interview.finish();
  await expect(interview.composer).toBeHidden();
});

test("a form with nothing in it says what is missing", { tag: "@both" }, async ({ page, home }) => {
  await home.open();
  await home.begin.click();
  await expect(page).toHaveURL("/");
  await expect(home.name).toBeFocused();
});
