"""How the session is set: as it comes, and tuned for these candidates. All of it is documented by LiveKit Agents.

The end of a turn is found by the model that comes with it (`v1-mini`), which its defaults choose without a cloud, too. The
detector for the cloud and adaptive interruptions cannot be had here; neither can the model of livekit-plugins-turn-detector,
which is fetched from a model hub.
"""

from livekit.agents import inference, room_io


def defaults():
    return {}, room_io.RoomOptions()


def tuned():
    session = {
        "vad": inference.VAD(min_silence_duration=0.25),
        "turn_handling": {
            "turn_detection": inference.TurnDetector(version="v1-mini"),
            # Longer than these people pause between sentences (0.65 s) and within one (1.2 s): with its usual 0.3 s it cuts in
            # wherever a sentence sounds finished.
            "endpointing": {"mode": "fixed", "min_delay": 0.75, "max_delay": 1.5},
            # One word does not stop it, so that "mhm" does not.
            "interruption": {
                "mode": "vad",
                "min_duration": 0.3,
                "min_words": 2,
                "resume_false_interruption": True,
                "false_interruption_timeout": 1.0,
            },
            "preemptive_generation": {"enabled": True, "preemptive_tts": True, "max_speech_duration": 60.0, "max_retries": 10},
        },
        # Nobody here hears an echo, and nobody leaves their place.
        "aec_warmup_duration": None,
        "user_away_timeout": None,
    }
    audio = room_io.AudioInputOptions(sample_rate=16_000, frame_size_ms=20, pre_connect_audio=False)
    return session, room_io.RoomOptions(audio_input=audio)


NAMED = {"agents": tuned, "agents-defaults": defaults}
