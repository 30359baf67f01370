// Voice by keyboard: to talk, to mute, to close what is open.

import { talking } from "../lib/browser.ts";
import { expect } from "../lib/fixtures.ts";
import { Interviewer, test } from "../lib/interviewer.ts";
import { KEY_TAIL_MS } from "../../frontend/voice/protocol.ts";

test.use(talking);

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
