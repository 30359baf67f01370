// Takes the pictures of the notes. SHOTS names the folder they go to.

import { answer } from "./lib/answers.ts";
import { test } from "./lib/fixtures.ts";
import { NotesPage } from "./lib/notes.ts";
import { shooting } from "./lib/shots.ts";

const POSTING = "- Experience with incident response\n- Experience with ledgers\n- Ability to mentor juniors\n- Knowledge of card networks";

test("pictures of the notes", async ({ page, home, interview }, info) => {
  test.setTimeout(120_000);
  const shoot = shooting(page, info);
  await home.open();
  await home.name.fill("Priya");
  await home.role.fill("Backend engineer");
  await home.level.selectOption({ label: "Senior" });
  await page.locator("#job_description").fill(POSTING);
  await home.begin.click();
  await page.waitForURL(/\/interview\/[0-9a-f-]{36}/);
  for (let n = 0; n < 30 && !(await interview.ended.isVisible()); n++) await interview.say(answer(n));
  await page.goto(`/interview/${interview.id}/report`);
  await shoot("notes");
  await new NotesPage(page).stories.first().locator("summary").first().click();
  await page.screenshot({ path: `${process.env["SHOTS"] ?? "shots"}/notes-whole-${info.project.name}.png`, fullPage: true });
  await page.emulateMedia({ media: "print" });
  if (info.project.name === "desktop-light") await page.pdf({ format: "A4", path: `${process.env["SHOTS"] ?? "shots"}/notes.pdf` });
});
