// Practised again: one question more than once, side by side, and an interview that goes another way.

import { again } from "../lib/again.ts";
import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { NotesPage } from "../lib/notes.ts";
import { isWide, violations } from "../lib/sound.ts";

const SHORT = "Our settlement report was wrong every Monday, so I looked at the ledger for a while with a colleague.";
const LONG =
  "Our settlement report was wrong every Monday. I traced it to a clock in the ledger, rewrote the job myself, and in the end the errors fell from 40 a week to none.";

const words = (text: string) => text.trim().split(/\s+/).length;

test("one question is answered twice more, typed, and the takes are compared", { tag: ["@both", "@phone"] }, async ({
  page,
  home,
  interview,
}) => {
  await home.start({ quick: true });
  const parent = interview.id;
  for (const text of [answer(0), answer(1), SHORT]) await interview.say(text);
  const before = await (await page.request.get(`/interview/${parent}/export?format=json`)).json();

  // From the transcript.
  await again(interview.answers.nth(2), "The same question");
  const second = interview.id;
  expect(second).not.toBe(parent);
  await expect(page.getByRole("heading", { level: 2, name: /Second take/ })).toBeVisible();
  await expect(interview.questions).toHaveCount(1);
  const first = page.locator(".first-take");
  await expect(first.getByText(SHORT)).toBeHidden();
  await first.locator("summary").click();
  await expect(first.getByText(SHORT)).toBeVisible();
  await interview.composer.fill(LONG);
  await interview.send.click();
  await page.getByRole("link", { name: "Compare the takes" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Second take/ })).toBeVisible();
  await expect(page.getByRole("region", { name: /^First take/ })).toContainText(SHORT);
  await expect(page.getByRole("region", { name: /^Second take/ })).toContainText(LONG);
  // What was found depends on the question, too, which is another each time; what is counted does not.
  await expect(page.locator(".takes-sentence")).toHaveText(new RegExp(`${words(LONG) - words(SHORT)} words longer; one more figure\\.$`));
  await expect(page.locator(".takes-why")).toContainText(`${words(LONG) - words(SHORT)} words longer: ${words(SHORT)}, then ${words(LONG)}`);

  // From where they are compared, and seen from the notes.
  await page.getByRole("button", { name: "Third take" }).click();
  await page.waitForURL((url) => /^\/interview\/[0-9a-f-]{36}$/.test(url.pathname));
  const third = interview.id;
  await interview.composer.fill(SHORT);
  await interview.send.click();
  await page.getByRole("link", { name: "Compare the takes" }).click();
  await expect(page.locator(".takes-sentence")).toContainText(`${words(LONG) - words(SHORT)} words shorter`);
  await expect(page.getByRole("listitem").filter({ hasText: /^(First|Second|Third) take/ })).toHaveCount(3);
  await page.getByRole("link", { name: "compare the first take with this take" }).click();
  await expect(page.locator(".takes-sentence")).toHaveText("Nothing changed that we could find or count.");
  await page.getByRole("link", { name: "Back to the notes" }).click();
  await expect(new NotesPage(page).heading).toBeVisible();
  for (const take of [second, third]) await expect(page.locator(`a[href="/interview/${take}/takes"]`)).not.toHaveCount(0);

  const after = await (await page.request.get(`/interview/${parent}/export?format=json`)).json();
  expect(after, "the interview itself did not change").toEqual(before);
  for (const take of [second, third]) {
    const file = await (await page.request.get(`/interview/${take}/export?format=json`)).json();
    expect(file.origin).toMatchObject({ kind: "take", parent });
  }
});

