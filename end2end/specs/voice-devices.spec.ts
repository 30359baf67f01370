// Microphones and loudspeakers that are refused, missing, taken, changed or kept silent: each is said, with a remedy.

import { answer } from "../lib/answers.ts";
import { talking } from "../lib/browser.ts";
import { expect } from "../lib/fixtures.ts";
import { Interviewer, test } from "../lib/interviewer.ts";

test.use(talking);

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
