"""What a deed would undo, and whether it changes anything: a list that somebody looks at may be older than a
colleague's decision.

Nothing that somebody else decided is undone unseen. Closing, snoozing and assigning anew are refused as a whole where
they would, unless whoever does it saw that decision, or says so; taking back by name is meant. Acknowledging undoes
nothing by itself: what is snoozed or closed stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dash.errors import UserError
from dash.ops.records import Action, Deed, Standing, State

_DECIDES: Mapping[Standing, Deed] = {"snoozed": "snooze", "closed": "close", "acknowledged": "acknowledge"}
_UNDOES: Mapping[Deed, frozenset[Standing]] = {
    "snooze": frozenset({"snoozed"}),
    "close": frozenset({"snoozed"}),
    "unsnooze": frozenset({"snoozed"}),
    "reopen": frozenset({"snoozed", "closed", "acknowledged"}),
}
_MEANT: frozenset[Deed] = frozenset({"unsnooze", "reopen"})
_SAID: Mapping[Deed, str] = {"snooze": "snoozed by", "close": "closed as expected by", "acknowledge": "acknowledged by"}


@dataclass(frozen=True)
class Done:
    """What came of a deed: about how many tickets it was written down, how many stood like that already, and the
    decisions that an acknowledgement left as they are."""

    count: int
    already: int = 0
    kept: tuple[Action, ...] = ()


class ColleagueDecided(UserError):
    """A deed would undo what others decided, and whoever asked for it has not seen that. Nothing was changed."""

    def __init__(self, undone: Iterable[Action], zone: str) -> None:
        self.undone = tuple(undone)
        named = ", ".join(action.ticket for action in self.undone[:3])
        more = f" and {len(self.undone) - 3} more" if len(self.undone) > 3 else ""
        what = describe(self.undone, zone)
        super().__init__(f"A colleague's decision would be undone: {what} ({named}{more}). Nothing was changed.")


def describe(decisions: Iterable[Action], zone: str) -> str:
    """Decisions in a line: "2 snoozed by Bob until 2026-11-23 09:00, 1 closed as expected by Ann"."""
    return ", ".join(f"{count} {words}" for words, count in Counter(_said(one, zone) for one in decisions).items())


def _said(action: Action, zone: str) -> str:
    if action.deed == "assign":
        return f"given to {action.text} by {action.who}"
    words = f"{_SAID[action.deed]} {action.who}"
    if action.deed != "snooze":
        return words
    return f"{words} until {_written(action.until, zone)}" if action.until else f"{words} until the stage changes"


def _written(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def decision(state: State, since: datetime) -> Action | None:
    """The action that put a ticket where it stands; None for one that is open."""
    deed = _DECIDES.get(state.standing)
    return next((one for one in reversed(state.actions) if one.deed == deed and one.since == since), None)


def undone_by(deed: Deed, text: str | None, state: State, since: datetime) -> Action | None:
    """The decision that a deed about a ticket in this state would undo."""
    if deed == "assign":
        given = next((one for one in reversed(state.actions) if one.deed == "assign"), None)
        return given if given is not None and given.text not in (None, text) else None
    return decision(state, since) if state.standing in _UNDOES.get(deed, ()) else None


def is_unseen(deed: Deed, text: str | None, undone: Action, by: str, seen: int | None) -> bool:
    """Whether it is somebody else's decision, and newer than the last action that was `seen`. Without a list nothing
    was seen, but whoever takes back or takes away by name means just that."""
    if undone.by == by:
        return False
    if seen is None:
        return deed not in _MEANT and not (deed == "assign" and text is None)
    return undone.action_id > seen


def is_so(deed: Deed, text: str | None, state: State, beneath: Standing) -> bool:
    """Whether a deed changes nothing; `beneath` is how a ticket stands without its snooze. What has just come back from
    a snooze may be looked at again."""
    if deed == "assign":
        return state.assignee == text
    if deed == "unsnooze":
        return state.standing != "snoozed"
    if text or state.back_at is not None:
        return False
    match deed:
        case "acknowledge":
            return beneath == "acknowledged" or state.standing == "closed"
        case "close":
            return state.standing == "closed"
        case "reopen":
            return state.standing == "open"
        case _:
            return False