test("an interview goes another way from the third turn, and both are exported and deleted on their own", { tag: ["@both", "@phone"] }, async ({
  page,
  home,
  interview,
}) => {
  await home.start({ quick: true });
  const parent = interview.id;
  for (const text of [answer(0), SHORT, answer(2), answer(3)]) {
    if (!(await interview.ended.isVisible())) await interview.say(text);
  }
  const before = await (await page.request.get(`/interview/${parent}/export?format=json`)).json();
  await again(interview.answers.nth(2), "Go on differently from here");
  const fork = interview.id;
  await expect(interview.answers).toHaveCount(2);
  await expect(page.getByText("(This interview branches off here.)")).toBeVisible();
  await interview.say(LONG);
  const [one, other] = await Promise.all(
    [parent, fork].map(async (id) => (await page.request.get(`/interview/${id}/export?format=json`)).json()),
  );
  expect(one).toEqual(before);
  const shared = other.messages.slice(0, 5);
  expect(shared).toEqual(one.messages.slice(0, 5));
  expect(other.messages[5].text).toBe(LONG);
  expect(one.messages[5].text).toBe(answer(2));
  const markdown = await (await page.request.get(`/interview/${fork}/export?format=md`)).text();
  expect(markdown).toContain(`Branches off from line 5 of the interview ${parent}`);

  await home.open();
  const item = page.getByRole("listitem").filter({ hasNotText: "alternative" }).filter({ has: page.getByText("Delete", { exact: false }) });
  await item.locator("summary", { hasText: "Delete" }).first().click();
  await item.getByRole("button", { name: "Delete interview" }).first().click();
  await expect(page.getByRole("listitem").filter({ hasText: "alternative" })).toHaveCount(1);
  expect((await page.request.get(`/interview/${parent}/export`)).status()).toBe(404);
  await page.goto(`/interview/${fork}`);
  await expect(interview.answers).toHaveCount(3);
  await expect(page.getByText("an earlier interview, which is deleted")).toBeVisible();
});

test("a stricter interviewer asks on, and what followed is compared with it", async ({ page, home, interview }) => {
  await home.start({ quick: true });
  for (const text of [answer(0), answer(1), SHORT]) await interview.say(text);
  await page.goto(`/interview/${interview.id}/report`);
  const story = new NotesPage(page).stories.first();
  await story.locator("summary").first().click();
  await again(story, "A stricter interviewer");
  await interview.say(SHORT);
  await expect(interview.composer, "it asks for what is missing").toBeVisible();
  await page.goto(`/interview/${interview.id}/takes`);
  await expect(page.getByRole("link", { name: "Go on with this take" })).toBeVisible();
  await expect(page.getByRole("region", { name: /^Second take/ })).toContainText(SHORT);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in takes and forks, ${colorScheme}`, { tag: "@phone" }, async ({ page, home, interview }) => {
    await page.emulateMedia({ colorScheme });
    await home.start({ quick: true });
    for (const text of [answer(0), answer(1), SHORT]) await interview.say(text);
    const parent = interview.id;
    await interview.answers.nth(2).locator("summary", { hasText: "retry this answer" }).click();
    expect(await violations(page), "ways to answer again").toEqual([]);
    expect(await isWide(page), "nothing is cut off at the side").toBe(false);
    await interview.answers.nth(2).getByRole("button", { name: "The same question" }).click();
    await expect(page.locator(".first-take")).toBeVisible();
    await page.locator(".first-take summary").click();
    expect(await violations(page), "a take").toEqual([]);
    await page.goto(`/interview/${interview.id}/takes`);
    expect(await violations(page), "a take without an answer").toEqual([]);
    await page.goto(`/interview/${interview.id}`);
    await interview.composer.fill(LONG);
    await interview.send.click();
    await page.getByRole("link", { name: "Compare the takes" }).click();
    await expect(page.locator(".sides")).toBeVisible();
    expect(await violations(page), "two takes").toEqual([]);
    expect(await isWide(page), "nothing is cut off at the side").toBe(false);
    await page.goto(`/interview/${parent}`);
    await again(interview.answers.nth(2), "Go on differently from here");
    expect(await violations(page), "a fork").toEqual([]);
    await page.goto(`/interview/${parent}/report`);
    await new NotesPage(page).stories.first().locator("summary").first().click();
    await page.locator(".story-open .again summary").first().click();
    expect(await violations(page), "the notes, with an answer to be given again").toEqual([]);
    expect(await isWide(page), "nothing is cut off at the side").toBe(false);
  });
}
