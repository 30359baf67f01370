// The pages as a person knows them: by what things are called, not by how they are made.

import { type Locator, type Page, expect } from "@playwright/test";

export class HomePage {
  readonly name: Locator;
  readonly role: Locator;
  readonly level: Locator;
  readonly plan: Locator;
  readonly begin: Locator;

  constructor(readonly page: Page) {
    this.name = page.getByRole("textbox", { name: "Your name" });
    this.role = page.getByRole("textbox", { name: "Role" });
    this.level = page.getByRole("combobox", { name: "Level" });
    this.plan = page.getByRole("combobox", { name: "Length" });
    this.begin = page.getByRole("button", { name: "Begin" });
  }

  async open(): Promise<void> {
    await this.page.goto("/");
  }

  /** One interview in the list of earlier ones. */
  earlier(title: string): Locator {
    return this.page.getByRole("listitem").filter({ hasText: title });
  }

  /** Deletes an interview of the list, and says that it is meant. */
  async delete(title: string): Promise<void> {
    const item = this.earlier(title);
    await item.getByText("Delete").first().click();
    await item.getByRole("button", { name: "Delete interview" }).click();
  }

  /** Asks to delete all interviews of the list; nothing is gone yet. */
  async askToDeleteAll(): Promise<void> {
    await this.page.getByText("Delete all", { exact: true }).click();
  }

  /** Deletes all interviews of the list, and says that it is meant. */
  async deleteAll(): Promise<void> {
    await this.askToDeleteAll();
    await this.page.getByRole("button", { name: "Delete all interviews" }).click();
  }

  /** Fills the form and begins; ends on the page of the interview, with the first question there. */
  async start(person: { name?: string; role?: string; level?: string; quick?: boolean } = {}): Promise<void> {
    await this.open();
    await this.name.fill(person.name ?? "Priya");
    await this.role.fill(person.role ?? "Backend engineer");
    await this.level.selectOption({ label: person.level ?? "Senior" });
    if (person.quick === true) {
      const quick = this.plan.getByRole("option").filter({ hasText: /quick/i });
      await this.plan.selectOption(await quick.getAttribute("value"));
    }
    await this.begin.click();
    await this.page.waitForURL(/\/interview\/[0-9a-f-]{36}/);
    await expect(new InterviewPage(this.page).questions.first()).toBeVisible();
  }
}

export class InterviewPage {
  /** Everything said, in order. */
  readonly lines: Locator;
  /** The interviewer's lines. */
  readonly questions: Locator;
  /** The candidate's lines. */
  readonly answers: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly repeat: Locator;
  readonly skip: Locator;
  readonly finishing: Locator;
  /** The headings of the stages. */
  readonly chapters: Locator;
  /** Shown once the interview is over. */
  readonly ended: Locator;

  constructor(readonly page: Page) {
    // Lines that are on their way, or still being written, are not said yet.
    this.lines = page.locator(".speech:not(.pending):not([aria-hidden])");
    this.questions = this.lines.filter({ hasText: /^\s*Interviewer/i });
    this.answers = this.lines.filter({ hasNotText: /^\s*Interviewer/i });
    this.composer = page.getByRole("textbox", { name: "Your answer" });
    this.send = page.getByRole("button", { name: "Answer", exact: true });
    this.repeat = page.getByRole("button", { name: "Repeat question" });
    this.skip = page.getByRole("button", { name: "Skip" });
    this.finishing = page.locator("summary", { hasText: "Finish" });
    this.chapters = page.getByRole("heading", { level: 2 });
    this.ended = page.getByRole("link", { name: "Export as Markdown" });
  }

  /** Opens the form of an answer, puts these words there and saves them. */
  async correct(line: Locator, text: string): Promise<void> {
    await line.locator("summary", { hasText: "correct this answer" }).click();
    await line.getByRole("textbox", { name: "What you said" }).fill(text);
    await line.getByRole("button", { name: "Save" }).click();
  }

  /** Voice, as a person knows it. */
  get voice(): VoiceStrip {
    return new VoiceStrip(this.page);
  }

  get id(): string {
    return new URL(this.page.url()).pathname.split("/")[2] ?? "";
  }

  /** Opens an interview and waits until the page is live. */
  async open(url: string): Promise<void> {
    // With its fragment, the address that is open already would be gone to without a load.
    await this.live(async () => this.page.goto(url.replace(/#.*/, "")));
  }

  /**
   * Does what leads to a page that follows the server, and resolves once it does, which is when it is hydrated. The wait
   * begins before the deed: on a busy machine the page may be live before the deed is known to be done.
   */
  async live(after: () => Promise<unknown>): Promise<void> {
    const followed = this.page.waitForResponse((response) => response.url().endsWith("/events") && response.ok());
    await Promise.all([followed, after()]);
  }

  /** Says something and waits for the interviewer's reply. */
  async say(text: string): Promise<void> {
    const [answers, questions] = [await this.answers.count(), await this.questions.count()];
    await this.composer.fill(text);
    await this.send.click();
    await expect(this.answers).toHaveCount(answers + 1);
    await expect(this.questions).toHaveCount(questions + 1);
    await expect(this.answers.last()).toContainText(text);
  }

  /** Ends the interview, and says that it is meant. */
  async finish(): Promise<void> {
    await this.finishing.click();
    await this.page.getByRole("button", { name: "End", exact: true }).click();
    await expect(this.ended).toBeVisible();
  }

  /** The words of all lines, without names, times and reasons. */
  async words(): Promise<string[]> {
    return this.lines.locator(".said").allInnerTexts();
  }
}

export class VoiceStrip {
  readonly start: Locator;
  readonly talk: Locator;
  /** The state in a word. */
  readonly state: Locator;
  readonly captions: Locator;
  readonly mute: Locator;
  readonly unmute: Locator;
  readonly think: Locator;
  readonly settings: Locator;
  readonly leave: Locator;
  readonly hold: Locator;
  /** Everything of it above the composer. */
  readonly whole: Locator;

  constructor(page: Page) {
    this.whole = page.getByRole("group", { name: "Voice", exact: true });
    this.start = page.getByRole("button", { name: "Start voice" });
    this.talk = page.getByRole("button", { name: "Start talking" });
    this.state = this.whole.locator(".voice-state");
    this.captions = this.whole.locator(".voice-captions");
    this.mute = page.getByRole("button", { name: "Mute", exact: true });
    this.unmute = page.getByRole("button", { name: "Unmute" });
    this.think = page.getByRole("button", { name: "Let me think" });
    this.settings = page.getByRole("button", { name: "Settings" });
    this.leave = page.getByRole("button", { name: "Leave voice" });
    this.hold = page.getByRole("button", { name: /^Hold .*to talk$/ });
  }

  /** Starts voice by way of the look at the microphone. */
  async join(): Promise<void> {
    await this.start.click();
    await this.talk.click();
    await expect(this.leave).toBeVisible();
  }
}
