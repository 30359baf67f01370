"""Makes the vectors in this folder with the reference: the Python package hibari-tts 0.2.1 (Apache-2.0).

    pip install hibari-tts==0.2.1 numpy scipy onnxruntime
    python make.py

- `phonemes.txt`: lines of a text, a tab, and what the package's G2P reads it as, without its normalisation of numbers.
  Texts with a digit, a symbol or a quote are left out (it reads a word in quotes by its spelling), and those with a name from our own list (src/local/hibari/read/names.rs).
- `wave.f32`: the samples (32-bit floats, little end first) that `hibari.dsp.synth` makes of parts given by formulas,
  the same as in src/local/hibari/wave_tests.rs.
- `speech.i16`: the samples (16 bits) of `SAID` spoken by the whole package.

The noise is ours, number by number, so that everything can be compared.
"""

import re
from pathlib import Path

import numpy as np
from hibari import Hibari, dsp

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


phonemes()
wave()
speech()
