"""Runs what is due, once, however many instances look: each job under a lock that this process holds.

The lock lies on a connection of its own (`Database.exclusive`), so no query's end gives it back, and a machine that
dies gives it back by itself. A job that fails is written down and does not keep the others from running.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash.database import Database
from dash.errors import DashError, InternalError
from dash.ops.schedule.cron import last_due, next_due
from dash.ops.schedule.runs import JobRuns, next_attempt

Job = Callable[[datetime], str]
"""Does its work as of the moment at which it was due, and says in a sentence what it did. Raises DashError."""

OFF = "off"
"""Stands instead of an expression for a job that does not run by itself."""

LONGEST_NAP = 30.0
"""Seconds between two looks: a schedule that was changed, or a job that another instance left, is seen by then."""

LONGEST_LOOK = 120.0
LONGEST_JOB = 30 * 60.0
"""Seconds after which one hangs: what is asked of a database, and what is sent, is given up long before."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ran:
    """One run that this look made."""

    job: str
    due_at: datetime
    outcome: str
    summary: str


@dataclass(frozen=True)
class Planned:
    """When a job is due next: never, where its expression names no day that comes."""

    job: str
    expression: str
    next_at: datetime | None


class Schedule:
    """Cron expressions by job, in one zone, and what the jobs do."""

    def __init__(
        self,
        database: Database,
        expressions: Mapping[str, str],
        jobs: Mapping[str, Job],
        zone: str,
        clock: Callable[[], datetime],
        promise: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        """`expressions` names jobs of `jobs`; one that is not named, or is off, never runs by itself. `promise` is
        called again and again, with the seconds within which the next call comes."""
        self._database = database
        self._expressions = {job: each for job, each in expressions.items() if each != OFF}
        self._off = tuple(job for job, each in expressions.items() if each == OFF)
        self._jobs = jobs
        self._zone = zone
        self._clock = clock
        self._promise = promise
        self._runs = JobRuns(database)

    def run_due(self, stopped: threading.Event | None = None) -> tuple[Ran, ...]:
        """Run what is due now, one job after another. Raises DatabaseUnavailable."""
        ran = []
        for job in self._off:
            self._runs.turned_off(job, self._zone, self._clock())
        for job, expression in self._expressions.items():
            if stopped is not None and stopped.is_set():
                break
            if (one := self._run_if_due(job, expression)) is not None:
                ran.append(one)
        return tuple(ran)

    def run_until(self, stopped: threading.Event, told: Callable[[Ran], None] = lambda _: None) -> None:
        """Look, run and wait until `stopped`; the job that runs then is finished first.

        A database that is away is waited for.
        """
        while not stopped.is_set():
            self._promise(LONGEST_LOOK)
            try:
                for ran in self.run_due(stopped):
                    told(ran)
            except InternalError:
                raise
            except DashError as error:
                logger.warning("Nothing could be looked at: %s", error.message)
            nap = self._nap()
            self._promise(nap + LONGEST_LOOK)
            stopped.wait(nap)

    def planned(self) -> tuple[Planned, ...]:
        """When each job is due next."""
        now = self._clock()
        return tuple(
            Planned(job, expression, next_due(expression, now, self._zone))
            for job, expression in self._expressions.items()
        )

    def _nap(self) -> float:
        """Seconds until the next job is due, and never long."""
        now = self._clock()
        moments = [planned.next_at for planned in self.planned() if planned.next_at is not None]
        waits = [(moment - now) / timedelta(seconds=1) for moment in moments]
        return max(0.2, min([LONGEST_NAP, *waits]))

    def _run_if_due(self, job: str, expression: str) -> Ran | None:
        now = self._clock()
        due_at = last_due(expression, now, self._zone)
        since = self._runs.seen(job, expression, self._zone, now)
        if due_at is None or due_at <= since:
            return None
        if not self._may_be_open(job, due_at, now):
            return None
        with self._database.exclusive(f"job:{job}") as mine:
            if not mine:
                return None
            for dead in self._runs.attempts(job, due_at):
                if dead.outcome is None:
                    self._runs.end(dead.job_run_id, "lost", "the process that ran it ended before it was done", now)
            attempt = next_attempt(self._runs.attempts(job, due_at), now)
            run = None if attempt is None else self._runs.begin(job, due_at, attempt, now)
            return None if run is None else self._run(job, due_at, run)

    def _may_be_open(self, job: str, due_at: datetime, now: datetime) -> bool:
        """Whether it is worth taking the lock."""
        attempts = self._runs.attempts(job, due_at)
        return any(one.outcome is None for one in attempts) or next_attempt(attempts, now) is not None

    def _run(self, job: str, due_at: datetime, run: int) -> Ran:
        outcome, summary = "failed", "it broke; the log has the trace"
        self._promise(LONGEST_JOB)
        try:
            summary = self._jobs[job](due_at)
            outcome = "done"
        except InternalError:
            logger.exception("The job %s broke a promise.", job)
        except DashError as error:
            summary = error.message
        except Exception:  # the job's own boundary: the others go on, the log has the trace
            logger.exception("The job %s could not be run.", job)
        self._promise(LONGEST_LOOK)
        self._runs.end(run, "done" if outcome == "done" else "failed", summary, self._clock())
        return Ran(job, due_at, outcome, summary)
