// Voice in the browser: the one way between the page (wasm, app/src/voice/bridge.rs) and LiveKit's client, microphone
// and loudspeaker. Loaded when voice starts. It decides nothing; what happens is told as the JSON of a VoiceEvent, and
// what is asked for fails with the name of a VoiceFault.

import { LogLevel, setLogLevel } from "livekit-client";

import { Awake } from "./awake.ts";
import { Call, type Sound } from "./call.ts";
import type { Emit } from "./emit.ts";
import { Levels } from "./levels.ts";
import { Microphone, permitted } from "./microphone.ts";
import { keepInSight, switchInPlace } from "./page.ts";
import type { Mode, VoiceFault } from "./protocol.ts";
import { Silence } from "./silence.ts";
import testLine from "./test-line.wav";

/** Between two words on how loud the candidate is, in milliseconds. */
const METER = 120;

export class Voice {
  private readonly emit: Emit;
  private readonly levels = new Levels();
  private readonly awake = new Awake();
  private readonly silence = new Silence(
    () => (this.microphone?.live === true ? this.levels.sounds("mine") : undefined),
    (silent) => this.emit({ microphone_silent: silent }),
  );
  private microphone: Microphone | undefined;
  private call: Call | undefined;
  private meter: ReturnType<typeof setInterval> | undefined;
  private sound: Sound = { volume: 100, speaker: "" };

  constructor(on: (json: string) => void) {
    // What goes wrong is told to the page; the console is for the browser's own words.
    setLogLevel(LogLevel.silent);
    this.emit = (event) => {
      if ("microphone_present" in event && event.microphone_present) this.listen();
      on(JSON.stringify(event));
    };
    keepInSight();
    switchInPlace();
  }

  permitted(): Promise<boolean> {
    return permitted();
  }

  /** Asks for the microphone, and tells how loud it is until the room is joined. */
  async open(id: string): Promise<void> {
    if (this.microphone === undefined) this.microphone = await Microphone.open(id, this.emit);
    this.listen();
    this.silence.start();
    this.meter ??= setInterval(() => this.emit({ level: Math.round(100 * this.levels.level("mine")) }), METER);
    // It may wait for a click, which nothing here waits for.
    void this.levels.wake();
  }

  /** Speaks a line, to try out the loudspeaker. */
  async test(): Promise<void> {
    const line = new Audio(testLine);
    line.volume = this.sound.volume / 100;
    if (this.sound.speaker !== "") await line.setSinkId(this.sound.speaker).catch(() => undefined);
    void this.levels.wake();
    await line.play();
  }

  /** Joins the room and speaks there, with the microphone that is open. */
  async join(url: string, token: string): Promise<void> {
    if (this.microphone === undefined) throw "failed" satisfies VoiceFault;
    this.still();
    await this.call?.leave(false);
    this.call = new Call(this.microphone, this.levels, this.sound, this.emit);
    await this.call.join(url, token);
    this.awake.hold();
  }

  async use(id: string): Promise<void> {
    await this.microphone?.use(id);
  }

  async mute(muted: boolean): Promise<void> {
    await this.microphone?.mute(muted);
  }

  hold(open: boolean): void {
    this.microphone?.hold(open);
  }

  set(volume: number, speaker: string): void {
    this.sound = { volume, speaker };
    this.call?.set(this.sound);
  }

  async play(): Promise<void> {
    void this.levels.wake();
    await this.call?.play();
  }

  /** Tells the agent what is given; the rest stays as it is. */
  async control(mode?: Mode, talk?: boolean, speed?: number, patience?: number, typing?: boolean): Promise<void> {
    await this.call?.control({ mode, talk, speed, patience, typing });
  }

  draw(canvas: HTMLCanvasElement): void {
    this.levels.draw(canvas);
  }

  /** Leaves the room and gives the microphone back. */
  async leave(): Promise<void> {
    this.still();
    this.silence.stop();
    this.awake.release();
    const [call, microphone] = [this.call, this.microphone];
    this.call = undefined;
    this.microphone = undefined;
    microphone?.stop();
    this.levels.close();
    await call?.leave(true);
  }

  private listen(): void {
    if (!this.levels.tap("mine", this.microphone?.track.mediaStreamTrack)) this.emit({ level_measurable: false });
  }

  private still(): void {
    clearInterval(this.meter);
    this.meter = undefined;
  }
}
