// What a load brings: small, kept by the browser, without a jolt; and what it forbids.

import type { Page } from "@playwright/test";

import { answer } from "../lib/answers.ts";
import { expect, test } from "../lib/fixtures.ts";

const WASM_LIMIT = 240_000;
const MOST_SHIFT = 0.01;

/** The sum of all layout shifts of the page so far; recording begins with the document. */
async function recordShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const record = window as unknown as { shifts: number };
    record.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) record.shifts += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  return async () => {
    await page.evaluate(() => document.fonts.ready);
    // Two frames later all that came with the load has been laid out.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return page.evaluate(() => (window as unknown as { shifts: number }).shifts);
  };
}

test("no page shifts while it loads", { tag: "@phone" }, async ({ page, home, interview }) => {
  const shifts = await recordShifts(page);
  await page.goto("/", { waitUntil: "networkidle" });
  expect(await shifts(), "home, empty").toBeLessThan(MOST_SHIFT);

  await home.start();
  await interview.say(answer(0));
  await interview.say(answer(1));
  await interview.open(page.url());
  expect(await shifts(), "interview").toBeLessThan(MOST_SHIFT);

  await page.goto("/", { waitUntil: "networkidle" });
  expect(await shifts(), "home, with an interview").toBeLessThan(MOST_SHIFT);
});

test("assets are compressed, hashed and kept", async ({ page, request, home }) => {
  const loaded: { path: string; encoding: string; cache: string }[] = [];
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (!path.startsWith("/assets/")) return;
    const headers = response.headers();
    loaded.push({ path, encoding: headers["content-encoding"] ?? "", cache: headers["cache-control"] ?? "" });
  });
  await page.goto("/", { waitUntil: "networkidle" });
  await expect(home.begin).toBeVisible();
  for (const { path, cache } of loaded) {
    expect(path, "named by content").toMatch(/-[0-9A-Za-z]{8,}\.[a-z0-9]+$/);
    expect(cache, path).toMatch(/max-age=31536000.*immutable/);
  }
  for (const end of [".js", ".wasm", ".css"]) {
    const asset = loaded.find(({ path }) => path.endsWith(end));
    expect(asset, end).toBeDefined();
    expect((asset?.encoding ?? ""), end).toMatch(/^(br|gzip)$/);
    const brotli = await request.get(asset?.path ?? "", { headers: { "accept-encoding": "br" } });
    expect(brotli.headers()["content-encoding"], end).toBe("br");
    const gzip = await request.get(asset?.path ?? "", { headers: { "accept-encoding": "gzip" } });
    expect(gzip.headers()["content-encoding"], end).toBe("gzip");
    expect(gzip.headers()["vary"]?.toLowerCase(), end).toContain("accept-encoding");
  }
  expect(loaded.filter(({ path }) => path.endsWith(".woff2")).length, "only the fonts of the first screen").toBe(2);
});

test("the first load is small", async ({ request }) => {
  const html = await (await request.get("/")).text();
  const wasm = /\/assets\/[^"'\\]+\.wasm/.exec(html)?.[0] ?? "";
  const response = await request.get(wasm, { headers: { "accept-encoding": "br" } });
  expect(response.headers()["content-type"]).toBe("application/wasm");
  expect(Number(response.headers()["content-length"])).toBeLessThan(WASM_LIMIT);
});

test("there is a favicon", async ({ page, request }) => {
  await page.goto("/");
  const href = await page.locator("link[rel=icon]").getAttribute("href");
  const icon = await request.get(href ?? "");
  expect(icon.status()).toBe(200);
  expect(icon.headers()["content-type"]).toContain("image/svg+xml");
});

test("pages forbid what they do not need", async ({ request }) => {
  const first = (await request.get("/")).headers();
  const second = (await request.get("/")).headers();
  const policy = first["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
  const nonce = (text: string | undefined) => /'nonce-([^']+)'/.exec(text ?? "")?.[1];
  expect(nonce(policy)).toBeTruthy();
  expect(nonce(policy), "a nonce is used once").not.toBe(nonce(second["content-security-policy"]));
  expect(first["x-content-type-options"]).toBe("nosniff");
  expect(first["referrer-policy"]).toBeTruthy();
  const cookies = first["set-cookie"] ?? "";
  expect(cookies).toMatch(/HttpOnly/i);
  expect(cookies).toMatch(/SameSite=(Lax|Strict)/i);
});

test("a script that the page did not bring is not run", async ({ page, complaints }) => {
  complaints.expect(/content security policy/i);
  await page.goto("/");
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.ranForeign = true";
    document.body.append(script);
    await new Promise((done) => setTimeout(done, 50));
    return "ranForeign" in window;
  });
  expect(ran).toBe(false);
});
