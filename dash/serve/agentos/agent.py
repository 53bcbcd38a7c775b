"""Our answering path in the shape that AgentOS asks of an agent.

It satisfies AgentOS's protocol by itself instead of being a language model inside of an agent of Agno's: nothing stands
between a question and `Dash.ask`, no prompt is built, and each step is an event of its own. A session of AgentOS is a
conversation of whoever asks; the same name of somebody else is another one. A run has the id of our own record of it,
so it can be stopped through whichever process hears of that, and found in the rest of the API.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from agno.run.agent import (
    CustomEvent,
    RunCancelledEvent,
    RunCompletedEvent,
    RunContentEvent,
    RunErrorEvent,
    RunInput,
    RunOutput,
    RunStartedEvent,
)
from agno.run.base import RunStatus

from dash.access import require
from dash.ask import Dash
from dash.desk import AnswerDict, Desk, Job
from dash.errors import DashError, InternalError, NotFoundError, Overloaded
from dash.records import Viewer
from dash.serve.agentos.text import answer_text
from dash.serve.watching import Watch, steps
from dash.serve.withheld import told

VIEWER: ContextVar[Viewer | None] = ContextVar("dash_agentos_viewer", default=None)
"""Whose request is being served; the endpoint sets it before AgentOS hears of the request."""

LONGEST_QUESTION = 10_000
_NO_TURN = "The question waited too long for others and was stopped; ask again in a moment."
_STATUS = {"error": RunStatus.error, "cancelled": RunStatus.cancelled}


@dataclass
class StepEvent(CustomEvent):
    """A step of a question begins, so many seconds after the question."""

    step: str = ""
    seconds: float = 0.0


class DashAgent:
    """The agent that AgentOS serves."""

    id = "dash"
    name = "Dash for support"
    description = "Answers questions about support data, with numbers that can be trusted."
    db = None

    def __init__(self, dash: Dash, desk: Desk) -> None:
        self._dash, self._desk = dash, desk
        self._jobs: set[Job] = set()

    def arun(
        self,
        input: Any,
        *,
        stream: bool | None = None,
        session_id: str | None = None,
        **_: Any,
    ) -> Coroutine[Any, Any, RunOutput] | AsyncIterator[Any]:
        """What AgentOS calls. A client names neither the person nor the run, and no file of it is read."""
        run = _Run(self._dash, str(input)[:LONGEST_QUESTION], session_id or uuid.uuid4().hex)
        return self._events(run) if stream else self._output(run)

    async def acancel_run(self, run_id: str) -> bool:
        """Stop a question of whoever asks for that, whichever process works on it. Raises DatabaseUnavailable."""
        viewer, job = _viewer(), self._job(run_id)
        if job is None:
            try:
                return await asyncio.to_thread(self._dash.runs.cancel, run_id, owner=viewer.name)
            except NotFoundError:
                return False
        if job.viewer.name != viewer.name:
            return False
        job.cancelled.set()
        return True

    def _job(self, run_id: str) -> Job | None:
        return next((job for job in tuple(self._jobs) if job.run_id == run_id), None)

    async def _events(self, run: _Run) -> AsyncIterator[Any]:
        """Started, each step, the text, and how it ended. One that nobody has begun to work on for as long as the API
        waits for answers ends: until then it has no id by which anybody could stop it."""
        try:
            async with self._at_work(run, _viewer()) as job:
                watch = Watch(job)
                patience = self._dash.settings.api.wait_seconds
                if not await watch.until(lambda job: job.done or job.run_id is not None, patience):
                    raise Overloaded(_NO_TURN)
                run = run.called(job.run_id)
                yield RunStartedEvent(**run.names, model="dash", model_provider="dash")
                async for step in steps(watch):
                    if step is not None:
                        yield StepEvent(**run.names, step=step, seconds=round(time.monotonic() - job.started, 3))
                for ending in run.endings(job.result()):
                    yield ending
        except DashError as error:
            if isinstance(error, InternalError):
                raise
            yield RunErrorEvent(**run.names, content=told(error), error_type=type(error).__name__)

    async def _output(self, run: _Run) -> RunOutput:
        """The whole answer at once."""
        try:
            answer = await self._answer(run, _viewer())
        except DashError as error:
            if isinstance(error, InternalError):
                raise
            return RunOutput(**run.names, input=RunInput(run.question), content=told(error), status=RunStatus.error)
        run = run.called(answer["run_id"])
        return RunOutput(
            **run.names,
            input=RunInput(run.question),
            content=run.text(answer),
            metadata={"answer": answer},
            status=_STATUS.get(answer["outcome"], RunStatus.completed),
        )

    async def answer(self, viewer: Viewer, session_id: str, question: str) -> AnswerDict:
        """The answer for an interface that knows by itself who asks. Raises NotAllowed, Overloaded and more."""
        return await self._answer(_Run(self._dash, question[:LONGEST_QUESTION], session_id), viewer)

    async def _answer(self, run: _Run, viewer: Viewer) -> AnswerDict:
        async with self._at_work(run, viewer) as job:
            async for _ in steps(Watch(job)):
                pass
            return job.result()

    @asynccontextmanager
    async def _at_work(self, run: _Run, viewer: Viewer) -> AsyncIterator[Job]:
        """The question at the desk, stopped when whoever asked goes away."""
        require(viewer, "ask")
        self._desk.require_place(viewer)
        thread = await asyncio.to_thread(self._dash.threads.named, viewer.name, run.session_id)
        job = self._desk.start(thread, run.question, viewer=viewer)
        self._jobs.add(job)
        try:
            yield job
        finally:
            job.cancelled.set()
            self._jobs.discard(job)


@dataclass(frozen=True)
class _Run:
    """One question as AgentOS asks it. One that is not on disk has an id that leads nowhere."""

    dash: Dash
    question: str
    session_id: str
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def called(self, run_id: str | None) -> _Run:
        """The same by the id under which it is on disk, if it is."""
        return self if run_id is None else replace(self, run_id=run_id)

    @property
    def names(self) -> dict[str, Any]:
        """What every event says of where it belongs."""
        agent = {"agent_id": DashAgent.id, "agent_name": DashAgent.name}
        return {**agent, "run_id": self.run_id, "session_id": self.session_id}

    def text(self, answer: AnswerDict) -> str:
        """The answer as a chat shows it."""
        return answer_text(answer, self.dash.knowledge)

    def endings(self, answer: AnswerDict) -> list[Any]:
        """The last events."""
        if answer["outcome"] == "cancelled":
            return [RunCancelledEvent(**self.names, reason=answer["headline"])]
        if answer["outcome"] == "error":
            return [RunErrorEvent(**self.names, content=answer["headline"], error_type="error")]
        text = self.text(answer)
        return [
            RunContentEvent(**self.names, content=text),
            RunCompletedEvent(**self.names, content=text, metadata={"answer": answer}),
        ]


def _viewer() -> Viewer:
    viewer = VIEWER.get()
    if viewer is None:
        raise InternalError("A request reached the agent without a viewer.")
    return viewer
