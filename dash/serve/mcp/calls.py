"""One call of a tool: who calls, whether they may, and the work in a thread that is stopped when nobody waits any more.

An error that a person can mend becomes the tool's error with its sentence, so the assistant can mend the call or say
what is wrong. Whatever else breaks reaches the assistant without a word of its own: the SDK says that the tool failed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from dash.access import Permission, require
from dash.ask import Dash
from dash.errors import DashError, InternalError
from dash.records import Viewer
from dash.serve.withheld import told

T = TypeVar("T")

MOST_AT_WORK = 16
"""Calls that are worked on at once in this process; more wait for their turn."""


@dataclass(frozen=True)
class Call:
    """What a tool needs of its call: on whose behalf, whether somebody still waits, and whom to tell about steps."""

    viewer: Viewer
    cancelled: Callable[[], bool]
    on_step: Callable[[str, float], None]


@dataclass(frozen=True)
class Calls:
    """The product and who calls it: `who` finds the viewer of a call."""

    dash: Dash
    who: Callable[[Context[Any, Any]], Viewer]
    limiter: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(MOST_AT_WORK))

    async def run(self, ctx: Context[Any, Any], permission: Permission, work: Callable[[Call], T]) -> T:
        """What `work` returns, done in a thread for somebody who has the permission. Raises ToolError."""
        stopped = threading.Event()
        try:
            viewer = self.who(ctx)
            require(viewer, permission)
            call = Call(viewer, stopped.is_set, _teller(ctx))
            return await anyio.to_thread.run_sync(work, call, abandon_on_cancel=True, limiter=self.limiter)
        except InternalError:
            raise
        except DashError as error:
            raise ToolError(told(error)) from error
        finally:
            stopped.set()


def _teller(ctx: Context[Any, Any]) -> Callable[[str, float], None]:
    """Tells the client each step as progress; a client that did not ask for it hears nothing."""
    steps = 0

    def tell(name: str, seconds: float) -> None:
        nonlocal steps
        steps += 1
        with suppress(Exception):  # who went away is no reason to stop in the middle of a step
            anyio.from_thread.run(ctx.report_progress, float(steps), None, name)

    return tell
