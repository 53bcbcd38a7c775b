"""Questions at work, outside of the page or the request that asked them.

Streamlit stops a page's script whenever the person clicks, reloads or leaves, and a program may hang up. So a question
runs in a thread outside of them, one at a time per conversation, and who asked only watches it: what was begun is
finished whoever leaves, and a second tab on the same conversation watches the same work. An answer that the store has
is not kept here. Whoever asks to stop a question may reach another process than the one that works on it, so the store
is asked, now and then, what was cancelled.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash.access import require
from dash.desk.job import NOBODY, AnswerDict, Ask, Job
from dash.desk.turns import MOST_AT_WORK, Turns
from dash.errors import DashError, InternalError
from dash.records import Refill, Viewer

if TYPE_CHECKING:
    from dash.ask import Dash

MOST_KEPT = 100
"""Answers that the store does not have; of more than that the oldest is lost."""
SECONDS_BETWEEN_LOOKS = 0.5
"""How long a cancellation that another process took may take to reach us."""

logger = logging.getLogger(__name__)

Cancellations = Callable[[Sequence[str]], Collection[str]]


class Desk:
    """Every question at work in this process, by conversation. Safe to use from any number of pages at once.

    `stored` tells whether an answer can be read in the store, so that it need not be kept here for a page that may
    never come. `cancellations` tells which of some runs somebody asked to stop.
    """

    def __init__(
        self,
        ask: Ask,
        stored: Callable[[AnswerDict], bool] = lambda answer: False,
        cancellations: Cancellations = lambda run_ids: (),
    ) -> None:
        self._ask = ask
        self._stored = stored
        self._cancellations = cancellations
        self._watched = False
        self._jobs: dict[str, list[Job]] = {}
        self._turns = Turns()
        self._listeners: list[Callable[[Job], None]] = []
        self._done: deque[Job] = deque()
        self._workers = 0
        self._lock = threading.Lock()

    def start(self, thread_id: str, text: str, refill: Refill | None = None, *, viewer: Viewer = NOBODY) -> Job:
        """Begin a question; it waits for the ones before it in the same conversation, because it may lean on them, and
        for its turn. Raises Overloaded."""
        return self._start(Job(thread_id, text, refill, viewer))

    def start_apart(self, text: str, work: Ask, *, viewer: Viewer) -> Job:
        """Begin what is no turn of a conversation and takes a place like a question. Raises Overloaded."""
        return self._start(Job(f"apart {uuid.uuid4()}", text, viewer=viewer, work=work))

    def require_place(self, viewer: Viewer) -> None:
        """Raise Overloaded when a question of this person would be refused: before a conversation is begun for it."""
        with self._lock:
            self._turns.require_place(viewer)

    def listen(self, listener: Callable[[Job], None]) -> None:
        """Call `listener` whenever a question has ended, in whatever thread that is; it must not wait."""
        self._listeners.append(listener)

    def _start(self, job: Job) -> Job:
        with self._lock:
            self._turns.add(job)
            self._jobs.setdefault(job.thread_id, []).append(job)
            short = self._workers < min(MOST_AT_WORK, self._turns.conversations)
            self._workers += short
            watched, self._watched = self._watched, True
        if short:
            threading.Thread(target=self._work, name="questions", daemon=True).start()
        if not watched:
            threading.Thread(target=self._watch, name="cancellations", daemon=True).start()
        return job

    @property
    def waiting(self) -> int:
        """Questions that are at work or wait for their turn."""
        with self._lock:
            return len(self._turns)

    def finish(self, seconds: float) -> bool:
        """Wait until nothing is at work any more, at most `seconds`; True if so."""
        deadline = time.monotonic() + seconds
        while self.waiting and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.waiting

    def cancel(self, run_id: str) -> None:
        """Stop the work on a run, if it is here that it is worked on."""
        for job in self._at_work():
            if job.run_id == run_id:
                job.cancelled.set()

    def jobs(self, thread_id: str) -> tuple[Job, ...]:
        """The questions of a conversation that are at work, or finished and not yet seen in the store, in order."""
        with self._lock:
            return tuple(self._jobs.get(thread_id, ()))

    def forget(self, job: Job) -> None:
        """The job's answer is in the store; nothing more to keep."""
        with self._lock:
            self._drop(job)

    def _drop(self, job: Job) -> None:
        jobs = self._jobs.get(job.thread_id, [])
        if job in jobs:
            jobs.remove(job)
        if not jobs:
            self._jobs.pop(job.thread_id, None)
        if job in self._done:
            self._done.remove(job)

    def _work(self) -> None:
        """Answer questions, a conversation's next one at a time, until there are none."""
        while (job := self._next()) is not None:
            try:
                self._answer(job)
            finally:
                self._finished(job)

    def _next(self) -> Job | None:
        with self._lock:
            job = self._turns.next()
            self._workers -= job is None
            return job

    def _finished(self, job: Job) -> None:
        dropped = job.work is not None or self._is_stored(job)
        with self._lock:
            self._turns.ended(job)
            if dropped:
                self._drop(job)
            elif job in self._jobs.get(job.thread_id, ()):
                self._done.append(job)
                if len(self._done) > MOST_KEPT:
                    self._drop(self._done[0])

    def _is_stored(self, job: Job) -> bool:
        try:
            return job.answer is not None and self._stored(job.answer)
        except Exception:  # a store that cannot be reached: the page looks again
            logger.exception("Nobody knows whether an answer was stored.")
            return False

    def _answer(self, job: Job) -> None:
        answer: AnswerDict | None = None
        told: DashError | None = None
        try:
            answer = (job.work or self._ask)(job, lambda step, _seconds: job.began(step))
        except Exception as error:  # the last net: whoever asked is told, the log has the trace
            if isinstance(error, DashError) and not isinstance(error, InternalError):
                told = error
            else:
                logger.exception("A question failed in a way that nothing below foresaw.")
        job.end(answer, told)
        for listener in self._listeners:
            listener(job)

    def _at_work(self) -> list[Job]:
        with self._lock:
            return self._turns.at_work()

    def _watch(self) -> None:
        """While questions are at work, look which of them were cancelled somewhere else."""
        while self._is_watched():
            time.sleep(SECONDS_BETWEEN_LOOKS)
            working = {job.run_id: job for job in self._at_work() if job.run_id and not job.cancelled.is_set()}
            try:
                found = self._cancellations(tuple(working)) if working else ()
            except Exception:  # a store that cannot be reached: the question itself finds out
                logger.debug("Nobody knows what was cancelled.", exc_info=True)
                continue
            for run_id in found:
                working[run_id].cancelled.set()

    def _is_watched(self) -> bool:
        with self._lock:
            self._watched = bool(self._turns)
            return self._watched


