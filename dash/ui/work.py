"""Questions at work, outside the page that asked them.

Streamlit stops a page's script whenever the person clicks, reloads or leaves. So a question runs in a thread of its
own, one at a time per conversation, and the page only watches it: a page that is gone loses nothing, and a second tab
on the same conversation watches the same work.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

logger = logging.getLogger(__name__)

AnswerDict = Mapping[str, Any]
Ask = Callable[[str, str, Callable[[str, float], None]], AnswerDict]


@dataclass(eq=False)
class Job:
    """One question on its way: `steps` begun so far, then `answer`, or `failed` when our own code broke."""

    thread_id: str
    text: str
    steps: list[str] = field(default_factory=list)
    answer: AnswerDict | None = None
    failed: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def done(self) -> bool:
        """True when there is nothing to wait for."""
        return self.answer is not None or self.failed

    def wait_for_change(self, seen: int, seconds: float) -> None:
        """Return when there are more than `seen` steps, when the job is done, or after `seconds`."""
        with self.changed:
            self.changed.wait_for(lambda: self.done or len(self.steps) > seen, seconds)

    def wait(self, seconds: float) -> bool:
        """Wait until the job is done, at most `seconds`; True if it is."""
        deadline = time.monotonic() + seconds
        with self.changed:
            return self.changed.wait_for(lambda: self.done, max(0.0, deadline - time.monotonic()))


class Desk:
    """Every question at work in this process, by conversation. Safe to use from any number of pages at once."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._jobs: dict[str, list[Job]] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def start(self, thread_id: str, text: str) -> Job:
        """Begin a question; it waits for the ones before it in the same conversation, because it may lean on them."""
        job = Job(thread_id, text)
        with self._lock:
            self._jobs.setdefault(thread_id, []).append(job)
            turn = self._turns.setdefault(thread_id, threading.Lock())
        threading.Thread(target=self._work, args=(job, turn), name=f"question-{thread_id}", daemon=True).start()
        return job

    def jobs(self, thread_id: str) -> tuple[Job, ...]:
        """The questions of a conversation that are at work, or finished and not yet seen in the store, in order."""
        with self._lock:
            return tuple(self._jobs.get(thread_id, ()))

    def forget(self, job: Job) -> None:
        """The page has found the job's answer in the store; nothing more to keep."""
        with self._lock:
            jobs = self._jobs.get(job.thread_id, [])
            if job in jobs:
                jobs.remove(job)
            if not jobs:
                self._jobs.pop(job.thread_id, None)

    def _work(self, job: Job, turn: threading.Lock) -> None:
        def step(name: str, _milliseconds: float) -> None:
            with job.changed:
                job.steps.append(name)
                job.changed.notify_all()

        answer: AnswerDict | None = None
        try:
            with turn:
                answer = self._ask(job.text, job.thread_id, step)
        except Exception:  # the surface's last net: the page says so, the log has the trace
            logger.exception("A question failed in a way that nothing below foresaw.")
        with job.changed:
            job.answer, job.failed = answer, answer is None
            job.changed.notify_all()
