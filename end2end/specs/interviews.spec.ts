// All interviews: found, named, compared, practised, deleted.

import { answer } from "../lib/answers.ts";
import { expect, served, test } from "../lib/fixtures.ts";
import type { HomePage, InterviewPage } from "../lib/pages.ts";
import { expectSound } from "../lib/sound.ts";

// More than a whole interview has.
const MOST = 24;

/** Holds an interview to its end: it has several stories, whatever is asked on them. */
async function hold(home: HomePage, interview: InterviewPage, role: string): Promise<void> {
  await home.start({ role });
  for (let n = 0; n < MOST && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await expect(interview.ended).toBeVisible();
}

/** With a server that has no models: whether one reads an answer in time depends on the machine, and only interviews that
 * were read alike are compared. */
const byWords = test.extend({
  server: async ({}, use, info) => served(info, { INTERVIEWOS_MODELS: "no-models" }, use),
});

test("without interviews it says how to begin", { tag: ["@both", "@phone"] }, async ({ page, home }) => {
  await home.open();
  await page.getByRole("link", { name: "Your interviews" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your interviews" })).toBeVisible();
  await expect(page.getByText("No interviews yet.")).toBeVisible();
  await expectSound(page);
  await page.getByRole("link", { name: "Start five minutes" }).click();
  await expect(home.plan.locator("option:checked")).toContainText(/quick/i);
});

test("one is named, found by its name, and deleted", { tag: ["@both", "@phone"] }, async ({ page, browser, home, baseURL }) => {
  await home.start({ role: "Librarian" });
  await home.start({ role: "Ward nurse" });
  await page.goto("/interviews");
  const rows = page.locator(".bill-list > li");
  await expect(rows).toHaveCount(2);
  const nurse = rows.filter({ hasText: "Ward nurse" });
  await nurse.getByText("Name\u2026").click();
  await nurse.getByRole("textbox", { name: "What you call it" }).fill("St Thomas, second try");
  await nurse.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "St Thomas, second try" })).toBeVisible();

  await page.getByRole("searchbox", { name: "Find an interview" }).fill("thomas");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole("status")).toContainText("One of 2 found");
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(rows).toHaveCount(2);

  const foreign = await browser.newContext();
  expect(await (await foreign.request.get(`${baseURL}/interviews`)).text()).toContain("No interviews yet");
  await foreign.close();

  const library = rows.filter({ hasText: "Librarian" });
  const sure = library.getByRole("button", { name: "Delete interview" });
  await expect(sure, "it asks first").toBeHidden();
  await library.getByText("Delete\u2026").click();
  await sure.click();
  await expect(page).toHaveURL(`${baseURL}/interviews`);
  await expect(rows).toHaveCount(1);
});

