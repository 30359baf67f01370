// Notices a microphone that gives nothing: not even the noise that every room has.

/** Between two looks, and after how long without a single sample it is said, in milliseconds. */
const LOOK = 250;
const SAID = 3_500;

export class Silence {
  private timer: ReturnType<typeof setInterval> | undefined;
  private since: number | undefined;
  private said = false;

  /**
   * `sounds`: whether the microphone gives anything just now; `undefined` where that cannot be told, as while it is muted
   * here.
   */
  constructor(
    private readonly sounds: () => boolean | undefined,
    private readonly tell: (silent: boolean) => void,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => this.look(performance.now()), LOOK);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.since = undefined;
    this.say(false);
  }

  private look(now: number): void {
    if (this.sounds() !== false) {
      this.since = undefined;
      return this.say(false);
    }
    this.since ??= now;
    if (now - this.since >= SAID) this.say(true);
  }

  private say(silent: boolean): void {
    if (silent === this.said) return;
    this.said = silent;
    this.tell(silent);
  }
}
