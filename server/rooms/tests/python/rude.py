"""Somebody in a room who behaves badly, with the unmodified SDK: a hundred tracks, ten megabytes of data a second, audio
that is no Opus. Two others talk in the same room, and two in another one; what they notice is measured and told.

The rude one is a process of its own (`rude.py URL CONNECTIONS WHAT`): it does not take the others' time."""

import asyncio
import sys
import time

import numpy as np
from livekit import rtc

from house import PATIENCE, RATE, WHOLE_SCENE, Tone, check, fail, gaps, join, listen, loudness, run, say

TRACKS = 100
DATA = 14_000  # bytes of a packet, as many as one takes
RATE_OF_DATA = 10_000_000  # bytes a second
FLOOD = 5_000_000  # bytes, at least
LASTS = 5  # seconds
KEY = b"a key that nobody else has"


async def tracks(url):
    room, _ = await join(url, "rude", "hall")

    async def publish(number):
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track(f"track {number}", source)
        await asyncio.wait_for(room.local_participant.publish_track(track, rtc.TrackPublishOptions()), 12)

    done = await asyncio.gather(*(publish(number) for number in range(TRACKS)), return_exceptions=True)
    say(f"{TRACKS} offered, {sum(not isinstance(one, BaseException) for one in done)} taken")
    await room.disconnect()


async def data(url):
    # The SDK takes no more than a few megabytes a second from one.
    rooms = [(await join(url, f"rude {number}", "hall"))[0] for number in range(4)]
    begun, offered = time.monotonic(), 0

    async def flood(room):
        nonlocal offered
        while (now := time.monotonic() - begun) < LASTS or offered < FLOOD:
            if offered > now * RATE_OF_DATA:
                await asyncio.sleep(0.002)
                continue
            some = (room.local_participant.publish_data(bytes(DATA), reliable=False, topic="flood") for _ in range(32))
            done = await asyncio.gather(*(asyncio.wait_for(one, 5) for one in some), return_exceptions=True)
            offered += DATA * sum(not isinstance(one, BaseException) for one in done)

    await asyncio.gather(*(flood(room) for room in rooms))
    say(f"{offered / (time.monotonic() - begun) / 1e6:.1f} MB a second offered")
    for room in rooms:
        await room.disconnect()


async def noise(url):
    # What is encrypted for somebody else is no Opus to anybody here.
    options = rtc.RoomOptions()
    options.encryption = rtc.E2EEOptions(rtc.KeyProviderOptions(shared_key=KEY))
    room, _ = await join(url, "rude", "hall", options)
    tone = Tone(800)
    await tone.publish(room)
    await asyncio.sleep(LASTS)
    say(f"{LASTS} s of audio that is no Opus")
    tone.stop()
    await room.disconnect()


async def echo(of, to, until):
    """The longest time that a packet takes there and back."""
    me, worst, number = f"{of.local_participant.identity}-echo", 0.0, 0
    came = {}
    of.on("data_received", lambda d: came.pop(d.data, asyncio.Event()).set() if d.topic == f"{me}-back" else None)

    def back(d):
        if d.topic == me:
            asyncio.ensure_future(to.local_participant.publish_data(d.data, reliable=True, topic=f"{me}-back"))

    to.on("data_received", back)
    while not until.is_set():
        number += 1
        packet = str(number).encode()
        came[packet] = event = asyncio.Event()
        begun = time.monotonic()
        await of.local_participant.publish_data(packet, reliable=True, topic=me)
        try:
            await asyncio.wait_for(event.wait(), PATIENCE)
        except asyncio.TimeoutError:
            fail("others cannot send data any more")
        worst = max(worst, time.monotonic() - begun)
        await asyncio.sleep(0.1)
    return worst


class Pair:
    """Two who share a room: the first plays a tone, the second hears it."""

    async def begin(self, url, where, speaker, hearer):
        self.where = where
        self.speaks, _ = await join(url, speaker, where)
        self.hears, self.seen = await join(url, hearer, where)
        await Tone(440).publish(self.speaks)
        is_speaker = lambda t, p, other: other.identity == speaker
        self.track, *_ = await self.seen.wait("track_subscribed", is_speaker)
        self.members = {speaker, hearer}
        return self

    async def notice(self, until):
        """The share of silent windows while this lasts, and the longest echo."""
        heard = []

        async def hear():
            while not until.is_set():
                heard.append(await listen(self.track, 1))

        _, worst = await asyncio.gather(hear(), echo(self.speaks, self.hears, until))
        # Each stream begins with what it takes to begin.
        settled = np.concatenate([one[RATE // 4:] for one in heard])
        silent, of = gaps(settled)
        return silent / max(of, 1), worst, loudness(settled)


async def meanwhile(pairs, work):
    over = asyncio.Event()
    noticing = asyncio.gather(*(pair.notice(over) for pair in pairs))
    told = await work
    over.set()
    return told, await noticing


async def rude(what):
    """Runs the rude one to its end; what it says of it."""
    script = [sys.executable, sys.argv[0], sys.argv[1], sys.argv[2], what]
    one = await asyncio.create_subprocess_exec(*script, stdout=asyncio.subprocess.PIPE)
    try:
        out, _ = await asyncio.wait_for(one.communicate(), WHOLE_SCENE)
    finally:
        if one.returncode is None:
            one.kill()
    lines = out.decode().split("\n")
    check(one.returncode == 0 and "PASSED" in lines, f"{what}: {out.decode()}")
    return lines[0]


async def calm():
    await asyncio.sleep(LASTS)
    return "nobody is rude"


async def main(url):
    if len(sys.argv) > 3:
        return await {"tracks": tracks, "data": data, "noise": noise}[sys.argv[3]](url)
    hall = await Pair().begin(url, "hall", "ann", "bob")
    quiet = await Pair().begin(url, "quiet", "cleo", "dan")
    for what in ("calm", "tracks", "data", "noise"):
        told, noticed = await meanwhile((hall, quiet), calm() if what == "calm" else rude(what))
        for where, (silent, worst, loud) in zip(("same room", "other room"), noticed):
            say(f"{told} | {where}: {silent:.1%} silent, echo {worst * 1000:.0f} ms at worst")
            check(loud > 0.1, f"{what}, {where}: nothing is heard any more ({loud:.3f})")
    # Nothing of it came to the other room: neither the rude one, nor tracks, nor data.
    strange = [args for name, args in quiet.seen.events if name == "participant_connected"]
    check({one.identity for one, in strange} <= quiet.members, "somebody came to the other room")
    data_there = {args[0].topic for name, args in quiet.seen.events if name == "data_received"}
    check("flood" not in data_there, "the flood came to the other room")
    tracks_there = [args for name, args in quiet.seen.events if name == "track_published"]
    check(all(args[1].identity in quiet.members for args in tracks_there), "a track came to the other room")
    check(any(args[0].topic == "flood" for name, args in hall.seen.events if name == "data_received"),
          "the same room had none of the flood: this measures nothing")
    for room in (hall.speaks, hall.hears, quiet.speaks, quiet.hears):
        await room.disconnect()


run(main)
