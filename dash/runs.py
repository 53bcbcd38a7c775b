"""The record of every question, written before anything is done about it and never changed.

A run is two facts: that it was asked (`begin`, committed at once) and how it ended (`finish`). A run without the second
was interrupted: the process was killed, the machine went down, the database was lost. What the person typed is there.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any

from dash.access import require
from dash.database import Database, statement
from dash.errors import NotFoundError
from dash.records.answer import Answer
from dash.records.question import Question, Viewer


@dataclass(frozen=True)
class RunRecord:
    """One question's full record. `outcome`, `answer` and `record` are None when the run was interrupted."""

    run_id: str
    thread_id: str
    question: str
    asked_at: datetime
    now: datetime
    outcome: str | None
    answer: dict[str, Any] | None
    record: dict[str, Any] | None
    asked_by: str = ""
    zone: str = "UTC"


@dataclass(frozen=True)
class AuditEntry:
    """One question and what it tried on the database; `queries` are rows of dash.query_log, in order."""

    run_id: str
    thread_id: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    outcome: str
    question: str
    queries: list[dict[str, Any]]


@dataclass(frozen=True)
class AskedQuestion:
    """A question that people ask and no vetted query answers: how often, by how many, its latest run or, where people
    called some answer right (`confirmed` of them), the latest of those."""

    question: str
    times: int
    people: int
    last_asked_at: datetime
    run_id: str
    answered_as: str
    confirmed: int = 0


@dataclass(frozen=True)
class RunUse:
    """How questions of a day and a person ended and how long they took; None stands for all days, or all people."""

    day: date | None
    asked_by: str | None
    questions: int
    answered: int
    asked_back: int
    declined: int
    errors: int
    interrupted: int
    median_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True)
class QueryUse:
    """How often a vetted query answered a question, for how many people, and when last."""

    times: int
    people: int
    last_asked_at: datetime


