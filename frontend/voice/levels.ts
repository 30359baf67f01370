// How loud both voices are, and the strip that shows it.

export type Who = "mine" | "theirs";

/** One bar of the strip stands for so much time, in milliseconds. */
const STEP = 60;
/** From the left edge of one bar to that of the next, and how wide a bar is, in CSS pixels. */
const PITCH = 5;
const WIDTH = 2;
/** What is quieter than this counts as silence, in dB below full scale; speech reaches about -15. */
const QUIETEST = -55;
const LOUDEST = -12;

export class Levels {
  private context: AudioContext | undefined;
  private readonly taps = new Map<Who, { source: MediaStreamAudioSourceNode; analyser: AnalyserNode; track: MediaStreamTrack }>();
  private readonly samples = new Float32Array(1024);
  /** The louder of both voices, a bar each, the newest last. */
  private readonly bars: { who: Who; level: number }[] = [];

  /**
   * Listens to this track as that voice; to none where there is no track. False where the browser does not let it:
   * Firefox, for one, where a headset's rate is not that of the system. Levels are only shown, so that nothing else is lost.
   */
  tap(who: Who, track: MediaStreamTrack | undefined): boolean {
    const before = this.taps.get(who);
    if (before !== undefined && before.track === track) return true;
    before?.source.disconnect();
    this.taps.delete(who);
    if (track === undefined) return true;
    try {
      this.context ??= new AudioContext();
      const source = this.context.createMediaStreamSource(new MediaStream([track]));
      const analyser = this.context.createAnalyser();
      analyser.fftSize = this.samples.length;
      source.connect(analyser);
      this.taps.set(who, { source, analyser, track });
      return true;
    } catch {
      return false;
    }
  }

  /** Whether a voice gives any sound at all; `undefined` where that cannot be heard. */
  sounds(who: Who): boolean | undefined {
    const tap = this.taps.get(who);
    if (tap === undefined || this.context?.state !== "running") return undefined;
    tap.analyser.getFloatTimeDomainData(this.samples);
    return this.samples.some((one) => one !== 0);
  }

  /** A browser may make sound wait for a click. */
  async wake(): Promise<void> {
    if (this.context?.state === "suspended") await this.context.resume();
  }

  /** 0 for silence to 1 for loud. */
  level(who: Who): number {
    const tap = this.taps.get(who);
    if (tap === undefined) return 0;
    tap.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, one) => sum + one * one, 0) / this.samples.length;
    const decibel = 10 * Math.log10(power + 1e-12);
    return Math.min(1, Math.max(0, (decibel - QUIETEST) / (LOUDEST - QUIETEST)));
  }

  /** Shows both voices in this canvas for as long as it is in the page. */
  draw(canvas: HTMLCanvasElement): void {
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let last = 0;
    const frame = (now: number) => {
      if (!canvas.isConnected) return;
      // Without motion, a sign that changes its colour a few times a second.
      if (now - last < (calm.matches ? 250 : STEP)) {
        requestAnimationFrame(frame);
        return;
      }
      last = now;
      const [mine, theirs] = [this.level("mine"), this.level("theirs")];
      this.bars.push(theirs > mine ? { who: "theirs", level: theirs } : { who: "mine", level: mine });
      this.bars.splice(0, this.bars.length - 400);
      try {
        this.paint(canvas, calm.matches);
      } catch {
        // A browser that cannot draw this shows none; one is heard all the same.
        canvas.hidden = true;
        return;
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  close(): void {
    for (const who of this.taps.keys()) this.tap(who, undefined);
    void this.context?.close();
    this.context = undefined;
  }

  private paint(canvas: HTMLCanvasElement, calm: boolean): void {
    const [width, height, scale] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    if (pen === null) return;
    pen.scale(scale, scale);
    const style = getComputedStyle(canvas);
    const colours = { mine: style.getPropertyValue("--ink"), theirs: style.getPropertyValue("--accent") };
    const silence = style.getPropertyValue("--edge");
    const count = Math.floor((width + PITCH - WIDTH) / PITCH);
    const newest = this.bars.at(-1);
    for (let at = 0; at < count; at++) {
      const bar = calm ? newest : this.bars[this.bars.length - count + at];
      const sounds = bar !== undefined && bar.level > 0.08;
      const high = sounds && !calm ? Math.max(WIDTH, bar.level * height) : WIDTH;
      pen.fillStyle = sounds ? colours[bar.who] : silence;
      pen.beginPath();
      pen.roundRect(at * PITCH, (height - high) / 2, WIDTH, high, WIDTH / 2);
      pen.fill();
    }
  }
}
