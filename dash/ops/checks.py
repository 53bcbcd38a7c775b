"""Checks as they are kept: one transaction each, one after another, never changed; old ones are forgotten as a whole.

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
from dash.errors import UserError
from dash.knowledge.stuck import StuckFile
from dash.ops.judging import MOST_TICKETS, Fate, Judged, fates, judge
from dash.ops.records import Change, Check, Cleared, Diff, Outcome, StuckTicket, count_reasons
from dash.runs import storable

FORGOTTEN_AT_ONCE = 50
"""So many checks go in one transaction, so that years of them lock nothing for long."""

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
        previous = latest[0] if latest else None
        rows = connection.execute(statement("stuck/list_standings"), {"check_id": previous}).fetchall()
        before = {ticket: tuple(standing) for ticket, *standing in rows}
        cleared = _cleared(dash, file, now, before, judged)
        counts = count_reasons(one.reason for one in judged)
        facts = {
            "previous": previous,
            "checked_at": now,
            "definition": file.fingerprint(),
            "tickets": len(judged),
            "counts": json.dumps(counts),
        }
        check_id = _one(connection, "record_check", facts)[0]
        tickets = _json([asdict(one) | _course(one, before.get(one.ticket), now) for one in judged])
        connection.execute(statement("stuck/record_tickets"), {"check_id": check_id, "tickets": tickets})
        connection.execute(statement("stuck/record_cleared"), {"check_id": check_id, "cleared": _json(cleared)})
    return Check(check_id, now, previous, len(judged), counts)


def latest_check(database: Database) -> Check | None:
    """The last complete check. Raises DatabaseUnavailable."""
    return next(iter(list_checks(database, limit=1)), None)


def list_checks(database: Database, *, since: datetime | None = None, limit: int = 100) -> tuple[Check, ...]:
    """Complete checks, newest first. Raises DatabaseUnavailable."""
    with database.state() as connection:
        rows = connection.execute(statement("stuck/list_checks"), {"since": since, "limit": limit}).fetchall()
    return tuple(_check(row) for row in rows)


def find_check(database: Database, check_id: int) -> Check | None:
    """A check by its number, None when it has been forgotten. Raises DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("stuck/get_check"), {"check_id": check_id}).fetchone()
    return _check(row) if row else None


def check_at(database: Database, moment: datetime) -> Check | None:
    """The last check at or before a moment, or the first one after it. Raises DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("stuck/check_at"), {"moment": moment}).fetchone()
    return _check(row) if row else None


def first_check_from(database: Database, moment: datetime) -> Check | None:
    """The first check at or after a moment. Raises DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("stuck/first_check"), {"moment": moment}).fetchone()
    return _check(row) if row else None


def last_seen(database: Database, reader: str) -> Check | None:
    """The check that a reader was shown last. Raises DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("stuck/last_seen"), {"reader": storable(reader)}).fetchone()
    return _check(row) if row else None


def record_seen(database: Database, reader: str, check: Check, now: datetime) -> None:
    """Write down that a reader was shown a check. Raises DatabaseUnavailable."""
    facts = {"reader": storable(reader), "check_id": check.check_id, "seen_at": now}
    with database.state() as connection:
        connection.execute(statement("stuck/record_seen"), facts)


def forget_checks(database: Database, before: datetime) -> int:
    """Forget the checks before a moment, with their tickets, but never the last two; says how many. What people did
    about tickets stays. Raises DatabaseUnavailable."""
    forgotten = 0
    while True:
        with database.state() as connection:
            connection.execute(statement("stuck/forgetting"))
            facts = {"before": before, "most": FORGOTTEN_AT_ONCE}
            rows = connection.execute(statement("stuck/forget_checks"), facts).fetchall()
        forgotten += len(rows)
        if len(rows) < FORGOTTEN_AT_ONCE:
            return forgotten


def read_diff(database: Database, check: Check, before: Check | None) -> Diff:
    """The tickets of a check, told apart by what an earlier one had. Raises DatabaseUnavailable."""
    with database.state() as connection:
        tickets = _tickets(connection, check)
        known = {one.ticket: one for one in _tickets(connection, before)} if before else {}
        standing = {one.ticket: one.since for one in tickets}
        gone = [one for one in known.values() if standing.get(one.ticket) != one.since]
        facts = {
            "tickets": [one.ticket for one in gone],
            "before": before.check_id if before else 0,
            "check_id": check.check_id,
        }
        rows = connection.execute(statement("stuck/list_cleared"), facts).fetchall() if gone else []
    outcomes = {ticket: (outcome, stage) for ticket, outcome, stage in rows}
    parts: dict[Change, list[StuckTicket]] = {"new": [], "worse": [], "still": []}
    for one in tickets:
        parts[_change(one, known.get(one.ticket))].append(one)
    cleared = []
    for one in gone:
        outcome, stage = outcomes[one.ticket]
        cleared.append(Cleared(one.ticket, one.reason, one.stage, outcome, stage, one.since, one.checks, one.facts))
    return Diff(check, before, tuple(parts["new"]), tuple(parts["worse"]), tuple(parts["still"]), tuple(cleared))


def _change(one: StuckTicket, earlier: StuckTicket | None) -> Change:
    if earlier is None or earlier.since != one.since:
        return "new"
    return "worse" if one.level > earlier.level else "still"


def _tickets(connection: Any, check: Check) -> list[StuckTicket]:
    rows = connection.execute(statement("stuck/list_tickets"), {"check_id": check.check_id}).fetchall()
    return [StuckTicket(*row) for row in rows]


def _check(row: Row) -> Check:
    check_id, checked_at, previous, tickets, counts = row[:5]
    return Check(check_id, checked_at, previous, tickets, counts)


def _course(one: Judged, before: Row | None, now: datetime) -> dict[str, Any]:
    """For how many checks in a row a ticket stands like this, and since which; `before` is (since, checks, first)."""
    if before is None or before[0] != one.since:
        return {"checks": 1, "first_seen_at": now}
    return {"checks": before[1] + 1, "first_seen_at": before[2]}


def _cleared(
    dash: Dash, file: StuckFile, now: datetime, before: Mapping[str, Row], judged: Sequence[Judged]
) -> list[dict[str, Any]]:
    """What became of the tickets of the check before that do not stand as they stood."""
    present = {one.ticket: one for one in judged}
    left = [ticket for ticket in before if ticket not in present]
    anew = [one for one in judged if one.ticket in before and before[one.ticket][0] != one.since]
    found = fates(dash, file, left, now)
    return [
        *({"ticket": ticket, **_fate(found.get(ticket), before[ticket][0])} for ticket in left),
        *({"ticket": one.ticket, "outcome": "moved", "stage": one.stage} for one in anew),
    ]


def _fate(fate: Fate | None, since: datetime) -> dict[str, Any]:
    outcome: Outcome
    if fate is None:
        return {"outcome": "gone", "stage": None}
    outcome = "closed" if not fate.is_open else "redefined" if fate.since == since else "moved"
    return {"outcome": outcome, "stage": fate.stage}


def _one(connection: Any, name: str, facts: Mapping[str, Any] | None = None) -> Row:
    row: Row = connection.execute(statement(f"stuck/{name}"), facts).fetchone()
    return row


def _json(value: Any) -> str:
    return storable(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
