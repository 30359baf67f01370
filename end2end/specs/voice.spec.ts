// Voice on the page, with an interviewer of the spec's own in the room: what is shown, what is told, how it ends.

import { answer } from "../lib/answers.ts";
import { talking } from "../lib/browser.ts";
import { expect } from "../lib/fixtures.ts";
import { Interviewer, test } from "../lib/interviewer.ts";
import { violations } from "../lib/sound.ts";

test.use(talking);

test("from the look at the microphone to leaving it", async ({ page, home, interview, server, context }) => {
  const modules: string[] = [];
  page.on("request", (request) => void (/\/voice-[^/]*\.js$/.test(request.url()) && modules.push(request.url())));
  await home.start();
  await interview.open(page.url());
  expect(modules, "nothing of it is loaded before").toEqual([]);
  const { voice } = interview;
  await voice.start.click();
  await expect(page.getByLabel("Microphone").getByRole("option")).not.toHaveCount(0);
  await expect(voice.whole, "the fake microphone beeps").toContainText("You can be heard.");
  expect(modules).toHaveLength(1);
  const spoken = page.waitForResponse((response) => response.url().endsWith(".wav"));
  await page.getByRole("button", { name: "Test speaker" }).click();
  expect((await spoken).ok()).toBe(true);
  await voice.talk.click();
  await expect(voice.state).toHaveText("Connecting");

  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("speaking");
  await expect(voice.state).toHaveText("Interviewer speaking");
  await expect(voice.state, "it is announced").toHaveRole("status");
  await interviewer.says("What drew you ", "line-1");
  await expect(voice.captions).toHaveText("What drew you");
  await interviewer.says("to that?", "line-1");
  await expect(voice.captions).toHaveText("What drew you to that?");
  await interviewer.is("listening");
  await expect(voice.captions).toHaveText("");
  await interviewer.hears("The move two", "a", false);
  await expect(voice.captions).toContainText("The move two");
  await interviewer.hears("The move to double entry.", "a", true);
  await interviewer.hears("We had", "b", false);
  await expect(voice.captions).toHaveText(/^“The move to double entry\. We had …”$/);
  const live = page.locator("[aria-live], [role=status], [role=alert], [role=log]").filter({ hasText: "We had" });
  await expect(live, "what may still change is not announced").toHaveCount(0);

  // Typing is there all the time, and what the transcript has is no caption any more.
  await interview.say(answer(0));
  await expect(voice.captions).toHaveText("");
  await expect.poll(() => interviewer.microphone()).toBe("on");
  await voice.leave.click();
  await expect(voice.start).toBeVisible();
  await expect(interview.composer, "one goes on in text").toBeFocused();
  await expect.poll(() => interviewer.microphone()).toBe("none");

  // The second time goes straight in.
  await voice.start.click();
  await expect(voice.state).toHaveText("Your turn");
});

test("one can begin by talking, or then by typing after all", async ({ page, home, interview, server, context }) => {
  await home.open();
  await home.name.fill("Priya");
  await home.role.fill("Backend engineer");
  await page.getByRole("radio", { name: /Talk/ }).check();
  await home.begin.click();
  await expect(interview.voice.talk).toBeVisible();
  await expect(interview.questions, "the interviewer opens it in the room").toHaveCount(0);
  await expect(page.getByRole("button", { name: "Begin" }), "there is one beginning").toBeHidden();
  await interview.voice.talk.click();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await expect(interview.voice.state).toHaveText("Your turn");
  await page.bringToFront();
  await page.getByRole("button", { name: "Begin" }).click();
  await expect(interview.questions).toHaveCount(1);
  await expect(interview.voice.state, "the strip stays").toHaveText("Your turn");
});

test("the goodbye is heard to its end", async ({ page, home, interview, server, context }) => {
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("speaking");
  await expect(interview.voice.state).toHaveText("Interviewer speaking");
  await interview.finish();
  await expect(interview.voice.state).toHaveText("Interviewer speaking");
  await interviewer.leave();
  await expect(interview.voice.whole).toBeHidden();
});

test("nobody is silently waited for", async ({ page, home, interview, server, context }) => {
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  await expect(interview.voice.whole).toContainText("The interviewer has not come to the room.");
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await expect(interview.voice.whole).not.toContainText("has not come");
});

test("that spoken replies take long is said in the room, and one goes on by typing", async ({ page, home, interview, server, context }) => {
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("listening", "slow");
  await expect(voice.whole).toContainText("Spoken replies take long");
  // What does not work at all is more pressing.
  await interviewer.is("listening", "hearing");
  await expect(voice.whole).toContainText("cannot be turned into text just now: type");
  await interviewer.is("listening", "slow");
  await voice.whole.getByRole("button", { name: "Type instead" }).click();
  await interview.say(answer(0));
});