def open_desk(dash: Dash) -> Desk:
    """The desk of an open product: what it is asked is asked on behalf of the job's viewer, who needs the right to."""
    from dash.ask import answer_json

    def ask(job: Job, on_step: Callable[[str, float], None]) -> AnswerDict:
        require(job.viewer, "ask")
        answer = dash.ask(
            job.text,
            thread_id=job.thread_id,
            viewer=job.viewer,
            on_begin=lambda run_id, _thread_id: job.begun(run_id),
            on_step=on_step,
            cancelled=job.cancelled.is_set,
            refill=job.refill,
        )
        return answer_json(answer)

    def stored(answer: AnswerDict) -> bool:
        try:
            return answer["run_id"] is not None and dash.runs.get(answer["run_id"]).outcome is not None
        except DashError:
            return False

    return Desk(ask, stored, dash.runs.cancelled)


@dataclass(frozen=True)
class OwnDesk:
    """The desk as one person sees it: their questions and nobody else's, asked on their behalf."""

    desk: Desk
    viewer: Viewer

    def require_place(self) -> None:
        """Raise Overloaded when a question of this person would be refused."""
        self.desk.require_place(self.viewer)

    def start(self, thread_id: str, text: str, refill: Refill | None = None) -> Job:
        """Begin a question of this person. Raises Overloaded."""
        return self.desk.start(thread_id, text, refill, viewer=self.viewer)

    def jobs(self, thread_id: str) -> tuple[Job, ...]:
        """This person's questions in a conversation, whoever else knows its address."""
        return tuple(job for job in self.desk.jobs(thread_id) if job.viewer.name == self.viewer.name)

    def forget(self, job: Job) -> None:
        """The job's answer is in the store; nothing more to keep."""
        self.desk.forget(job)
