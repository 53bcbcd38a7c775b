"""Checks as they are kept: one transaction each, one after another, never changed.

A check is judged and written while an advisory lock is held, and counts from the moment at which its transaction is
committed; one that broke off was never there. Whoever waited for the lock while somebody else finished a check is given
that one. `previous` is unique, so the chain cannot fork even where the lock would fail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dash.ask import Dash
from dash.database import Database, statement
from dash.errors import NotFoundError, UserError
from dash.knowledge.stuck import StuckFile
from dash.ops.judging import MOST_TICKETS, Fate, Judged, fates, judge
from dash.ops.records import Check, Cleared, Diff, Outcome, StuckTicket
from dash.runs import storable

Row = Sequence[Any]


def record_check(dash: Dash, file: StuckFile, now: datetime) -> Check:
    """Judge every ticket as of `now` and keep what was found. Raises QueryFailed, DatabaseUnavailable."""
    with dash.database.state() as connection:
        began = _one(connection, "clock")[0]
        connection.execute(statement("stuck/lock"))
        latest = connection.execute(statement("stuck/latest_check")).fetchone()
        if latest is not None and latest[5] >= began:
            return _check(latest)
        judged = tuple(judge(dash, file, now))
        if len(judged) >= MOST_TICKETS:
            raise UserError(f"{MOST_TICKETS:,} tickets or more are stuck; mend the threshold in stuck.yaml first.")
        counts = _counts(judged)
        previous = latest[0] if latest else None
        facts = {
            "previous": previous,
            "checked_at": now,
            "definition": file.fingerprint(),
            "tickets": len(judged),
            "counts": json.dumps(counts),
        }
        check_id = _one(connection, "record_check", facts)[0]
        facts |= {"check_id": check_id, "tickets": _json([asdict(one) for one in judged])}
        connection.execute(statement("stuck/record_tickets"), facts)
        left = connection.execute(statement("stuck/left_tickets"), facts).fetchall() if latest else []
        found = fates(dash, file, [row[0] for row in left if not row[2]], now)
        facts["cleared"] = _json([_cleared(row, found) for row in left])
        connection.execute(statement("stuck/record_cleared"), facts)
    return Check(check_id, now, previous, len(judged), counts)


def latest_check(database: Database) -> Check | None:
    """The last complete check. Raises DatabaseUnavailable."""
    return next(iter(list_checks(database, limit=1)), None)


def list_checks(database: Database, *, since: datetime | None = None, limit: int = 100) -> tuple[Check, ...]:
    """Complete checks, newest first. Raises DatabaseUnavailable."""
    with database.state() as connection:
        rows = connection.execute(statement("stuck/list_checks"), {"since": since, "limit": limit}).fetchall()
    return tuple(_check(row) for row in rows)


def get_check(database: Database, check_id: int) -> Check:
    """A check by its number. Raises NotFoundError, DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("stuck/get_check"), {"check_id": check_id}).fetchone()
    if row is None:
        raise NotFoundError(f"There is no check {check_id}.")
    return _check(row)


def check_at(database: Database, moment: datetime) -> Check | None:
    """The last check at or before a moment, or the first one after it. Raises DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("stuck/check_at"), {"moment": moment}).fetchone()
    return _check(row) if row else None


def read_diff(database: Database, check: Check, before: Check | None) -> Diff:
    """The tickets of a check, told apart by what an earlier one had. Raises DatabaseUnavailable."""
    facts = {"check_id": check.check_id, "before": before.check_id if before else None}
    with database.state() as connection:
        rows = connection.execute(statement("stuck/list_tickets"), facts).fetchall()
        cleared = connection.execute(statement("stuck/list_cleared"), facts).fetchall() if before else []
    new: list[StuckTicket] = []
    worse: list[StuckTicket] = []
    still: list[StuckTicket] = []
    for *values, level_before in rows:
        ticket = StuckTicket(*values)
        kind = new if level_before is None else worse if ticket.level > level_before else still
        kind.append(ticket)
    return Diff(check, before, tuple(new), tuple(worse), tuple(still), tuple(Cleared(*row) for row in cleared))


def _check(row: Row) -> Check:
    check_id, checked_at, previous, tickets, counts = row[:5]
    return Check(check_id, checked_at, previous, tickets, counts)


def _counts(judged: Sequence[Judged]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in judged:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    return counts


def _cleared(row: Row, found: Mapping[str, Fate]) -> dict[str, Any]:
    """(ticket, since, stands_anew, stage) → what became of it."""
    ticket, since, stands_anew, stage = row
    fate = found.get(ticket)
    outcome: Outcome
    if stands_anew:
        outcome = "moved"
    elif fate is None:
        outcome = "gone"
    else:
        stage = fate.stage
        outcome = "closed" if not fate.is_open else "redefined" if fate.since == since else "moved"
    return {"ticket": ticket, "outcome": outcome, "stage": stage}


def _one(connection: Any, name: str, facts: Mapping[str, Any] | None = None) -> Row:
    row: Row = connection.execute(statement(f"stuck/{name}"), facts).fetchone()
    return row


def _json(value: Any) -> str:
    return storable(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
