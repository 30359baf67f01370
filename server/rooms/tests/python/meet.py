"""Two participants see each other and hear each other; one mutes, unpublishes and leaves."""

import asyncio

from house import Tone, check, gaps, join, listen, loudness, pitch, run, say, until_well


async def heard(seen, who, hertz):
    _, _, participant = await seen.wait("track_subscribed", lambda t, p, other: other.identity == who)
    track = next(args[0] for name, args in seen.events if name == "track_subscribed" and args[2].identity == who)

    async def listening(stalls):
        samples = await listen(track, 3)
        settled = samples[len(samples) // 3:]
        silent, of = gaps(settled)
        say(f"{who}: {pitch(settled):.0f} Hz, RMS {loudness(settled):.3f}, {silent} of {of} windows silent")
        if abs(pitch(settled) - hertz) >= 5:
            return f"{who} sounds at {pitch(settled):.0f} Hz instead of {hertz}"
        if loudness(settled) > 0.24 or (loudness(settled) < 0.12 and not stalls.count):
            return f"{who} is at an RMS of {loudness(settled):.3f} instead of 0.177"
        return f"{silent} of {of} windows of {who} are silent" if silent > stalls.spoiled() else ""

    await until_well(listening)
    return participant


async def main(url):
    ann, ann_saw = await join(url, "ann", "meet")
    bob, bob_saw = await join(url, "bob", "meet")
    await ann_saw.wait("participant_connected", lambda p: p.identity == "bob" and p.name == "Bob")
    check("ann" in bob.remote_participants, "bob does not see ann")
    say(f"room {await ann.sid}, ann {ann.local_participant.sid}")

    low, high = Tone(440), Tone(1000)
    published = await low.publish(ann)
    await high.publish(bob)
    await asyncio.gather(heard(bob_saw, "ann", 440), heard(ann_saw, "bob", 1000))
    await ann_saw.wait("local_track_subscribed")
    await bob_saw.wait("active_speakers_changed", lambda speakers: {s.identity for s in speakers} >= {"ann", "bob"})
    await bob_saw.wait("connection_quality_changed")

    low.track.mute()
    await bob_saw.wait("track_muted", lambda p, pub: p.identity == "ann" and pub.muted)
    low.track.unmute()
    await bob_saw.wait("track_unmuted", lambda p, pub: p.identity == "ann")

    await ann.local_participant.unpublish_track(published.sid)
    low.stop()
    await bob_saw.wait("track_unpublished", lambda pub, p: p.identity == "ann")
    check(not bob.remote_participants["ann"].track_publications, "a track that was taken back is still there")

    # A second track takes the place of the first: what is heard is the new one.
    again = Tone(600)
    bob_saw.forget()
    await again.publish(ann)
    await heard(bob_saw, "ann", 600)

    await bob.disconnect()
    await ann_saw.wait("participant_disconnected", lambda p: p.identity == "bob")
    check(not ann.remote_participants, "bob is still there")
    await ann.disconnect()


run(main)
