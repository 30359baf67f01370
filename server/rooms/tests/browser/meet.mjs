// Two browsers with fake microphones, each playing a tone, meet in a room: unmodified livekit-client in Chromium.
// Arguments: the page's address, the room's, the folder of playwright-core, how many peer connections each has, and
// two tokens.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [page, url, modules, connections, ...tokens] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');
const RATE = 48000;
const folder = mkdtempSync(join(tmpdir(), 'rooms-browser-'));

const check = (truth, what) => {
  if (!truth) throw new Error(what);
};

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

/** What runs in the page: joins, publishes, and can say what it hears. */
async function enter([url, token, single]) {
  const L = window.LivekitClient;
  const room = new L.Room({ singlePeerConnection: single });
  const seen = [];
  for (const event of Object.values(L.RoomEvent)) room.on(event, () => seen.push(event));
  Object.assign(window, { room, seen, texts: [] });
  room.registerTextStreamHandler('chat', async (reader, who) => window.texts.push(`${who.identity}: ${await reader.readAll()}`));
  await room.connect(url, token);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  await room.localParticipant.setMicrophoneEnabled(true, plain);
  window.other = () => [...room.remoteParticipants.values()][0];
  window.track = () => [...(window.other()?.audioTrackPublications.values() ?? [])][0]?.track;
  window.measure = async () => {
    const element = window.track().attach();
    document.body.append(element);
    const context = new AudioContext({ sampleRate: 48000 });
    const analyser = context.createAnalyser();
    Object.assign(analyser, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(new MediaStream([window.track().mediaStreamTrack])).connect(analyser);
    await new Promise((done) => setTimeout(done, 1500));
    const wave = new Float32Array(8192);
    const spectrum = new Float32Array(4096);
    let [quiet, sum, hertz, stalls, last] = [0, 0, 0, 0, performance.now()];
    // How often the machine stands still for 20 ms meanwhile: then no sound can be in time.
    const watch = setInterval(() => {
      const now = performance.now();
      stalls += Math.floor((now - last + 5) / 20);
      last = now;
    }, 5);
    for (let round = 0; round < 20; round++) {
      analyser.getFloatTimeDomainData(wave);
      const rms = Math.sqrt(wave.reduce((all, x) => all + x * x, 0) / wave.length);
      if (rms < 0.02) quiet++;
      else sum += rms;
      analyser.getFloatFrequencyData(spectrum);
      hertz = (spectrum.indexOf(Math.max(...spectrum)) * 48000) / 8192;
      await new Promise((done) => setTimeout(done, 100));
    }
    clearInterval(watch);
    await context.close();
    element.remove();
    return { hertz, rms: sum / Math.max(20 - quiet, 1), quiet, stalls };
  };
}

async function open(name, hertz, token, faults) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${tone(hertz)}`,
    ],
  });
  const context = await browser.newContext({ permissions: ['microphone'] });
  const tab = await context.newPage();
  tab.on('pageerror', (error) => faults.push(`${name}: ${error.message}`));
  tab.on('console', (line) => line.type() === 'error' && faults.push(`${name}: ${line.text()}`));
  await tab.goto(page);
  await tab.evaluate(enter, [url, token, connections === '1']);
  return tab;
}

async function hears(tab, name, hertz, when) {
  await tab.waitForFunction(() => window.track(), undefined, { timeout: 15000 });
  const got = await tab.evaluate(() => window.measure());
  console.log(
    `${when}: ${name} hears ${got.hertz.toFixed(0)} Hz, RMS ${got.rms.toFixed(3)}, ${got.quiet} of 20 windows quiet, ` +
      `${got.stalls} stalls of the machine`,
  );
  check(Math.abs(got.hertz - hertz) < 8, `${name} hears ${got.hertz} Hz instead of ${hertz}`);
  check(got.rms > 0.12 && got.rms < 0.24, `${name} hears an RMS of ${got.rms}`);
  check(got.quiet <= Math.min(got.stalls, 10), `${name} hears nothing in ${got.quiet} of 20 windows, for ${got.stalls} stalls`);
}

const has = (tab, event) => tab.waitForFunction((event) => window.seen.includes(event), event, { timeout: 15000 });

const faults = [];
const tabs = [];
try {
  const ann = await open('ann', 700, tokens[0], faults);
  tabs.push(ann);
  const bob = await open('bob', 500, tokens[1], faults);
  tabs.push(bob);
  await Promise.all([hears(ann, 'ann', 500, 'at first'), hears(bob, 'bob', 700, 'at first')]);

  await ann.evaluate(() => window.room.localParticipant.sendText('grüezi', { topic: 'chat' }));
  await bob.waitForFunction(() => window.texts.includes('ann: grüezi'), undefined, { timeout: 10000 });
  await ann.evaluate(() => window.room.localParticipant.setAttributes({ 'lk.agent.state': 'listening' }));
  await bob.waitForFunction(() => window.other().attributes['lk.agent.state'] === 'listening', undefined, { timeout: 10000 });
  await ann.evaluate(() => window.room.localParticipant.setMicrophoneEnabled(false));
  await has(bob, 'trackMuted');
  await ann.evaluate(() => window.room.localParticipant.setMicrophoneEnabled(true));
  await has(bob, 'trackUnmuted');
  await has(bob, 'activeSpeakersChanged');
  await has(bob, 'connectionQualityChanged');

  for (const scenario of ['signal-reconnect', 'full-reconnect']) {
    await ann.evaluate(() => (window.seen.length = 0));
    await ann.evaluate((scenario) => window.room.simulateScenario(scenario), scenario);
    await has(ann, 'reconnected');
    await Promise.all([hears(ann, 'ann', 500, scenario), hears(bob, 'bob', 700, scenario)]);
  }
  await ann.evaluate(() => window.room.disconnect());
  await has(bob, 'participantDisconnected');
  check(faults.length === 0, `the browsers report faults:\n${faults.join('\n')}`);
  console.log('PASSED');
} catch (error) {
  console.log(`FAILED: ${error.message}\n${faults.join('\n')}`);
  process.exitCode = 1;
} finally {
  await Promise.all(tabs.map((tab) => tab.context().browser().close()));
  rmSync(folder, { recursive: true, force: true });
}