test("the screen stays on while one talks, and no longer", async ({ page, home, interview }) => {
  await page.addInitScript(() => {
    const world = window as unknown as { held: number };
    world.held = 0;
    navigator.wakeLock.request = async () => {
      world.held++;
      const lock = { release: async () => void world.held-- };
      return lock as unknown as WakeLockSentinel;
    };
  });
  const held = () => page.evaluate(() => (window as unknown as { held: number }).held);
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  await expect.poll(held).toBe(1);
  await interview.voice.leave.click();
  await expect.poll(held).toBe(0);
});

test("the sound is switched while one speaks, and nothing of it is lost", async ({ page, home, interview, server, context, complaints }) => {
  complaints.expect(/ERR_FAILED/);
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  const keep = page.getByRole("button", { name: /^Keep it/ });
  const stop = page.getByRole("button", { name: "Stop keeping it" });
  await expect(keep, "what is typed has no sound").toBeHidden();
  await voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("listening");
  await interviewer.hears("I walked every aisle", "a", false);
  await expect(voice.captions).toContainText("I walked every aisle");
  const before = await interviewer.candidate();
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.route("**/api/keep_sound", (route) => route.abort());
  await keep.click();
  await expect(page.getByRole("alert")).toContainText("could not be changed");
  await page.unroute("**/api/keep_sound");
  await keep.click();
  await expect(stop).toBeFocused();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(voice.captions, "it is still being said").toContainText("I walked every aisle");
  expect(await page.evaluate(() => "same" in window), "the page was not left").toBe(true);
  expect([await interviewer.candidate(), await interviewer.microphone()]).toEqual([before, "on"]);
  await stop.click();
  await expect(keep).toBeFocused();
  await voice.leave.click();
  await expect(keep).toBeHidden();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds nothing in voice", { tag: "@phone" }, async ({ page, home, interview, server, context }) => {
      await home.start();
      await interview.open(page.url());
      const { voice } = interview;
      await voice.start.click();
      await expect(voice.talk).toBeVisible();
      expect(await violations(page), "before").toEqual([]);
      await voice.talk.click();
      const interviewer = await Interviewer.join(context, server, interview.id);
      await page.bringToFront();
      await interviewer.is("listening", "hearing");
      await interviewer.hears("The move to double entry. We had", "a", false);
      await expect(voice.whole).toContainText("cannot be turned into text just now: type");
      await voice.settings.click();
      await page.getByRole("checkbox", { name: /Push to talk/ }).check();
      expect(await violations(page), "in voice").toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, "nothing is wider than the page").toBeLessThanOrEqual(0);
    });
  });
}

test("whatever the strip shows, the question stays in sight", { tag: "@phone" }, async ({ page, home, interview, server, context, isMobile }) => {
  if (!isMobile) await page.setViewportSize({ width: 1280, height: 900 });
  await home.start();
  await interview.open(page.url());
  for (let n = 0; n < 4; n++) await interview.say(answer(n));
  const { voice } = interview;
  /** The whole of the open question is between the bar and what stands below. */
  const inSight = (when: string) =>
    expect
      .poll(
        () =>
          page.evaluate(() => {
            const box = (element: Element | undefined) => element?.getBoundingClientRect() ?? new DOMRect();
            const question = box([...document.querySelectorAll(".speech.asks .said")].at(-1));
            const [bar, foot] = [".bar", ".foot"].map((part) => box(document.querySelector(part) ?? undefined));
            return question.top >= (bar?.bottom ?? 0) && question.bottom <= (foot?.top ?? 0);
          }),
        { message: when },
      )
      .toBe(true);
  await inSight("while it is typed");
  await voice.start.click();
  await expect(voice.talk).toBeVisible();
  await inSight("while the microphone is looked at");
  await voice.talk.click();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("listening", "hearing");
  await expect(voice.whole).toContainText("cannot be turned into text just now");
  await interviewer.hears("I walked every aisle with a scanner and reprinted them with two temps.", "a", false);
  await inSight("with a notice and captions");
  await voice.settings.click();
  await expect(page.getByRole("slider", { name: "Volume" })).toBeVisible();
  await inSight("with the settings");
  await page.getByRole("checkbox", { name: /Push to talk/ }).check();
  await inSight("with push to talk");
  // Whoever reads further up is left there; a click as of the specs would scroll to what it clicks.
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await voice.settings.dispatchEvent("click");
  await expect(page.getByRole("slider", { name: "Volume" })).toBeHidden();
  await voice.settings.dispatchEvent("click");
  await expect(page.getByRole("slider", { name: "Volume" })).toBeVisible();
  expect(await page.evaluate(() => scrollY)).toBeLessThan(400);
});
