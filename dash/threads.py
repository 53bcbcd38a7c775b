"""Conversations with the product: a thread is the runs that were asked in it, in order.

Nothing about a thread is ever overwritten: renaming adds a title, asking adds a run, so a thread opens afterwards
whatever happened to its questions. Where `owner` is given, a thread of somebody else is as one that does not exist.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash.database import Database, statement
from dash.errors import NotFoundError
from dash.runs import RunRecord, storable


@dataclass(frozen=True)
class ThreadSummary:
    """One line of the list of threads. `title` is the given one or the first question; `turns` counts questions."""

    id: str
    title: str
    started_at: datetime
    last_asked_at: datetime | None
    turns: int


@dataclass(frozen=True)
class LatestTurn:
    """The last turn of a thread. Language and record are None when it got no answer; `first` are the rows of one that
    told only what came first, eleven at most."""

    question: str
    language: str | None
    record: dict[str, Any] | None
    first: list[list[Any]] | None


@dataclass(frozen=True)
class Offered:
    """The questions that a turn offered to choose from; `alternatives` if they are what it may have meant."""

    choices: tuple[str, ...] = ()
    alternatives: bool = False


@dataclass(frozen=True)
class TurnBefore:
    """Question, outcome and record of the turn that a run follows in its thread, whatever became of it."""

    run_id: str
    question: str
    outcome: str
    record: dict[str, Any]


class Threads:
    """The threads in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, owner: str) -> str:
        """A new empty thread of `owner`; returns its id. Raises DatabaseUnavailable."""
        thread_id = secrets.token_hex(8)
        with self._database.state() as connection:
            connection.execute(statement("start_thread"), {"thread_id": thread_id, "owner": storable(owner)})
        return thread_id

    def named(self, owner: str, name: str) -> str:
        """The thread of `owner` that goes by a name of somebody else's making (a session of another product), begun
        when it is new; the id of one of the owner's threads names that. Raises DatabaseUnavailable."""
        thread_id = hashlib.sha256(f"{owner}\0{name}".encode("utf-8", "replace")).hexdigest()[:16]
        with self._database.state() as connection:
            if connection.execute(statement("find_thread"), _facts(name, owner)).fetchone() is not None:
                return name
            facts = {"thread_id": thread_id, "owner": storable(owner)}
            connection.execute(statement("start_named_thread"), facts)
        return thread_id

    def list(
        self, owner: str, limit: int = 50, *, search: str | None = None, with_empty: bool = True
    ) -> tuple[ThreadSummary, ...]:
        """The owner's threads, last used first, without hidden ones. `search` finds words of titles and questions,
        also of hidden ones. Raises DatabaseUnavailable."""
        facts = {
            "owner": storable(owner),
            "limit": limit,
            "search": storable(search) if search else None,
            "with_turns": not with_empty,
        }
        with self._database.state() as connection:
            found = connection.execute(statement("list_threads"), facts)
            return tuple(ThreadSummary(*row) for row in found.fetchall())

    def require(self, thread_id: str, *, owner: str) -> None:
        """Raise NotFoundError unless it is a thread of the owner's; DatabaseUnavailable."""
        with self._database.state() as connection:
            _require(connection.execute(statement("find_thread"), _facts(thread_id, owner)).fetchone())

    def turns(self, thread_id: str, *, owner: str | None = None) -> tuple[RunRecord, ...]:
        """The runs of a thread in the order of asking. Raises NotFoundError, DatabaseUnavailable."""
        return tuple(RunRecord(*row) for row in self._found("thread_turns", thread_id, owner))

    def latest_turn(self, thread_id: str, *, owner: str | None = None) -> LatestTurn | None:
        """The last question, with no rows but what came first, for a follow-up to lean on; None where nothing was asked
        yet. Raises NotFoundError, DatabaseUnavailable."""
        rows = self._found("latest_turn", thread_id, owner)
        return LatestTurn(*rows[0]) if rows else None

    def latest_choices(self, thread_id: str, *, owner: str | None = None) -> Offered:
        """What the last turn offered to choose from; nothing unless it asked back. Raises NotFoundError,
        DatabaseUnavailable."""
        rows = self._found("latest_choices", thread_id, owner)
        return Offered(tuple(rows[0][0]), rows[0][1]) if rows and rows[0][0] else Offered()

    def turn_before(self, run_id: str) -> TurnBefore | None:
        """The finished turn that stands right before a run in its thread. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            row = connection.execute(statement("turn_before"), {"run_id": run_id}).fetchone()
        return TurnBefore(*row) if row is not None and row[2] is not None else None

    def rename(self, thread_id: str, title: str, *, owner: str | None = None) -> None:
        """Give the thread a title. Raises NotFoundError, DatabaseUnavailable."""
        facts = _facts(thread_id, owner) | {"title": storable(title)}
        with self._database.state() as connection:
            _require(connection.execute(statement("name_thread"), facts).fetchone())

    def hide(self, thread_id: str, *, owner: str | None = None) -> None:
        """Leave it out of the list until it is asked in again, searched for or brought back. Raises NotFoundError,
        DatabaseUnavailable."""
        self._set_hidden(thread_id, owner, True)

    def bring_back(self, thread_id: str, *, owner: str | None = None) -> None:
        """Undo `hide`. Raises as it does."""
        self._set_hidden(thread_id, owner, False)

    def _set_hidden(self, thread_id: str, owner: str | None, hidden: bool) -> None:
        facts = _facts(thread_id, owner) | {"hidden": hidden}
        with self._database.state() as connection:
            _require(connection.execute(statement("hide_thread"), facts).fetchone())

    def _found(self, name: str, thread_id: str, owner: str | None) -> Sequence[tuple[Any, ...]]:
        """The rows of a statement about one thread, which must be there."""
        facts = _facts(thread_id, owner)
        with self._database.state() as connection:
            _require(connection.execute(statement("find_thread"), facts).fetchone())
            return connection.execute(statement(name), facts).fetchall()


def _facts(thread_id: str, owner: str | None) -> dict[str, Any]:
    return {"thread_id": storable(thread_id), "owner": None if owner is None else storable(owner)}


def _require(found: object) -> None:
    if found is None:
        raise NotFoundError("There is no such conversation; it may belong to somebody else or to another database.")
