// Whoever is not heard is told so, in words and with a remedy: a microphone that gives nothing, sound that does not get
// through to the server, a server for voice that does not let this page in.

import type { Page } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { talking } from "../lib/browser.ts";
import { expect, served, test as base } from "../lib/fixtures.ts";
import { Interviewer, test } from "../lib/interviewer.ts";
import { HomePage, InterviewPage } from "../lib/pages.ts";
import { TlsProxy } from "../lib/proxy.ts";
import { Server } from "../lib/server.ts";

base.use(talking);
test.use(talking);

/** What the spec does to its microphone. */
interface World {
  loud: (loud: boolean) => void;
  muted: (muted: boolean) => void;
  plugged: (plugged: boolean) => void;
  another: (label: string) => void;
}

/** A microphone of the spec's own, in place of the browser's: it can be silent, muted in hardware, gone, and another one. */
async function instead(page: Page, sounds: boolean): Promise<void> {
  await page.addInitScript((sounds) => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const world = window as unknown as World;
    const changed = () => navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    let [gone, label] = [false, "Headset"];
    let gain: GainNode | undefined;
    let out: MediaStreamAudioDestinationNode | undefined;
    const tracks: MediaStreamTrack[] = [];
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      if (gone) throw new DOMException("", "NotFoundError");
      for (const track of (await open(wanted)).getTracks()) track.stop();
      if (out === undefined) {
        const context = new AudioContext();
        const hum = context.createOscillator();
        gain = context.createGain();
        out = context.createMediaStreamDestination();
        gain.gain.value = sounds ? 0.2 : 0;
        hum.connect(gain).connect(out);
        hum.start();
      }
      const copies = out.stream.getTracks().map((track) => track.clone());
      for (const track of copies) Object.defineProperty(track, "label", { configurable: true, get: () => label });
      tracks.push(...copies);
      return new MediaStream(copies);
    };
    world.loud = (loud) => void (gain !== undefined && (gain.gain.value = loud ? 0.2 : 0));
    world.muted = (muted) => {
      for (const track of tracks) {
        Object.defineProperty(track, "muted", { configurable: true, get: () => muted });
        track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
      }
    };
    world.plugged = (plugged) => {
      gone = !plugged;
      for (const track of gone ? tracks.splice(0) : []) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
      changed();
    };
    world.another = (now) => {
      label = now;
      changed();
    };
  }, sounds);
}

const loud = (page: Page, loud: boolean) => page.evaluate((loud) => (window as unknown as World).loud(loud), loud);
const muted = (page: Page, muted: boolean) => page.evaluate((muted) => (window as unknown as World).muted(muted), muted);
const plugged = (page: Page, plugged: boolean) => page.evaluate((plugged) => (window as unknown as World).plugged(plugged), plugged);
const another = (page: Page, label: string) => page.evaluate((label) => (window as unknown as World).another(label), label);

test("a microphone that gives nothing is named by itself, before the room and in it", async ({ page, home, interview, server, context }) => {
  await instead(page, false);
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.start.click();
  await expect(voice.talk).toBeVisible();
  await expect(voice.whole).toContainText("We can’t hear anything from your microphone.");
  await loud(page, true);
  await expect(voice.whole).toContainText("You can be heard.");
  await voice.talk.click();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await page.bringToFront();
  await expect(voice.state).toHaveText("Your turn");
  await loud(page, false);
  await expect(voice.whole).toContainText("We can’t hear anything from your microphone.");
  // Whoever mutes it here knows.
  await voice.mute.click();
  await expect(voice.whole).not.toContainText("hear anything from your microphone");
  await voice.unmute.click();
  await loud(page, true);
  await muted(page, true);
  await expect(voice.whole).toContainText("Your microphone is muted outside this page");
  await muted(page, false);
  await expect(voice.whole, "it clears itself").not.toContainText("muted outside this page");
});

