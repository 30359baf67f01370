"""A guest in a room among others, who plays a tone: does what it is told on standard input, a line of JSON each, and
answers with a line on standard output; at the end of the input it leaves. Arguments: the room's address, how many peer
connections, its identity, the tone in hertz."""

import asyncio
import json
import sys

from livekit import rtc

from house import PATIENCE, RATE, Tone, gaps, join, listen, loudness, pitch, run


async def until(what, look):
    for _ in range(50 * PATIENCE):
        found = look()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise RuntimeError(f"{what() if callable(what) else what} in {PATIENCE} s")


class Guest:
    def __init__(self, room, seen):
        self.room, self.me, self.seen = room, room.local_participant, seen
        self.texts, self.files, self.reading = [], [], set()
        room.register_text_stream_handler("chat", self.on_text)
        room.register_byte_stream_handler("files", self.on_file)
        self.me.register_rpc_method("greet", self.on_greet)

    async def on_greet(self, call):
        return f"hello {call.caller_identity}, {call.payload}"

    def read(self, reading):
        task = asyncio.ensure_future(reading)
        self.reading.add(task)
        task.add_done_callback(self.reading.discard)

    def on_text(self, reader, who):
        async def read():
            self.texts.append([who, await reader.read_all()])
        self.read(read())

    def on_file(self, reader, who):
        async def read():
            data = b"".join([part async for part in reader])
            self.files.append([who, reader.info.name, len(data), sum(data) % 65521])
        self.read(read())

    async def measure(self, who, seconds, other_than):
        def track():
            here = self.room.remote_participants.get(who)
            published = here.track_publications.values() if here else []
            return next((p.track for p in published if p.track and p.sid != other_than), None)
        samples = await listen(await until(f"no track of {who}", track), seconds)
        silent, of = gaps(samples)
        heard = samples[len(samples) - int(of * 0.02 * RATE):]
        if not of:
            return {"who": who, "hz": 0, "rms": 0, "silent": 0, "of": 0}
        return {"who": who, "hz": pitch(heard), "rms": loudness(heard), "silent": silent, "of": of}

    async def hear(self, who, seconds, other_than=None):
        return list(await asyncio.gather(*(self.measure(one, seconds, other_than) for one in who)))

    async def text(self, text):
        await self.me.send_text(text, topic="chat")

    async def data(self, text, reliable):
        await self.me.publish_data(text, topic="note", reliable=reliable)

    async def file(self, name, size):
        writer = await self.me.stream_bytes(name, topic="files", total_size=size)
        await writer.write(bytes(n % 251 for n in range(size)))
        await writer.aclose()

    async def call(self, to, payload):
        return await self.me.perform_rpc(destination_identity=to, method="greet", payload=payload)

    async def attributes(self, attributes):
        await self.me.set_attributes(attributes)

    async def got(self, what, item):
        def all_of():
            if what == "data":
                data = (args[0] for name, args in self.seen.events if name == "data_received")
                return [[d.participant.identity, f"{d.topic}: {bytes(d.data).decode()}"] for d in data]
            return self.texts if what == "text" else self.files
        await until(lambda: f"no {what} {item} but {all_of()}", lambda: item in all_of())

    async def sees(self, who, name, value):
        def look():
            here = self.room.remote_participants.get(who)
            return here and here.attributes.get(name) == value
        await until(f"{who} is not {value}", look)

    async def misses(self, who):
        await until(f"{who} is still here", lambda: who not in self.room.remote_participants)


def answer(what):
    print(json.dumps(what), flush=True)


async def main(url):
    room, seen = await join(url, sys.argv[3], "room", rtc.RoomOptions())
    guest = Guest(room, seen)
    await Tone(float(sys.argv[4])).publish(room)
    answer({"ok": "here"})
    while line := await asyncio.to_thread(sys.stdin.readline):
        told = json.loads(line)
        task = told.pop("task")
        try:
            answer({"ok": await getattr(guest, task)(**told)})
        except Exception as error:
            answer({"error": f"{task}: {type(error).__name__}: {error}"})
    await room.disconnect()


run(main)
