"""What people do about stuck tickets: every deed is a row, and the state of a ticket is the fold of its deeds.

A deed is about one standing of a ticket: the stage that it has had since a moment. When the stage changes, what was
acknowledged, snoozed or closed about it is history, so the ticket is back without anybody doing anything; who has it
and what was noted stay. None of it touches the support data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dash.database import Database, statement
from dash.database.connections import Connection
from dash.errors import NotFoundError, UserError
from dash.ops.records import Action, Deed, Standing, State
from dash.records import Viewer
from dash.runs import storable

LONGEST_NOTE = 2_000
LONGEST_NAME = 120

_BEFORE_A_SNOOZE: Mapping[Deed, Standing] = {"acknowledge": "acknowledged", "close": "closed", "reopen": "open"}


def fold(actions: Iterable[Action], since: datetime, now: datetime) -> State:
    """The state of a ticket that has stood since `since`, of its actions in their order."""
    state = State()
    for action in actions:
        state = _after(state, action, action.since == since)
    if state.standing == "snoozed" and state.until is not None and state.until <= now:
        state = replace(_awake(state, since), back_at=state.until)
    return state


def _after(state: State, action: Action, is_current: bool) -> State:
    state = replace(state, actions=(*state.actions, action))
    match action.deed:
        case "assign":
            return replace(state, assignee=action.text)
        case "note":
            return replace(state, notes=(*state.notes, action))
        case _ if not is_current:
            return state
        case "acknowledge":
            return _standing(state, "acknowledged", action)
        case "snooze":
            return _standing(state, "snoozed", action)
        case "close":
            return _standing(state, "closed", action)
        case "unsnooze":
            return _awake(state, action.since) if state.standing == "snoozed" else state
        case _:  # reopen
            return _standing(state, "open", None)


def _standing(state: State, standing: Standing, action: Action | None) -> State:
    if action is None:
        return replace(state, standing=standing, who=None, why=None, at=None, until=None)
    return replace(state, standing=standing, who=action.who, why=action.text, at=action.at, until=action.until)


def _awake(state: State, since: datetime | None) -> State:
    """Back to what was before the snooze: acknowledged or closed, if somebody had said so."""
    for action in reversed(state.actions):
        if action.since == since and action.deed in _BEFORE_A_SNOOZE:
            standing = _BEFORE_A_SNOOZE[action.deed]
            return _standing(state, standing, None if standing == "open" else action)
    return _standing(state, "open", None)


def done_about(database: Database, tickets: Iterable[str]) -> Mapping[str, tuple[Action, ...]]:
    """Ticket → everything that was ever done about it, oldest first. Raises DatabaseUnavailable."""
    wanted = [storable(ticket) for ticket in tickets]
    with database.state() as connection:
        rows = connection.execute(statement("stuck/list_actions"), {"tickets": wanted}).fetchall()
    done: dict[str, list[Action]] = {}
    for row in rows:
        done.setdefault(row[1], []).append(Action(*row))
    return {ticket: tuple(actions) for ticket, actions in done.items()}


def record_actions(
    database: Database,
    check_id: int,
    deed: Deed,
    tickets: Sequence[str],
    viewer: Viewer,
    now: datetime,
    *,
    until: datetime | None = None,
    text: str | None = None,
) -> int:
    """Do the same about several tickets of a check, all or none; says about how many.

    Raises NotFoundError when one of them is not stuck, UserError for a deed that lacks something, DatabaseUnavailable.
    """
    facts = {
        "check_id": check_id,
        "deed": deed,
        "tickets": list(dict.fromkeys(storable(ticket) for ticket in tickets)),
        "until": _checked_until(deed, until, now),
        "text": _checked_text(deed, text),
        "by": storable(viewer.name),
        "who": storable(viewer.display or viewer.name),
        "at": now,
    }
    with database.state() as connection:
        return _write(connection, facts)


def bring_back(
    database: Database, check_id: int, snoozed: Sequence[str], others: Sequence[str], viewer: Viewer, now: datetime
) -> int:
    """Unsnooze some tickets of a check and open others again, all or none; says about how many.

    Raises NotFoundError when one of them is not stuck, DatabaseUnavailable.
    """
    facts = {
        "check_id": check_id,
        "until": None,
        "text": None,
        "by": storable(viewer.name),
        "who": storable(viewer.display or viewer.name),
        "at": now,
    }
    deeds: tuple[tuple[Deed, Sequence[str]], ...] = (("unsnooze", snoozed), ("reopen", others))
    with database.state() as connection:
        return sum(
            _write(connection, {**facts, "deed": deed, "tickets": list(dict.fromkeys(map(storable, tickets)))})
            for deed, tickets in deeds
            if tickets
        )


def _write(connection: Connection, facts: Mapping[str, Any]) -> int:
    found = {ticket for (ticket,) in connection.execute(statement("stuck/record_actions"), facts).fetchall()}
    missing = [ticket for ticket in facts["tickets"] if ticket not in found]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise NotFoundError(f"Not stuck in the last check: {', '.join(missing[:3])}{more}. Nothing was changed.")
    return len(found)


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
