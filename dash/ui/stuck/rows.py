"""Entries of the list as rows: for the table on the page and for files, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash.knowledge.stuck import STAGE
from dash.ops import Cleared, Entry
from dash.ui.stuck.sight import Sight


@dataclass(frozen=True)
class RowColumn:
    """A column: its name, its heading, and the unit of its cells."""

    name: str
    heading: str
    unit: str = "text"


def columns_of(sight: Sight) -> tuple[RowColumn, ...]:
    """What is known of a ticket, why it is stuck first, then what people made of it."""
    say, wording = sight.say, sight.wording
    facts = [RowColumn(f"fact_{name}", wording.fact_label(name)) for name in sight.facts]
    return (
        RowColumn("ticket", say("stuck_ticket")),
        RowColumn("change", say("stuck_change")),
        RowColumn("reason", say("stuck_reason")),
        RowColumn("days", say("stuck_days"), "number"),
        RowColumn("evidence", say("stuck_evidence")),
        RowColumn("state", say("stuck_state")),
        RowColumn("has_it", say("stuck_has_it")),
        RowColumn("note", say("stuck_note")),
        RowColumn(STAGE, wording.fact_label(STAGE)),
        *facts,
        RowColumn("since", say("stuck_since"), "time"),
        RowColumn("checks", say("stuck_checks"), "count"),
    )


def rows_of(sight: Sight, entries: Sequence[Entry]) -> Iterator[list[Any]]:
    """One row for each entry, in the order of the columns. None: nothing is known."""
    zone = ZoneInfo(sight.wording.zone)
    words = _Words(sight)
    for entry in entries:
        ticket, state = entry.ticket, entry.state
        yield [
            ticket.ticket,
            sight.say(f"stuck_change_{entry.change}") if sight.diff.before else None,
            sight.wording.reason(ticket.reason),
            _days(ticket.hours(sight.now)),
            " · ".join(f"{label}: {value}" for label, value in sight.wording.evidence(ticket)) or None,
            state_words(sight, entry),
            state.assignee,
            _last_word(entry),
            words.fact(STAGE, ticket.stage),
            *(words.fact(name, ticket.facts.get(name)) for name in sight.facts),
            ticket.since.astimezone(zone).isoformat(timespec="minutes"),
            ticket.checks,
        ]


def _days(hours: float) -> float:
    """Days with a decimal as long as it matters."""
    days = round(hours / 24, 1)
    return days if days < 10 else round(days)


def state_words(sight: Sight, entry: Entry) -> str | None:
    """What people made of it: "acknowledged · Ann"; None while nobody did anything."""
    state = entry.state
    back = sight.say("stuck_back") if entry.is_back else None
    if state.standing == "open":
        return back
    if state.standing == "snoozed":
        words = snooze_words(sight, state.until)
    else:
        words = sight.say(f"stuck_standing_{state.standing}")
    return " · ".join(part for part in (words, state.who, back) if part)


def snooze_words(sight: Sight, until: datetime | None) -> str:
    """Until when it is put away."""
    return sight.say("stuck_until", moment=sight.wording.moment(until)) if until else sight.say("stuck_until_stage")


def _last_word(entry: Entry) -> str | None:
    """The newest note, or why somebody put it where it is."""
    state = entry.state
    note = state.notes[-1] if state.notes else None
    if note is not None and (state.at is None or not state.why or note.at >= state.at):
        return note.text
    return state.why


class _Words:
    """Values of facts in words, each looked up once: thousands of rows have a handful of them."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._known: dict[tuple[str, Any], str | None] = {}

    def fact(self, name: str, value: Any) -> str | None:
        """In words, None for nothing."""
        if value is None:
            return None
        known = (name, str(value))
        if known not in self._known:
            self._known[known] = self._sight.wording.fact(name, value)
        return self._known[known]


def cleared_columns(sight: Sight) -> tuple[RowColumn, ...]:
    """What is known of a ticket that is not stuck any more."""
    names = ("ticket", "outcome", "reason", "was_stage", "stood")
    headings = tuple(RowColumn(name, sight.say(f"stuck_{name}")) for name in names)
    return (*headings, *(RowColumn(f"fact_{name}", sight.wording.fact_label(name)) for name in sight.facts))


def cleared_rows(sight: Sight, cleared: Sequence[Cleared]) -> Iterator[list[Any]]:
    """One row for each."""
    words = _Words(sight)
    before: datetime = sight.diff.before.checked_at if sight.diff.before else sight.now
    for one in cleared:
        stage = words.fact(STAGE, one.stage) or ""
        yield [
            one.ticket,
            sight.say(f"stuck_outcome_{one.outcome}", stage=stage),
            sight.wording.reason(one.reason),
            words.fact(STAGE, one.was_stage),
            sight.wording.waiting((before - one.since).total_seconds() / 3600),
            *(words.fact(name, one.facts.get(name)) for name in sight.facts),
        ]
