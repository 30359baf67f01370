// Whose an interview is, in how many tabs, and that it can be deleted.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { HomePage, InterviewPage } from "../lib/pages.ts";

test("two tabs show the same, and what one says the other hears", async ({ page, context, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  const other = new InterviewPage(await context.newPage());
  await other.open(page.url());

  await interview.say(answer(0));
  await expect(other.questions).toHaveCount(2);
  await other.say(answer(1));
  await expect(interview.questions).toHaveCount(3);
  expect(await interview.words()).toEqual(await other.words());

  await other.page.close();
  await interview.say(answer(2));
  await interview.finish();
});

test("another browser does not find it", { tag: "@both" }, async ({ page, browser, home, interview, javaScriptEnabled, baseURL }) => {
  await home.start();
  await interview.say(answer(0));
  const foreign = await browser.newContext({ javaScriptEnabled: javaScriptEnabled ?? true });
  const stranger = await foreign.newPage();
  const response = await stranger.goto(page.url());
  expect(response?.status()).toBe(404);
  await expect(stranger.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(stranger.getByText(answer(0))).toHaveCount(0);
  for (const part of ["events", "export?format=md", "export?format=json"]) {
    const answered = await foreign.request.get(`${baseURL}/interview/${interview.id}/${part}`);
    expect(answered.status(), part).toBe(404);
  }
  // The way on from there works.
  await stranger.getByRole("link", { name: /InterviewOS|home|start/i }).first().click();
  await expect(stranger).toHaveURL(`${baseURL}/`);
  await foreign.close();
});

test("an interview that is deleted is gone", { tag: "@both" }, async ({ page, home, interview, complaints }) => {
  complaints.expect(/404/);
  await home.start();
  await interview.say(answer(0));
  const url = page.url();
  await home.open();
  await home.delete("Backend engineer, senior");
  await expect(home.earlier("Backend engineer, senior")).toHaveCount(0);
  expect((await page.goto(url))?.status()).toBe(404);
  await home.open();
  await expect(home.earlier("Backend engineer, senior")).toHaveCount(0);
});

test("all interviews of a browser are deleted at once, and nobody else's", { tag: "@both" }, async ({
  page,
  browser,
  home,
  javaScriptEnabled,
  baseURL,
  complaints,
}) => {
  complaints.expect(/404/);
  const foreign = await browser.newContext({ javaScriptEnabled: javaScriptEnabled ?? true, baseURL: baseURL ?? "" });
  const stranger = new HomePage(await foreign.newPage());
  await stranger.start({ role: "Ward nurse", level: "Junior" });
  const urls: string[] = [];
  for (const role of ["Backend engineer", "Librarian"]) {
    await home.start({ role });
    urls.push(page.url());
  }
  await home.open();
  await expect(page.getByText("Interviews are kept until you delete them.")).toBeVisible();
  const button = page.getByRole("button", { name: "Delete all interviews" });
  await expect(button, "it asks first").toBeHidden();
  await home.askToDeleteAll();
  await expect(button).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveCount(2);
  await button.click();
  await expect(page.getByRole("listitem")).toHaveCount(0);
  await expect(page).toHaveURL(`${baseURL}/`);
  for (const url of urls) expect((await page.goto(url))?.status()).toBe(404);
  await stranger.open();
  await expect(stranger.earlier("Ward nurse, junior")).toBeVisible();
  await foreign.close();
});

test("a tab whose interview went with all others says so", async ({ page, context, home, interview, complaints }) => {
  complaints.expect(/404/);
  await home.start({ role: "Librarian" });
  await home.start();
  await interview.open(page.url());
  await interview.composer.fill("half a thought");
  const other = new HomePage(await context.newPage());
  await other.open();
  await other.deleteAll();
  await expect(page.getByRole("status").getByText("it may have been deleted")).toBeVisible();
  await expect(interview.composer).toHaveValue("half a thought");
  await other.page.close();
});

test("a tab whose interview was deleted in another says so", async ({ page, context, home, interview, complaints }) => {
  complaints.expect(/404/);
  await home.start();
  await interview.open(page.url());
  await interview.composer.fill("half a thought");
  const other = new HomePage(await context.newPage());
  await other.open();
  await other.delete("Backend engineer, senior");
  await expect(page.getByRole("status").getByText("it may have been deleted")).toBeVisible();
  await expect(interview.composer).toHaveValue("half a thought");
  await other.page.close();
});

test("an unfinished interview is taken up from the list", { tag: "@both" }, async ({ home, interview }) => {
  await home.start({ role: "Ward nurse", level: "Junior" });
  await interview.say(answer(0));
  const before = await interview.words();
  await home.open();
  await home.earlier("Ward nurse, junior").getByRole("link", { name: "Continue" }).click();
  await expect(interview.composer).toBeVisible();
  expect(await interview.words()).toEqual(before);
});
