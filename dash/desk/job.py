"""One question on its way, as whoever asked it watches it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dash.errors import DashError, InternalError
from dash.records import Refill, Viewer

AnswerDict = Mapping[str, Any]
Ask = Callable[["Job", Callable[[str, float], None]], AnswerDict]

NOBODY = Viewer("")


@dataclass(eq=False)
class Job:
    """One question of `viewer` on its way: `run_id` once it is on disk, `steps` begun so far, then `answer`, or
    `failed` when our own code broke.

    `refill` is a vetted query with parameters that somebody chose; `cancelled` is set when nobody waits any more;
    `error` is what the work ended in instead of an answer, as a sentence for a person. `work` is for what is no turn of
    a conversation: it is done instead of asking.
    """

    thread_id: str
    text: str
    refill: Refill | None = None
    viewer: Viewer = NOBODY
    cancelled: threading.Event = field(default_factory=threading.Event)
    run_id: str | None = None
    steps: list[str] = field(default_factory=list)
    answer: AnswerDict | None = None
    failed: bool = False
    error: DashError | None = None
    work: Ask | None = None
    started: float = field(default_factory=time.monotonic)
    changed: threading.Condition = field(default_factory=threading.Condition)
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """True when there is nothing to wait for."""
        return self.answer is not None or self.failed

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` from now on whenever something changes, in whatever thread that is; it must not wait."""
        with self.changed:
            self._listeners.append(listener)

    def begun(self, run_id: str) -> None:
        """The question is on disk."""
        with self.changed:
            self.run_id = run_id
            self._tell()

    def began(self, step: str) -> None:
        """A step has begun."""
        with self.changed:
            self.steps.append(step)
            self._tell()

    def end(self, answer: AnswerDict | None, error: DashError | None = None) -> None:
        """There is nothing more to wait for."""
        with self.changed:
            self.answer, self.failed, self.error = answer, answer is None, error
            self._tell()

    def result(self) -> AnswerDict:
        """The answer of a job that is done. Raises the DashError that it ended in, InternalError when ours broke."""
        if self.answer is None:
            raise self.error or InternalError("A question failed; the log says how.")
        return self.answer

    def _tell(self) -> None:
        self.changed.notify_all()
        for listener in self._listeners:
            listener()

    def wait_for_change(self, seen: int, seconds: float) -> None:
        """Return when there are more than `seen` steps, when the job is done, or after `seconds`."""
        with self.changed:
            self.changed.wait_for(lambda: self.done or len(self.steps) > seen, seconds)

    def wait(self, seconds: float) -> bool:
        """Wait until the job is done, at most `seconds`; True if it is."""
        deadline = time.monotonic() + seconds
        with self.changed:
            return self.changed.wait_for(lambda: self.done, max(0.0, deadline - time.monotonic()))
