"""Audio and data over a bad network: what share of the audio may be missing is the third argument."""

import asyncio
import json
import sys

from house import Tone, check, gaps, join, listen, loudness, pitch, run, say, until_well


async def main(url):
    allowed = float(sys.argv[3])
    ann, _ = await join(url, "ann", "lossy")
    bob, bob_saw = await join(url, "bob", "lossy")
    tone = Tone(440)
    await tone.publish(ann)
    await bob_saw.wait("track_subscribed")
    track = next(args[0] for name, args in bob_saw.events if name == "track_subscribed")

    async def heard(stalls):
        samples = (await listen(track, 6))[2 * 48_000:]
        silent, of = gaps(samples)
        say(f"{pitch(samples):.0f} Hz, RMS {loudness(samples):.3f}, {silent} of {of} windows silent")
        if abs(pitch(samples) - 440) >= 5 or loudness(samples) <= 0.1:
            return "ann is not heard"
        return f"{silent} of {of} windows are silent, and {allowed:.0%} may be" if silent > allowed * of + stalls.spoiled() else ""

    hears = asyncio.create_task(until_well(heard))
    for number in range(100):
        await ann.local_participant.publish_data(json.dumps({"n": number}), reliable=True, topic="count")
        await asyncio.sleep(0.02)
    await hears
    await bob_saw.wait("data_received", lambda d: json.loads(d.data)["n"] == 99)
    numbers = [json.loads(a[0].data)["n"] for name, a in bob_saw.events if name == "data_received"]
    check(numbers == list(range(100)), f"reliable packets came as {numbers}")
    say("100 reliable packets in order")


run(main)
