"""Signalling that breaks off: a short break is resumed, a long one makes the SDK start anew; either way audio and
data flow again. The same identity joining twice takes its own place."""

import asyncio
import sys
from urllib.parse import urlparse

from house import PATIENCE, Tone, check, gaps, join, listen, loudness, pitch, run, say, until_well


class Wire:
    """A TCP relay to the server, to be cut."""

    def __init__(self, url):
        target = urlparse(url)
        self.target = (target.hostname, target.port)
        self.open, self.writers, self.routes = True, set(), set()

    async def start(self):
        server = await asyncio.start_server(self.relay, "127.0.0.1", 0)
        return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def relay(self, reader, writer):
        if not self.open:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self.target)
        self.writers |= {writer, back}
        request = await reader.readline()
        self.routes.add(request.split()[1].split(b"?")[0].decode())
        back.write(request)

        async def pump(source, sink):
            try:
                while part := await source.read(65536):
                    sink.write(part)
                    await sink.drain()
            except OSError:
                pass
            sink.close()

        await asyncio.gather(pump(reader, back), pump(there, writer))
        self.writers -= {writer, back}

    def cut(self):
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()


async def sound(seen, hertz, what):
    await seen.wait("track_subscribed", lambda t, p, other: other.identity == "ann")
    track = [a[0] for n, a in seen.events if n == "track_subscribed" and a[2].identity == "ann"][-1]

    async def heard(_stalls):
        samples = await listen(track, 2)
        settled = samples[len(samples) // 2:]
        silent, of = gaps(settled)
        say(f"{what}: {pitch(settled):.0f} Hz, RMS {loudness(settled):.3f}, {silent} of {of} windows silent")
        well = abs(pitch(settled) - hertz) < 5 and loudness(settled) > 0.1
        return "" if well else f"{what}: ann is not heard"

    await until_well(heard)


async def main(url):
    wire = Wire(url)
    behind = await wire.start()
    ann, ann_saw = await join(behind, "ann", "resume")
    bob, bob_saw = await join(url, "bob", "resume")
    route = "/rtc/v1" if sys.argv[2] == "1" else "/rtc"
    check(wire.routes == {route}, f"the SDK joined at {wire.routes}")
    tone = Tone(500)
    await tone.publish(ann)
    await sound(bob_saw, 500, "before")
    sid = ann.local_participant.sid

    # Cut and open at once: the same participant goes on, and its media never stopped.
    track = [a[0] for n, a in bob_saw.events if n == "track_subscribed"][-1]

    async def resumed(stalls):
        ann_saw.forget()
        hears = asyncio.create_task(listen(track, 6))
        await asyncio.sleep(1)
        wire.cut()
        await ann_saw.wait("reconnected")
        check(ann.local_participant.sid == sid, "a resume gave another participant")
        samples = await hears
        silent, of = gaps(samples[48_000:])
        say(f"through the resume: {silent} of {of} windows silent")
        return f"{silent} windows of audio were lost to a resume" if silent > stalls.spoiled() else ""

    await until_well(resumed)
    await ann.local_participant.publish_data(b"still here", topic="t")
    await bob_saw.wait("data_received", lambda d: d.data == b"still here")
    await bob.local_participant.publish_data(b"you too", topic="t")
    await ann_saw.wait("data_received", lambda d: d.data == b"you too")
    check(not any(n == "participant_disconnected" for n, _ in bob_saw.events), "a resume made ann leave")

    # Cut for longer than the server waits: ann leaves and comes back as a new participant, by herself.
    ann_saw.forget()
    bob_saw.forget()
    wire.open = False
    wire.cut()
    await bob_saw.wait("participant_disconnected", lambda p: p.identity == "ann")
    wire.open = True
    await ann_saw.wait("reconnected")
    await bob_saw.wait("participant_connected", lambda p: p.identity == "ann")
    # The SDK tells of the reconnection before it shows what is new of itself.
    for _ in range(10 * PATIENCE):
        if ann.local_participant.sid != sid:
            break
        await asyncio.sleep(0.1)
    check(ann.local_participant.sid != sid, "the server forgot the participant, and yet its sid is the same")
    await sound(bob_saw, 500, "after a new start")
    await bob.local_participant.publish_data(b"welcome back", topic="t")
    await ann_saw.wait("data_received", lambda d: d.data == b"welcome back")

    # The same identity from elsewhere takes the place.
    ann_saw.forget()
    again, again_saw = await join(url, "ann", "resume")
    await ann_saw.wait("disconnected", lambda reason: "DUPLICATE" in str(reason) or int(reason) == 2)
    # Bob is told in his own time.
    members = lambda: [(p.identity, p.sid) for p in bob.remote_participants.values()]
    for _ in range(10 * PATIENCE):
        if members() == [("ann", again.local_participant.sid)]:
            break
        await asyncio.sleep(0.1)
    check(members() == [("ann", again.local_participant.sid)], f"ann is not there exactly once: {members()}")
    tone.stop()
    other = Tone(700)
    bob_saw.forget()
    await other.publish(again)
    await sound(bob_saw, 700, "in her place")
    await again.disconnect()
    await bob.disconnect()


run(main)
