"""Hearing and speaking for LiveKit Agents by our own models, which `voice-bench bridge` serves on a local socket.

A message is a letter, the length of what follows in four bytes (the smallest first), and what follows. One connection
hears one person, or says one text; closing it gives the rest up.
"""

import asyncio
import os
import struct

from livekit.agents import stt, tts, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN

SOCKET = "BENCH_SPEECH"
HEARING_RATE = 16_000
SPEAKING_RATE = 24_000

# To the models: audio that is heard, "the utterance is over", a text to be said.
AUDIO, OVER, SAY = b"A", b"O", b"S"
# From them: words so far, words up to a pause, the words of the utterance; sound, and the end of it.
INTERIM, PAUSED, FINAL, SOUND, SAID = b"I", b"P", b"F", b"A", b"E"

# A pause is answered before anybody knows whether the turn is over, so that a reply can be prepared meanwhile.
EVENTS = {
    INTERIM: stt.SpeechEventType.INTERIM_TRANSCRIPT,
    PAUSED: stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
    FINAL: stt.SpeechEventType.FINAL_TRANSCRIPT,
}


def message(kind, content=b""):
    return kind + struct.pack("<I", len(content)) + content


async def read(reader):
    kind = await reader.readexactly(1)
    (length,) = struct.unpack("<I", await reader.readexactly(4))
    return kind, await reader.readexactly(length)


def connect():
    return asyncio.open_unix_connection(os.environ[SOCKET])


class Hearing(stt.STT):
    def __init__(self):
        # "Manual flush": the session says itself when an utterance is over, as soon as it takes the turn to be.
        super().__init__(
            capabilities=stt.STTCapabilities(
                streaming=True, interim_results=True, offline_recognize=False, manual_flush=True
            )
        )

    async def _recognize_impl(self, buffer, *, language=NOT_GIVEN, conn_options):
        raise NotImplementedError("it hears streams")

    def stream(self, *, language=NOT_GIVEN, conn_options=DEFAULT_API_CONNECT_OPTIONS):
        return HearingStream(stt=self, conn_options=conn_options, sample_rate=HEARING_RATE)


class HearingStream(stt.RecognizeStream):
    async def _run(self):
        reader, writer = await connect()

        async def give():
            async for heard in self._input_ch:
                over = isinstance(heard, self._FlushSentinel)
                writer.write(message(OVER) if over else message(AUDIO, bytes(heard.data)))

        async def take():
            while True:
                kind, text = await read(reader)
                words = stt.SpeechData(language="en", text=text.decode())
                self._event_ch.send_nowait(stt.SpeechEvent(type=EVENTS[kind], alternatives=[words]))

        tasks = [asyncio.create_task(give()), asyncio.create_task(take())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[1].done():
                tasks[1].result()
        finally:
            await utils.aio.cancel_and_wait(*tasks)
            writer.close()


class Voice(tts.TTS):
    def __init__(self):
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True), sample_rate=SPEAKING_RATE, num_channels=1
        )

    def synthesize(self, text, *, conn_options=DEFAULT_API_CONNECT_OPTIONS):
        raise NotImplementedError("it says streams")

    def stream(self, *, conn_options=DEFAULT_API_CONNECT_OPTIONS):
        return VoiceStream(tts=self, conn_options=conn_options)


class VoiceStream(tts.SynthesizeStream):
    async def _run(self, output_emitter):
        output_emitter.initialize(
            request_id=utils.shortuuid(),
            sample_rate=SPEAKING_RATE,
            num_channels=1,
            mime_type="audio/pcm",
            stream=True,
        )
        # The whole line is there at once, and is said as one, as in our own interviews.
        text = "".join([part async for part in self._input_ch if isinstance(part, str)])
        if not text.strip():
            return
        self._mark_started()
        output_emitter.start_segment(segment_id=utils.shortuuid())
        reader, writer = await connect()
        try:
            writer.write(message(SAY, text.encode()))
            while (said := await read(reader))[0] == SOUND:
                output_emitter.push(said[1])
        finally:
            writer.close()
        output_emitter.end_segment()
