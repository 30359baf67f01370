// Pages on which the sound of answers is played load this: the words follow it. Nothing of it is needed to hear or to read.

import { follow } from "./follow.ts";

/** The words that a sound is of: in the transcript those of its line, in the notes those before it. */
const wordsOf = (audio: Element): Element | null =>
  audio.closest(".speech")?.querySelector(".said") ?? audio.previousElementSibling?.closest(".told") ?? null;

// These events do not bubble, and lines come and go.
for (const type of ["timeupdate", "seeked", "ended", "pause", "emptied"]) {
  document.addEventListener(
    type,
    ({ target }) => {
      if (!(target instanceof HTMLAudioElement)) return;
      const over = target.ended || !(target.duration > 0);
      // Whoever stops to read keeps the place.
      follow(over ? null : wordsOf(target), over ? 0 : target.currentTime / target.duration);
    },
    true,
  );
}
