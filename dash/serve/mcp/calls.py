"""One call of a tool: who calls, whether they may, and the work, which is stopped when nobody waits any more.

What looks something up is done in a thread. What asks a question takes its turn at the desk, where the questions of
every other door stand too, so that tools cannot crowd out the page of the same process nor one caller all others.

An error that a person can mend becomes the tool's error with its sentence, so the assistant can mend the call or say
what is wrong. Whatever else breaks reaches the assistant without a word of its own: the SDK says that the tool failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from dash.access import Permission, require
from dash.ask import Dash
from dash.desk import AnswerDict, Desk, Job
from dash.errors import DashError, InternalError
from dash.records import Viewer
from dash.serve.watching import Watch, steps
from dash.serve.withheld import told

T = TypeVar("T")

MOST_LOOKING = 16
"""Calls that look something up at once in this process; more wait for their turn."""


@dataclass(frozen=True)
class Calls:
    """The product, where its questions are worked on, and who calls it: `who` finds the viewer of a call."""

    dash: Dash
    desk: Desk
    who: Callable[[Context[Any, Any]], Viewer]
    limiter: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(MOST_LOOKING))

    async def look(self, ctx: Context[Any, Any], permission: Permission, work: Callable[[Viewer], T]) -> T:
        """What `work` returns, done in a thread for somebody who has the permission. Raises ToolError."""
        with _in_a_sentence():
            return await self._in_a_thread(work, self._allowed(ctx, permission))

    async def ask(
        self,
        ctx: Context[Any, Any],
        permission: Permission,
        start: Callable[[Viewer], Job],
        then: Callable[[AnswerDict], T],
    ) -> T:
        """What `then` makes of the answer of the question that `start` begins at the desk. Raises ToolError."""
        with _in_a_sentence():
            job = await self._in_a_thread(start, self._allowed(ctx, permission))
            try:
                await _tell(ctx, job)
                return await self._in_a_thread(then, job.result())
            finally:
                job.cancelled.set()  # whoever went away waits for nothing; what is done stays as it is

    def _allowed(self, ctx: Context[Any, Any], permission: Permission) -> Viewer:
        viewer = self.who(ctx)
        require(viewer, permission)
        return viewer

    async def _in_a_thread(self, work: Callable[[Any], T], given: Any) -> T:
        return await anyio.to_thread.run_sync(work, given, abandon_on_cancel=True, limiter=self.limiter)


async def _tell(ctx: Context[Any, Any], job: Job) -> None:
    """Wait for the job and tell the client each step as progress; one that did not ask for it hears nothing."""
    done = 0
    async for step in steps(Watch(job)):
        if step is not None:
            done += 1
            with suppress(Exception):  # who went away is no reason to stop in the middle of a step
                await ctx.report_progress(float(done), None, step)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except InternalError:
        raise
    except DashError as error:
        raise ToolError(told(error)) from error
