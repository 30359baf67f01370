// A guest in a room among others: unmodified livekit-client in Chromium, whose microphone plays a tone. It does what it
// is told on standard input, a line of JSON each, and answers with a line on standard output; at the end of the input it
// leaves. Arguments: the room's address, the folder of livekit-client and playwright-core, a token, the tone in hertz.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chrome, PATIENCE, sweep } from './chrome.mjs';

const [url, modules, token, hertz] = process.argv.slice(2);
const SDK = readFileSync(join(modules, 'livekit-client/dist/livekit-client.umd.js'), 'utf8');

/** What runs in the page: joins, publishes, and can do and say all that a guest is asked for. */
async function enter([url, token, patience]) {
  const L = window.LivekitClient;
  const room = new L.Room({ singlePeerConnection: true });
  const got = { text: [], data: [], file: [] };
  const me = room.localParticipant;
  room.registerTextStreamHandler('chat', async (reader, who) => got.text.push([who.identity, await reader.readAll()]));
  room.registerByteStreamHandler('files', async (reader, who) => {
    const parts = await reader.readAll();
    const bytes = parts.flatMap((part) => [...part]);
    got.file.push([who.identity, reader.info.name, bytes.length, bytes.reduce((sum, byte) => (sum + byte) % 65521, 0)]);
  });
  room.on(L.RoomEvent.DataReceived, (bytes, who, _kind, topic) => got.data.push([who.identity, `${topic}: ${new TextDecoder().decode(bytes)}`]));
  room.registerRpcMethod('greet', async (call) => `hello ${call.callerIdentity}, ${call.payload}`);
  await room.connect(url, token);
  await me.setMicrophoneEnabled(true, { echoCancellation: false, noiseSuppression: false, autoGainControl: false });

  const until = async (what, look) => {
    for (let round = 0; round < 50 * patience; round++) {
      const found = look();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`${what} in ${patience} s`);
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  /** The samples of a track, as they are played, for so long. */
  async function samples(track, seconds) {
    const element = track.attach();
    document.body.append(element);
    const reader = new MediaStreamTrackProcessor({ track: track.mediaStreamTrack }).readable.getReader();
    const parts = [];
    let [count, rate] = [0, 48000];
    while (count < seconds * rate) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the track ended');
      rate = value.sampleRate;
      const part = new Float32Array(value.numberOfFrames);
      value.copyTo(part, { planeIndex: 0, format: 'f32-planar' });
      value.close();
      parts.push(...part);
      count += part.length;
    }
    await reader.cancel();
    element.remove();
    return [parts, rate];
  }

  async function measure({ who, seconds, other_than }) {
    const track = await until(`no track of ${who}`, () =>
      [...(room.remoteParticipants.get(who)?.audioTrackPublications.values() ?? [])].find((p) => p.track && p.trackSid !== other_than)?.track);
    const [all, rate] = await samples(track, seconds);
    const size = rate / 50;
    const energy = (part) => Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
    const windows = [];
    for (let at = 0; at + size <= all.length; at += size) windows.push(energy(all.slice(at, at + size)));
    const first = windows.findIndex((value) => value > 0.02);
    if (first < 0) return { who, hz: 0, rms: 0, silent: windows.length, of: windows.length };
    const heard = all.slice(first * size);
    // The strongest tone, to the nearest 10 Hz (Goertzel).
    let [hz, most] = [0, 0];
    for (let tone = 100; tone <= 1500; tone += 10) {
      const w = (2 * Math.PI * tone) / rate;
      let [a, b] = [0, 0];
      for (const x of heard) [b, a] = [a, x + 2 * Math.cos(w) * a - b];
      const power = a * a + b * b - 2 * Math.cos(w) * a * b;
      if (power > most) [hz, most] = [tone, power];
    }
    const silent = windows.slice(first).filter((value) => value < 0.02).length;
    return { who, hz, rms: energy(heard), silent, of: windows.length - first };
  }

  window.tasks = {
    hear: ({ who, ...rest }) => Promise.all(who.map((one) => measure({ who: one, ...rest }))),
    text: ({ text }) => me.sendText(text, { topic: 'chat' }).then(() => true),
    data: ({ text, reliable }) => me.publishData(new TextEncoder().encode(text), { topic: 'note', reliable }).then(() => true),
    file: async ({ name, size }) => {
      const writer = await me.streamBytes({ name, topic: 'files', totalSize: size });
      await writer.write(Uint8Array.from({ length: size }, (_, n) => n % 251));
      await writer.close();
      return true;
    },
    call: ({ to, payload }) => me.performRpc({ destinationIdentity: to, method: 'greet', payload }),
    attributes: ({ attributes }) => me.setAttributes(attributes).then(() => true),
    got: ({ what, item }) => until(`no ${what} ${JSON.stringify(item)} but ${JSON.stringify(got[what])}`, () => got[what].some((one) => same(one, item))),
    sees: ({ who, name, value }) => until(`${who} is not ${value}`, () => room.remoteParticipants.get(who)?.attributes[name] === value),
    misses: ({ who }) => until(`${who} is still here`, () => !room.remoteParticipants.has(who)),
  };
}

/** Serves the page; says where. */
function page() {
  const html = '<!doctype html><title>Guest</title><link rel=icon href=data:,><script src=sdk.js></script>';
  const server = createServer((request, response) => {
    const script = request.url === '/sdk.js';
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' }).end(script ? SDK : html);
  });
  server.unref();
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}/`)));
}

const faults = [];
const tab = await chrome(modules, 'the guest', Number(hertz), faults);
const answer = (what) => console.log(JSON.stringify(what));
try {
  await tab.goto(await page());
  await tab.evaluate(enter, [url, token, PATIENCE]);
  answer({ ok: 'here' });
  for await (const line of createInterface({ input: process.stdin })) {
    const { task, ...rest } = JSON.parse(line);
    try {
      answer({ ok: await tab.evaluate(([task, rest]) => window.tasks[task](rest), [task, rest]) });
    } catch (error) {
      answer({ error: `${task}: ${error.message}; ${faults.join('; ')}` });
    }
  }
} catch (error) {
  answer({ error: `${error.message}; ${faults.join('; ')}` });
} finally {
  await tab.context().browser().close();
  sweep();
}
