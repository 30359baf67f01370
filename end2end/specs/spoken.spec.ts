// Whole interviews out loud, with the interviewer that people get: a file as the microphone, and a mouth that interrupts.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { type LaunchOptions, type Locator, chromium as browsers } from "@playwright/test";

import { again } from "../lib/again.ts";
import { chromium } from "../lib/browser.ts";
import { expect, served, test as base } from "../lib/fixtures.ts";
import { NotesPage } from "../lib/notes.ts";
import { HomePage, InterviewPage } from "../lib/pages.ts";
import { Mouth, lasts, models, said, spoken } from "../lib/speech.ts";

const test = base.extend({
  server: async ({}, use, info) => served(info, { INTERVIEWOS_MODELS: models ?? "" }, use),
});

test.skip(models === undefined, "INTERVIEWOS_MODELS names no models of speech: run the specs by `make test`");

/** What the replay plays of sound; it is not in the page. */
interface Played {
  played?: HTMLMediaElement;
}

const ANSWER = "I keep the payment ledgers of a bank in Leeds, and last year I moved all of them to double entry.";
const HEARD = /payment|last year|double entry/i;

function launch(...more: string[]): LaunchOptions {
  const media = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
  const args = [...(chromium.args ?? []), ...media, "--autoplay-policy=no-user-gesture-required", ...more];
  return { ...chromium, args };
}

/** Begins by talking; microphone and loudspeaker were tried out before, and the interviewer speaks fast. */
async function begin(home: HomePage): Promise<InterviewPage> {
  await home.page.addInitScript(() => {
    localStorage.setItem("interviewos.voice.tried", "yes");
    localStorage.setItem("interviewos.voice.speed", "130");
  });
  await home.open();
  await home.name.fill("Priya");
  await home.role.fill("Backend engineer");
  await home.page.getByRole("radio", { name: /Talk/ }).check();
  await home.begin.click();
  const interview = new InterviewPage(home.page);
  await expect(interview.questions, "the interviewer opens the interview").toHaveCount(1);
  return interview;
}

