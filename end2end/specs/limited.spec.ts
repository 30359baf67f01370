// Who is refused for a while loses nothing, and is told when to come again.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import type { HomePage } from "../lib/pages.ts";

/** A refusal is shown in the console of the browser, whoever asked for it. */
const REFUSED = /status of (429|503)/;

/** Where an interview is that was begun and left: a page that is open would miss the server while it is away. */
async function begun(home: HomePage): Promise<string> {
  await home.start();
  const url = home.page.url();
  await home.page.goto("about:blank");
  return url;
}

test("a page that gets no event stream goes on without one", async ({ page, home, interview, server, complaints }) => {
  complaints.expect(REFUSED);
  const url = await begun(home);
  const other = await page.context().newPage();
  // One place, and the first page has it.
  await server.stop();
  server.more.push("--max-streams", "1");
  await server.start();
  await interview.open(url);
  const caught = other.waitForResponse((response) => response.url().endsWith("/api/catch_up") && response.ok());
  await other.goto(url);
  await caught;
  await expect(other.getByText("cannot be followed")).toHaveCount(0);
  await expect(other.getByText("Reconnecting")).toHaveCount(0);
  await interview.say(answer(0));
  await expect(other.getByText(answer(0)), "it asks again for what changed").toBeVisible();
});

test("an answer given too early is kept and sent when its time has come", async ({
  page,
  home,
  interview,
  server,
  complaints,
}) => {
  complaints.expect(REFUSED);
  const url = await begun(home);
  await server.stop();
  server.more = ["--browser-rate", "12", "--address-rate", "0"];
  await server.start();
  await interview.open(url);
  // Three at once, then one every five seconds: the page and its stream were two of them.
  await interview.composer.fill(answer(0));
  // Looked for by the page itself: it stands there for a few seconds only, which are short on a busy machine.
  const told = page.waitForFunction(() =>
    /Not sent\. That was a lot at once\. Please try again in (a second|\d seconds)\./.test(document.body.innerText),
  );
  // Whatever becomes free meanwhile is used up, however long the click takes.
  const using = { up: true };
  const used = (async () => {
    while (using.up) await page.request.get("/how");
  })();
  await expect.poll(async () => (await page.request.get("/how")).status()).toBe(429);
  await interview.send.click();
  await told;
  using.up = false;
  await used;
  await expect(interview.answers, "nobody has to send it again").toHaveCount(1);
  await expect(interview.answers.first()).toContainText(answer(0));
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a form that came too early comes back with a button", async ({ page, home, interview, server, complaints }) => {
    complaints.expect(REFUSED);
    await home.start();
    await server.stop();
    // Three at once, then one every five seconds.
    server.more = ["--browser-rate", "12", "--address-rate", "0"];
    await server.start();
    await page.reload();
    await interview.composer.fill(answer(0));
    await expect.poll(async () => (await page.request.get("/how")).status()).toBe(429);
    const answered = page.waitForResponse((response) => response.url().endsWith("/api/answer"));
    await interview.send.click();
    const seconds = Number((await answered).headers()["retry-after"]);
    expect(seconds).toBeGreaterThan(0);
    await expect(page.getByRole("heading", { name: "One moment, please." })).toBeVisible();
    // As long as it says, and once more for the page that follows.
    await page.waitForTimeout((seconds + 5) * 1_000);
    await page.getByRole("button", { name: "Send it again" }).click();
    await expect(interview.answers).toHaveCount(1);
    await expect(interview.answers.first()).toContainText(answer(0));
  });
});
