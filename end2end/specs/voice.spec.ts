// Voice on the page, with an interviewer of the spec's own in the room: what is shown, what is told, what goes wrong.

import { answer } from "../lib/answers.ts";
import { talking } from "../lib/browser.ts";
import { expect, test as base } from "../lib/fixtures.ts";
import { Interviewer, unattended } from "../lib/interviewer.ts";
import { InterviewPage } from "../lib/pages.ts";
import { violations } from "../lib/sound.ts";
import { KEY_TAIL_MS } from "../../frontend/voice/protocol.ts";

const test = base.extend({
  server: async ({}, use, info) => unattended(info, use),
});

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

test("the keyboard talks and mutes, and nothing takes it from a field", async ({ page, home, interview, server, context }) => {
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("listening");
  await expect(voice.state).toHaveText("Your turn");
  await expect(voice.whole, "the focus is kept").toBeFocused();
  await page.keyboard.press("m");
  await expect(voice.state).toHaveText("Muted");
  await expect.poll(() => interviewer.microphone()).toBe("muted");
  await page.keyboard.press("m");
  await expect(voice.state).toHaveText("Your turn");
  await expect.poll(() => interviewer.microphone()).toBe("on");
  await interview.skip.focus();
  await page.keyboard.press("m");
  await expect(voice.state, "a letter alone does nothing elsewhere").toHaveText("Your turn");

  await voice.settings.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("slider", { name: "Speaking speed" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("slider", { name: "How long it waits" }).press("ArrowRight");
  await page.getByRole("checkbox", { name: /Push to talk/ }).press("Space");
  await expect(voice.hold, "the next Space is to talk, not to untick").toBeFocused();
  await expect(page.getByRole("checkbox", { name: /Push to talk/ })).toBeChecked();
  await voice.settings.press("Enter");
  await expect(voice.state).toHaveText("Your turn");
  await voice.whole.focus();
  await page.keyboard.down("Space");
  await expect(voice.state).toHaveText("You are speaking");
  await expect(voice.hold).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.up("Space");
  await expect(voice.state).toHaveText("Your turn");
  await voice.hold.focus();
  await page.keyboard.down("Space");
  await expect(voice.state).toHaveText("You are speaking");
  await page.keyboard.up("Space");
  const held = [{ talk: true }, { talk: false }];
  const all = [{ mode: "open", speed: 1, patience: 1 }, { speed: 1.05 }, { patience: 1.05 }, { mode: "push" }, ...held, ...held];
  await expect.poll(() => interviewer.told()).toEqual(all);

  await interview.composer.focus();
  await page.keyboard.type("m a m");
  await expect(interview.composer).toHaveValue("m a m");
  // That something is typed is told, now and then; nothing else is.
  const told = await interviewer.told();
  expect(told.filter((one) => !Object.hasOwn(one as object, "typing"))).toEqual(all);
  await expect(interview.composer).toBeFocused();
});

/** When a page closed its microphone, and when a key was let go, on one clock. */
interface Times {
  shut: number[];
  released: number[];
}

test("the key let go right after the last word lets its end through", async ({ page, home, interview, server, context }) => {
  await page.addInitScript(() => {
    const track = MediaStreamTrack.prototype;
    const enabled = Object.getOwnPropertyDescriptor(track, "enabled");
    const world = window as unknown as Times;
    [world.shut, world.released] = [[], []];
    Object.defineProperty(track, "enabled", {
      ...enabled,
      set(this: MediaStreamTrack, on: boolean) {
        if (!on && this.enabled && this.kind === "audio") world.shut.push(performance.now());
        enabled?.set?.call(this, on);
      },
    });
    addEventListener("keyup", () => void world.released.push(performance.now()), true);
  });
  const times = () =>
    page.evaluate(() => {
      const { shut, released } = window as unknown as Times;
      return { shut, released };
    });
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("listening");
  await voice.settings.click();
  await page.getByRole("checkbox", { name: /Push to talk/ }).check();
  await voice.settings.click();
  const { length: before } = (await times()).shut;
  await voice.hold.focus();
  await page.keyboard.down("Space");
  await expect(voice.state).toHaveText("You are speaking");
  await page.keyboard.up("Space");
  await expect(voice.state, "the page says at once that the key is up").toHaveText("Your turn");
  await expect.poll(async () => (await times()).shut.length).toBe(before + 1);
  const { shut, released } = await times();
  expect((shut.at(-1) ?? 0) - (released.at(-1) ?? 0), "as long as the agent listens").toBeGreaterThanOrEqual(KEY_TAIL_MS - 1);
  // Whoever presses again before that is not cut off by it.
  await page.keyboard.down("Space");
  await voice.hold.evaluate((button) => {
    const key = { key: " ", code: "Space", bubbles: true, cancelable: true };
    for (const way of ["keyup", "keydown"]) button.dispatchEvent(new KeyboardEvent(way, key));
  });
  await expect(voice.state).toHaveText("You are speaking");
  await page.waitForFunction((ms) => performance.now() - Math.max(...(window as unknown as Times).released) > 2 * ms, KEY_TAIL_MS);
  expect((await times()).shut, "the key is held").toHaveLength(before + 1);
  await page.keyboard.up("Space");
  await expect.poll(async () => (await times()).shut.length).toBe(before + 2);
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

test("a second tab takes voice over, and gives it back", async ({ page, home, interview, context }) => {
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  const second = new InterviewPage(await context.newPage());
  await second.open(page.url());
  await second.voice.start.click();
  await expect(second.voice.leave).toBeVisible();
  await expect(interview.voice.whole).toContainText("Voice went on in another tab.");
  await page.getByRole("button", { name: "Bring it here" }).click();
  await expect(interview.voice.leave).toBeVisible();
  await expect(second.voice.whole).toContainText("Voice went on in another tab.");
  await second.page.getByRole("button", { name: "Type instead" }).click();
  await expect(second.voice.start).toBeVisible();
});

test("a reload in the middle goes on by voice", async ({ page, home, interview, server, context }) => {
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await expect(interview.voice.state).toHaveText("Your turn");
  await page.bringToFront();
  await page.reload();
  await expect(interview.voice.state).toHaveText("Your turn");
  await interview.voice.leave.click();
  await page.reload();
  await expect(interview.voice.start, "what was left stays left").toBeVisible();
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

test("a microphone that goes is missed, and another one taken", async ({ page, home, interview }) => {
  await page.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const world = window as unknown as { tracks: MediaStreamTrack[]; none: boolean };
    world.tracks = [];
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      if (world.none) throw new DOMException("", "NotFoundError");
      const stream = await open(wanted);
      world.tracks.push(...stream.getTracks());
      return stream;
    };
  });
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  /** The device is pulled out; `none`: it was the only one. */
  const unplug = (none: boolean) =>
    page.evaluate((none) => {
      const world = window as unknown as { tracks: MediaStreamTrack[]; none: boolean };
      world.none = none;
      const track = world.tracks.at(-1);
      track?.stop();
      track?.dispatchEvent(new Event("ended"));
      return world.tracks.length;
    }, none);
  await unplug(true);
  await expect(interview.voice.whole).toContainText("The microphone has gone.");
  await page.evaluate(() => ((window as unknown as { none: boolean }).none = false));
  await page.getByRole("button", { name: "use another one" }).click();
  await expect(interview.voice.whole).not.toContainText("The microphone has gone.");
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

test("Escape closes the look at the microphone and the settings", async ({ page, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.start.click();
  await expect(voice.talk).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(voice.talk).toBeHidden();
  await voice.join();
  await voice.settings.click();
  await expect(page.getByRole("slider", { name: "Volume" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("slider", { name: "Volume" })).toBeHidden();
  await expect(voice.settings).toBeFocused();
});

for (const [what, name, words] of [
  ["is refused", "NotAllowedError", "This page is not allowed to use the microphone."],
  ["is not there", "NotFoundError", "No microphone was found."],
  ["is taken", "NotReadableError", "another program may be using it"],
] as const) {
  test(`a microphone that ${what} has words and a remedy of its own`, async ({ page, home, interview }) => {
    await page.addInitScript((name) => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const world = window as unknown as { mended: boolean };
      navigator.mediaDevices.getUserMedia = (wanted) =>
        world.mended ? open(wanted) : Promise.reject(new DOMException("", name));
    }, name);
    await home.start();
    await interview.open(page.url());
    await interview.voice.start.click();
    await expect(page.getByRole("alert")).toContainText(words);
    await page.evaluate(() => ((window as unknown as { mended: boolean }).mended = true));
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(interview.voice.talk).toBeVisible();
  });
}

test("a page that came over plain HTTP says why it cannot listen", async ({ page, home, interview }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "mediaDevices", { value: undefined }));
  await home.start();
  await interview.open(page.url());
  await interview.voice.start.click();
  await expect(page.getByRole("alert")).toContainText("HTTPS or from this machine (localhost)");
  await page.getByRole("button", { name: "Type instead" }).click();
  await interview.say(answer(0));
});

test("a browser that keeps sound silent asks for a click", async ({ page, home, interview, server, context }) => {
  await page.addInitScript(() => {
    const play = HTMLMediaElement.prototype.play;
    const world = window as unknown as { clicked: boolean };
    document.addEventListener("click", (event) => {
      if (event.target instanceof HTMLElement && event.target.textContent === "Play") world.clicked = true;
    }, true);
    HTMLMediaElement.prototype.play = function () {
      return world.clicked ? play.call(this) : Promise.reject(new DOMException("", "NotAllowedError"));
    };
  });
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await expect(interview.voice.whole).toContainText("The browser plays no sound until you allow it.");
  await page.bringToFront();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(interview.voice.whole).not.toContainText("plays no sound");
});

test("another loudspeaker is taken, and remembered", async ({ page, home, interview, server, context }) => {
  await page.addInitScript(() => {
    const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
    const headset = { deviceId: "headset", kind: "audiooutput", label: "Headset", groupId: "", toJSON: () => ({}) };
    navigator.mediaDevices.enumerateDevices = async () => [...(await list()), headset as MediaDeviceInfo];
    const world = window as unknown as { sinks: string[] };
    world.sinks = [];
    HTMLMediaElement.prototype.setSinkId = async (id: string) => void world.sinks.push(id);
  });
  const last = () => page.evaluate(() => (window as unknown as { sinks: string[] }).sinks.at(-1));
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await page.bringToFront();
  await interview.voice.settings.click();
  await page.getByLabel("Speaker").selectOption("Headset");
  await expect.poll(last).toBe("headset");
  await page.reload();
  await expect(interview.voice.state).toHaveText("Your turn");
  await expect.poll(last).toBe("headset");
});

test("a weak connection is told, and a tab that slept goes on by itself", async ({ page, home, interview, server, context }) => {
  let tell = (_message: Buffer): void => undefined;
  await page.routeWebSocket(/\/rtc/, (socket) => {
    const beyond = socket.connectToServer();
    socket.onMessage((message) => beyond.send(message));
    beyond.onMessage((message) => socket.send(message));
    tell = (message) => socket.send(message);
  });
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.join();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await page.bringToFront();
  await expect(voice.state).toHaveText("Your turn");
  // As a room server writes it: connection_quality = 12 { updates = 1 { participant_sid = 1, quality = 2 } }.
  const sid = Buffer.from(await interviewer.candidate());
  const quality = (level: number) => {
    const info = Buffer.from([0x0a, sid.length, ...sid, 0x10, level]);
    return Buffer.from([0x62, info.length + 2, 0x0a, info.length, ...info]);
  };
  tell(quality(0));
  await expect(voice.whole).toContainText("Your connection is weak");
  tell(quality(2));
  await expect(voice.whole).not.toContainText("Your connection is weak");

  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  // leave = 8 { }: no reason is given, and no way back.
  const out = Buffer.from([0x42, 0]);
  await hide(true);
  tell(out);
  await expect(voice.whole).toContainText("Voice stopped while this tab was asleep.");
  await hide(false);
  await expect(voice.state, "it goes on by itself").toHaveText("Your turn");
});

test("voice comes back after the server was away", async ({ page, home, interview, server, complaints, context }) => {
  complaints.expect(/ERR_|WebSocket|Connection|50\d/);
  await home.start();
  await interview.open(page.url());
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interview.voice.join();
  await expect.poll(() => interviewer.microphone()).toBe("on");
  await server.kill();
  await expect(interview.voice.state).toHaveText("Reconnecting");
  await server.start();
  await expect(interview.voice.state).toHaveText("Connecting");
});

base("a server without rooms offers no voice", async ({ home, interview, page, server }) => {
  await server.stop();
  server.more = [...server.more, "--rooms", "off"];
  await server.start();
  await home.open();
  await expect(page.getByRole("radio", { name: /Talk/ })).toBeDisabled();
  await home.start();
  await interview.open(page.url());
  await expect(interview.skip).toBeVisible();
  await expect(interview.voice.start).toHaveCount(0);
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