test("an interview with a file as the microphone", async ({ server, complaints }) => {
  // What is said comes long after the browser opens the microphone, again and again.
  const microphone = await spoken(14, ANSWER, 40);
  const browser = await browsers.launch(launch(`--use-file-for-fake-audio-capture=${microphone.file}`));
  try {
    const context = await browser.newContext({ baseURL: server.url, permissions: ["microphone"], viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    complaints.watch(page);
    const interview = await begin(new HomePage(page));
    const { voice } = interview;
    await expect(voice.state).toHaveText("Interviewer speaking");
    await expect(voice.captions, "what the interviewer says is seen").toContainText(/\w+ \w+/);
    await expect(voice.captions, "what the candidate says is seen").toContainText(/ledger|payment/i);
    // How well words are heard is measured elsewhere: on a busy machine some may be lost.
    await expect(interview.answers.filter({ hasText: HEARD })).not.toHaveCount(0);
    await expect(interview.questions.nth(1)).toBeVisible();
    await expect(voice.state).toHaveText("Interviewer speaking");

    // Typing counts as well, and the reply is spoken.
    const typed = "We checked every balance twice, and closed the old books in March.";
    await interview.composer.fill(typed);
    await interview.send.click();
    await expect(interview.answers.filter({ hasText: typed })).toHaveCount(1);
    await expect(interview.questions.nth(2)).toBeVisible();
    await expect(voice.state).toHaveText("Interviewer speaking");

    // A reload opens the microphone anew, and it goes on.
    const before = await interview.answers.filter({ hasText: HEARD }).count();
    await page.reload();
    await expect(voice.leave).toBeVisible();
    await expect(interview.answers.filter({ hasText: HEARD }).nth(before)).toBeVisible();
    await expect(voice.state).toHaveText("Interviewer speaking");

    await interview.finish();
    await expect(voice.whole, "the goodbye is said to its end, then voice is over").toBeHidden();
    // The page goes to the notes by itself; two ways at once are none.
    await page.waitForURL(/\/report#notes$/);
    const response = await page.request.get(`${server.url}/interview/${interview.id}/export?format=json`);
    const { messages } = (await response.json()) as { messages: { speaker: string; modality: string }[] };
    const answers = messages.filter(({ speaker }) => speaker === "candidate").map(({ modality }) => modality);
    expect(answers.filter((modality) => modality === "text")).toHaveLength(1);
    expect([answers[0], answers.at(-1)], "one transcript, whichever way").toEqual(["voice", "voice"]);

    // The notes tell how long it took to say, and go by what was put right.
    const notes = new NotesPage(page);
    await expect(notes.heading).toBeVisible();
    await expect(page.locator(".story-long", { hasText: /words, \d+ s/ })).not.toHaveCount(0);
    await page.goto(`${server.url}/interview/${interview.id}`);
    await interview.correct(interview.answers.filter({ hasText: HEARD }).first(), `At Okafor\u2019s ${ANSWER}`);
    await expect(interview.answers.filter({ hasText: "Okafor" }), "the notes are opened once it is kept").toHaveCount(1);
    await page.goto(`${server.url}/interview/${interview.id}/report`);
    expect((await notes.quotes()).join("\n")).toContain("Okafor");
  } finally {
    await browser.close();
    await microphone.remove();
  }
});

test("one can interrupt", async ({ server, complaints }) => {
  const browser = await browsers.launch(launch());
  try {
    const context = await browser.newContext({ baseURL: server.url, permissions: ["microphone"], viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    complaints.watch(page);
    const mouth = await Mouth.instead(page);
    const [answer, stop] = [await said(ANSWER), await said("Sorry, let me stop you there. I would rather tell you about my first job.")];
    const interview = await begin(new HomePage(page));
    await expect(interview.voice.state).toHaveText("Your turn");
    await mouth.say(answer);
    await expect(interview.answers).toHaveCount(1);
    await expect(interview.voice.state).toHaveText("Interviewer speaking");
    await mouth.say(stop);
    await expect(interview.answers).toHaveCount(2);
    await expect(interview.answers.last()).toContainText(/first job/i);
    await expect(interview.questions.nth(1), "what is kept of the line is what was heard").toContainText("\u2014");
    await expect(interview.questions).toHaveCount(3);
  } finally {
    await browser.close();
  }
});

/** Plays the sound of an answer from its line, and expects it to sound for about as long as it was spoken. */
async function expectHeard(line: Locator, spoken: Buffer): Promise<void> {
  const player = line.locator("audio");
  await player.scrollIntoViewIfNeeded();
  await player.evaluate((audio: HTMLAudioElement) => audio.play());
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0.5);
  const followed = () =>
    player.evaluate(() => [...(CSS.highlights.get("heard") ?? [])].map((range) => range.toString()).join(""));
  await expect.poll(followed, "the words follow the sound").not.toBe("");
  expect(await line.locator(".said").first().textContent()).toContain(await followed());
  const seconds = await player.evaluate((audio: HTMLAudioElement) => (audio.pause(), audio.duration));
  expect(seconds).toBeGreaterThan(lasts(spoken) * 0.7);
}

test("a question is answered again out loud, and both takes are heard from their lines", async ({ server, complaints }) => {
  const browser = await browsers.launch(launch());
  try {
    const context = await browser.newContext({ baseURL: server.url, permissions: ["microphone"], viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    complaints.watch(page);
    const mouth = await Mouth.instead(page);
    const first = await said(ANSWER);
    const second = await said("I keep the ledgers of a bank. I moved forty of them to double entry myself, and since then not one balance was wrong.");
    const interview = await begin(new HomePage(page));
    const { voice } = interview;
    const kept = () => readdirSync(join(server.folder, "data", "sound"), { recursive: true }).filter((name) => String(name).endsWith(".ogg"));
    const keep = async () => {
      await page.getByRole("button", { name: "Keep it, to hear yourself afterwards" }).click();
      await expect(page.getByText("is being kept on this server")).toBeVisible();
    };

    // It is switched on first; voice goes on as if nothing had been.
    await keep();
    await expect(voice.state).toHaveText("Your turn");
    await mouth.say(first);
    await expect(interview.answers).toHaveCount(1);
    await expect(interview.questions.nth(1)).toBeVisible();
    await voice.leave.click();
    await page.reload();
    await expectHeard(interview.answers.first(), first);
    expect(kept()).toHaveLength(1);

    await again(interview.answers.first(), "The same question");
    // Who has answered out loud does so again.
    await expect(page.getByText("The sound of what you say is not kept."), "each interview has a switch of its own").toBeVisible();
    await keep();
    await expect(voice.state).toHaveText("Your turn");
    await mouth.say(second);
    await expect(interview.answers).toHaveCount(1);
    await expect(page.getByRole("link", { name: "Compare the takes" })).toBeVisible();
    await page.reload();
    await expectHeard(interview.answers.first(), second);
    expect(kept()).toHaveLength(2);
    const take = interview.id;
    await page.getByRole("link", { name: "Compare the takes" }).click();
    await expect(page.getByRole("region", { name: /^First take/ })).toContainText(HEARD);
    await expect(page.getByRole("region", { name: /^Second take/ })).toContainText(/ledger|double entry|balance/i);

    const file = await page.request.get(`/interview/${take}/export?format=zip`);
    expect(file.headers()["content-type"]).toBe("application/zip");
    expect((await file.body()).includes("sound/line-002.ogg")).toBe(true);

    // The take is played as it went, with its sound.
    await page.addInitScript(() => {
      const play = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function () {
        (window as unknown as Played).played = this;
        return play.call(this);
      };
    });
    await page.goto(`/interview/${take}/replay`);
    await page.keyboard.press("k");
    const played = () => page.evaluate(() => (window as unknown as Played).played?.currentTime ?? 0);
    await expect.poll(played, "the answer is heard in the replay").toBeGreaterThan(0.5);

    const home = new HomePage(page);
    await home.open();
    await home.deleteAll();
    await expect.poll(kept, { message: "with the interviews their sound is gone from the disk" }).toEqual([]);
  } finally {
    await browser.close();
  }
});
