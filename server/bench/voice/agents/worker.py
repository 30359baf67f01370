"""A LiveKit Agents worker that interviews: for each line of standard input, the name of a room, a job of its own.

    worker.py SETTINGS LINES

SETTINGS is a name of settings.py, LINES a file with what is said, one line each. The embedded room server does not hand out
jobs, so the worker starts them itself (`simulate_job`), in processes as it does in production. It says "ready" once it is.
"""

import asyncio
import logging
import os
import sys

import bridge
import settings
from livekit import api
from livekit.agents import Agent, AgentServer, AgentSession, JobContext, llm, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS
from livekit.protocol import models

# What a session keeps of what it heard is told to the candidate under this topic, to count the words that are wrong.
KEPT = "bench.kept"
SETTINGS, LINES = "BENCH_SETTINGS", "BENCH_LINES"


class Questions(llm.LLM):
    """Answers at once with the next of a fixed list, so that only the taking of turns is compared."""

    def __init__(self, lines):
        super().__init__()
        self.lines = lines

    def chat(self, *, chat_ctx, tools=None, conn_options=DEFAULT_API_CONNECT_OPTIONS, **_):
        return Question(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class Question(llm.LLMStream):
    async def _run(self):
        # Counted, not drawn: a reply that is prepared and thrown away does not use a question up.
        asked = sum(item.role == "assistant" for item in self.chat_ctx.messages())
        text = self._llm.lines[asked % len(self._llm.lines)]
        delta = llm.ChoiceDelta(role="assistant", content=text)
        self._event_ch.send_nowait(llm.ChatChunk(id=utils.shortuuid(), delta=delta))


class Interviewer(Agent):
    def __init__(self):
        super().__init__(instructions="")

    async def on_enter(self):
        self.session.generate_reply()


async def interview(ctx: JobContext):
    with open(os.environ[LINES], encoding="utf-8") as file:
        lines = file.read().splitlines()
    options, room_options = settings.NAMED[os.environ[SETTINGS]]()
    session = AgentSession(stt=bridge.Hearing(), llm=Questions(lines), tts=bridge.Voice(), **options)
    telling = set()

    def added(event):
        if getattr(event.item, "role", None) == "user":
            text = event.item.text_content or ""
            task = asyncio.create_task(ctx.room.local_participant.send_text(text, topic=KEPT))
            telling.add(task)
            task.add_done_callback(telling.discard)

    session.on("conversation_item_added", added)
    session.on("close", lambda _: ctx.shutdown())
    await ctx.connect()
    await session.start(agent=Interviewer(), room=ctx.room, room_options=room_options, record=False)


def token(room):
    """What a job comes with where a server hands it out: it may tell its state, as its worker's permissions have it."""
    grants = api.VideoGrants(room_join=True, room=room, agent=True, can_update_own_metadata=True)
    return api.AccessToken().with_identity("interviewer").with_kind("agent").with_grants(grants).to_jwt()


async def serve():
    # A process starts with its interview: none is kept ready, which would cost processor time while others are measured.
    server = AgentServer(num_idle_processes=0, host="127.0.0.1", port=0, log_level="WARN")
    server.rtc_session(interview)
    started = asyncio.Event()
    server.on("worker_started", started.set)
    running = asyncio.create_task(server.run(unregistered=True))
    await started.wait()
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while room := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        info = models.Room(name=room, sid=utils.shortuuid("RM_"))
        await server.simulate_job(room, room_info=info, token=token(room))
    await server.aclose()
    await running


if __name__ == "__main__":
    os.environ[SETTINGS], os.environ[LINES] = sys.argv[1:]
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve())
