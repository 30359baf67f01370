// The page's script under `make dev`: the usual one, and one that loads the page anew once the server was built anew.
export * from "./glue/frontend.js";
export { default } from "./glue/frontend.js";

let known;
setInterval(async () => {
  // .make/dev.sh writes it whenever the server has started.
  const answer = await fetch("/assets/started.txt", { cache: "no-store" }).catch(() => undefined);
  if (!answer?.ok) return;
  const started = await answer.text();
  known ??= started;
  if (started !== known) location.reload();
}, 1000);
