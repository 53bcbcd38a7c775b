"""Whose turn it is: the one bound on questions that are at work and wait in a process, whichever door they came by.

Everybody has a share of the places and no more, and the next one to be worked on is of whoever has the fewest at work.
So one person, or one program that lost its head, can fill their own share and delay nobody else's question for long.
"""

from __future__ import annotations

from collections import Counter, deque

from dash.desk.job import Job
from dash.errors import Overloaded
from dash.records import Viewer

MOST_AT_WORK = 16
"""Questions that are worked on at once; more wait for their turn."""
MOST_AT_WORK_OF_ONE = 12
MOST_WAITING = 200
"""Questions that are at work or wait; of more than that the answers would come too late for anybody."""
MOST_WAITING_OF_ONE = 50

_ALL_TAKEN = "More questions are waiting than can be answered soon; ask again in a moment."
_YOURS_TAKEN = "Too many of your own questions are waiting already; ask again when some of them are answered."


class Turns:
    """Questions by conversation, each in its order. Its owner holds a lock around every call."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._ready: deque[str] = deque()

    def __len__(self) -> int:
        """Questions that are at work or wait."""
        return sum(map(len, self._waiting.values()))

    def require_place(self, viewer: Viewer) -> None:
        """Raise Overloaded when there is no place for another question of this person."""
        if len(self) >= MOST_WAITING:
            raise Overloaded(_ALL_TAKEN)
        theirs = sum(job.viewer.name == viewer.name for jobs in self._waiting.values() for job in jobs)
        if theirs >= MOST_WAITING_OF_ONE:
            raise Overloaded(_YOURS_TAKEN)

    def add(self, job: Job) -> None:
        """A question that waits for those before it in its conversation. Raises Overloaded."""
        self.require_place(job.viewer)
        if job.thread_id not in self._waiting:
            self._ready.append(job.thread_id)
        self._waiting.setdefault(job.thread_id, deque()).append(job)

    @property
    def conversations(self) -> int:
        """How many could be worked on at once."""
        return len(self._waiting)

    def next(self) -> Job | None:
        """The question to work on next, which is at work from now on; None when nobody's turn has come."""
        busy = Counter(job.viewer.name for job in self.at_work())
        turns = [thread_id for thread_id in self._ready if busy[self._of(thread_id)] < MOST_AT_WORK_OF_ONE]
        if not turns:
            return None
        thread_id = min(turns, key=lambda turn: busy[self._of(turn)])  # of equals the one that came first
        self._ready.remove(thread_id)
        return self._waiting[thread_id][0]

    def at_work(self) -> list[Job]:
        """The questions that somebody took by `next` and that have not ended."""
        ready = set(self._ready)
        return [jobs[0] for thread_id, jobs in self._waiting.items() if thread_id not in ready]

    def ended(self, job: Job) -> None:
        """A question that was at work is none any more; the next one of its conversation may have its turn."""
        jobs = self._waiting[job.thread_id]
        jobs.popleft()
        if jobs:
            self._ready.append(job.thread_id)
        else:
            del self._waiting[job.thread_id]

    def _of(self, thread_id: str) -> str:
        return self._waiting[thread_id][0].viewer.name
