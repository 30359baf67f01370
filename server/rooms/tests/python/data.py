"""Data packets, text and byte streams, RPC, attributes, names and metadata between participants."""

import asyncio
import json

from livekit import rtc

from house import PATIENCE, check, join, run, say


async def main(url):
    ann, ann_saw = await join(url, "ann", "data")
    bob, bob_saw = await join(url, "bob", "data")
    eve, eve_saw = await join(url, "eve", "data")
    for saw, others in ((ann_saw, 2), (bob_saw, 1)):
        for other in ("bob", "eve")[2 - others:]:
            await saw.wait("participant_connected", lambda p, other=other: p.identity == other)

    # Reliable: all in order. Lossy: of some, one arrives at least; a busy machine loses packets on the loopback, too.
    # Named: only to whom it is for.
    for number in range(300):
        await ann.local_participant.publish_data(json.dumps({"n": number}), reliable=True, topic="count")
    await bob_saw.wait("data_received", lambda d: d.topic == "count" and json.loads(d.data)["n"] == 299)
    numbers = [json.loads(a[0].data)["n"] for name, a in bob_saw.events if name == "data_received"]
    check(numbers == list(range(300)), f"not all in order: {numbers[:20]}")
    packet = next(a[0] for name, a in bob_saw.events if name == "data_received")
    check(packet.participant.identity == "ann", "the sender is not named")
    for _ in range(10):
        await bob.local_participant.publish_data(b"fast", reliable=False, topic="lossy")
        await asyncio.sleep(0.05)
    await ann_saw.wait("data_received", lambda d: d.topic == "lossy" and d.data == b"fast")
    await bob.local_participant.publish_data(b"only you", destination_identities=["ann"], topic="named")
    await ann_saw.wait("data_received", lambda d: d.topic == "named")
    await asyncio.sleep(0.3)
    check(not any(n == "data_received" and a[0].topic == "named" for n, a in eve_saw.events), "eve overheard it")
    say("300 reliable packets in order, lossy and named ones as well")

    # Text streams, whole and growing; a byte stream of a megabyte.
    texts, blobs = asyncio.Queue(), asyncio.Queue()

    def on_text(reader, identity):
        async def read():
            await texts.put((identity, await reader.read_all()))
        asyncio.ensure_future(read())

    def on_bytes(reader, identity):
        async def read():
            parts = [part async for part in reader]
            await blobs.put((identity, b"".join(parts)))
        asyncio.ensure_future(read())

    bob.register_text_stream_handler("lk.transcription", on_text)
    bob.register_byte_stream_handler("blob", on_bytes)
    await ann.local_participant.send_text("grüezi", topic="lk.transcription")
    check(await asyncio.wait_for(texts.get(), PATIENCE) == ("ann", "grüezi"), "the text did not come")
    writer = await ann.local_participant.stream_text(topic="lk.transcription", attributes={"lk.segment_id": "s1"})
    for part in ("one ", "two ", "three"):
        await writer.write(part)
    await writer.aclose()
    check(await asyncio.wait_for(texts.get(), PATIENCE) == ("ann", "one two three"), "the growing text did not come")
    megabyte = bytes(range(256)) * 4096
    sender = await ann.local_participant.stream_bytes("blob.bin", topic="blob", total_size=len(megabyte))
    await sender.write(megabyte)
    await sender.aclose()
    who, got = await asyncio.wait_for(blobs.get(), PATIENCE)
    check(got == megabyte, f"{len(got)} bytes of a megabyte came, or others")
    say("text streams, and a byte stream of 1 MiB unchanged")

    # RPC, answered and refused.
    @bob.local_participant.register_rpc_method("greet")
    async def greet(call):
        if call.payload == "rude":
            raise rtc.RpcError(1503, "no")
        return f"hello {call.caller_identity}, {call.payload}"

    answer = await ann.local_participant.perform_rpc(destination_identity="bob", method="greet", payload="fine day")
    check(answer == "hello ann, fine day", f"RPC said {answer}")
    try:
        await ann.local_participant.perform_rpc(destination_identity="bob", method="greet", payload="rude")
        check(False, "the error of an RPC did not come")
    except rtc.RpcError as error:
        check(error.code == 1503, f"RPC failed with {error}")
    say("RPC answered and refused")

    # Attributes, name, metadata.
    await ann.local_participant.set_attributes({"lk.agent.state": "thinking", "x": "1"})
    await bob_saw.wait("participant_attributes_changed", lambda c, p: c.get("lk.agent.state") == "thinking")
    await ann.local_participant.set_attributes({"lk.agent.state": "speaking", "x": ""})
    await bob_saw.wait("participant_attributes_changed", lambda c, p: c.get("lk.agent.state") == "speaking")
    check(dict(bob.remote_participants["ann"].attributes) == {"lk.agent.state": "speaking"},
          f"attributes are {bob.remote_participants['ann'].attributes}")
    await ann.local_participant.set_metadata("about ann")
    await bob_saw.wait("participant_metadata_changed", lambda p, old, new: new == "about ann")
    await ann.local_participant.set_name("Annabel")
    await bob_saw.wait("participant_name_changed", lambda p, old, new: new == "Annabel")
    say("attributes, metadata and name")

    # What a token does not allow.
    mute, mute_saw = await join(url, "mute", "data", can_publish_data=False, can_update_own_metadata=False,
                                can_publish=False)
    ann_saw.forget()
    await mute.local_participant.publish_data(b"psst", topic="forbidden")
    await mute.local_participant.set_name("Loud")
    hidden, _ = await join(url, "ghost", "data", hidden=True)
    agent, _ = await join(url, "agent", "data", kind="agent")
    await ann_saw.wait("participant_connected", lambda p: p.identity == "agent")
    kind = ann.remote_participants["agent"].kind
    check(kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT, f"the agent is of kind {kind}")
    check(ann.remote_participants["mute"].name == "Mute", "a name was changed without the right to it")
    check("ghost" not in ann.remote_participants, "who is hidden is seen")
    check(not any(n == "data_received" and a[0].topic == "forbidden" for n, a in ann_saw.events), "forbidden data came")
    say("what a token does not allow does not happen")
    for room in (ann, bob, eve, mute, hidden, agent):
        await room.disconnect()


run(main)
