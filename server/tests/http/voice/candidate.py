"""A candidate by LiveKit's own Python SDK: joins, hears the interviewer out, answers with a recording, and says what
it heard. Arguments: the room's address, the token, the recording (WAV, mono, 16 bits). Prints a line of JSON."""

import array
import asyncio
import json
import os
import sys
import time
import wave

from livekit import rtc

# Mean level of 10 ms that is heard as a voice, and how long nothing is heard before somebody has finished.
AUDIBLE = 60
FINISHED = 1.0


class Ear:
    """When the interviewer was audible: first and last moments of stretches."""

    def __init__(self):
        self.stretches = []

    async def listen(self, track):
        async for event in rtc.AudioStream(track, sample_rate=16000, num_channels=1):
            now, samples = time.monotonic(), event.frame.data
            if sum(map(abs, samples)) / max(1, len(samples)) < AUDIBLE:
                continue
            if self.stretches and now - self.stretches[-1][1] < 0.3:
                self.stretches[-1][1] = now
            else:
                self.stretches.append([now, now])

    async def begins(self, after, within):
        until = time.monotonic() + within
        while time.monotonic() < until:
            for first, last in self.stretches:
                if last > after:
                    return max(first, after)
            await asyncio.sleep(0.02)
        raise SystemExit(f"nothing was heard of the interviewer within {within} s")

    async def finishes(self):
        while time.monotonic() - self.stretches[-1][1] < FINISHED:
            await asyncio.sleep(0.02)


async def main(url, token, recording):
    room, ear, tasks, captions, states = rtc.Room(), Ear(), [], {}, []

    @room.on("track_subscribed")
    def subscribed(track, publication, who):
        tasks.append(asyncio.ensure_future(ear.listen(track)))

    @room.on("participant_attributes_changed")
    def changed(attributes, who):
        if "lk.agent.state" in attributes:
            states.append(attributes["lk.agent.state"])

    def caption(reader, who):
        async def read():
            text = await reader.read_all()
            captions[reader.info.attributes.get("lk.segment_id")] = text
        tasks.append(asyncio.ensure_future(read()))

    room.register_text_stream_handler("lk.transcription", caption)
    begun = time.monotonic()
    await room.connect(url, token)
    with wave.open(recording) as file:
        rate, pcm = file.getframerate(), array.array("h", file.readframes(file.getnframes()))
    source = rtc.AudioSource(rate, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    await room.local_participant.publish_track(track, options)

    opening = await ear.begins(begun, 30)
    await ear.finishes()
    for start in range(0, len(pcm), rate // 50):
        samples = pcm[start:start + rate // 50]
        samples.extend([0] * (rate // 50 - len(samples)))
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), rate, 1, rate // 50))
    await source.wait_for_playout()
    ended = time.monotonic()
    reply = await ear.begins(ended, 20)
    await ear.finishes()
    await asyncio.sleep(0.3)
    agents = [who for who in room.remote_participants.values()
              if who.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT]
    print(json.dumps({
        "opening_after": opening - begun,
        "reply_after": reply - ended,
        "agents": len(agents),
        "states": states,
        "captions": list(captions.values()),
    }))
    await room.disconnect()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    # What the SDK runs beside Python may be cut off in the middle when the interpreter takes itself apart, and aborts then.
    sys.stdout.flush()
    os._exit(0)
