// Speech for specs, in the server's own voice: a microphone that plays a file, and one that says what it is told.

import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Page } from "@playwright/test";

/** Whether the models of local speech are here, which `make test` fetches and names. */
export const models = process.env["INTERVIEWOS_MODELS"];

/** A WAV file of these words: mono, 16 bits. */
export async function said(words: string): Promise<Buffer> {
  const binary = process.env["INTERVIEWOS_BIN"];
  if (binary === undefined || models === undefined) throw new Error("INTERVIEWOS_BIN or INTERVIEWOS_MODELS is not set");
  // What the specs are told by is no setting of the program's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("INTERVIEWOS_")));
  const { stdout } = await promisify(execFile)(binary, ["say", words, "--out", "-", "--models", models], {
    env,
    encoding: "buffer",
    maxBuffer: 32_000_000,
  });
  return stdout;
}

/** The samples of such a file, and how many of them make a second. */
function samples(wav: Buffer): { data: Buffer; rate: number } {
  const at = wav.indexOf("data");
  return { data: wav.subarray(at + 8), rate: wav.readUInt32LE(24) };
}

/** How long such a file lasts, in seconds. */
export function lasts(wav: Buffer): number {
  const { data, rate } = samples(wav);
  return data.length / 2 / rate;
}

/** A file that is quiet, says the words, and is quiet again; times in seconds. */
export async function spoken(before: number, words: string, after: number): Promise<{ file: string; remove: () => Promise<void> }> {
  const { data, rate } = samples(await said(words));
  const quiet = (seconds: number) => Buffer.alloc(Math.round(seconds * rate) * 2);
  const all = Buffer.concat([quiet(before), data, quiet(after)]);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + all.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(all.length, 40);
  const folder = mkdtempSync(join(tmpdir(), "interviewos-said-"));
  const file = join(folder, "microphone.wav");
  await writeFile(file, Buffer.concat([head, all]));
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A microphone that says what it is told, when it is told to. */
export class Mouth {
  private constructor(private readonly page: Page) {}

  /** Takes the place of the microphone in this page, from its next load on. */
  static async instead(page: Page): Promise<Mouth> {
    await page.addInitScript(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const world = window as unknown as { speak: (wav: string) => Promise<void> };
      let context: AudioContext | undefined;
      let out: MediaStreamAudioDestinationNode | undefined;
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        // The browser's own rules apply: it is asked, and what it gives is put aside.
        for (const track of (await open(wanted)).getTracks()) track.stop();
        context ??= new AudioContext();
        out ??= context.createMediaStreamDestination();
        // Whoever opens it again may stop what was opened before.
        return new MediaStream(out.stream.getTracks().map((track) => track.clone()));
      };
      world.speak = async (wav) => {
        if (context === undefined || out === undefined) throw new Error("the microphone is not open");
        const source = context.createBufferSource();
        source.buffer = await context.decodeAudioData(Uint8Array.from(atob(wav), (c) => c.charCodeAt(0)).buffer);
        source.connect(out);
        source.start();
        await new Promise((done) => source.addEventListener("ended", done));
      };
    });
    return new Mouth(page);
  }

  /** Says this file to its end. */
  async say(wav: Buffer): Promise<void> {
    await this.page.evaluate(
      (wav) => (window as unknown as { speak: (wav: string) => Promise<void> }).speak(wav),
      wav.toString("base64"),
    );
  }
}

