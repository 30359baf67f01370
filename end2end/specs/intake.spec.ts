// What is typed, pasted, dropped or chosen arrives whole or is refused with words; nothing replaces what is there.

import type { Locator, Page } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";
import { HomePage, InterviewPage } from "../lib/pages.ts";

/** A file: each letter of `bytes` is one byte. */
interface Sample {
  name: string;
  bytes: string;
}

const bytes = (...parts: Buffer[]): string => Buffer.concat(parts).toString("latin1");
const text = (name: string, words: string): Sample => ({ name, bytes: bytes(Buffer.from(words)) });
const ascii = (name: string, words: string): Sample => ({ name, bytes: words });

/** Drops files on a field, as a file manager does. */
async function drop(page: Page, field: Locator, ...files: Sample[]): Promise<void> {
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const { name, bytes } of files) data.items.add(new File([Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))], name));
    return data;
  }, files);
  await field.dispatchEvent("drop", { dataTransfer: data });
}

/** Chooses a file by the button of a field. */
async function choose(page: Page, button: string, file: Sample): Promise<void> {
  const dialogue = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await dialogue).setFiles({ name: file.name, mimeType: "application/octet-stream", buffer: Buffer.from(file.bytes, "latin1") });
}

/** The first page, once scripts run. */
async function open(home: HomePage): Promise<void> {
  await home.open();
  await expect(home.page.getByRole("button", { name: "Choose file for the CV" })).toBeVisible();
  await expect(home.page.locator("#cv-file"), "the button stands for it").toBeHidden();
}

test("files that are no text are refused with words, and what stands there stays", async ({ page, home }) => {
  await open(home);
  const cv = page.getByRole("textbox", { name: "CV" });
  await cv.fill("Nine years of nights.");
  for (const [file, words] of [
    [ascii("cv.pdf", "%PDF-1.7\n\xe2\xe3\xcf\xd3"), "is a PDF, which cannot be read here. Open it, select its text, copy it, and paste it"],
    [ascii("cv.docx", "PK\x03\x04\x14\x00\x06"), "is a Word document (DOCX)"],
    [text("cv.txt", ""), "is empty"],
    [ascii("cv.bin", "\x00\x01\x02\x03"), "is no text"],
    [text("long.txt", "word ".repeat(5_000)), "can have 20,000 characters at most and would have 25,022"],
    [text("huge.txt", "word ".repeat(60_000)), "can have 20,000 characters at most. Paste"],
  ] as const) {
    await drop(page, cv, file);
    await expect(page.locator("#cv-note")).toContainText(words);
    await expect(page.locator("#cv-note")).toContainText(file.name);
    await expect(cv, file.name).toHaveValue("Nine years of nights.");
  }
  await drop(page, cv, text("a.txt", "a"), text("b.txt", "b"));
  await expect(page.locator("#cv-note")).toContainText("Only one file");
  await expect(cv).toHaveValue("Nine years of nights.");
});

test("files of any customary encoding are added to what stands there", async ({ page, home }) => {
  await open(home);
  const posting = page.getByRole("textbox", { name: "Job description" });
  await posting.fill("The posting:");
  await drop(page, posting, ascii("cv.txt", "R\xe9sum\xe9 \x96 one\r\n"));
  await expect(posting).toHaveValue("The posting:\n\nRésumé – one");
  await choose(page, "Choose file for the job description", { name: "cv.txt", bytes: bytes(Buffer.from([0xff, 0xfe]), Buffer.from("zwei – 2", "utf16le")) });
  await expect(posting).toHaveValue("The posting:\n\nRésumé – one\n\nzwei – 2");
  await choose(page, "Choose file for the job description", { name: "cv.txt", bytes: bytes(Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("drei – 3")) });
  await expect(posting).toHaveValue("The posting:\n\nRésumé – one\n\nzwei – 2\n\ndrei – 3");
});

test("a CV that is too long is counted, kept and not sent", async ({ page, home, interview }) => {
  await open(home);
  await home.name.fill("Priya");
  await home.role.fill("Backend engineer");
  const cv = page.getByRole("textbox", { name: "CV" });
  await cv.fill("word ".repeat(4_800));
  await expect(page.locator("#cv-note")).toContainText("24,000 characters: 4,000 over the limit of 20,000.");
  await home.begin.click();
  await expect(cv).toBeFocused();
  await expect(page).toHaveURL(/\/$/);
  expect((await cv.inputValue()).length).toBe(24_000);
  await cv.fill("word ".repeat(4_000));
  await expect(page.locator("#cv-note")).toHaveText("20,000 of 20,000 characters");
  await home.begin.click();
  await expect(interview.questions).toHaveCount(1);
});

