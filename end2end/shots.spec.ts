// Takes the pictures. SHOTS names the folder they go to.

import { answer } from "./lib/answers.ts";
import { expect, test } from "./lib/fixtures.ts";
import { shooting } from "./lib/shots.ts";

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
