"""The speech models in their own Python packages, as `make bench-speech` measures them.

    packages.py hear  < files        each file heard as a stream that comes in pieces of 100 ms
    packages.py read  < files        each file read as a whole
    packages.py say FOLDER < texts   each line said into a file of its own
    packages.py rounds N < texts     N sessions ask for one line each at the same moment, again and again
    packages.py both FILE < texts    both packages loaded and used once

Files are WAV of 16 bits, mono, 16 kHz. One JSON object for each line of the input goes to the output, then one with the
sums. Processor time is in seconds, of all threads; memory is resident, in bytes.
"""
import json
import os
import sys
import threading
import time
import wave
from array import array


def resident():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def tell(**what):
    print(json.dumps(what), flush=True)


def lines():
    return [line.rstrip("\n") for line in sys.stdin if line.strip()]


class Clock:
    """Wall and processor seconds since it was made."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def so_far(self):
        return {"wall": time.perf_counter() - self.wall, "cpu": time.process_time() - self.cpu}


def ears():
    import moonshine_voice
    from moonshine_voice import ModelArch, Transcriber

    model = os.path.join(os.path.dirname(moonshine_voice.__file__), "assets", "tiny-en")
    # It need not hand the audio back with every transcript, which costs it most of its time.
    return Transcriber(model, ModelArch.TINY, update_interval=0.5, options={"return_audio_data": "false"})


def samples(path):
    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2), path
        pcm = array("h", file.readframes(file.getnframes()))
    return [sample / 32768.0 for sample in pcm]


def text(transcript):
    return " ".join(line.text.strip() for line in transcript.lines)


def stream(model, pcm):
    """Interims every half second of audio, as ours."""
    with model.create_stream() as talk:
        talk.start()
        for at in range(0, len(pcm), 1600):
            talk.add_audio(pcm[at:at + 1600], 16000)
        return text(talk.stop())


def read(model, pcm):
    return text(model.transcribe_without_streaming(pcm, 16000))


def hear(way):
    model = ears()
    files = [(path, samples(path)) for path in lines()]
    way(model, files[0][1])
    clock = Clock()
    for path, pcm in files:
        tell(file=path, text=way(model, pcm))
    tell(**clock.so_far(), audio=sum(len(pcm) for _, pcm in files) / 16000)


def say(folder):
    from hibari import Hibari, write_wav

    voice = Hibari()
    voice("Let me warm up.")
    audio, clock, files = 0.0, Clock(), []
    for number, line in enumerate(lines()):
        pcm = voice(line)
        audio += len(pcm) / voice.sample_rate
        files.append((os.path.join(folder, f"{number}.wav"), pcm))
    sums = clock.so_far()
    for path, pcm in files:
        write_wav(path, pcm)
        tell(file=path)
    tell(**sums, audio=audio)


def rounds(sessions):
    from hibari import Hibari

    voice = Hibari()
    voice("Let me warm up.")
    texts = lines()
    firsts, lock = [], threading.Lock()

    def session(line, gate):
        gate.wait()
        asked, first = time.perf_counter(), None
        for _ in voice.stream(line):
            first = first or time.perf_counter() - asked
        with lock:
            firsts.append(first)

    while len(texts) >= sessions:
        gate = threading.Barrier(sessions)
        threads = [threading.Thread(target=session, args=(texts.pop(), gate)) for _ in range(sessions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    tell(firsts=firsts)


def both(path):
    memory = {"python": resident()}
    model = ears()
    stream(model, samples(path))
    memory["hearing"] = resident()
    from hibari import Hibari

    voice = Hibari()
    for line in lines():
        voice(line)
    memory["both"] = resident()
    tell(**memory)


def main():
    what, *rest = sys.argv[1:]
    if what == "hear":
        hear(stream)
    elif what == "read":
        hear(read)
    elif what == "say":
        say(*rest)
    elif what == "rounds":
        rounds(int(rest[0]))
    elif what == "both":
        both(*rest)
    else:
        sys.exit(__doc__)


main()