test("an answer that is too long is counted, kept and not sent", async ({ page, home, interview }) => {
  await home.start();
  await interview.open(page.url());
  await interview.composer.fill("word ".repeat(10_000));
  await expect(page.getByRole("status")).toContainText(["50,000 characters: 42,000 over the limit of 8,000."]);
  await interview.send.click();
  expect((await interview.composer.inputValue()).length).toBe(50_000);
  await expect(interview.answers).toHaveCount(0);
  await interview.composer.fill("");
  await interview.send.click();
  await expect(page.getByText("Write an answer, or skip.")).toBeVisible();
  await drop(page, interview.composer, ascii("cv.pdf", "%PDF-1.7"));
  await expect(page.getByText("is a PDF")).toBeVisible();
  await drop(page, interview.composer, text("answer.txt", answer(0)));
  await expect(interview.composer).toHaveValue(answer(0));
  await interview.send.click();
  await expect(interview.answers).toHaveCount(1);
});

test("a file beside the fields does not take the page's place", async ({ page, home }) => {
  await open(home);
  const kept = await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "x.txt"));
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  });
  expect(kept).toBe(true);
});

test("each tab keeps its own draft, and a new one begins with the last", async ({ page, context, home, interview }) => {
  await home.start();
  const url = page.url();
  await interview.open(url);
  await interview.composer.fill("the first tab's");
  const other = new InterviewPage(await context.newPage());
  await other.open(url);
  await expect(other.composer, "what was kept last").toHaveValue("the first tab's");
  await other.composer.fill("the second tab's");
  await interview.open(url);
  await expect(interview.composer).toHaveValue("the first tab's");
  await other.open(url);
  await expect(other.composer).toHaveValue("the second tab's");
  await interview.composer.fill(answer(0));
  await interview.send.click();
  await expect(interview.answers).toHaveCount(1);
  await interview.open(url);
  await expect(interview.composer, "what was sent is gone, the other tab's is not taken").toHaveValue("");
  await other.open(url);
  await expect(other.composer).toHaveValue("the second tab's");
});

test("what was typed on the first page is there after a reload, until an interview begins with it", async ({ page, home, interview }) => {
  await open(home);
  await home.name.fill("Priya");
  await home.role.fill("Backend engineer");
  await page.getByRole("textbox", { name: "CV" }).fill("Nine years of ledgers.");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "CV" })).toHaveValue("Nine years of ledgers.");
  await expect(home.name).toHaveValue("Priya");
  await interview.live(async () => home.begin.click());
  await open(home);
  await expect(page.getByRole("textbox", { name: "CV" })).toHaveValue("");
});

const BREAKS = "x</textarea></title></script>-->'\"><canary></canary>";

test("whatever is typed stays text, on every page", { tag: "@both" }, async ({ page, home, interview }) => {
  const sound = async (what: string) => expect(await page.locator("canary").count(), what).toBe(0);
  await home.open();
  await home.name.fill(BREAKS);
  await home.role.fill(BREAKS.repeat(3));
  await page.getByRole("textbox", { name: "CV" }).fill(BREAKS);
  await page.getByRole("textbox", { name: "Job description" }).fill(BREAKS);
  await home.begin.click();
  await expect(page.getByRole("alert")).toContainText("The role is longer than 120 characters");
  await sound("the form that came back");
  await expect(home.role).toHaveValue(BREAKS.repeat(3));
  await expect(page.getByRole("textbox", { name: "CV" })).toHaveValue(BREAKS);
  await home.role.fill(BREAKS);
  await home.begin.click();
  await expect(interview.questions).toHaveCount(1);
  await sound("the interview");
  await expect(page).toHaveTitle(new RegExp("canary"));
  await interview.say(BREAKS);
  await sound("the transcript");
  await interview.composer.fill(BREAKS);
  await interview.repeat.click();
  await expect(interview.questions).toHaveCount(3);
  await sound("the answer that is being written");
  await expect(interview.composer).toHaveValue(BREAKS);
  await interview.finish();
  await expect(page.getByRole("heading", { name: "Notes on the performance" })).toBeVisible();
  await sound("the notes");
  await page.getByRole("link", { name: "Transcript" }).click();
  await expect(interview.questions.first()).toBeVisible();
  await sound("the end");
  await home.open();
  await sound("the list");
});
