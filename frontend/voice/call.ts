// A stay in the room of an interview.

import {
  ConnectionError,
  ConnectionErrorReason,
  ConnectionQuality,
  DisconnectReason,
  type RemoteParticipant,
  Room,
  RoomEvent,
  type TextStreamReader,
  Track,
} from "livekit-client";

import type { Emit, Fault, Reason } from "./events.ts";
import type { Levels } from "./levels.ts";
import type { Microphone } from "./microphone.ts";

/** The names that server/agent/src/signals.rs gives. */
const CAPTIONS = "lk.transcription";
const SEGMENT = "lk.segment_id";
const TRACK = "lk.transcribed_track_id";
const FINAL = "lk.transcription_final";
const STATE = "lk.agent.state";
const TROUBLE = "interviewos.trouble";
const CONTROL = "interviewos.control";
const TIMING = "interviewos.timing";
/** How long sound may take to find its way to the server, in milliseconds. Whoever waits is to be told within 15 seconds. */
const MEDIA = 10_000;
/** The longest caption that is taken, in UTF-16 units. */
const LONGEST = 8_000;

export interface Sound {
  /** In percent. */
  volume: number;
  /** The id of a loudspeaker; empty for the usual one. */
  speaker: string;
}

export class Call {
  private leaving = false;
  private readonly room = new Room({
    singlePeerConnection: true,
    // A sleeping tab is told from a lost connection, and page reloads leave at once.
    disconnectOnPageLeave: true,
    publishDefaults: { red: false },
    dataStream: { maxPayloadByteLength: 64_000 },
  });

  constructor(
    private readonly microphone: Microphone,
    private readonly levels: Levels,
    private sound: Sound,
    private readonly emit: Emit,
  ) {
    const room = this.room;
    const agent = () => this.agent();
    room
      .on(RoomEvent.ParticipantConnected, agent)
      .on(RoomEvent.ParticipantDisconnected, agent)
      .on(RoomEvent.ParticipantAttributesChanged, agent)
      .on(RoomEvent.TrackSubscribed, (track, _publication, whose) => {
        if (track.kind !== Track.Kind.Audio || !whose.isAgent) return;
        const element = track.attach();
        element.hidden = true;
        document.body.append(element);
        levels.tap("theirs", track.mediaStreamTrack);
        this.apply();
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const element of track.detach()) element.remove();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => emit({ kind: "blocked", yes: !room.canPlaybackAudio }))
      .on(RoomEvent.ConnectionQualityChanged, (quality, whose) => {
        if (!whose.isLocal) return;
        emit({ kind: "weak", yes: quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost });
      })
      .on(RoomEvent.SignalReconnecting, () => emit({ kind: "reconnecting", yes: true }))
      .on(RoomEvent.Reconnecting, () => emit({ kind: "reconnecting", yes: true }))
      .on(RoomEvent.Reconnected, () => {
        emit({ kind: "reconnecting", yes: false });
        agent();
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (!this.leaving) emit({ kind: "out", reason: meaning(reason) });
      });
    room.registerTextStreamHandler(CAPTIONS, (reader, { identity }) => void this.caption(reader, identity));
    room.registerTextStreamHandler(TIMING, (reader) => void this.timing(reader));
  }

  /** Joins and speaks. */
  async join(url: string, token: string): Promise<void> {
    let greeted = false;
    this.room.once(RoomEvent.SignalConnected, () => (greeted = true));
    try {
      await this.room.connect(url, token, { autoSubscribe: true, maxRetries: 0, peerConnectionTimeout: MEDIA });
      await this.room.localParticipant.publishTrack(this.microphone.track, { source: Track.Source.Microphone });
    } catch (error) {
      await this.leave(false);
      throw fault(error, greeted);
    }
    this.emit({ kind: "blocked", yes: !this.room.canPlaybackAudio });
    this.agent();
  }

  /** Leaves; `stop`: the microphone is given back too. */
  async leave(stop: boolean): Promise<void> {
    this.leaving = true;
    await this.room.disconnect(stop);
    for (const one of document.querySelectorAll("body > audio")) one.remove();
    this.levels.tap("theirs", undefined);
  }

  /** Lets sound be heard, from within a click. */
  async play(): Promise<void> {
    await this.room.startAudio();
  }

  /** Tells the agent something. */
  async control(json: string): Promise<void> {
    await this.room.localParticipant.sendText(json, { topic: CONTROL });
  }

  set(sound: Sound): void {
    this.sound = sound;
    this.apply();
  }

  private apply(): void {
    for (const whose of this.room.remoteParticipants.values()) whose.setVolume(this.sound.volume / 100);
    // A loudspeaker that is gone is no reason for silence: the usual one stays in use.
    void this.room.switchActiveDevice("audiooutput", this.sound.speaker === "" ? "default" : this.sound.speaker).catch(() => undefined);
  }

  private agent(): void {
    const one: RemoteParticipant | undefined = [...this.room.remoteParticipants.values()].find((whose) => whose.isAgent);
    const said = (name: string) => one?.attributes[name] ?? "";
    this.emit({ kind: "agent", yes: one !== undefined, state: said(STATE), trouble: said(TROUBLE) });
  }

  private async caption(reader: TextStreamReader, identity: string): Promise<void> {
    const attributes = () => reader.info.attributes ?? {};
    const segment = attributes()[SEGMENT] ?? reader.info.id;
    const me = this.room.localParticipant;
    const own = me.getTrackPublication(Track.Source.Microphone)?.trackSid;
    const mine = identity === me.identity || (own !== undefined && attributes()[TRACK] === own);
    const tell = (text: string, final: boolean) => this.emit({ kind: "caption", mine, segment, text, yes: final });
    let text = "";
    try {
      for await (const piece of reader) {
        text = (text + piece).slice(0, LONGEST);
        // The candidate's words come whole, each reading in the place of the one before.
        if (!mine) tell(text, false);
      }
    } catch {
      // Cut off with the connection: what came is shown.
    }
    tell(text, attributes()[FINAL] === "true");
  }

  private async timing(reader: TextStreamReader): Promise<void> {
    try {
      const told: unknown = JSON.parse(await reader.readAll());
      if (typeof told !== "object" || told === null || !("played_ms" in told)) return;
      if (typeof told.played_ms === "number") this.emit({ kind: "timing", played_ms: Math.round(told.played_ms) });
    } catch {
      // Only shown: without it nothing is missing.
    }
  }
}

/** Why a room was not joined; `greeted`: its server had answered, so that what failed is the way for sound. */
function fault(error: unknown, greeted: boolean): Fault {
  if (!(error instanceof ConnectionError)) return "unreachable";
  switch (error.reason) {
    case ConnectionErrorReason.NotAllowed:
      return "refused";
    case ConnectionErrorReason.InternalError:
      return greeted ? "blocked" : "unreachable";
    default:
      return "unreachable";
  }
}

function meaning(reason: DisconnectReason | undefined): Reason {
  switch (reason) {
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "elsewhere";
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
    case DisconnectReason.PARTICIPANT_REMOVED:
      return "closed";
    default:
      return document.hidden ? "asleep" : "lost";
  }
}
