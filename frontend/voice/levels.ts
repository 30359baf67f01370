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

  /** Listens to this track as that voice; to none where there is no track. */
  tap(who: Who, track: MediaStreamTrack | undefined): void {
    const before = this.taps.get(who);
    if (before?.track === track) return;
    before?.source.disconnect();
    this.taps.delete(who);
    if (track === undefined) return;
    this.context ??= new AudioContext();
    const source = this.context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.context.createAnalyser();
    analyser.fftSize = this.samples.length;
    source.connect(analyser);
    this.taps.set(who, { source, analyser, track });
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
      requestAnimationFrame(frame);
      // Without motion, a sign that changes its colour a few times a second.
      if (now - last < (calm.matches ? 250 : STEP)) return;
      last = now;
      const [mine, theirs] = [this.level("mine"), this.level("theirs")];
      this.bars.push(theirs > mine ? { who: "theirs", level: theirs } : { who: "mine", level: mine });
      this.bars.splice(0, this.bars.length - 400);
      this.paint(canvas, calm.matches);
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
