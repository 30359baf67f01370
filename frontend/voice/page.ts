// What voice asks of the page around it.

/** A line that begins no further below what can be seen may be on its way there, in pixels. */
const NEAR = 160;

/**
 * Keeps the question in sight: when what stands below the transcript grows (a notice, the settings, a longer answer), the
 * page is scrolled by as much. Whoever has the newest line in sight stays at the end; whoever reads further up keeps what
 * is above the composer.
 */
export function keepInSight(): void {
  const foot = document.querySelector<HTMLElement>(".foot");
  if (foot === null) return;
  let height: number | undefined;
  new ResizeObserver(() => {
    const root = document.documentElement;
    const end = root.scrollHeight - root.clientHeight;
    // What was there before this was loaded is not known: as if there had been nothing.
    const before = height ?? 0;
    const grown = height === undefined ? 0 : foot.offsetHeight - height;
    height = foot.offsetHeight;
    const newest = [...document.querySelectorAll(".play > .speech")].at(-1);
    const seen = newest !== undefined && newest.getBoundingClientRect().top < root.clientHeight - before + NEAR;
    if (scrollY >= end) return;
    scrollTo({ top: seen && grown >= 0 ? end : scrollY + grown, behavior: "instant" });
  }).observe(foot);
}

/**
 * The switch of the sound is pressed without leaving the page: whoever is talking goes on, and nothing of it is lost. The
 * page that would have come says how the switch stands now.
 */
export function switchInPlace(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches(".keeps-sound")) return;
    event.preventDefault();
    void flip(form);
  });
}

async function flip(form: HTMLFormElement): Promise<void> {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  let why = "This could not be changed: the server could not be reached. Try again.";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams(fields),
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector<HTMLFormElement>(".keeps-sound");
    why = page.querySelector(".note.problem")?.textContent ?? "";
    if (why === "" && now !== null) {
      form.replaceWith(now);
      now.querySelector("button")?.focus();
      return;
    }
    why ||= "This could not be changed. Load the page again.";
  } catch {
    // Said below.
  }
  const problem = form.querySelector("[role=alert]") ?? form.appendChild(document.createElement("p"));
  problem.setAttribute("role", "alert");
  problem.className = "problem";
  problem.textContent = why;
}
