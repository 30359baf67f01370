// Takes the pictures of voice, with an interviewer of the spec's own. SHOTS names the folder they go to.

import { answer } from "./lib/answers.ts";
import { chromium } from "./lib/browser.ts";
import { expect } from "./lib/fixtures.ts";
import { Interviewer, test } from "./lib/interviewer.ts";
import { shooting } from "./lib/shots.ts";

const args = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];

test.use({ permissions: ["microphone"], launchOptions: { ...chromium, args: [...(chromium.args ?? []), ...args] } });

test("pictures of voice", async ({ page, home, interview, server, context }, info) => {
  const shoot = shooting(page, info);
  await home.start();
  await interview.open(page.url());
  await interview.say(answer(0));
  const { voice } = interview;
  await voice.start.click();
  await expect(page.getByText("You can be heard.")).toBeVisible();
  await shoot("voice-check");
  await voice.talk.click();
  const interviewer = await Interviewer.join(context, server, interview.id);
  await page.bringToFront();
  await interviewer.is("listening");
  await interviewer.hears("The move to double entry was the part I owned, and", "a", false);
  await expect(voice.captions).toContainText("double entry");
  await shoot("voice");
  await voice.settings.click();
  await shoot("voice-settings");
  await voice.settings.click();
  await interviewer.is("speaking");
  await interviewer.says("What was the first thing that you measured", "b");
  await expect(voice.captions).toContainText("measured");
  await shoot("voice-speaking");
});
