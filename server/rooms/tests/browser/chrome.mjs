// Chromium with a fake microphone that plays a tone.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RATE = 48000;
/** Seconds: longer than anything that comes takes, on a machine that is slow and busy. That of server/patience. */
export const PATIENCE = 120;
const folder = mkdtempSync(join(tmpdir(), 'rooms-browser-'));

/** A second of a sine as a WAV file, which the fake microphone plays over and over. */
function tone(hertz) {
  const file = join(folder, `${hertz}.wav`);
  const data = Buffer.alloc(RATE * 2);
  for (let i = 0; i < RATE; i++) data.writeInt16LE(Math.round(8192 * Math.sin((2 * Math.PI * hertz * i) / RATE)), i * 2);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  writeFileSync(file, Buffer.concat([head, data]));
  return file;
}

/**
 * A tab of its own browser; `modules`: where playwright-core is. What goes wrong in the page is added to `faults`, and
 * what its console complains of to `noise`.
 */
export async function chrome(modules, name, hertz, faults, noise = faults) {
  const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');
  const browser = await chromium.launch({
    timeout: 1000 * PATIENCE,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${tone(hertz)}`,
    ],
  });
  const context = await browser.newContext({ permissions: ['microphone'] });
  context.setDefaultTimeout(1000 * PATIENCE);
  const tab = await context.newPage();
  tab.on('pageerror', (error) => faults.push(`${name}: ${error.message}`));
  tab.on('console', (line) => line.type() === 'error' && noise.push(`${name}: ${line.text()}`));
  return tab;
}

/** Takes the tones away again. */
export const sweep = () => rmSync(folder, { recursive: true, force: true });
