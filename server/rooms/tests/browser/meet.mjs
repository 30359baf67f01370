// Two browsers with fake microphones, each playing a tone, meet in a room: unmodified livekit-client in Chromium.
// Arguments: the page's address, the room's, the folder of playwright-core, how many peer connections each has, and
// two tokens.
import { chrome, PATIENCE, sweep } from './chrome.mjs';

const [page, url, modules, connections, ...tokens] = process.argv.slice(2);

const soon = { timeout: 1000 * PATIENCE };
/** How often a tone is listened to until it is well. What a busy machine spoils is spoiled once; what is wrong is wrong each time. */
const SPELLS = 4;

const check = (truth, what) => {
  if (!truth) throw new Error(what);
};

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
  const tab = await chrome(modules, name, hertz, faults);
  await tab.goto(page);
  await tab.evaluate(enter, [url, token, connections === '1']);
  return tab;
}

async function hears(tab, name, hertz, when) {
  await tab.waitForFunction(() => window.track(), undefined, soon);
  let wrong = '';
  for (let spell = 0; spell < SPELLS; spell++) {
    wrong = await spoiled(tab, name, hertz, when);
    if (!wrong) return;
  }
  throw new Error(wrong);
}

/** What is wrong with what is heard of a tone; nothing if it is well. */
async function spoiled(tab, name, hertz, when) {
  const got = await tab.evaluate(() => window.measure());
  console.log(
    `${when}: ${name} hears ${got.hertz.toFixed(0)} Hz, RMS ${got.rms.toFixed(3)}, ${got.quiet} of 20 windows quiet, ` +
      `${got.stalls} stalls of the machine`,
  );
  if (Math.abs(got.hertz - hertz) >= 8) return `${name} hears ${got.hertz} Hz instead of ${hertz}`;
  if (got.rms <= 0.12 || got.rms >= 0.24) return `${name} hears an RMS of ${got.rms}`;
  if (got.quiet > Math.min(got.stalls, 10)) return `${name} hears nothing in ${got.quiet} of 20 windows, for ${got.stalls} stalls`;
  return '';
}

const has = (tab, event) => tab.waitForFunction((event) => window.seen.includes(event), event, soon);

const faults = [];
const tabs = [];
// Who has left: a browser may still be taking in their tracks when it hears of it, and says so.
const gone = [];
try {
  const ann = await open('ann', 700, tokens[0], faults);
  tabs.push(ann);
  const bob = await open('bob', 500, tokens[1], faults);
  tabs.push(bob);
  await Promise.all([hears(ann, 'ann', 500, 'at first'), hears(bob, 'bob', 700, 'at first')]);

  await ann.evaluate(() => window.room.localParticipant.sendText('grüezi', { topic: 'chat' }));
  await bob.waitForFunction(() => window.texts.includes('ann: grüezi'), undefined, soon);
  await ann.evaluate(() => window.room.localParticipant.setAttributes({ 'lk.agent.state': 'listening' }));
  await bob.waitForFunction(() => window.other().attributes['lk.agent.state'] === 'listening', undefined, soon);
  await ann.evaluate(() => window.room.localParticipant.setMicrophoneEnabled(false));
  await has(bob, 'trackMuted');
  await ann.evaluate(() => window.room.localParticipant.setMicrophoneEnabled(true));
  await has(bob, 'trackUnmuted');
  await has(bob, 'activeSpeakersChanged');
  await has(bob, 'connectionQualityChanged');

  for (const scenario of ['signal-reconnect', 'full-reconnect']) {
    await ann.evaluate(() => (window.seen.length = 0));
    gone.push(await ann.evaluate(() => window.room.localParticipant.sid));
    await ann.evaluate((scenario) => window.room.simulateScenario(scenario), scenario);
    await has(ann, 'reconnected');
    await Promise.all([hears(ann, 'ann', 500, scenario), hears(bob, 'bob', 700, scenario)]);
  }
  const back = await ann.evaluate(() => window.room.localParticipant.sid);
  await ann.evaluate(() => window.room.disconnect());
  await has(bob, 'participantDisconnected');
  const late = (fault) => gone.some((sid) => sid !== back && fault.includes(`that's not present. Sid: ${sid}`));
  const real = faults.filter((fault) => !late(fault));
  check(real.length === 0, `the browsers report faults:\n${real.join('\n')}`);
  console.log('PASSED');
} catch (error) {
  console.log(`FAILED: ${error.message}\n${faults.join('\n')}`);
  process.exitCode = 1;
} finally {
  await Promise.all(tabs.map((tab) => tab.context().browser().close()));
  sweep();
}
