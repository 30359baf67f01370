// The unmodified browser SDK for a long stay: plays a tone by a fake microphone, says something every second, listens
// to everybody. Arguments: the folder of the modules, the room's URL, a token, our tone in hertz, and identity=hertz of
// the others. Every ten seconds a line of JSON says what was heard since; ends when standard input does.
import { createServer } from 'node:http';
import { join } from 'node:path';

import { chrome, sweep } from '../../../rooms/tests/browser/chrome.mjs';

const [modules, url, token, own, ...others] = process.argv.slice(2);
const pitches = Object.fromEntries(others.map((other) => other.split('=')).map(([name, hertz]) => [name, Number(hertz)]));
const say = (what) => console.log(JSON.stringify(what));

/** What runs in the page. */
async function enter([url, token, pitches]) {
  const L = window.LivekitClient;
  const room = new L.Room({ singlePeerConnection: true });
  const context = new AudioContext({ sampleRate: 48000 });
  const ears = new Map();
  const fresh = () => Object.fromEntries(Object.keys(pitches).map((name) => [name, [0, 0, 0, 0]]));
  let heard = fresh();
  window.report = () => {
    const said = heard;
    heard = fresh();
    return said;
  };
  window.room = room;
  room.on('trackSubscribed', (track, publication, other) => {
    if (!(other.identity in pitches)) return;
    const element = track.attach();
    document.body.append(element);
    const analyser = context.createAnalyser();
    Object.assign(analyser, { fftSize: 2048, smoothingTimeConstant: 0 });
    const source = context.createMediaStreamSource(new MediaStream([track.mediaStreamTrack]));
    source.connect(analyser);
    ears.set(publication.trackSid, { name: other.identity, analyser, source, element });
  });
  room.on('trackUnsubscribed', (track, publication) => {
    const ear = ears.get(publication.trackSid);
    ears.delete(publication.trackSid);
    ear?.source.disconnect();
    ear?.element.remove();
  });
  room.on('dataReceived', (payload, other, kind, topic) => {
    if (topic === 'count' && heard[other?.identity]) heard[other.identity][3]++;
  });
  room.on('reconnecting', () => window.happened('reconnecting'));
  room.on('signalReconnecting', () => window.happened('reconnecting'));
  room.on('reconnected', () => window.happened('reconnected'));
  room.on('disconnected', () => window.happened('disconnected'));
  const wave = new Float32Array(2048);
  const spectrum = new Float32Array(1024);
  setInterval(() => {
    for (const { name, analyser } of ears.values()) {
      analyser.getFloatTimeDomainData(wave);
      const rms = Math.sqrt(wave.reduce((all, x) => all + x * x, 0) / wave.length);
      analyser.getFloatFrequencyData(spectrum);
      const hertz = (spectrum.indexOf(Math.max(...spectrum)) * 48000) / 2048;
      heard[name][0]++;
      if (rms < 0.02) heard[name][1]++;
      else if (Math.abs(hertz - pitches[name]) > 30) heard[name][2]++;
    }
  }, 100);
  let number = 0;
  setInterval(() => {
    // While it reconnects it is refused.
    room.localParticipant.publishData(new TextEncoder().encode(String(++number)), { reliable: true, topic: 'count' }).catch(() => {});
  }, 1000);
  await room.connect(url, token);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  await room.localParticipant.setMicrophoneEnabled(true, plain);
}

const page = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><title>Soak</title>'));
await new Promise((ready) => page.listen(0, '127.0.0.1', ready));
// While it is cut off, its console complains; that is no fault.
const tab = await chrome(modules, 'the page', Number(own), { push: (fault) => say({ fault }) }, { push() {} });
try {
  await tab.exposeFunction('happened', (event) => say({ event }));
  await tab.goto(`http://127.0.0.1:${page.address().port}/`);
  await tab.addScriptTag({ path: join(modules, 'livekit-client/dist/livekit-client.umd.js') });
  await tab.evaluate(enter, [url, token, pitches]);
  say({ event: 'ready' });
  const report = async () => say({ heard: await tab.evaluate(() => window.report()) });
  const timer = setInterval(() => report().catch((error) => say({ fault: error.message })), 10_000);
  await new Promise((end) => process.stdin.on('end', end).resume());
  clearInterval(timer);
  await tab.evaluate(() => window.room.disconnect());
} catch (error) {
  say({ fault: error.message });
  process.exitCode = 1;
} finally {
  await tab.context().browser().close();
  page.close();
  sweep();
}