class Runs:
    """The runs in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, question: Question, thread_id: str, *, owner: str | None = None) -> str:
        """Record that `question` was asked in the thread; committed when this returns. Returns the run's id.

        Raises NotFoundError when there is no such thread or it is not the given owner's, DatabaseUnavailable when
        nothing could be recorded.
        """
        run_id = secrets.token_hex(8)
        facts = {
            "run_id": run_id,
            "thread_id": thread_id,
            "owner": None if owner is None else storable(owner),
            "asked_by": storable(question.viewer.name),
            "question": storable(question.text),
            "now": question.now,
            "zone": question.zone,
        }
        with self._database.state() as connection:
            if connection.execute(statement("begin_run"), facts).fetchone() is None:
                raise NotFoundError("There is no such conversation; start a new one.")
        return run_id

    def finish(
        self, run_id: str, answer: Answer, record: Mapping[str, Any], queries: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Record how the run ended and the queries that it tried (the rows of `dash.query_log`).

        The first outcome of a run stays. Raises NotFoundError, DatabaseUnavailable.
        """
        facts = {
            "run_id": run_id,
            "outcome": answer.outcome,
            "answer": as_json_text(answer),
            "record": as_json_text(record),
            "queries": as_json_text(queries),
        }
        with self._database.state() as connection:
            if connection.execute(statement("finish_run"), facts).fetchone() is None:
                raise NotFoundError("There is no such run.")

    def log(self, run_id: str, queries: Sequence[Mapping[str, Any]]) -> None:
        """Record queries that a run led to after its end: its drill-downs, its being run again.

        Raises NotFoundError, DatabaseUnavailable.
        """
        facts = {"run_id": run_id, "queries": as_json_text(queries)}
        with self._database.state() as connection:
            if connection.execute(statement("log_queries"), facts).fetchone() is None:
                raise NotFoundError("There is no such run.")

    def cancel(self, run_id: str, *, owner: str) -> bool:
        """Ask whichever process is at work on the run to stop it; False when it has ended already.

        Raises NotFoundError, also for a run of somebody else, and DatabaseUnavailable.
        """
        facts = {"run_id": storable(run_id), "owner": storable(owner)}
        with self._database.state() as connection:
            row = connection.execute(statement("cancel_run"), facts).fetchone()
        if row is None:
            raise NotFoundError("There is no run of that id; it may belong to somebody else.")
        return row[0] is None

    def cancelled(self, run_ids: Sequence[str]) -> frozenset[str]:
        """Which of these runs somebody asked to stop. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            found = connection.execute(statement("cancelled_runs"), {"run_ids": list(run_ids)}).fetchall()
        return frozenset(run_id for (run_id,) in found)

    def get(self, run_id: str, *, owner: str | None = None) -> RunRecord:
        """The record of a run. One in a thread of somebody else than `owner` is as one that does not exist.

        Raises NotFoundError, DatabaseUnavailable.
        """
        facts = {"run_id": storable(run_id), "owner": None if owner is None else storable(owner)}
        with self._database.state() as connection:
            row = connection.execute(statement("get_run"), facts).fetchone()
        if row is None:
            raise NotFoundError("There is no run of that id; it may belong to somebody else.")
        return RunRecord(*row)

    def audit(
        self,
        *,
        since: datetime | None = None,
        asked_by: str | None = None,
        outcome: str | None = None,
        limit: int = 50,
        viewer: Viewer | None = None,
    ) -> tuple[AuditEntry, ...]:
        """Who asked what and which SQL that led to, newest first, at most `limit`.

        `outcome` is the run's, or "interrupted", or a verdict on one of its queries: "rejected", "failed". `viewer` is
        the person at a page, who needs the right; without one it is read where the state folder is at hand.
        Raises NotAllowed, DatabaseUnavailable.
        """
        if viewer is not None:
            require(viewer, "see_audit")
        facts = {
            "since": since,
            "asked_by": None if asked_by is None else storable(asked_by),
            "outcome": outcome,
            "limit": limit,
        }
        with self._database.state() as connection:
            return tuple(AuditEntry(*row) for row in connection.execute(statement("audit"), facts).fetchall())

    def use(self, zone: str, *, since: datetime | None = None, asked_by: str | None = None) -> tuple[RunUse, ...]:
        """Questions by day of `zone` and person, by day, by person and all together. Raises DatabaseUnavailable."""
        facts = {"zone": zone, "since": since, "asked_by": None if asked_by is None else storable(asked_by)}
        with self._database.state() as connection:
            return tuple(RunUse(*row) for row in connection.execute(statement("run_use"), facts).fetchall())

    def vetted_use(self, *, not_people: Sequence[str] = ()) -> dict[str, QueryUse]:
        """What each vetted query answered, by its name, without the questions of `not_people` (programs). A query that
        answered nothing is not there. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            found = connection.execute(statement("vetted_use"), {"not_people": list(not_people)}).fetchall()
        return {name: QueryUse(*use) for name, *use in found}

    def asked_without_vetted(self, *, not_people: Sequence[str] = (), limit: int = 20) -> tuple[AskedQuestion, ...]:
        """What is asked most often and no vetted query answers, without the questions of `not_people` (programs).

        Raises DatabaseUnavailable.
        """
        facts = {"not_people": list(not_people), "limit": limit}
        with self._database.state() as connection:
            found = connection.execute(statement("asked_without_vetted"), facts).fetchall()
        return tuple(AskedQuestion(*row) for row in found)


def as_json_text(value: Any) -> str:
    """`value` as JSON that PostgreSQL can hold: records become objects, times ISO 8601 text, decimals numbers."""
    import json

    return json.dumps(_jsonable(value), ensure_ascii=False, allow_nan=False)


def as_unordered_json(value: Any) -> str:
    """`value` as JSON for comparing: the store does not give names back in the order in which they were written."""
    import json

    return json.dumps(_jsonable(value), ensure_ascii=False, allow_nan=False, sort_keys=True)


def storable(text: str) -> str:
    """Text that PostgreSQL can hold: what it cannot (NUL, half a surrogate pair) becomes a visible sign."""
    return text.replace("\x00", "␀").encode("utf-8", "replace").decode("utf-8")


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _jsonable(asdict(value))
    if isinstance(value, Mapping):
        return {storable(str(key)): _jsonable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_jsonable(entry) for entry in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return _jsonable(value.value)
    return storable(str(value))


def _number(value: float | Decimal) -> Any:
    if not isfinite(value):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
