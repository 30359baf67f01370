// Voice in other tabs, after a reload, over a weak connection, without a server, and without rooms.

import { talking } from "../lib/browser.ts";
import { expect, test as base } from "../lib/fixtures.ts";
import { Interviewer, test } from "../lib/interviewer.ts";
import { InterviewPage } from "../lib/pages.ts";

test.use(talking);

test("a second tab takes voice over, and gives it back", async ({ page, home, interview, context }) => {
  await home.start();
  await interview.open(page.url());
  await interview.voice.join();
  const second = new InterviewPage(await context.newPage());
  await second.open(page.url());
  await second.voice.start.click();
  await expect(second.voice.leave).toBeVisible();
  await expect(interview.voice.whole).toContainText("Voice is now being used in another tab.");
  await page.getByRole("button", { name: "Use it here" }).click();
  await expect(interview.voice.leave).toBeVisible();
  await expect(second.voice.whole).toContainText("Voice is now being used in another tab.");
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
