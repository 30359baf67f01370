// What was heard is put right: in its place, before and after the end, and everything goes by it.

import type { APIRequestContext } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { NotesPage } from "../lib/notes.ts";
import type { Server } from "../lib/server.ts";
import { violations } from "../lib/sound.ts";

const HEARD = "I moved the ledger in Leeds with Daniel Ockiver in 2021, and in the end the errors fell by 90 percent.";
const RIGHT = HEARD.replace("Ockiver", "Okafor");

/** An answer that a voice worker brings, without a microphone. */
async function spoken(request: APIRequestContext, server: Server, session: string, text: string): Promise<void> {
  const turn = { session_id: session, turn_id: `voice-${text.length}`, event_type: "user_turn", text, modality: "voice" };
  const taken = await request.post("/engine/next_turn/", { data: turn, headers: { "X-INGEST-SECRET": server.secret } });
  expect(taken.ok(), await taken.text()).toBe(true);
}

test("a misheard name is put right, and everything goes by it", { tag: ["@both", "@phone"] }, async ({
  page,
  home,
  interview,
  server,
  complaints,
}) => {
  // Words that are none are refused.
  complaints.expect(/422/);
  await home.start({ quick: true });
  await spoken(page.request, server, interview.id, HEARD);
  await page.reload();
  const line = interview.answers.first();
  await expect(line.locator(".said")).toHaveText(HEARD);

  await interview.correct(line, "   ");
  await expect(line.getByRole("alert")).toHaveText("Write what you said, then save it.");
  await line.getByRole("textbox", { name: "What you said" }).fill(RIGHT);
  await line.getByRole("button", { name: "Save" }).click();
  await expect(line.locator(".said")).toHaveText(RIGHT);
  await line.locator("summary", { hasText: "corrected" }).click();
  await expect(line).toContainText(`First heard as: \u201c${HEARD}\u201d`);

  const words = await page.request.get(`/engine/sessions/${interview.id}/vocabulary/`, {
    headers: { "X-INGEST-SECRET": server.secret },
  });
  expect(await words.text()).toContain("Okafor");
  expect(await words.text()).not.toContain("Ockiver");

  // Also after the end, and by way of the notes.
  await interview.say(answer(1));
  await page.goto(`/interview/${interview.id}/report`);
  const notes = new NotesPage(page);
  await expect(notes.heading).toBeVisible();
  for (const quote of await notes.quotes()) expect(quote).not.toContain("Ockiver");
  await page.goto(`/interview/${interview.id}`);
  await interview.finish();
  // The page goes to the notes by itself; two ways at once are none.
  await page.waitForURL(/\/report#notes$/);
  await page.goto(`/interview/${interview.id}`);
  await interview.correct(interview.answers.first(), HEARD);
  await expect(interview.answers.first().locator(".said")).toHaveText(HEARD);
  await expect(interview.answers.first().locator(".corrected"), "put back, it was never corrected").toHaveCount(0);
  await interview.correct(interview.answers.first(), RIGHT);
  await expect(interview.answers.first().locator(".said")).toHaveText(RIGHT);
  const exported = await (await page.request.get(`/interview/${interview.id}/export?format=json`)).json();
  expect(exported.messages[1]).toMatchObject({ text: RIGHT, original: HEARD });
});

test("what was typed is corrected until something is asked on it", { tag: "@both" }, async ({ page, home, interview }) => {
  await home.start({ quick: true });
  await interview.say(answer(0));
  const form = page.locator("summary", { hasText: "correct this answer" });
  await expect(form, "a question followed it").toHaveCount(0);
  const refused = await page.request.post("/api/correct", {
    form: { id: interview.id, seq: "2", text: "Something else." },
    headers: { origin: new URL(page.url()).origin },
  });
  expect(refused.status()).toBe(422);
  expect(await refused.text()).toContain("a question has been asked about it since");
});

test("the form is where the notes lead, and axe finds nothing in it", { tag: "@phone" }, async ({ page, home, interview, server }) => {
  await home.start({ quick: true });
  await spoken(page.request, server, interview.id, HEARD);
  const url = `/interview/${interview.id}#said-2`;
  await page.goto("about:blank");
  await interview.live(async () => page.goto(url));
  await expect(page.getByRole("textbox", { name: "What you said" })).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("textbox", { name: "What you said" }).fill("Something else");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("textbox", { name: "What you said" })).toBeHidden();
  const ways = ["correct this answer", "retry this answer"].map((hasText) => interview.answers.first().locator("summary", { hasText }));
  const [one, other] = await Promise.all(ways.map((way) => way.boundingBox()));
  expect(one?.y, "they stand on one line").toBe(other?.y);
  await interview.answers.first().locator("summary", { hasText: "correct this answer" }).press("Enter");
  await expect(page.getByRole("textbox", { name: "What you said" }), "as it was").toHaveValue(HEARD);
  await page.getByRole("textbox", { name: "What you said" }).fill(RIGHT);
  await page.getByRole("button", { name: "Save" }).click();
  const summary = interview.answers.first().locator("summary", { hasText: "correct this answer" });
  await expect(summary, "whoever wrote there goes on there").toBeFocused();
  await interview.answers.first().locator("summary", { hasText: "corrected" }).click();
  expect(await violations(page)).toEqual([]);
});
