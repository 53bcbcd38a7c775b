"""Answers that somebody keeps under a name, each as it was when it was given.

Nothing is ever overwritten: saving under another name adds a row, and so does letting go of it. An answer of somebody
else is as one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dash.database import Database, statement
from dash.errors import NotFoundError, UserError
from dash.runs import storable

LONGEST_NAME = 120


@dataclass(frozen=True)
class SavedAnswer:
    """One answer of the list of a person's saved ones."""

    run_id: str
    name: str
    question: str
    thread_id: str
    saved_at: datetime


class SavedAnswers:
    """The saved answers in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, run_id: str, name: str, *, owner: str) -> None:
        """Keep the answer under a name, or under another one than before. Raises UserError for a name that is none,
        NotFoundError, DatabaseUnavailable."""
        wanted = " ".join(name.split())
        if not wanted or len(wanted) > LONGEST_NAME:
            raise UserError(f"A name has 1 to {LONGEST_NAME} characters.")
        self._add(run_id, owner, storable(wanted))

    def let_go(self, run_id: str, *, owner: str) -> None:
        """Take the answer off the list; the answer itself stays in its conversation. Raises as `save` does."""
        self._add(run_id, owner, None)

    def list(self, owner: str) -> tuple[SavedAnswer, ...]:
        """The owner's saved answers by name. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            found = connection.execute(statement("list_saved"), {"owner": storable(owner)})
            return tuple(SavedAnswer(*row) for row in found.fetchall())

    def _add(self, run_id: str, owner: str, name: str | None) -> None:
        facts = {"run_id": storable(run_id), "owner": storable(owner), "name": name}
        with self._database.state() as connection:
            if connection.execute(statement("save_answer"), facts).fetchone() is None:
                raise NotFoundError("There is no answer of that id; it may belong to somebody else.")
