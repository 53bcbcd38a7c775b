"""Our answering path in the shape that AgentOS asks of an agent.

It satisfies AgentOS's protocol by itself instead of being a language model inside of an agent of Agno's: nothing stands
between a question and `Dash.ask`, no prompt is built, and each step is an event of its own. A session of AgentOS is a
conversation of whoever asks; the same name of somebody else is another one.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
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
from dash.ask import Dash, answer_json
from dash.errors import DashError, InternalError
from dash.records import Viewer
from dash.serve.agentos.text import answer_text
from dash.serve.withheld import told

VIEWER: ContextVar[Viewer | None] = ContextVar("dash_agentos_viewer", default=None)
"""Whose request is being served; the endpoint sets it before AgentOS hears of the request."""

LONGEST_QUESTION = 10_000
_STATUS = {"error": RunStatus.error, "cancelled": RunStatus.cancelled}


@dataclass
class StepEvent(CustomEvent):
    """A step of a question begins, so many seconds after the question."""

    step: str = ""
    seconds: float = 0.0


@dataclass
class _Work:
    """A question at work: whose, and whether they still want it."""

    viewer: Viewer
    stopped: threading.Event = field(default_factory=threading.Event)


class DashAgent:
    """The agent that AgentOS serves."""

    id = "dash"
    name = "Dash for support"
    description = "Answers questions about support data, with numbers that can be trusted."
    db = None

    def __init__(self, dash: Dash) -> None:
        self._dash = dash
        self._works: dict[str, _Work] = {}

    def arun(
        self,
        input: Any,
        *,
        stream: bool | None = None,
        session_id: str | None = None,
        run_id: str | None = None,
        **_: Any,
    ) -> Coroutine[Any, Any, RunOutput] | AsyncIterator[Any]:
        """What AgentOS calls. A name of a person that a client sends is not believed; nor are files read."""
        run = _Run(
            self._dash, str(input)[:LONGEST_QUESTION], session_id or uuid.uuid4().hex, run_id or uuid.uuid4().hex
        )
        return self._events(run) if stream else self._output(run)

    def is_at_work(self, run_id: str) -> bool:
        """Whether a question is worked on here and still wanted."""
        work = self._works.get(run_id)
        return work is not None and not work.stopped.is_set()

    async def acancel_run(self, run_id: str) -> bool:
        """Stop a question, if it is at work here and belongs to whoever asks for that."""
        work = self._works.get(run_id)
        if work is None or work.viewer.name != _viewer().name:
            return False
        work.stopped.set()
        return True

    async def _events(self, run: _Run) -> AsyncIterator[Any]:
        """Started, each step, the text, and how it ended."""
        loop, steps = asyncio.get_running_loop(), asyncio.Queue[StepEvent | None]()

        def tell(name: str, seconds: float) -> None:
            event = StepEvent(**run.names, step=name, seconds=round(seconds, 3))
            loop.call_soon_threadsafe(steps.put_nowait, event)

        work = _Work(_viewer())
        self._works[run.run_id] = work
        try:
            yield RunStartedEvent(**run.names, model="dash", model_provider="dash")
            answering = asyncio.create_task(asyncio.to_thread(run.answer, work, tell))
            answering.add_done_callback(partial(_end, steps))
            while (event := await steps.get()) is not None:
                yield event
            for ending in run.endings(await answering):
                yield ending
        except DashError as error:
            if isinstance(error, InternalError):
                raise
            yield RunErrorEvent(**run.names, content=told(error), error_type=type(error).__name__)
        finally:
            work.stopped.set()  # whoever went away waits for nothing
            self._works.pop(run.run_id, None)

    async def _output(self, run: _Run) -> RunOutput:
        """The whole answer at once."""
        work = _Work(_viewer())
        self._works[run.run_id] = work
        try:
            answer = await asyncio.to_thread(run.answer, work, lambda name, seconds: None)
        except DashError as error:
            if isinstance(error, InternalError):
                raise
            return RunOutput(**run.names, input=RunInput(run.question), content=told(error), status=RunStatus.error)
        finally:
            work.stopped.set()
            self._works.pop(run.run_id, None)
        return RunOutput(
            **run.names,
            input=RunInput(run.question),
            content=run.text(answer),
            metadata={"answer": answer},
            status=_STATUS.get(answer["outcome"], RunStatus.completed),
        )


@dataclass(frozen=True)
class _Run:
    """One question as AgentOS asks it."""

    dash: Dash
    question: str
    session_id: str
    run_id: str

    @property
    def names(self) -> dict[str, Any]:
        """What every event says of where it belongs."""
        agent = {"agent_id": DashAgent.id, "agent_name": DashAgent.name}
        return {**agent, "run_id": self.run_id, "session_id": self.session_id}

    def answer(self, work: _Work, tell: Callable[[str, float], None]) -> dict[str, Any]:
        """The answer in its documented JSON. Raises NotAllowed, DatabaseUnavailable."""
        require(work.viewer, "ask")
        thread = self.dash.threads.named(work.viewer.name, self.session_id)
        answer = self.dash.ask(
            self.question, thread_id=thread, viewer=work.viewer, on_step=tell, cancelled=work.stopped.is_set
        )
        return answer_json(answer)

    def text(self, answer: dict[str, Any]) -> str:
        """The answer as a chat shows it."""
        return answer_text(answer, self.dash.knowledge)

    def endings(self, answer: dict[str, Any]) -> list[Any]:
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


def _end(steps: asyncio.Queue[StepEvent | None], answering: asyncio.Task[Any]) -> None:
    """No step comes any more. An error is looked at here too, for the case that nobody waits for it."""
    if not answering.cancelled():
        answering.exception()
    steps.put_nowait(None)


def _viewer() -> Viewer:
    viewer = VIEWER.get()
    if viewer is None:
        raise InternalError("A request reached the agent without a viewer.")
    return viewer
