// `make shots`: pictures of the pages, for the README and for looking at them.

import { defineConfig } from "@playwright/test";

import base from "./playwright.config.ts";

const desktop = { viewport: { width: 1200, height: 900 }, deviceScaleFactor: 1 };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: ["shots.spec.ts", "voice.shots.spec.ts", "notes.shots.spec.ts", "takes.shots.spec.ts"],
  projects: [
    { name: "desktop-light", use: { ...desktop, colorScheme: "light" } },
    { name: "desktop-dark", use: { ...desktop, colorScheme: "dark" } },
    { name: "phone-light", use: { ...phone, colorScheme: "light" } },
    { name: "phone-dark", use: { ...phone, colorScheme: "dark" } },
  ],
});
