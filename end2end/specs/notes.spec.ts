// The notes on an interview: what they say, where they lead, what can be said to them.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { NotesPage } from "../lib/notes.ts";
import { isWide, violations } from "../lib/sound.ts";

const ANSWERS = 5;

/** White space and quotation marks as nobody minds them. */
const plain = (text: string) => text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').replace(/\s+/g, " ");

test("what the notes say stands in the transcript, and what is struck is gone", { tag: ["@both", "@phone"] }, async ({
  page,
  home,
  interview,
}) => {
  await home.start({ quick: true });
  const said: string[] = [];
  for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) {
    await interview.say(answer(n));
    said.push(plain(answer(n)));
  }
  if (await interview.composer.isVisible()) await interview.finish();
  else await page.getByRole("link", { name: "Read the notes" }).click();

  const notes = new NotesPage(page);
  await expect(page).toHaveURL(/\/report#notes$/);
  await expect(notes.heading).toBeFocused();
  const quotes = await notes.quotes();
  expect(quotes.length, "there is something to quote").toBeGreaterThan(3);
  for (const quote of quotes) {
    expect(said.some((text) => text.includes(plain(quote))), `said: ${quote}`).toBe(true);
  }
  await expect(page.getByText(/you gave none|score: |\d+ ?(%|\/ ?10)/i)).toHaveCount(0);

  // The words of a statement are where its link leads.
  const keep = notes.entry("Keep");
  const words = (await keep.locator("q").first().innerText()).trim();
  await keep.getByRole("link").first().click();
  await expect(page.locator(":target")).toContainText(words);
  await page.goBack();

  // Struck, it is gone, and stays gone.
  const text = await notes.entry("Work on").locator(".stated").innerText();
  await notes.entry("Work on").getByRole("button", { name: "This is wrong" }).click();
  await expect(notes.heading).toBeVisible();
  await expect(notes.entry("Work on").getByText(text)).toHaveCount(0);
  await expect(page.getByText("One statement, not counted any more")).toBeVisible();
  await page.reload();
  await expect(page.getByText("One statement, not counted any more")).toBeVisible();
});

test("a story opens to its words, and one of it can be struck", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start({ quick: true });
  for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await page.goto(`/interview/${interview.id}/report`);
  const notes = new NotesPage(page);
  const story = notes.stories.first();
  await story.locator("summary").first().click();
  await expect(story.locator(".told").first()).toBeVisible();
  await expect(story.locator("mark").first()).toBeVisible();
  await story.getByText("A possible shape").click();
  await expect(story.locator(".shape .elements")).toBeVisible();
  await story.locator(".element").first().getByRole("button", { name: "This is wrong" }).click();
  await expect(page).toHaveURL(/report#story\.\d+\.situation$/);
  await expect(notes.stories.first().locator("summary .struck").first()).toBeAttached();
  // The address leads into the story, which opens by it.
  await notes.stories.first().getByRole("button", { name: /^Put it back/ }).click();
  await expect(page).toHaveURL(/report#story\.\d+\.situation$/);
  await expect(notes.stories.first().locator("summary .struck")).toHaveCount(0);
});

test("what is to be practised is practised", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start({ quick: true });
  const first = page.url();
  for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  const asked = (await interview.questions.allTextContents()).join("\n");
  await page.goto(`/interview/${interview.id}/report`);
  await page.getByRole("button", { name: "Practise this" }).click();
  await page.waitForURL(/\/interview\/[0-9a-f-]{36}(#now)?$/);
  expect(page.url()).not.toContain(first.split("#")[0] ?? "");
  await expect(interview.questions).toHaveCount(1);
  const [question] = ((await interview.questions.textContent()) ?? "").replace(/^\s*Interviewer/, "").split("why?");
  expect(asked, "the very story is told again").toContain(question);
  await expect(interview.composer).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in the notes, ${colorScheme}`, { tag: "@phone" }, async ({ page, home, interview }) => {
    await page.emulateMedia({ colorScheme });
    await home.start({ quick: true });
    for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
    await page.goto(`/interview/${interview.id}/report`);
    await new NotesPage(page).stories.first().locator("summary").first().click();
    expect(await violations(page)).toEqual([]);
    expect(await isWide(page), "nothing is cut off at the side").toBe(false);
  });
}

test("nothing is cut off at the side, at any width", async ({ page, home, interview }) => {
  await home.start({ quick: true });
  for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await page.goto(`/interview/${interview.id}/report`);
  for (const width of [320, 390, 600, 767, 768, 780, 800, 821, 900, 1024, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await isWide(page), `${width} px`).toBe(false);
  }
});

test("they load no program and weigh little", async ({ page, home, interview }) => {
  await home.start();
  for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  const loaded: { path: string; bytes: number }[] = [];
  page.on("response", async (response) => {
    const path = new URL(response.url()).pathname;
    const sizes = await response.request().sizes();
    loaded.push({ path, bytes: sizes.responseBodySize });
  });
  await page.goto(`/interview/${interview.id}/report`, { waitUntil: "networkidle" });
  expect(loaded.filter(({ path }) => path.endsWith(".wasm"))).toEqual([]);
  const itself = loaded.find(({ path }) => path.endsWith("/report"));
  expect(itself?.bytes, "compressed, of a dozen answers").toBeLessThan(20_000);
});

test("printed they are two pages, without buttons", async ({ page, home, interview }) => {
  await home.start({ quick: true });
  for (let n = 0; n < ANSWERS && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await page.goto(`/interview/${interview.id}/report`);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: /This is wrong/ }).first()).toBeHidden();
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  const pages = pdf.match(/\/Type \/Page\b(?!s)/g) ?? [];
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.length).toBeLessThanOrEqual(2);
});

test("a program gets the same, and another browser nothing", { tag: "@both" }, async ({ page, browser, home, interview, baseURL }) => {
  await home.start({ quick: true });
  await interview.say(answer(0));
  const exported = await (await page.request.get(`/interview/${interview.id}/export?format=json`)).json();
  const text = new Map((exported.messages as { seq: number; text: string }[]).map((message) => [message.seq, message.text]));
  for (const statement of exported.notes.statements as { quotes: { seq: number; text: string }[] }[]) {
    for (const quote of statement.quotes) expect(text.get(quote.seq)).toContain(quote.text);
  }
  const foreign = await browser.newContext();
  expect((await foreign.request.get(`${baseURL}/interview/${interview.id}/report`)).status()).toBe(404);
  await foreign.close();
});
