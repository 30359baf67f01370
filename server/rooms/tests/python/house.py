"""What the scripts share: tokens, rooms, tones, and how a script says what it saw."""

import asyncio
import math
import sys
import time
from datetime import timedelta

import numpy as np
from livekit import api, rtc

RATE = 48_000
FRAME = 480  # 10 ms
KEY, SECRET = "devkey", "a secret for tests, long enough to sign with"
# Longer than anything that comes takes, on a machine that is slow and busy: it ends what hangs. Both are those of
# server/patience.
PATIENCE, WHOLE_SCENE = 120, 600
# How often a tone is listened to until it is well. What a busy machine spoils is spoiled once; what is wrong is wrong
# each time.
SPELLS = 4


def token(identity, room, **grants):
    """A token for this identity; `grants` change what it may do."""
    kind = grants.pop("kind", None)
    video = {"room_join": True, "room": room, "can_update_own_metadata": True, **grants}
    access = api.AccessToken(KEY, SECRET).with_identity(identity).with_name(identity.title())
    if kind:
        access = access.with_kind(kind)
    return access.with_grants(api.VideoGrants(**video)).with_ttl(timedelta(hours=1)).to_jwt()


class Seen:
    """Events of a room, in order, to be waited for."""

    def __init__(self, room, *names):
        self.events = []
        self.changed = asyncio.Event()
        for name in names:
            room.on(name, lambda *args, name=name: self.note(name, args))

    def note(self, name, args):
        self.events.append((name, args))
        self.changed.set()

    async def wait(self, name, test=lambda *args: True):
        """The first event of this name that passes the test, whether it came already or is still to come."""
        async def look():
            while True:
                for event, args in self.events:
                    if event == name and test(*args):
                        return args
                self.changed.clear()
                await self.changed.wait()
        try:
            return await asyncio.wait_for(look(), PATIENCE)
        except asyncio.TimeoutError:
            fail(f"no {name}; there were {[event for event, _ in self.events]}")

    def forget(self):
        self.events.clear()


async def join(url, identity, room, options=None, connections=None, **grants):
    """Joins and returns the room with what is seen in it."""
    connections = connections or int(sys.argv[2])
    entered = rtc.Room()
    seen = Seen(
        entered, "participant_connected", "participant_disconnected", "track_published", "track_unpublished",
        "track_subscribed", "track_unsubscribed", "track_muted", "track_unmuted", "data_received",
        "participant_attributes_changed", "participant_metadata_changed", "participant_name_changed",
        "active_speakers_changed", "connection_quality_changed", "reconnecting", "reconnected", "disconnected",
        "room_metadata_changed", "local_track_subscribed",
    )
    options = options or rtc.RoomOptions()
    options.single_peer_connection = connections == 1
    await asyncio.wait_for(entered.connect(url, token(identity, room, **grants), options), PATIENCE)
    return entered, seen


class Tone:
    """A track that plays a sine until stopped."""

    def __init__(self, hertz, level=0.25):
        self.source = rtc.AudioSource(RATE, 1)
        self.track = rtc.LocalAudioTrack.create_audio_track("tone", self.source)
        self.hertz, self.level, self.at = hertz, level, 0
        self.task = None

    async def publish(self, room):
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publication = await asyncio.wait_for(room.local_participant.publish_track(self.track, options), PATIENCE)
        self.task = asyncio.create_task(self.play())
        return publication

    async def play(self):
        while True:
            t = (self.at + np.arange(FRAME)) / RATE
            samples = (np.sin(2 * math.pi * self.hertz * t) * self.level * 32767).astype(np.int16)
            self.at += FRAME
            await self.source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, FRAME))

    def stop(self):
        if self.task:
            self.task.cancel()


async def listen(track, seconds):
    """Samples of a track, as they come, between -1 and 1."""
    stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
    parts = []

    async def collect():
        count = 0
        async for event in stream:
            part = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64) / 32767
            parts.append(part)
            count += len(part)
            if count >= seconds * RATE:
                return

    try:
        await asyncio.wait_for(collect(), seconds + PATIENCE)
    except asyncio.TimeoutError:
        fail(f"only {sum(map(len, parts)) / RATE:.1f} s of audio came, of {seconds} s")
    finally:
        await stream.aclose()
    return np.concatenate(parts)


def loudness(samples):
    return float(np.sqrt(np.mean(samples**2)))


def pitch(samples):
    """The strongest frequency, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


def gaps(samples, window=0.02):
    """Windows that are silent after the first sound."""
    size = int(window * RATE)
    rms = [loudness(samples[i:i + size]) for i in range(0, len(samples) - size, size)]
    first = next((i for i, value in enumerate(rms) if value > 0.02), len(rms))
    return sum(1 for value in rms[first:] if value < 0.02), len(rms) - first


class Stalls:
    """Counts for how many times 20 ms this process, which plays and listens, stands still."""

    def __init__(self):
        self.count = 0
        self.task = asyncio.create_task(self.watch())

    async def watch(self):
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            # Timers have a grain; 10 ms late is a window that is missed.
            self.count += int((time.monotonic() - before - 0.005 + 0.01) / 0.02)

    def spoiled(self):
        """How many windows that may have spoiled: around each, a tenth of a second."""
        return 5 * self.count


async def until_well(listening):
    """Listens until nothing is wrong; `listening` gives what is, and is told of the stalls meanwhile."""
    wrong = ""
    for _ in range(SPELLS):
        stalls = Stalls()
        wrong = await listening(stalls)
        stalls.task.cancel()
        if not wrong:
            return
        say(f"not well, {stalls.count} stalls: {wrong}")
    fail(f"{SPELLS} times: {wrong}")


def check(truth, what):
    if not truth:
        fail(what)


def fail(what):
    print(f"FAILED: {what}", flush=True)
    sys.stdout.flush()
    import os
    os._exit(1)


def say(what):
    print(what, flush=True)


def run(main):
    """Runs a script: its arguments are the server's URL and how many peer connections a client shall have."""
    async def guarded():
        try:
            await asyncio.wait_for(main(sys.argv[1]), WHOLE_SCENE)
        except BaseException as error:  # whatever it is, the script must end and say so
            import traceback
            traceback.print_exc()
            fail(f"{type(error).__name__}: {error}")
    asyncio.run(guarded())
    say("PASSED")
    import os
    os._exit(0)
