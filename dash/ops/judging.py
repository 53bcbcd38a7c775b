"""The definition of stuck as one statement: which tickets are stuck, how long, why, and what shows it.

The reasons are those of `dash.knowledge.stuck_reasons`, and the rows beside a ticket are found for all stuck tickets at
once, so a million tickets cost one pass and a few lookups. What is composed runs the way of every question: through the
guard and `execute`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash.ask import Dash
from dash.knowledge.stuck import StuckFile
from dash.knowledge.stuck_condition import condition, literal, waited_hours
from dash.knowledge.stuck_reasons import beside, columns_used, first_that_holds, own, reason_of
from dash.records import PlannedQuery, Question, Result, Viewer
from dash.shown.discretion import discreet

SECONDS = 30.0
PAGE = 10_000
MOST_TICKETS = 100_000
LONGEST_TEXT = 300
"""So much of a text is evidence; the replay has all of it."""

FACT, EVIDENCE = "fact_", "evidence"

# Controls, and signs that turn the direction of writing round: "\x1b[2J", "\u202e".
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True)
class Judged:
    """A ticket that is stuck as of the moment of judging."""

    ticket: str
    stage: str
    since: datetime
    reason: str
    level: int
    facts: Mapping[str, Any]
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Fate:
    """Where a ticket stands now."""

    stage: str
    since: datetime
    is_open: bool


def judge(dash: Dash, file: StuckFile, now: datetime) -> Iterator[Judged]:
    """Every stuck ticket, the longest wait first. Raises QueryRejected, QueryFailed, DatabaseUnavailable."""
    page = min(PAGE, dash.settings.limits.rows)
    after: tuple[datetime, str] | None = None
    found = 0
    while found < MOST_TICKETS:
        result = run(dash, judging_query(file, page, after), now)
        rows = rows_of(result)
        for row in rows:
            yield _judged(row)
        found += len(rows)
        if not rows or (len(rows) < page and result.truncated is None):
            return
        after = (rows[-1]["since"], rows[-1]["ticket"])


def fates(dash: Dash, file: StuckFile, keys: Sequence[str], now: datetime) -> dict[str, Fate]:
    """Where tickets stand now; those that do not exist any more are missing."""
    found: dict[str, Fate] = {}
    page = min(PAGE, dash.settings.limits.rows)
    for start in range(0, len(keys), page):
        query = fates_query(file, list(keys[start : start + page]))
        for row in rows_of(run(dash, query, now)):
            found[row["ticket"]] = Fate(str(row["stage"]), row["since"], row["is_open"] is True)
    return found


def run(dash: Dash, query: PlannedQuery, now: datetime) -> Result:
    """A query of this package, checked and run on behalf of the product: personal columns stay masked."""
    viewer = Viewer(dash.settings.user)
    planned = PlannedQuery(query.sql, {**query.parameters, "now": now})
    checked = dash.check(planned, viewer, "vetted")
    return dash.execute(checked, Question("", now, dash.settings.zone, viewer), seconds=SECONDS)


def rows_of(result: Result) -> list[dict[str, Any]]:
    """Rows as dicts."""
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def judging_query(file: StuckFile, page: int, after: tuple[datetime, str] | None = None) -> PlannedQuery:
    """One page of stuck tickets behind a place in the order of waiting."""
    around = beside(file)
    parts = [f"stuck AS MATERIALIZED (\n{_stuck_sql(file, after is not None)}\n)", *around.parts]
    outputs = [
        "ticket.stuck_ticket AS ticket",
        "ticket.stuck_stage AS stage",
        "ticket.stuck_since AS since",
        f"{_level_sql(file)} AS level",
        f"{reason_of(file)} AS reason",
        f"{_evidence_sql(file)} AS {EVIDENCE}",
        *(f"ticket.{FACT}{name}" for name in file.tickets.facts),
    ]
    sql = (
        f"WITH {_listed(parts)}\nSELECT {_listed(outputs)}\nFROM stuck AS ticket{around.joins}\n"
        "ORDER BY ticket.stuck_since, ticket.stuck_ticket"
    )
    values: dict[str, Any] = {"hours": file.thresholds.hours, "page_limit": page}
    if after is not None:
        values |= {"after_since": after[0], "after_ticket": after[1]}
    return PlannedQuery(sql, values)


def fates_query(file: StuckFile, keys: list[str]) -> PlannedQuery:
    """Stage, since and openness of tickets by their keys."""
    tickets = file.tickets
    sql = (
        f"SELECT CAST({own(tickets.key)} AS text) AS ticket, CAST({own(tickets.stage.sql)} AS text) AS stage,\n"
        f"  {_since(file)} AS since, {own(tickets.open)} AS is_open\n"
        f"FROM {tickets.table} AS ticket\nWHERE CAST({own(tickets.key)} AS text) = ANY(:keys)"
    )
    return PlannedQuery(sql, {"keys": keys})


def _stuck_sql(file: StuckFile, goes_on: bool) -> str:
    """The stuck tickets of a page, with all that is wanted of them, so that their table is read once."""
    tickets = file.tickets
    key = f"CAST({own(tickets.key)} AS text)"
    columns = [
        f"{own(tickets.key)} AS stuck_key",
        f"{key} AS stuck_ticket",
        f"CAST({own(tickets.stage.sql)} AS text) AS stuck_stage",
        f"{_since(file)} AS stuck_since",
        f"{waited_hours(file, _since(file))} AS stuck_hours",
        *(f"{own(fact.sql)} AS {FACT}{name}" for name, fact in tickets.facts.items()),
        *(f"ticket.{column}" for column in sorted(columns_used(file, evidence=True).get("ticket", ()))),
    ]
    behind = ""
    if goes_on:
        behind = f"\nAND ({_since(file)}, {key}) > (CAST(:after_since AS timestamptz), CAST(:after_ticket AS text))"
    return (
        f"SELECT {_listed(columns)}\nFROM {tickets.table} AS ticket\nWHERE ({condition(file)}\n){behind}\n"
        "ORDER BY stuck_since, stuck_ticket LIMIT :page_limit"
    )


def _since(file: StuckFile) -> str:
    """A time that Python has too: '-infinity' waits since 1970."""
    return f"GREATEST({own(file.tickets.since)}, CAST('1970-01-01T00:00:00Z' AS timestamptz))"


def _evidence_sql(file: StuckFile) -> str:
    """The evidence of the reason that holds; the conditions stand again, because an output cannot use another."""
    return first_that_holds(file, {one.name: _object(one.evidence) for one in file.reasons})


def _object(cells: Mapping[str, Any]) -> str:
    pairs = ", ".join(f"{literal(name)}, {own(cell.sql)}" for name, cell in cells.items())
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))" if pairs else "CAST('{}' AS jsonb)"


def _level_sql(file: StuckFile) -> str:
    """How many thresholds of `worse` have passed."""
    passed = [f"CASE WHEN ticket.stuck_hours > {hours} THEN 1 ELSE 0 END" for hours in file.thresholds.worse]
    return " + ".join(passed) or "0"


def _listed(parts: Sequence[str]) -> str:
    return ",\n  ".join(parts)


def _judged(row: Mapping[str, Any]) -> Judged:
    evidence = row[EVIDENCE] if isinstance(row[EVIDENCE], dict) else {}
    return Judged(
        ticket=row["ticket"],
        stage=clean(str(row["stage"])),
        since=row["since"],
        reason=row["reason"],
        level=int(row["level"]),
        facts={name.removeprefix(FACT): _cell(value) for name, value in row.items() if name.startswith(FACT)},
        evidence={name: _cell(value) for name, value in evidence.items()},
    )


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    return clean(str(value))


def clean(text: str) -> str:
    """What a stranger may have written, on one short line: no controls, no addresses and telephone numbers."""
    line = discreet(" ".join(_CONTROL.sub(" ", text).split()))
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1].rstrip() + "…"
