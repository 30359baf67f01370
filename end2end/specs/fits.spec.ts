// What hands, screens and paper need: large targets, nothing cut off, Escape, local times, the facts in print.

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";

test("everything that is pressed on a phone is 44 px high", { tag: "@phone" }, async ({ page, home, interview, isMobile }) => {
  test.skip(!isMobile, "a mouse is finer");
  const small = () =>
    page.evaluate(() => {
      const pressed = "a[href], button, summary, select, input:not([type=hidden]):not([type=file]), textarea";
      return [...document.querySelectorAll<HTMLElement>(pressed)]
        .filter((one) => one.checkVisibility() && !one.classList.contains("skip"))
        // A box to tick is pressed with its label.
        .map((one) => (one.matches("[type=checkbox], [type=radio]") && one.closest("label")) || one)
        .map((one) => ({ what: one.textContent?.trim() || one.id, box: one.getBoundingClientRect(), inside: one.closest(".composer textarea") !== null }))
        .filter(({ box, inside }) => !inside && (box.height < 43.5 || box.width < 43.5))
        .map(({ what, box }) => `${what}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
    });
  await home.open();
  await expect(page.getByRole("button", { name: "Choose file for the CV" })).toBeVisible();
  expect(await small(), "home").toEqual([]);
  await home.start();
  await interview.open(page.url());
  await interview.say(answer(0));
  await interview.finishing.click();
  expect(await small(), "interview").toEqual([]);
  await page.getByRole("button", { name: "End", exact: true }).click();
  await page.waitForURL(/\/report#notes$/);
  await expect(interview.ended).toBeVisible();
  expect(await small(), "the notes").toEqual([]);
  await page.goto(`/interview/${interview.id}`);
  await expect(interview.ended).toBeVisible();
  expect(await small(), "ended").toEqual([]);
  // What is made of an interview: read again, shared, read by a coach, practised.
  await page.goto(`/interview/${interview.id}/replay`);
  expect(await small(), "replay").toEqual([]);
  await page.goto(`/interview/${interview.id}/share`);
  await page.getByRole("button", { name: "Make a link" }).click();
  const address = await page.locator("a.absolute").getAttribute("href");
  expect(await small(), "sharing").toEqual([]);
  await page.goto(address ?? "");
  await page.getByText("comment").first().click();
  expect(await small(), "a coach's page").toEqual([]);
  await page.goto("/interviews");
  expect(await small(), "the interviews").toEqual([]);
  await home.open();
  await home.earlier("Backend engineer, senior").locator("summary").click();
  expect(await small(), "home, with an interview").toEqual([]);
  await page.goto("/how");
  expect(await small(), "how it works").toEqual([]);
});

test.describe("on a small screen", () => {
  test.use({ viewport: { width: 1280, height: 800 } });

  test("the way in is in sight, and the name is where one begins", async ({ home }) => {
    await home.open();
    await expect(home.begin).toBeInViewport({ ratio: 1 });
    await expect(home.name).toBeFocused();
  });
});

test.describe("in another time zone", () => {
  test.use({ timezoneId: "Pacific/Kiritimati" });

  test("the list has local times, like all others", async ({ page, home, interview }) => {
    await home.start();
    await interview.open(page.url());
    const clock = await page.locator(".when").first().innerText();
    await home.open();
    // The hour there is another than the server's; the minute may pass in between.
    await expect(home.earlier("Backend engineer, senior")).toContainText(new RegExp(`Today ${clock.slice(0, 3)}`));
  });
});

test("Escape closes what is open, and the focus goes back to what opened it", async ({ page, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  await interview.finishing.click();
  const end = page.getByRole("button", { name: "End", exact: true });
  await end.focus();
  await page.keyboard.press("Escape");
  await expect(end).toBeHidden();
  await expect(interview.finishing).toBeFocused();
});

test("a question that was skipped says so", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start();
  await interview.skip.click();
  await expect(interview.questions).toHaveCount(2);
  await expect(page.getByText("(Skipped.)")).toBeVisible();
  await interview.say(answer(0));
  await page.reload();
  await expect(page.getByText("(Skipped.)")).toHaveCount(1);
});

test("a role that names its level is not given it twice", { tag: "@both" }, async ({ page, home }) => {
  await home.start({ role: "Senior product analyst, fintech" });
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/fintech$/);
});

test("how far one is, is told in questions; the clock only if it is asked for", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start();
  await interview.say(answer(0));
  const questions = page.getByText(/^Question 2 of about \d+$/);
  await expect(questions).toBeVisible();
  await expect(page.getByText(/minutes left/)).toBeHidden();
  await questions.click();
  await expect(page.getByText(/minutes left/)).toBeVisible();
});

test("paper has the name, the role and the date", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start();
  await interview.finish();
  await page.getByRole("link", { name: "Transcript" }).click();
  await expect(interview.questions.first()).toBeVisible();
  await page.emulateMedia({ media: "print" });
  const year = new Date().getFullYear();
  await expect(page.getByText(new RegExp(`^Priya · Backend engineer, senior · \\d+ [A-Z][a-z]+ ${year}$`))).toBeVisible();
});

test("a page whose files did not load says that it must be served at the root", { tag: "@both" }, async ({ page, home, complaints }) => {
  const words = page.getByText("InterviewOS must be served at the root of an address");
  await home.open();
  await expect(words).toBeHidden();
  complaints.expect(/404/);
  // As behind a proxy that serves it in a folder.
  await page.route("**/assets/**", (route) => route.fulfill({ status: 404 }));
  await home.open();
  await expect(words).toBeVisible();
});

test("a browser that sends no cookie gets no interview, and its words back", { tag: "@both" }, async ({
  page,
  context,
  home,
  interview,
  complaints,
}) => {
  complaints.expect(/403/);
  await home.open();
  await home.name.fill("Priya");
  await home.role.fill("Backend engineer");
  // As where they are blocked: what was given is not sent back.
  await context.clearCookies();
  await home.begin.click();
  await expect(page.getByText("Your browser blocks cookies for this page")).toBeVisible();
  // Once they are allowed, nothing need be typed again.
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(interview.questions).toHaveCount(1);
  const url = page.url().replace(/#.*/, "");
  await home.open();
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await context.clearCookies();
  complaints.expect(/404/);
  await page.goto(url);
  await expect(page.getByText("allow cookies for this page")).toBeVisible();
});

test("a browser that keeps no cookies is told before anything is typed", async ({ page, home }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "cookieEnabled", { get: () => false }));
  await home.open();
  await expect(page.getByRole("alert")).toContainText("Your browser blocks cookies for this page");
});
