"""Work that takes longer than a page: begun by a click, done in a thread, watched by whichever page looks.

A script of a page ends with every click; what is here does not. So a reload, another page or a second tab finds the
work where it is, and its result for as long as the process lives. There is one piece of work of a name at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dash.errors import DashError

logger = logging.getLogger(__name__)

MOST_KEPT = 50
"""Results that wait for a page which may never come."""

MOST_AT_WORK = 2

Progress = Callable[[int, int], None]


class _Cancelled(Exception):
    """The person does not want to wait; raised inside of the work, at its next report."""


@dataclass(eq=False)
class Work:
    """One piece of work: how far it is, then `result`, or `problem` in words for a person ("" when it is ours)."""

    name: str
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    done: int = 0
    total: int = 0
    result: Any = None
    problem: str | None = None
    ended_at: datetime | None = None
    _cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether there is something to wait for."""
        return self.ended_at is None

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked it to end; it does at its next report."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to end."""
        self._cancelled.set()

    def report(self, done: int, total: int) -> None:
        """How far it is. Ends the work when somebody has cancelled it."""
        self.done, self.total = done, total
        if self.cancelled:
            raise _Cancelled


class Workshop:
    """All such work of this process, by name. Safe to use from any number of pages at once."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._lock = threading.Lock()
        self._places = threading.Semaphore(MOST_AT_WORK)

    def begin(self, name: str, job: Callable[[Progress], Any]) -> Work:
        """Begin work of that name; when it is being done already, that is the one."""
        with self._lock:
            known = self._works.get(name)
            if known is not None and known.running:
                return known
            work = self._works[name] = Work(name)
            self._forget_the_oldest()
        threading.Thread(target=self._do, args=(work, job), name=f"work {name}", daemon=True).start()
        return work

    def find(self, name: str) -> Work | None:
        """The latest work of that name, at work or done."""
        with self._lock:
            return self._works.get(name)

    def forget(self, name: str) -> None:
        """Drop a result that means nothing any more."""
        with self._lock:
            known = self._works.get(name)
            if known is not None and not known.running:
                del self._works[name]

    def _forget_the_oldest(self) -> None:
        done = sorted((work for work in self._works.values() if not work.running), key=lambda work: work.began_at)
        for work in done[: max(0, len(done) - MOST_KEPT)]:
            del self._works[work.name]

    def _do(self, work: Work, job: Callable[[Progress], Any]) -> None:
        try:
            with self._places:
                work.report(0, 0)
                work.result = job(work.report)
        except _Cancelled:
            pass
        except DashError as error:
            work.problem = error.message
        except Exception:  # the surface's last net: the page says so, the log has the trace
            logger.exception("Work in the background broke: %s", work.name)
            work.problem = ""
        work.ended_at = datetime.now(UTC)
