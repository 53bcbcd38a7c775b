"""What the list of stuck tickets is made of: checks, tickets in them, what people did about them, and differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Deed = Literal["acknowledge", "assign", "note", "snooze", "unsnooze", "close", "reopen"]
DEEDS: tuple[Deed, ...] = ("acknowledge", "assign", "note", "snooze", "unsnooze", "close", "reopen")

Standing = Literal["open", "acknowledged", "snoozed", "closed"]
STANDINGS: tuple[Standing, ...] = ("open", "acknowledged", "snoozed", "closed")

Change = Literal["new", "worse", "still"]
CHANGES: tuple[Change, ...] = ("new", "worse", "still")

Outcome = Literal["closed", "moved", "gone", "redefined"]
"""What became of a ticket that is not stuck any more: it is not open now, it stands at another stage (or anew at the
same one), it does not exist, or nothing happened to it and the definition is another one."""


@dataclass(frozen=True)
class Check:
    """One complete check. `previous` is the check before it; `counts` are its tickets by reason."""

    check_id: int
    checked_at: datetime
    previous: int | None
    tickets: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class StuckTicket:
    """One ticket of a check. `level` counts the thresholds of `worse` that it has passed; `checks` how many checks in a
    row have found it at this stage, the first of them at `first_seen_at`. `facts` and `evidence` are cells by their
    names in the file; texts in them are what strangers wrote, on one line, without control characters."""

    ticket: str
    stage: str
    since: datetime
    reason: str
    level: int
    checks: int
    first_seen_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def hours(self, now: datetime) -> float:
        """How long it has stood, by the clock."""
        return (now - self.since).total_seconds() / 3600


@dataclass(frozen=True)
class Cleared:
    """A ticket that was stuck and is not any more; `stage` is where it stood when that was seen."""

    ticket: str
    reason: str
    was_stage: str
    outcome: Outcome
    stage: str | None
    since: datetime
    checks: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Diff:
    """What changed from one check to another; without `before` everything is new."""

    check: Check
    before: Check | None
    new: tuple[StuckTicket, ...]
    worse: tuple[StuckTicket, ...]
    still: tuple[StuckTicket, ...]
    cleared: tuple[Cleared, ...]

    @property
    def changes(self) -> Mapping[str, Change]:
        """Ticket → change, of every ticket of the later check."""
        found: dict[str, Change] = {}
        for change, tickets in (("new", self.new), ("worse", self.worse), ("still", self.still)):
            found |= {ticket.ticket: change for ticket in tickets}  # type: ignore[misc]
        return found


@dataclass(frozen=True)
class Action:
    """What somebody did about a ticket. `since` is the standing that it was done about: what was done about an earlier
    one is history. `until` ends a snooze; without it a change of the stage does. `text` is the assignee, the note, or
    why it was done. `by` names the person for ever, `who` is what people call them."""

    action_id: int
    ticket: str
    deed: Deed
    by: str
    who: str
    at: datetime
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@dataclass(frozen=True)
class State:
    """What all actions together make of a ticket now: how it stands, since `who` did what `at` and `why`; who has it;
    what was noted. `back_at` is when it came back by itself out of a snooze, until somebody does something about it."""

    standing: Standing = "open"
    who: str | None = None
    why: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    back_at: datetime | None = None
    assignee: str | None = None
    notes: tuple[Action, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One line of the list: a ticket, what people made of it, and how it stands to the earlier check. `is_back`
    says that a snooze of it has ended between that check and this one: that is then what is told of it, whatever
    threshold it passed meanwhile, so its change is still. One that is new is told as new."""

    ticket: StuckTicket
    state: State
    change: Change
    is_back: bool = False


def count_changes(entries: Iterable[Entry], cleared: Sequence[Cleared]) -> dict[str, int]:
    """How many are new, got worse and are still stuck, which are the list; how many of those came back from a snooze;
    and how many cleared. Every surface says these numbers."""
    listed = tuple(entries)
    counts: dict[str, int] = {change: sum(entry.change == change for entry in listed) for change in CHANGES}
    return {**counts, "back": sum(entry.is_back for entry in listed), "cleared": len(cleared)}


def count_reasons(reasons: Iterable[str], catch_all: str | None = None) -> dict[str, int]:
    """How many there are of each reason, the most frequent first; the one that explains nothing stands last."""
    return dict(sorted(Counter(reasons).items(), key=lambda pair: (pair[0] == catch_all, -pair[1], pair[0])))
