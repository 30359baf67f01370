// Plays an interview on its page of replay: lines come when they were said, with their sound where that was kept.

import { follow } from "../heard/follow.ts";
import { Player } from "./player.ts";

const by = (id: string): HTMLElement => document.getElementById(id)!;

const play = by("replay");
const length = Number(play.dataset.length);
const beats = [...play.querySelectorAll<HTMLElement>(".beat")].map((element) => ({
  element,
  from: Number(element.dataset.from),
  to: Number(element.dataset.to),
  sound: element.dataset.sound,
}));
const button = by("replay-play");
const place = by("replay-place") as HTMLInputElement;
const speed = by("replay-speed") as HTMLSelectElement;

/** "3:07" */
const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** The beat that is shown last. */
let last = -1;

const player = new Player(beats, length, {
  at(time, beat) {
    place.value = String(time);
    const words = `${clock(time)} of ${clock(length)}`;
    by("replay-time").textContent = words;
    place.setAttribute("aria-valuetext", beat < 0 ? words : `${words}, line ${beat + 1} of ${beats.length}`);
    const here = beats[beat];
    const said = here?.sound ? here.element.querySelector(".said") : null;
    follow(here && time < here.to ? said : null, here ? (time - here.from) / (here.to - here.from) : 0);
    if (beat === last) return;
    last = beat;
    beats.forEach(({ element }, n) => (element.hidden = n > beat));
    beats[beat]?.element.scrollIntoView({ block: "nearest" });
  },
  playing(on) {
    button.textContent = on ? "Pause" : "Play";
  },
});

button.addEventListener("click", () => player.toggle());
// The last step of the slider may fall short of the end, which it stands for.
place.addEventListener("input", () => {
  const at = Number(place.value);
  player.seek(at + Number(place.step) > length ? length : at);
});
speed.addEventListener("change", () => player.setSpeed(Number(speed.value)));
by("replay-back").addEventListener("click", () => player.step(-1));
by("replay-next").addEventListener("click", () => player.step(1));
// A key of its own, as players have it; never where it writes or chooses something.
document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLSelectElement) return;
  player.toggle();
});

by("replay-bar").hidden = false;
player.seek(0);
