"""The unmodified Python SDK for a long stay: plays a tone, says something every second, listens to everybody.

Arguments: the room's URL, a token, our tone in hertz, and identity=hertz of the others. Every ten seconds a line of
JSON says what was heard since; ends when standard input does.
"""

import asyncio
import json
import math
import os
import sys

import numpy as np
from livekit import rtc

RATE, FRAME, WINDOW = 48_000, 480, 4_800  # 10 ms, 100 ms
url, token, own = sys.argv[1], sys.argv[2], float(sys.argv[3])
pitches = {name: float(hertz) for name, hertz in (other.split("=") for other in sys.argv[4:])}
heard = {name: [0, 0, 0, 0] for name in pitches}  # windows of 20 ms, silent, wrong, messages


def say(**what):
    print(json.dumps(what), flush=True)


def purity(samples, hertz):
    turn = np.exp(-2j * math.pi * hertz * np.arange(len(samples)) / RATE)
    return 2 * abs(np.dot(samples, turn)) ** 2 / (len(samples) * float(np.dot(samples, samples)) + 1e-9)


def judge(samples, name):
    parts = samples.reshape(5, -1)
    silent = int(np.sum(np.sqrt(np.mean(parts**2, axis=1)) < 0.02))
    wrong = 5 if silent == 0 and purity(samples, pitches[name]) < 0.7 else 0
    for at, value in enumerate((5, silent, wrong)):
        heard[name][at] += value


async def listen(stream, name):
    waiting = np.empty(0)
    async for event in stream:
        part = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64) / 32767
        waiting = np.concatenate([waiting, part])
        while len(waiting) >= WINDOW:
            judge(waiting[:WINDOW], name)
            waiting = waiting[WINDOW:]


async def play(source):
    at = 0
    while True:
        t = (at + np.arange(FRAME)) / RATE
        samples = (np.sin(2 * math.pi * own * t) * 0.25 * 32767).astype(np.int16)
        at = (at + FRAME) % RATE
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, FRAME))


async def tell(room):
    number = 0
    while True:
        await asyncio.sleep(1)
        number += 1
        try:
            await asyncio.wait_for(room.local_participant.publish_data(str(number), topic="count"), 10)
        except Exception:  # while it reconnects
            pass
        if number % 10 == 0:
            say(heard=heard)
            for counts in heard.values():
                counts[:] = [0, 0, 0, 0]


async def main():
    room, tasks, streams = rtc.Room(), set(), {}

    def keep(coroutine):
        task = asyncio.ensure_future(coroutine)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def message(packet):
        who = packet.participant.identity if packet.participant else ""
        if packet.topic == "count" and who in heard:
            heard[who][3] += 1

    def begin(track, publication, other):
        if other.identity in pitches:
            streams[publication.sid] = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
            keep(listen(streams[publication.sid], other.identity))

    def end(track, publication, other):
        # Left open it would hear whatever comes on the same section next.
        if stream := streams.pop(publication.sid, None):
            keep(stream.aclose())

    room.on("track_subscribed", begin)
    room.on("track_unsubscribed", end)
    room.on("data_received", message)
    room.on("reconnecting", lambda: say(event="reconnecting"))
    room.on("reconnected", lambda: say(event="reconnected"))
    room.on("disconnected", lambda reason: say(event="disconnected"))
    options = rtc.RoomOptions()
    options.single_peer_connection = True
    await asyncio.wait_for(room.connect(url, token, options), 20)
    source = rtc.AudioSource(RATE, 1)
    track = rtc.LocalAudioTrack.create_audio_track("tone", source)
    await room.local_participant.publish_track(track, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
    keep(play(source))
    keep(tell(room))
    say(event="ready")
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait_for(room.disconnect(), 10)
    os._exit(0)


asyncio.run(main())
