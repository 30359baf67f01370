"""Audio and data over a bad network: what share of the audio may be missing is the third argument."""

import asyncio
import json
import sys

from house import Tone, check, gaps, join, listen, loudness, pitch, run, say


async def main(url):
    allowed = float(sys.argv[3])
    ann, _ = await join(url, "ann", "lossy")
    bob, bob_saw = await join(url, "bob", "lossy")
    tone = Tone(440)
    await tone.publish(ann)
    await bob_saw.wait("track_subscribed", seconds=20)
    track = next(args[0] for name, args in bob_saw.events if name == "track_subscribed")
    hears = asyncio.create_task(listen(track, 6))
    for number in range(100):
        await ann.local_participant.publish_data(json.dumps({"n": number}), reliable=True, topic="count")
        await asyncio.sleep(0.02)
    samples = (await hears)[2 * 48_000:]
    silent, of = gaps(samples)
    say(f"{pitch(samples):.0f} Hz, RMS {loudness(samples):.3f}, {silent} of {of} windows silent")
    check(abs(pitch(samples) - 440) < 5 and loudness(samples) > 0.1, "ann is not heard")
    check(silent <= allowed * of, f"{silent} of {of} windows are silent, and {allowed:.0%} may be")
    await bob_saw.wait("data_received", lambda d: json.loads(d.data)["n"] == 99, 30)
    numbers = [json.loads(a[0].data)["n"] for name, a in bob_saw.events if name == "data_received"]
    check(numbers == list(range(100)), f"reliable packets came as {numbers}")
    say("100 reliable packets in order")


run(main)
