// An interviewer of the spec's own, in the room of an interview: unmodified livekit-client in a page of its own, which
// says and does what the spec wants. Servers are told that agents are elsewhere, so that no other one comes.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { type BrowserContext, type Page, expect } from "@playwright/test";
import type { Room } from "livekit-client";

import { type AgentState, CONTROL, FINAL, SEGMENT, STATE, TRACK, TRANSCRIPTION, TROUBLE, type Trouble } from "../../frontend/voice/protocol.ts";
import { served, test as base } from "./fixtures.ts";
import type { Server } from "./server.ts";

const SDK = readFileSync(createRequire(import.meta.url).resolve("livekit-client").replace(/umd\.js$/, "esm.mjs"), "utf8");

/** What is kept in the interviewer's page. */
interface Kept {
  room: Room;
  told: string[];
  line?: Awaited<ReturnType<Room["localParticipant"]["streamText"]>>;
}

declare const kept: Kept;

/** For specs whose interviewers are their own. */
export const test = base.extend({
  server: async ({}, use, info) => served(info, { INTERVIEWOS_AGENTS: "elsewhere" }, use),
});

export class Interviewer {
  private constructor(private readonly page: Page) {}

  /** Joins the room of this interview, sounding like a low hum. */
  static async join(context: BrowserContext, server: Server, interview: string): Promise<Interviewer> {
    const page = await context.newPage();
    await page.route("**/livekit-client.js", (route) => route.fulfill({ contentType: "text/javascript", body: SDK }));
    await page.goto(`${server.url}/how`);
    const address = server.url.replace("http", "ws");
    await page.evaluate(
      async ([address, token, control]) => {
        const client = (await import("/livekit-client.js" as string)) as typeof import("livekit-client");
        const room = new client.Room();
        const told: string[] = [];
        Object.assign(window, { kept: { room, told } });
        room.registerTextStreamHandler(control, async (reader) => void told.push(await reader.readAll()));
        await room.connect(address ?? "", token ?? "");
        const context = new AudioContext();
        const hum = context.createOscillator();
        const quieter = context.createGain();
        const out = context.createMediaStreamDestination();
        quieter.gain.value = 0.1;
        hum.connect(quieter).connect(out);
        hum.start();
        const track = out.stream.getAudioTracks()[0];
        if (track !== undefined) await room.localParticipant.publishTrack(track, { source: client.Track.Source.Microphone });
      },
      [address, tokenOf(server, interview), CONTROL] as const,
    );
    return new Interviewer(page);
  }

  /** Sets the state: listening, thinking, speaking ... */
  async is(state: AgentState, trouble: Trouble | "" = ""): Promise<void> {
    const attributes = { [STATE]: state, [TROUBLE]: trouble };
    await this.page.evaluate((attributes) => kept.room.localParticipant.setAttributes(attributes), attributes);
  }

  /** Says words as captions, as they are played. */
  async says(words: string, segment: string): Promise<void> {
    await this.page.evaluate(
      async ([words, topic, attributes]) => {
        kept.line ??= await kept.room.localParticipant.streamText({ topic, attributes });
        await kept.line.write(words);
      },
      [words, TRANSCRIPTION, { [SEGMENT]: segment, [FINAL]: "false" }] as const,
    );
  }

  /** Has written down what the candidate says. */
  async hears(words: string, segment: string, final: boolean): Promise<void> {
    await this.page.evaluate(
      async ([words, topic, attributes, track]) => {
        const candidate = [...kept.room.remoteParticipants.values()][0];
        const own = [...(candidate?.trackPublications.values() ?? [])][0]?.trackSid ?? "";
        await kept.room.localParticipant.sendText(words, { topic, attributes: { ...attributes, [track]: own } });
      },
      [words, TRANSCRIPTION, { [SEGMENT]: segment, [FINAL]: String(final) }, TRACK] as const,
    );
  }

  /** What the candidate's page told so far. */
  async told(): Promise<unknown[]> {
    return (await this.page.evaluate(() => kept.told)).map((json): unknown => JSON.parse(json));
  }

  /** Whether the candidate is in the room, with a microphone that is on or muted. */
  async microphone(): Promise<"none" | "on" | "muted"> {
    return this.page.evaluate(() => {
      const candidate = [...kept.room.remoteParticipants.values()][0];
      const track = [...(candidate?.trackPublications.values() ?? [])][0];
      return track === undefined ? "none" : track.isMuted ? "muted" : "on";
    });
  }

  /** The candidate's number in the room. */
  async candidate(): Promise<string> {
    return this.page.evaluate(() => [...kept.room.remoteParticipants.values()][0]?.sid ?? "");
  }

  async leave(): Promise<void> {
    await this.page.evaluate(() => kept.room.disconnect());
    await this.page.close();
  }
}

/** Lets an agent into the room, by the key of the server's own rooms. */
function tokenOf(server: Server, interview: string): string {
  const [key, secret] = readFileSync(join(server.folder, "data", "livekit-key"), "utf8").trim().split(": ");
  expect(secret, "the rooms have a key").toBeDefined();
  const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const video = { roomJoin: true, room: `interview-${interview}`, canPublish: true, canSubscribe: true, canPublishData: true, canUpdateOwnMetadata: true };
  const claims = { iss: key, sub: `interviewer-${interview}`, nbf: now - 10, exp: now + 600, kind: "agent", video };
  const body = `${coded({ alg: "HS256", typ: "JWT" })}.${coded(claims)}`;
  return `${body}.${createHmac("sha256", secret ?? "").update(body).digest("base64url")}`;
}
