// The time of a replay: it goes on while it plays, waits for a sound that lasts longer than it was thought to, and stops at the
// end.

export interface Beat {
  /** From when to when it is played, in milliseconds. */
  from: number;
  to: number;
  /** Where its sound is, if that was kept. */
  sound?: string | undefined;
}

export interface Shown {
  /** It is this time, and this beat (by its place; -1: none) was the last to begin. */
  at(time: number, beat: number): void;
  playing(on: boolean): void;
}

/** A sound that is so far from where it should be is put right, in seconds. */
const APART = 0.4;

export class Player {
  private time = 0;
  private speed = 1;
  private on = false;
  private frame = 0;
  private seen = 0;
  private readonly audio = new Audio();
  /** The beat whose sound is in `audio`; its sound has been heard to the end, or cannot be had. */
  private loaded = -1;
  private over = true;

  constructor(
    private readonly beats: readonly Beat[],
    private readonly length: number,
    private readonly shown: Shown,
  ) {
    for (const end of ["ended", "error"]) this.audio.addEventListener(end, () => (this.over = true));
  }

  toggle(): void {
    if (this.on) return this.pause();
    if (this.time >= this.length) this.time = 0;
    this.on = true;
    this.seen = performance.now();
    this.shown.playing(true);
    this.sound(true);
    this.frame = requestAnimationFrame(this.tick);
  }

  pause(): void {
    this.on = false;
    cancelAnimationFrame(this.frame);
    this.audio.pause();
    this.shown.playing(false);
  }

  seek(time: number): void {
    this.time = Math.min(Math.max(time, 0), this.length);
    this.sound(true);
    this.show();
  }

  /** To the line after, or before. */
  step(by: 1 | -1): void {
    const here = this.beat();
    // Whoever goes back within a line hears it again first.
    const again = by < 0 && here >= 0 && this.time - this.beats[here]!.from > 1000;
    const to = this.beats[again ? here : here + by];
    this.seek(to ? to.from : by < 0 ? 0 : this.length);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.audio.playbackRate = speed;
  }

  /** The last beat that has begun. */
  private beat(): number {
    return this.beats.findLastIndex((beat) => beat.from <= this.time);
  }

  private readonly tick = (now: number): void => {
    if (!this.on) return;
    // Out of sight it stands still.
    const passed = Math.min(Math.max(now - this.seen, 0), 250) * this.speed;
    this.seen = now;
    const here = this.beat();
    const next = this.time + passed;
    // What is being said is heard to its end.
    const end = this.beats[here]?.to ?? 0;
    const waits = here === this.loaded && !this.over;
    this.time = waits ? Math.min(next, Math.max(end, this.time)) : next;
    if (this.time >= this.length && !waits) {
      this.time = this.length;
      this.show();
      return this.pause();
    }
    this.sound(false);
    this.show();
    this.frame = requestAnimationFrame(this.tick);
  };

  /** Has the sound of this moment be heard; `moved`: it is to begin where the time is. */
  private sound(moved: boolean): void {
    const here = this.beat();
    const beat = this.beats[here];
    if (!beat?.sound || (this.loaded !== here && this.time > beat.to)) {
      if (moved || this.loaded !== here) this.stop();
      return;
    }
    if (this.loaded !== here) {
      this.loaded = here;
      this.over = false;
      this.audio.src = beat.sound;
      this.audio.playbackRate = this.speed;
      this.place(beat);
    } else if (moved) {
      this.over = false;
      this.place(beat);
    }
    if (this.on && this.audio.paused && !this.over) {
      // A browser that plays nothing shows the words all the same.
      this.audio.play().catch(() => {
        if (this.on) this.over = true;
      });
    }
  }

  private place(beat: Beat): void {
    const at = Math.max(this.time - beat.from, 0) / 1000;
    if (Math.abs(this.audio.currentTime - at) > APART || this.audio.ended) this.audio.currentTime = at;
  }

  private stop(): void {
    this.audio.pause();
    this.loaded = -1;
    this.over = true;
  }

  private show(): void {
    this.shown.at(Math.round(this.time), this.beat());
  }
}
