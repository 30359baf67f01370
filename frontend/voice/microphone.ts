// The candidate's microphone, from before the room is joined until voice is left.

import { type LocalAudioTrack, TrackEvent, createLocalAudioTrack } from "livekit-client";

import type { Emit } from "./emit.ts";
import { type Device, KEY_TAIL_MS, type VoiceFault } from "./protocol.ts";

/** Whether this page may use a microphone without the browser asking first. */
export async function permitted(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "microphone" as PermissionName })).state === "granted";
  } catch {
    // Some browsers do not tell.
    return false;
  }
}

/** What a browser's refusal means. */
export function fault(error: unknown): VoiceFault {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "no_microphone";
  if (name === "NotReadableError" || name === "AbortError") return "taken";
  return "failed";
}

export class Microphone {
  /** With push to talk: what is said counts only while this is held. */
  private open = true;
  /** Whether a key has opened it: then the end of the last word is still on its way when the key is let go. */
  private keyed = false;
  /** Closes it once that word is through. */
  private tail: ReturnType<typeof setTimeout> | undefined;
  private readonly look = () => void this.again();
  /** What the microphone in use is called, once that was told. */
  private label: string | undefined;

  private constructor(
    readonly track: LocalAudioTrack,
    private readonly emit: Emit,
  ) {
    track.on(TrackEvent.Restarted, () => {
      this.apply();
      this.watch();
      emit({ microphone_present: true });
      void this.tell();
    });
    this.watch();
    navigator.mediaDevices.addEventListener("devicechange", this.look);
  }

  /** Asks for a microphone; that of this id if it is there, else the browser's choice. */
  static async open(id: string, emit: Emit): Promise<Microphone> {
    // Browsers hide it from pages that came neither from this machine nor over HTTPS.
    if (navigator.mediaDevices?.getUserMedia === undefined) throw "insecure" satisfies VoiceFault;
    try {
      const track = await createLocalAudioTrack({
        ...(id === "" ? {} : { deviceId: { ideal: id } }),
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
      });
      const microphone = new Microphone(track, emit);
      await microphone.tell();
      return microphone;
    } catch (error) {
      throw fault(error);
    }
  }

  /** Uses another one from now on. */
  async use(id: string): Promise<void> {
    // Whoever chooses need not be told.
    this.label = undefined;
    try {
      await this.track.setDeviceId(id === "" ? "default" : { exact: id });
      await this.tell();
    } catch (error) {
      throw fault(error);
    }
  }

  /**
   * With push to talk: whether the key is held. What is said otherwise does not leave the browser, but for the end of the
   * last word, which the agent waits for.
   */
  hold(open: boolean): void {
    clearTimeout(this.tail);
    if (!open && this.open && this.keyed) {
      this.tail = setTimeout(() => this.set(false), KEY_TAIL_MS);
      return;
    }
    this.keyed ||= open && !this.open;
    this.set(open);
  }

  async mute(muted: boolean): Promise<void> {
    await (muted ? this.track.mute() : this.track.unmute());
    this.apply();
  }

  /** Whether sound is to come from it: it is neither muted here, nor waiting for the key, nor muted elsewhere. */
  get live(): boolean {
    const track = this.track.mediaStreamTrack;
    return this.open && !this.track.isMuted && !track.muted && track.readyState === "live";
  }

  stop(): void {
    clearTimeout(this.tail);
    navigator.mediaDevices.removeEventListener("devicechange", this.look);
    this.track.stop();
  }

  private set(open: boolean): void {
    this.open = open;
    this.apply();
  }

  private apply(): void {
    this.track.mediaStreamTrack.enabled = this.open && !this.track.isMuted;
  }

  private watch(): void {
    const track = this.track.mediaStreamTrack;
    // LiveKit's client goes on to another device by itself if there is one.
    track.addEventListener("ended", () => this.emit({ microphone_present: false }));
    const muted = () => this.emit({ microphone_muted: this.track.mediaStreamTrack.muted });
    track.addEventListener("mute", muted);
    track.addEventListener("unmute", muted);
    muted();
  }

  /** Devices came or went: one that has gone is taken again once it is back. */
  private async again(): Promise<void> {
    // Where there is none yet, the next change is waited for.
    if (this.track.mediaStreamTrack.readyState === "ended") await this.track.restartTrack().catch(() => undefined);
    await this.tell();
  }

  private async tell(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices();
    const named = (kind: MediaDeviceKind): Device[] =>
      all.filter((one) => one.kind === kind && one.deviceId !== "").map((one) => ({ id: one.deviceId, label: one.label }));
    this.emit({ microphones: named("audioinput") });
    this.emit({ microphone_in_use: this.track.mediaStreamTrack.getSettings().deviceId ?? "" });
    // Not every browser lets a page choose where it sounds.
    this.emit({ speakers: "setSinkId" in HTMLMediaElement.prototype ? named("audiooutput") : [] });
    const { label } = this.track.mediaStreamTrack;
    if (this.label !== undefined && label !== this.label && label !== "") this.emit({ microphone_switched: label });
    this.label = label;
  }
}
