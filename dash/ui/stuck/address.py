"""What the address of the page says: which tickets are wanted, and since when changes count.

Everything that narrows the list is there (`?reason=unanswered&category=damaged_item&change=new&mine=1`), so a link, a
reload and a second tab open the same list. Nobody has checked what an address says: a value that no ticket has finds
nothing, and the page says which filter it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import streamlit as st

from dash.knowledge.stuck import STAGE, StuckFile
from dash.ops import CHANGES, SHOWN, STANDINGS, Check, Diff, Entry, Narrowing, StuckDesk

REASON, CHANGE, MINE, AWAY, COMPARED, PAGE = "reason", "change", "mine", "away", "compare", "page"
CLEARED, BACK = "cleared", "back"
WORKDAY, PREVIOUS, WEEK = "workday", "previous", "week"
COMPARISONS = (WORKDAY, PREVIOUS, WEEK)
"""Since when changes count; since the working day before where the address says nothing. A digest's link names a check
instead ("check-17"), and an address may also say a moment."""
_CHECK = re.compile(r"check-(\d{1,18})")
NONE = "~"
"""Stands in the address and the filters for tickets without a value."""

_TAKEN = {REASON, CHANGE, MINE, AWAY, COMPARED, PAGE, "lang", "embed", "embed_options", "theme"}
_MOST_VALUES, _LONGEST_VALUE = 30, 200


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. `facts` are by name, the stage among them; `change` may also be cleared, or back;
    `since` is the moment, or the number of the check, of a comparison that is none of those with a name."""

    reasons: tuple[str, ...] = ()
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    change: str | None = None
    mine: bool = False
    away: bool = False
    compared: str = WORKDAY
    since: datetime | int | None = None
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return bool(self.reasons or self.facts or self.change or self.mine or self.away)

    @property
    def narrows_reasons(self) -> bool:
        """Whether a filter leaves out tickets that nobody put away."""
        return bool(self.reasons or self.facts or self.mine)

    def lists(self, entry: Entry) -> bool:
        """Whether an entry is of the change that is asked for; all are where none is."""
        if self.change == BACK:
            return entry.is_back
        return self.change in (None, CLEARED, entry.change)

    def narrowing(self) -> Narrowing:
        """The same for the desk, without the change, because all changes are counted."""
        facts: dict[str, Collection[str]] = {
            name: [None if value == NONE else value for value in values]  # type: ignore[misc]
            for name, values in self.facts.items()
        }
        standings = frozenset(STANDINGS) if self.away else SHOWN
        return Narrowing(self.reasons, facts, standings=standings, mine=self.mine)

    def diff(self, desk: StuckDesk, check: Check, now: datetime) -> Diff:
        """The check beside the one that it is to be compared with. Raises NotFoundError where the number that the
        address names is of no earlier check."""
        if isinstance(self.since, int):
            return desk.diff_with(check, self.since)
        if self.since is not None:
            return desk.diff(check, since=self.since)
        if self.compared == WEEK:
            return desk.diff(check, since=now - timedelta(days=7))
        return desk.diff(check) if self.compared == PREVIOUS else desk.diff_since_workday(check)


def read_wanted(file: StuckFile) -> Wanted:
    """What the address asks for; what it cannot mean is left out."""
    change = st.query_params.get(CHANGE)
    compared = st.query_params.get(COMPARED, WORKDAY)
    page = st.query_params.get(PAGE, "")
    return Wanted(
        reasons=tuple(chosen(REASON)),
        facts={name: tuple(values) for name in narrowed_by(file) if (values := chosen(parameter(name)))},
        change=change if change in (*CHANGES, BACK, CLEARED) else None,
        mine=st.query_params.get(MINE) == "1",
        away=st.query_params.get(AWAY) == "1",
        compared=compared if compared in COMPARISONS else WORKDAY,
        since=None if compared in COMPARISONS else _check(compared) or _moment(compared),
        page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
    )


def _check(text: str) -> int | None:
    """The number of the check that an address names."""
    named = _CHECK.fullmatch(text)
    return int(named[1]) if named else None


def _moment(text: str) -> datetime | None:
    """The moment that an address names, in UTC where it says no zone; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def narrowed_by(file: StuckFile) -> tuple[str, ...]:
    """What tickets can be narrowed by beside their reason."""
    return (STAGE, *file.tickets.facts)


def parameter(name: str) -> str:
    """The address parameter of the stage or a fact."""
    return f"fact.{name}" if name in _TAKEN else name


def chosen(name: str) -> list[str]:
    """The values that the address has under a name."""
    values = [value[:_LONGEST_VALUE] for value in st.query_params.get_all(name)]
    return list(dict.fromkeys(value for value in values if value))[:_MOST_VALUES]


def put(name: str, values: Sequence[str]) -> None:
    """Write into the address; nothing removes it. Another list begins at its first page."""
    if values:
        st.query_params[name] = list(values)
    elif name in st.query_params:
        del st.query_params[name]
    if name != PAGE and PAGE in st.query_params:
        del st.query_params[PAGE]