test("a microphone that is muted outside or goes is named by itself, before the room and in it", async ({
  page,
  home,
  interview,
  server,
  context,
}) => {
  await instead(page, true);
  await home.start();
  await interview.open(page.url());
  const { voice } = interview;
  await voice.start.click();
  await expect(voice.whole).toContainText("You can be heard.");
  const troubles = async () => {
    await muted(page, true);
    await expect(voice.whole).toContainText("Your microphone is muted outside this page");
    await muted(page, false);
    await expect(voice.whole, "it clears itself").not.toContainText("muted outside this page");
    await plugged(page, false);
    await expect(voice.whole).toContainText("The microphone has gone.");
    await plugged(page, true);
    await expect(voice.whole, "it is taken again").not.toContainText("The microphone has gone.");
  };
  await troubles();
  await voice.talk.click();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await page.bringToFront();
  await expect(voice.state).toHaveText("Your turn");
  await troubles();
  await another(page, "Laptop microphone");
  await expect(voice.whole).toContainText("The microphone changed. Now in use: Laptop microphone.");
});

test("a browser that does not let levels be drawn still lets one talk", async ({
  page,
  home,
  interview,
  server,
  context,
  complaints,
}) => {
  // LiveKit's client listens for silence in the same way, and only complains.
  complaints.expect(/different sample-rate/);
  await page.addInitScript(() => {
    AudioContext.prototype.createMediaStreamSource = () => {
      throw new DOMException("Connecting AudioNodes from AudioContexts with different sample-rate is currently not supported.", "NotSupportedError");
    };
  });
  await home.start();
  await interview.open(page.url());
  await interview.voice.start.click();
  await expect(interview.voice.whole).toContainText("This browser cannot show how loud you are,");
  await interview.voice.talk.click();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await interviewer.is("listening");
  await page.bringToFront();
  await expect(interview.voice.state).toHaveText("Your turn");
  await expect.poll(() => interviewer.microphone()).toBe("on");
});

base("a page over HTTPS whose server does not know that says so at once", async ({ browser, server }) => {
  // A proxy ends TLS, and the server does not trust what it says.
  const proxy = await TlsProxy.start(server.port);
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ["microphone"], baseURL: proxy.url });
  const page = await context.newPage();
  const interview = new InterviewPage(page);
  await new HomePage(page).start();
  await interview.open(page.url());
  await interview.voice.start.click();
  await interview.voice.talk.click();
  await expect(page.getByRole("alert")).toContainText("This page came over HTTPS");
  await expect(page.getByRole("alert")).toContainText("set trusted_proxy");
  await context.close();
  await proxy.stop();
});

test.describe("where no sound gets through", () => {
  test("that is said within 15 seconds, and one goes on by typing", async ({ page, home, interview }) => {
    // The browser may send over relays alone, of which there are none: UDP and TCP go nowhere.
    await page.addInitScript(() => {
      const Peer = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Peer {
        constructor(asked?: RTCConfiguration) {
          super({ ...asked, iceTransportPolicy: "relay" });
        }
        override setConfiguration(asked?: RTCConfiguration) {
          super.setConfiguration({ ...asked, iceTransportPolicy: "relay" });
        }
      };
    });
    await home.start();
    await interview.open(page.url());
    await interview.voice.start.click();
    await interview.voice.talk.click();
    await expect(page.getByRole("alert")).toContainText("sound cannot get through");
    await expect(page.getByRole("alert")).toContainText("go on by typing");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
    await page.getByRole("button", { name: "Type instead" }).click();
    await interview.say(answer(0));
  });
});

base.describe("where the server for voice takes no token", () => {
  base.use({
    server: async ({}, use, info) => {
      // The rooms of another server, whose key this one does not have.
      const rooms = await Server.create({ INTERVIEWOS_AGENTS: "elsewhere" });
      try {
        await rooms.start();
        const wrong = { LIVEKIT_API_KEY: "APIwrong", LIVEKIT_API_SECRET: "a secret that is none of that server's" };
        const there = { INTERVIEWOS_AGENTS: "elsewhere", LIVEKIT_URL: rooms.url.replace("http", "ws"), ...wrong };
        await served(info, there, use);
      } finally {
        await rooms.remove();
      }
    },
  });

  base("that is told from one that is away", async ({ page, home, interview, complaints }) => {
    complaints.expect(/WebSocket|401/);
    await home.start();
    await interview.open(page.url());
    await interview.voice.start.click();
    await interview.voice.talk.click();
    await expect(page.getByRole("alert")).toContainText("its key or its clock may be wrong");
    await page.getByRole("button", { name: "Type instead" }).click();
    await interview.say(answer(0));
  });
});
