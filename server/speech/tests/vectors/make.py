"""Makes the vectors in this folder with the references: the Python packages that the models come in.

    python3 -m venv v && v/bin/pip install hibari-tts==0.2.1 numpy scipy onnxruntime==1.23.2
    v/bin/pip download --no-deps pipecat-ai==1.14.0 moonshine-voice==0.1.0
    v/bin/python make.py pipecat_ai-1.14.0-py3-none-any.whl moonshine_voice-0.1.0-*.whl

Every session computes 8-bit sums exactly (`session.x64quantprecision`; processors with VNNI do so anyway), so that the
vectors do not depend on the processor that made them. ONNX Runtime is the version that we run: 1.32 cannot open Hibari
with that entry.

- `phonemes.txt`: lines of a text, a tab, and what the package's G2P reads it as, without its normalisation of numbers.
  Texts with a digit, a symbol or a quote are left out (it reads a word in quotes by its spelling), and those with a name from our own list (src/local/hibari/read/names.rs).
- `wave.f32`: the samples (32-bit floats, little end first) that `hibari.dsp.synth` makes of parts given by formulas,
  the same as in src/local/hibari/wave_tests.rs.
- `speech.i16`: the samples (16 bits) of `SAID` spoken by the whole package.
- `beckett.json`: what the models for hearing give for Moonshine's recording `beckett.wav` with Pipecat's own features.
  `turn`: pairs of samples from the start, and Smart Turn's probability at that point; `vad`: Silero's probability of
  every 512 samples, its state carried over from one to the next.
- `mel.json`: every 97th value of Pipecat's features (`compute_whisper_log_mel_features`) for three seconds of the noise
  that src/local/mel.rs makes.

The noise is ours, number by number, so that everything can be compared.
"""

import importlib.util
import io
import json
import re
import sys
import wave as wav
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime

EXACT = {"session.x64quantprecision": "1"}


class ExactSession(onnxruntime.InferenceSession):
    """A session that computes 8-bit sums exactly, whoever opens it."""

    def __init__(self, model, sess_options=None, **others):
        options = sess_options or onnxruntime.SessionOptions()
        for key, value in EXACT.items():
            options.add_session_config_entry(key, value)
        super().__init__(model, sess_options=options, **others)


onnxruntime.InferenceSession = ExactSession
from hibari import Hibari, dsp  # noqa: E402, which takes up that name when it is imported

HERE = Path(__file__).parent
SAID = "Tell me about a project you are proud of."
MASK = (1 << 64) - 1


class Noise:
    """What src/local/hibari/noise.rs does, in the place of numpy's generator."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        bits ^= bits >> 31
        total = sum((bits >> shift) & 0xFFFF for shift in (0, 16, 32, 48))
        return (total - 131070.0) * (1.7320508 / 65536.0)

    def standard_normal(self, shape, dtype):
        return np.array([self.next() for _ in range(shape[0] * shape[1])], dtype).reshape(shape)


def phonemes():
    names = re.findall(r'\("([a-z0-9]+)", "', (HERE / "../../src/local/hibari/read/names.rs").read_text())
    texts = (HERE / "../data/interview_sentences.txt").read_text().splitlines()
    texts += (HERE / "texts.txt").read_text().splitlines()
    g2p = Hibari().g2p
    with open(HERE / "phonemes.txt", "w") as file:
        for text in texts:
            words = re.findall(r"[a-z0-9]+", text.lower())
            if not re.search(r'[0-9%$/&+@#"]', text) and not set(words) & set(names):
                file.write(f"{text}\t{g2p(text, normalize_text=False)}\n")


def wave():
    frames = 12
    b, f = np.meshgrid(np.arange(601), np.arange(frames), indexing="ij")
    parts = [
        -3 + np.sin(0.013 * b + 0.31 * f),
        0.4 * np.sin(0.007 * b - 0.2 * f),
        -5 + np.cos(0.011 * b + 0.17 * f),
        -4 + np.sin(0.02 * b + f),
        3 * np.sin(0.05 * b + 0.7 * f),
    ]
    pitch = 180 + 40 * np.sin(0.5 * np.arange(frames))
    pitch[4:6] = 0
    samples = dsp.synth(*[part.astype(np.float32) for part in parts], pitch.astype(np.float32), Noise(7))
    samples.astype("<f4").tofile(HERE / "wave.f32")


def speech():
    voice = Hibari()
    (sounds,) = voice.phonemize(SAID)
    samples = voice.from_ids(voice.ids(sounds), 1.0, Noise(0x686962617269))
    (np.clip(samples, -1, 1) * 32767).astype("<i2").tofile(HERE / "speech.i16")


def recording(moonshine):
    with wav.open(io.BytesIO(moonshine.read("moonshine_voice/assets/beckett.wav"))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def features_of(pipecat):
    """Pipecat's own function, out of its wheel: importing the package would want all that it depends on."""
    source = pipecat.read("pipecat/audio/turn/smart_turn/_whisper_features.py")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("features", loader=None))
    exec(compile(source, "_whisper_features.py", "exec"), module.__dict__)

    def features(pcm):
        audio = pcm.astype(np.float32)[-128000:] / 32768
        return module.compute_whisper_log_mel_features(np.pad(audio, (128000 - len(audio), 0)))

    return features


def turns(pipecat, features, pcm):
    model = ExactSession(pipecat.read("pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"))
    for end in [16000, 32000, 50000, 64000, 80000, 100000, 120000, 140000, len(pcm)]:
        given = features(pcm[:end])[None].astype(np.float32)
        (likely,) = model.run(None, {"input_features": given})
        yield [end, round(float(likely.flatten()[0]), 5)]


def activity(pipecat, pcm):
    model = ExactSession(pipecat.read("pipecat/audio/vad/data/silero_vad.onnx"))
    state, context = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32)
    for at in range(0, len(pcm) - 511, 512):
        frame = pcm[at : at + 512].astype(np.float32) / 32768
        given = {"input": np.concatenate([context, frame])[None], "state": state, "sr": np.array(16000, np.int64)}
        likely, state = model.run(None, given)
        context = frame[-64:]
        yield round(float(likely[0, 0]), 4)


def noise(samples):
    """The same as `noise` in the tests of src/local/mel.rs."""
    seed, pcm = 12345, []
    for at in range(samples):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        value = ((seed >> 16) & 0x3FFF) - 8192
        pcm.append(value * ((at // 1600) % 5) // 4)
    return np.array(pcm).astype(np.int16)


def hearing(pipecat, moonshine):
    pcm, features = recording(moonshine), features_of(pipecat)
    made = {"turn": list(turns(pipecat, features, pcm)), "vad": list(activity(pipecat, pcm))}
    (HERE / "beckett.json").write_text(json.dumps(made))
    mel = [round(float(value), 5) for value in features(noise(48000)).flatten()[::97]]
    (HERE / "mel.json").write_text(json.dumps({"mel": mel}))


phonemes()
wave()
speech()
hearing(*(zipfile.ZipFile(name) for name in sys.argv[1:3]))
