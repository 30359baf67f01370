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

import type { Emit } from "./emit.ts";
import type { Levels } from "./levels.ts";
import type { Microphone } from "./microphone.ts";
import {
  CONTROL,
  type Control,
  FINAL,
  type RoomExit,
  SEGMENT,
  STATE,
  TIMING,
  TRACK,
  TRANSCRIPTION,
  TROUBLE,
  type Timing,
  type VoiceFault,
} from "./protocol.ts";

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
  private joined = false;
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
      .on(RoomEvent.AudioPlaybackStatusChanged, () => emit({ playback_blocked: !room.canPlaybackAudio }))
      .on(RoomEvent.ConnectionQualityChanged, (quality, whose) => {
        if (!whose.isLocal) return;
        emit({ connection_weak: quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost });
      })
      .on(RoomEvent.SignalReconnecting, () => emit({ reconnecting: true }))
      .on(RoomEvent.Reconnecting, () => emit({ reconnecting: true }))
      .on(RoomEvent.Reconnected, () => {
        emit({ reconnecting: false });
        agent();
      })
      .on(RoomEvent.Disconnected, (reason) => {
        const exit = meaning(reason);
        // Whoever is still joining learns from that why it failed, unless another tab took over.
        if (!this.leaving && (this.joined || exit !== "lost")) emit({ room_left: exit });
      });
    room.registerTextStreamHandler(TRANSCRIPTION, (reader, { identity }) => void this.caption(reader, identity));
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
    this.joined = true;
    this.emit({ playback_blocked: !this.room.canPlaybackAudio });
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
  async control(control: Control): Promise<void> {
    await this.room.localParticipant.sendText(JSON.stringify(control), { topic: CONTROL });
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
    this.emit({ agent_present: one !== undefined });
    this.emit({ agent_state: said(STATE) });
    this.emit({ agent_trouble: said(TROUBLE) });
  }

  private async caption(reader: TextStreamReader, identity: string): Promise<void> {
    const attributes = () => reader.info.attributes ?? {};
    const segment = attributes()[SEGMENT] ?? reader.info.id;
    const me = this.room.localParticipant;
    const own = me.getTrackPublication(Track.Source.Microphone)?.trackSid;
    const mine = identity === me.identity || (own !== undefined && attributes()[TRACK] === own);
    const tell = (text: string, is_final: boolean) => this.emit(mine ? { words: { segment, text, is_final } } : { line: text });
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
      const { played_ms, pause_ms } = JSON.parse(await reader.readAll()) as Partial<Timing>;
      if (typeof played_ms !== "number") return;
      const pause = typeof pause_ms === "number" ? { pause: Math.round(pause_ms) } : {};
      this.emit({ replied: { after: Math.round(played_ms), ...pause } });
    } catch {
      // Only shown: without it nothing is missing.
    }
  }
}

/** Why a room was not joined; `greeted`: its server had answered, so that what failed is the way for sound. */
function fault(error: unknown, greeted: boolean): VoiceFault {
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

function meaning(reason: DisconnectReason | undefined): RoomExit {
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
