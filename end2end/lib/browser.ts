// The browser that the specs drive: the system's Chromium, never a download.

import type { LaunchOptions } from "@playwright/test";

export const chromium: LaunchOptions = {
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: [
    // Root, as in CI, has no sandbox in Chromium.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** For specs that talk: a microphone that beeps and need not be asked for, and sound that plays without a click. */
export const talking = {
  permissions: ["microphone"],
  launchOptions: {
    ...chromium,
    args: [
      ...(chromium.args ?? []),
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
    ],
  } satisfies LaunchOptions,
};
