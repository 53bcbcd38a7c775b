"""What people do about stuck tickets: every deed is a row, and the state of a ticket is the fold of its deeds.

A deed is about one standing of a ticket: the stage that it has had since a moment. When the stage changes, what was
acknowledged, snoozed or closed about it is history, so the ticket is back without anybody doing anything; who has it
and what was noted stay. None of it touches the support data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dash.database import Database, statement
from dash.database.connections import Connection
from dash.errors import NotFoundError, UserError
from dash.ops.records import Action, Deed, Standing, State
from dash.ops.undoing import ColleagueDecided, Done, decision, is_so, is_unseen, undone_by
from dash.records import Viewer
from dash.runs import storable

LONGEST_NOTE = 2_000
LONGEST_NAME = 120

_BESIDE_A_SNOOZE: Mapping[Deed, Standing] = {"acknowledge": "acknowledged", "close": "closed", "reopen": "open"}


def fold(actions: Iterable[Action], since: datetime, now: datetime) -> State:
    """The state of a ticket that has stood since `since`, of its actions in their order."""
    state = State()
    for action in actions:
        state = _after(state, action, since)
    if state.standing == "snoozed" and state.until is not None and state.until <= now:
        state = replace(awake(state, since), back_at=state.until)
    return state


def _after(state: State, action: Action, since: datetime) -> State:
    before = state
    state = replace(state, actions=(*state.actions, action))
    match action.deed:
        case "assign":
            return replace(state, assignee=action.text)
        case "note":
            return replace(state, notes=(*state.notes, action))
        case _ if action.since != since:
            return state
        case "acknowledge":
            return state if _is_away(before, since, action.at) else _standing(state, "acknowledged", action)
        case "snooze":
            return _standing(state, "snoozed", action)
        case "close":
            return _standing(state, "closed", action)
        case "unsnooze":
            return awake(state, since) if state.standing == "snoozed" else state
        case _:  # reopen
            return _standing(state, "open", None)


def _is_away(state: State, since: datetime, at: datetime) -> bool:
    """Whether somebody has put a ticket away, and it has not come back by then: seeing it is no reason to end that."""
    if state.standing == "snoozed":
        return state.until is None or state.until > at or awake(state, since).standing == "closed"
    return state.standing == "closed"


def _standing(state: State, standing: Standing, action: Action | None) -> State:
    if action is None:
        return replace(state, standing=standing, who=None, why=None, at=None, until=None)
    return replace(state, standing=standing, who=action.who, why=action.text, at=action.at, until=action.until)


def awake(state: State, since: datetime | None) -> State:
    """How a ticket stands without its snooze: acknowledged or closed, if somebody had said so, before it or in it."""
    last: Action | None = None
    for action in state.actions:
        if action.since == since and action.deed in _BESIDE_A_SNOOZE:
            closed = last is not None and last.deed == "close"
            last = last if closed and action.deed == "acknowledge" else action
    standing = _BESIDE_A_SNOOZE[last.deed] if last is not None else "open"
    return _standing(state, standing, None if standing == "open" else last)


def done_about(database: Database, tickets: Iterable[str]) -> Mapping[str, tuple[Action, ...]]:
    """Ticket → everything that was ever done about it, oldest first. Raises DatabaseUnavailable."""
    with database.state() as connection:
        return _done_about(connection, [storable(ticket) for ticket in tickets])


def _done_about(connection: Connection, tickets: Sequence[str]) -> Mapping[str, tuple[Action, ...]]:
    rows = connection.execute(statement("stuck/list_actions"), {"tickets": list(tickets)}).fetchall()
    done: dict[str, list[Action]] = {}
    for row in rows:
        done.setdefault(row[1], []).append(Action(*row))
    return {ticket: tuple(actions) for ticket, actions in done.items()}


@dataclass(frozen=True)
class Doing:
    """Who does something about tickets of which check, and when. `seen` is the last action that they saw of each,
    where they look at a list; `anyway` undoes what others decided all the same; `zone` is that of refused times."""

    check_id: int
    viewer: Viewer
    now: datetime
    zone: str = "UTC"
    seen: Mapping[str, int] | None = None
    anyway: bool = False


def record_actions(
    database: Database,
    doing: Doing,
    deeds: Mapping[Deed, Sequence[str]],
    *,
    until: datetime | None = None,
    text: str | None = None,
) -> Done:
    """Do each deed about its tickets, all or none; what stands like that already is left alone.

    Raises NotFoundError when one of them is not stuck, UserError for a deed that lacks something, ColleagueDecided,
    DatabaseUnavailable.
    """
    facts = {
        "check_id": doing.check_id,
        "by": storable(doing.viewer.name),
        "who": storable(doing.viewer.display or doing.viewer.name),
        "at": doing.now,
    }
    done = []
    with database.state() as connection:
        connection.execute(statement("stuck/lock_deeds"))
        for deed, tickets in deeds.items():
            said = {
                "deed": deed,
                "until": _checked_until(deed, until, doing.now),
                "text": _checked_text(deed, text),
                "tickets": list(dict.fromkeys(storable(ticket) for ticket in tickets)),
            }
            done.append(_record(connection, doing, facts | said))
    kept = tuple(action for one in done for action in one.kept)
    return Done(sum(one.count for one in done), sum(one.already for one in done), kept)


def _record(connection: Connection, doing: Doing, facts: Mapping[str, Any]) -> Done:
    deed, text = facts["deed"], facts["text"]
    stood: dict[str, datetime] = dict(connection.execute(statement("stuck/list_stood"), facts).fetchall())
    _require_stuck(facts["tickets"], stood)
    done = _done_about(connection, facts["tickets"])
    states = {ticket: fold(done.get(ticket, ()), since, doing.now) for ticket, since in stood.items()}
    if not doing.anyway:
        _refuse_unseen(doing, deed, text, states, stood)
    wanted = [
        ticket for ticket, state in states.items() if not is_so(deed, text, state, awake(state, stood[ticket]).standing)
    ]
    if wanted:
        connection.execute(statement("stuck/record_actions"), {**facts, "tickets": wanted})
    kept = (
        decision(state, stood[ticket])
        for ticket, state in states.items()
        if deed == "acknowledge" and _is_away(state, stood[ticket], doing.now)
    )
    return Done(len(wanted), len(states) - len(wanted), tuple(one for one in kept if one is not None))


def _refuse_unseen(
    doing: Doing, deed: Deed, text: str | None, states: Mapping[str, State], stood: Mapping[str, datetime]
) -> None:
    unseen = []
    for ticket, state in states.items():
        seen = None if doing.seen is None else doing.seen.get(ticket, 0)
        undone = undone_by(deed, text, state, stood[ticket])
        if undone is not None and is_unseen(deed, text, undone, storable(doing.viewer.name), seen):
            unseen.append(undone)
    if unseen:
        raise ColleagueDecided(unseen, doing.zone)


def _require_stuck(tickets: Sequence[str], stood: Mapping[str, datetime]) -> None:
    missing = [ticket for ticket in tickets if ticket not in stood]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise NotFoundError(f"Not stuck in the last check: {', '.join(missing[:3])}{more}. Nothing was changed.")


def _checked_until(deed: Deed, until: datetime | None, now: datetime) -> datetime | None:
    if until is None:
        return None
    if deed != "snooze":
        raise UserError("Only a snooze has an end.")
    if until <= now:
        raise UserError("The end of a snooze must be in the future.")
    return until


def _checked_text(deed: Deed, text: str | None) -> str | None:
    words = storable(" ".join(text.split()) if deed == "assign" else text.strip()) if text else None
    if deed == "note" and not words:
        raise UserError("A note needs words.")
    if deed not in ("note", "assign", "acknowledge", "snooze", "close") and words:
        raise UserError(f"Nothing can be written beside {deed}.")
    if words and len(words) > (LONGEST_NAME if deed == "assign" else LONGEST_NOTE):
        raise UserError("That is too long; notes have up to 2,000 characters and names up to 120.")
    return words
