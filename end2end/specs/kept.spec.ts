// Nothing is lost: over reloads, in a draft, while the server is away, after it was killed.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";

const AWAY = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_FAILED|ERR_NETWORK/;

test("a reload in the middle shows the same, and it goes on", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start();
  await interview.say(answer(0));
  await interview.say(answer(1));
  const before = await interview.words();
  await page.reload();
  expect(await interview.words()).toEqual(before);
  await interview.say(answer(2));
  expect((await interview.words()).slice(0, before.length)).toEqual(before);
});

test("a draft is there again after a reload, and gone once it was sent", async ({ page, home, interview }) => {
  await home.start();
  const draft = "I was about to say that the ledger\nhad two rounding rules";
  await interview.open(page.url());
  await interview.composer.fill(draft);
  await interview.open(page.url());
  await expect(interview.composer).toHaveValue(draft);
  await interview.say(answer(0));
  await expect(interview.composer).toHaveValue("");
  await interview.open(page.url());
  await expect(interview.composer).toHaveValue("");
});

test("Enter sends and Shift+Enter breaks the line", async ({ page, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  const height = async () => (await interview.composer.boundingBox())?.height ?? 0;
  const empty = await height();
  await interview.composer.click();
  await page.keyboard.type("In 2023 I rewrote the settlement batch.");
  for (const line of ["It took nine weeks.", "Two colleagues helped.", "It has run without a fault since."]) {
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type(line);
  }
  await expect(interview.answers).toHaveCount(0);
  expect(await height(), "the composer grows").toBeGreaterThan(empty);
  await page.keyboard.press("Enter");
  await expect(interview.answers).toHaveCount(1);
  await expect(interview.answers.first()).toContainText("Two colleagues helped.");
  await expect(interview.composer).toHaveValue("");
  await expect.poll(height, { message: "the composer shrinks again" }).toBe(empty);
});

test("an answer that could not be sent stays, and is sent once when the server is back", async ({
  page,
  home,
  interview,
  server,
  complaints,
}) => {
  complaints.expect(AWAY);
  await home.start();
  await interview.open(page.url());
  await interview.say(answer(0));
  await server.stop();
  await interview.composer.fill(answer(1));
  await interview.send.click();
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  await expect(page.getByText(answer(1))).toBeVisible();
  // Pressed in vain it loses nothing either.
  await again.click();
  await expect(again).toBeVisible();
  await interview.composer.fill("and what I was typing then");
  await server.start();
  // The page finds the server and sends it by itself.
  await expect(interview.questions).toHaveCount(3);
  await expect(again).toBeHidden();
  await expect(interview.composer).toHaveValue("and what I was typing then");
  await interview.composer.fill("");
  await page.reload();
  await expect(interview.answers).toHaveCount(2);
  await expect(interview.answers.nth(1)).toContainText(answer(1));
  await expect(interview.composer).toHaveValue("");
});

test("the page heals by itself after the server was killed and started again", async ({
  page,
  home,
  interview,
  server,
  complaints,
}) => {
  complaints.expect(AWAY);
  await home.start();
  await interview.open(page.url());
  await interview.say(answer(0));
  const before = await interview.words();
  await interview.composer.fill("half an answer");

  await server.kill();
  await expect(page.getByText("Reconnecting")).toBeVisible();
  await interview.live(async () => server.start());
  await expect(page.getByText("Reconnecting")).toBeHidden();

  await expect(interview.composer).toHaveValue("half an answer");
  expect(await interview.words()).toEqual(before);
  await interview.say(answer(1));
  expect((await interview.words()).slice(0, before.length)).toEqual(before);
});


test("a browser that hides which page asks is told so, and what was typed is sent later", async ({ page, home, interview, complaints }) => {
  complaints.expect(/403/);
  await home.start();
  await interview.open(page.url());
  // As over plain HTTP behind a Referrer-Policy of `no-referrer`.
  await page.route("**/api/answer", async (route) => {
    const all = Object.entries(route.request().headers());
    const headers = Object.fromEntries(all.filter(([name]) => !name.startsWith("sec-fetch-")));
    await route.fulfill({ response: await route.fetch({ headers: { ...headers, origin: "null" } }) });
  });
  await interview.composer.fill(answer(0));
  await interview.send.click();
  await expect(page.getByText("Your browser hides which page this request came from")).toBeVisible();
  await expect(interview.composer, "nothing typed is lost").toHaveValue(answer(0));
  await page.unroute("**/api/answer");
  await interview.send.click();
  await expect(interview.answers).toHaveCount(1);
  await expect(interview.answers.first()).toContainText(answer(0));
});