byWords("three are compared, and what is due is practised", { tag: "@phone" }, async ({ page, home, interview }) => {
  for (let n = 0; n < 3; n++) await hold(home, interview, "Backend engineer");
  await page.goto("/interviews");
  await expect(page.getByRole("heading", { name: "Over time" })).toBeVisible();
  const table = page.getByRole("table", { name: "How many stories had each part" });
  const result = table.getByRole("row", { name: /^Result/ });
  await expect(result.getByRole("cell").filter({ hasText: /^\d+ of \d+$|^not known$/ })).toHaveCount(3);
  const drawn = page.locator(".over > li").filter({ hasText: "Result" });
  await expect(drawn.locator(".over-numbers"), "the numbers stand beside the dots").toHaveText(/\d+\/\d+/);
  await expect(page.getByRole("heading", { name: "Claims" })).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectSound(page);
  }

  await page.getByRole("button", { name: "Practise it now" }).click();
  await page.waitForURL(/\/interview\/[0-9a-f-]{36}(#now)?$/);
  await expect(interview.questions).toHaveCount(1);
});

test("two interviews that do not fit together are asked about until that is settled", { tag: ["@both", "@phone"] }, async ({ page, home, interview }) => {
  for (const people of ["seven people", "nine people"]) {
    await home.start({ quick: true });
    await interview.say(`I lead a team of ${people} who build ledgers with PostgreSQL for a payments company in Leeds.`);
  }
  await page.goto("/interviews");
  const question = page.getByText("You said").filter({ hasText: "Which is it?" });
  await expect(question).toContainText("seven people");
  await expect(question).toContainText("nine people");
  await expect(page.locator(".claims > li").filter({ hasText: "PostgreSQL" })).toContainText("No story has shown it yet.");
  await expectSound(page);
  await page.getByRole("button", { name: "Both are right" }).click();
  await expect(page.getByRole("heading", { name: "Claims" })).toBeVisible();
  await expect(question).toHaveCount(0);
});

/** What an introduction claims, interview by interview, and how much its stories say of what came of it. */
const TOLD = [
  ["I lead a team of seven people who build ledgers with PostgreSQL for a payments company in Leeds.", ""],
  ["I lead a team of seven people, and payments have been my work for six years.", ""],
  ["I have built payment systems for six years, mostly with PostgreSQL.", "As a result, the reports were right again."],
  ["I lead a team of nine people who build ledgers for a payments company in Leeds.", "As a result, the errors fell from 40 a week to none."],
  ["I build ledgers for a payments company, and I like it when they are boring.", "As a result, the errors fell from 40 a week to none."],
] as const;

/** What else an introduction says: nothing that anybody could hold against it. */
const ELSE = [
  "What I enjoy is the moment when a messy process becomes boring.",
  "I began on a support desk, and moved on because I wanted to mend what I had been explaining.",
  "I like to read a contract whole before I write a line, and to ask early.",
  "This role is closer to the people who use what I build, and that is what I look for.",
  "Colleagues come to me when something is slow and nobody knows why.",
];

byWords("five interviews show a course, and what two of them claim differently is settled", { tag: ["@both", "@phone"] }, async ({
  page,
  home,
  interview,
  javaScriptEnabled,
}) => {
  test.setTimeout(240_000);
  const experience = page.getByRole("heading", { level: 2, name: "Past Experience" });
  for (const [of, [introduction, end]] of TOLD.entries()) {
    await home.start();
    await interview.say(introduction);
    for (const more of ELSE) {
      if (!(await experience.isVisible())) await interview.say(more);
    }
    for (let nth = 0; nth < MOST && !(await interview.ended.isVisible()); nth++) {
      const job = of * MOST + nth + 1;
      await interview.say(`Our report number ${job} was wrong every Monday. I traced it to a clock in the ledger and rewrote the job myself. ${end}`.trim());
    }
    await expect(interview.ended).toBeVisible();
  }
  await page.goto("/interviews");
  await expect(page.locator(".bill-list > li")).toHaveCount(5);

  // Element by element: a dot and a number for each interview, and the same in a table for those who do not see them.
  await expect(page.getByText("5 interviews compared")).toBeVisible();
  const drawn = (name: string) => page.locator(".over > li").filter({ has: page.locator(".over-name", { hasText: name }) });
  const result = drawn("Result");
  await expect(result.locator("circle")).toHaveCount(5);
  const numbers = ((await result.locator(".over-numbers").textContent()) ?? "").split("\u2002");
  expect(numbers).toHaveLength(5);
  const found = numbers.map((number) => {
    const [some, all] = number.split("/").map(Number);
    return (some ?? 0) / (all ?? 1);
  });
  expect(found, "no story said what came of it, then all did").toEqual([0, 0, 1, 1, 1]);
  await expect(result.locator(".over-way")).toHaveText("more than before");
  const row = page.getByRole("table", { name: "How many stories had each part" }).getByRole("row", { name: /^Result/ });
  await expect(row.getByRole("cell")).toHaveText([...numbers.map((number) => number.replace("/", " of ")), "more than before"]);

  // Competency by competency, where more than one interview has shown something of it.
  const shown = page.getByRole("table", { name: "What the best story showed" }).getByRole("row").filter({ has: page.getByRole("cell") });
  expect(await shown.count()).toBeGreaterThan(0);
  for (const competency of await shown.all()) {
    const name = (await competency.getByRole("rowheader").textContent()) ?? "";
    const cells = (await competency.getByRole("cell").allTextContents()).slice(0, 5);
    expect(cells.filter((cell) => /^(weak|sound|strong)$/.test(cell)).length, name).toBeGreaterThan(1);
    expect(cells.filter((cell) => !/^(weak|sound|strong|not known)$/.test(cell)), name).toEqual([]);
    await expect(drawn(name).locator("circle")).toHaveCount(cells.filter((cell) => cell !== "not known").length);
    await expect(drawn(name).locator(".over-numbers")).toHaveText(cells.join("\u2002").replaceAll("not known", "\u2013"));
  }

  // The ledger: what was claimed, and what does not fit together as a question.
  const question = page.getByText("You said").filter({ hasText: "Which is it?" });
  await expect(question).toHaveCount(1);
  await expect(question).toContainText("seven people");
  await expect(question).toContainText("nine people");
  await expect(page.locator(".claims > li").filter({ hasText: "PostgreSQL" })).toBeVisible();
  for (const colorScheme of javaScriptEnabled === false ? [] : (["light", "dark"] as const)) {
    await page.emulateMedia({ colorScheme });
    await expectSound(page);
  }
  // Both lines are a link away.
  for (const [link, words] of [["First line", "seven people"], ["Second line", "nine people"]] as const) {
    await page.getByRole("link", { name: link }).click();
    await expect(page.locator(".speech:target")).toContainText(words);
    await page.goto("/interviews");
  }
  await page.getByRole("button", { name: "Both are right" }).click();
  await expect(page.getByRole("heading", { name: "Claims" })).toBeVisible();
  await expect(question).toHaveCount(0);
  await page.reload();
  await expect(page.locator(".claims > li").filter({ hasText: "PostgreSQL" })).toBeVisible();
  await expect(question, "it stays settled").toHaveCount(0);
});

test("what fingers press is large enough for them", { tag: "@phone" }, async ({ page, home, isMobile }) => {
  test.skip(!isMobile, "for fingers");
  await home.start();
  await page.goto("/interviews");
  await page.getByText("Name\u2026").click();
  await page.getByText("Delete\u2026").first().click();
  const small = await page.locator("main").evaluate((main) =>
    [...main.querySelectorAll<HTMLElement>("a, button, input:not([type=hidden]), summary")]
      .filter((one) => one.offsetParent !== null)
      .map((one) => ({ text: one.innerText, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
      .map(({ text, box }) => `${text}: ${box.width} x ${box.height}`),
  );
  expect(small).toEqual([]);
});
