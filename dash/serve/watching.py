"""A question at work, watched by a coroutine: no thread stands by while somebody waits, so fifty may.

Whoever stops watching stops nothing: what was accepted is finished, and its answer is found under the run's id. What
has no such place is watched by `done_for`, and stopped by whoever calls it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

from starlette.requests import Request

from dash.desk import Job
from dash.runs import as_json_text
from dash.serve.problems import KINDS

HEARTBEAT_SECONDS = 15.0
AT_WORK = b": at work\n\n"
"""A comment between server-sent events."""


class Watch:
    """A job's changes as something to wait for, in the loop of whoever makes it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody watches any more
                loop.call_soon_threadsafe(self._changed.set)

        job.listen(tell)

    async def until(self, condition: Callable[[Job], bool], seconds: float) -> bool:
        """Whether the condition came true in time."""
        deadline = time.monotonic() + seconds
        while not condition(self.job):
            self._changed.clear()
            if condition(self.job):  # it changed between the two
                break
            try:
                await asyncio.wait_for(self._changed.wait(), deadline - time.monotonic())
            except TimeoutError:
                return condition(self.job)
        return True


async def done_for(request: Request, watch: Watch, seconds: float) -> bool:
    """Whether the job was done in time and while whoever made the request, whose body was read, was still there."""
    done = asyncio.ensure_future(watch.until(lambda job: job.done, seconds))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((done, gone), return_when=asyncio.FIRST_COMPLETED)
        return watch.job.done
    finally:
        done.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def steps(watch: Watch, seconds: float = HEARTBEAT_SECONDS) -> AsyncIterator[str | None]:
    """Each step as it begins, None after every so many seconds without one; ends when the job is done."""
    told = 0
    while True:
        while told < len(watch.job.steps):
            yield watch.job.steps[told]
            told += 1
        if watch.job.done:
            return
        if not await watch.until(lambda job, told=told: job.done or len(job.steps) > told, seconds):  # type: ignore[misc]
            yield None


async def events(watch: Watch) -> AsyncIterator[bytes]:
    """Server-sent events: `accepted`, a `step` for each that begins, then `answer` or `problem`; comments in between,
    so that nothing on the way takes a long question for a dead connection."""
    job, accepted = watch.job, False
    async for step in steps(watch):
        if job.run_id is not None and not accepted:
            accepted = True
            yield _accepted(job)
        yield AT_WORK if step is None else _event("step", {"step": step})
    if job.answer is None or job.run_id is None:
        yield _event("problem", problem_body(job))
        return
    if not accepted:
        yield _accepted(job)
    yield _event("answer", job.answer)


def problem_body(job: Job) -> dict[str, Any]:
    """What became of a question that has no answer, or could not be written down."""
    kind = KINDS["internal" if job.answer is None else "unavailable"]
    detail = kind.meaning if job.answer is None else str(job.answer["headline"])
    return {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail}


def _accepted(job: Job) -> bytes:
    return _event("accepted", {"run_id": job.run_id, "thread_id": job.thread_id})


def _event(name: str, data: Any) -> bytes:
    # JSON has no line ends of its own, so one data line holds it.
    return f"event: {name}\ndata: {as_json_text(data)}\n\n".encode()
