"""Runs of jobs as they are kept, and what may run next.

A moment at which a job was due is settled when a run for it is done. One that failed is tried again after a while, a
few times; one whose process died is known by its lock being free. Of moments that passed unseen only the latest
counts: after a week of downtime a digest is sent once, not seven times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dash.database import Database, statement
from dash.runs import storable

RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=30))
"""The pauses after a failed run; there are as many more runs as pauses."""

LONGEST_SUMMARY = 1_000

Outcome = Literal["done", "failed", "lost"]


@dataclass(frozen=True)
class Attempt:
    """One run for one moment."""

    job_run_id: int
    attempt: int
    begun_at: datetime
    outcome: Outcome | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Listed:
    """One run, for people; `outcome` is "running" without an end."""

    job: str
    due_at: datetime
    attempt: int
    begun_at: datetime
    ended_at: datetime | None
    outcome: str
    summary: str | None


class JobRuns:
    """The runs in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, job: str, expression: str, zone: str, now: datetime) -> datetime:
        """Since when a job has this schedule: what was due before is not caught up. Raises DatabaseUnavailable."""
        facts = {"job": job, "expression": expression, "zone": zone, "now": now}
        with self._database.state() as connection:
            row = connection.execute(statement("schedule/see"), facts).fetchone()
        assert row is not None, "the statement always returns a row"
        moment: datetime = row[0]
        return moment

    def turned_off(self, job: str, zone: str, now: datetime) -> None:
        """Write down that a job is off, so that it begins anew when it is on again. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            connection.execute(statement("schedule/off"), {"job": job, "zone": zone, "now": now})

    def attempts(self, job: str, due_at: datetime) -> tuple[Attempt, ...]:
        """The runs for a moment, in order."""
        with self._database.state() as connection:
            rows = connection.execute(statement("schedule/attempts"), {"job": job, "due_at": due_at}).fetchall()
        return tuple(Attempt(*row) for row in rows)

    def has_another_try(self, job: str, due_at: datetime) -> bool:
        """Whether a run for a moment, should the one at work fail, is tried again. Counted, not told by the clock: a
        first try may come hours late."""
        return len(self.attempts(job, due_at)) <= len(RETRY_AFTER)

    def begin(self, job: str, due_at: datetime, attempt: int, now: datetime) -> int | None:
        """The id of a new run; None when somebody else has begun the very same."""
        facts = {"job": job, "due_at": due_at, "attempt": attempt, "now": now}
        with self._database.state() as connection:
            row = connection.execute(statement("schedule/begin"), facts).fetchone()
        return row[0] if row else None

    def end(self, job_run_id: int, outcome: Outcome, summary: str, now: datetime) -> None:
        """Write the end of a run down."""
        text = storable(summary)[:LONGEST_SUMMARY]
        facts = {"job_run_id": job_run_id, "outcome": outcome, "summary": text, "now": now}
        with self._database.state() as connection:
            connection.execute(statement("schedule/end"), facts)

    def list(self, job: str | None = None, limit: int = 20) -> tuple[Listed, ...]:
        """The newest runs."""
        with self._database.state() as connection:
            rows = connection.execute(statement("schedule/list"), {"job": job, "limit": limit}).fetchall()
        return tuple(Listed(*row) for row in rows)


def next_attempt(attempts: tuple[Attempt, ...], now: datetime) -> int | None:
    """The number of the run that may begin now for a moment; None when it is settled, given up, or not yet due again.

    Every earlier run has ended: whoever asks holds the job's lock and has closed those that died.
    """
    if not attempts:
        return 1
    last = attempts[-1]
    if last.outcome == "done" or len(attempts) > len(RETRY_AFTER):
        return None
    ended = last.ended_at or last.begun_at
    return last.attempt + 1 if now >= ended + RETRY_AFTER[len(attempts) - 1] else None
