// Each spec runs with JavaScript; those that must work without it are tagged @both, those that a phone lays out
// differently @phone. No retries: a flaky test is a bug.

import { defineConfig } from "@playwright/test";

import { chromium } from "./lib/browser.ts";
import { PATIENCE_MS } from "./lib/patience.ts";

const desktop = { width: 1200, height: 900 };
const phone = { width: 390, height: 844 };

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: process.env["CI"] === "true",
  // Longer than anything that comes takes, on a machine that is slow and busy: they end what hangs, and no spec has
  // shorter ones of its own.
  timeout: 10 * PATIENCE_MS,
  expect: { timeout: PATIENCE_MS },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: chromium,
    locale: "en-GB",
    colorScheme: "light",
    viewport: desktop,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    actionTimeout: PATIENCE_MS,
    navigationTimeout: PATIENCE_MS,
  },
  projects: [
    { name: "with-js" },
    { name: "no-js", grep: /@both/, use: { javaScriptEnabled: false } },
    { name: "phone", grep: /@phone/, use: { viewport: phone, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
  ],
});
