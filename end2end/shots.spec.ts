// Takes the pictures. SHOTS names the folder they go to.

import { join } from "node:path";

import type { Page, TestInfo } from "@playwright/test";

import { answer } from "./lib/answers.ts";
import { chromium } from "./lib/browser.ts";
import { expect, test } from "./lib/fixtures.ts";
import { Interviewer, unattended } from "./lib/interviewer.ts";

const folder = process.env["SHOTS"] ?? "shots";

function shooting(page: Page, info: TestInfo): (name: string) => Promise<void> {
  return async (name) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}-${info.project.name}.png`), animations: "disabled" });
  };
}

test.describe("by voice", () => {
  const args = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
  test.use({
    server: async ({}, use, info) => unattended(info, use),
    permissions: ["microphone"],
    launchOptions: { ...chromium, args: [...(chromium.args ?? []), ...args] },
  });

  test("pictures of voice", async ({ page, home, interview, server, context }, info) => {
    const shoot = shooting(page, info);
    await home.start();
    await interview.open(page.url());
    await interview.say(answer(0));
    const { voice } = interview;
    await voice.start.click();
    await expect(voice.whole).toContainText("You can be heard.");
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
});

test("pictures", async ({ page, home, interview, complaints }, info) => {
  complaints.expect(/404/);
  const shoot = shooting(page, info);
  await home.open();
  await shoot("home-empty");
  await home.start();
  await interview.open(page.url());
  await interview.say(answer(0));
  await interview.say(answer(1));
  await shoot("interview");
  const url = page.url();
  await home.open();
  await expect(home.earlier("Backend engineer, senior")).toBeVisible();
  await shoot("home");
  await interview.open(url);
  await interview.finish();
  await shoot("ended");
  await page.goto("/nowhere");
  await shoot("not-found");
});
