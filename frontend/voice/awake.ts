// Keeps the screen on while somebody talks: a phone that goes dark takes the microphone with it.

export class Awake {
  private wanted = false;
  private lock: WakeLockSentinel | undefined;
  private readonly again = () => void this.ask();

  hold(): void {
    if (this.wanted) return;
    this.wanted = true;
    // A browser lets go of it whenever the page is out of sight.
    document.addEventListener("visibilitychange", this.again);
    void this.ask();
  }

  release(): void {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.again);
    void this.lock?.release().catch(() => undefined);
    this.lock = undefined;
  }

  private async ask(): Promise<void> {
    if (!this.wanted || document.hidden || !("wakeLock" in navigator)) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (this.wanted) this.lock = lock;
      else await lock.release();
    } catch {
      // A battery that runs low, or a policy: one talks all the same.
    }
  }
}
