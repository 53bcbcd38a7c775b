"""Vetted queries that people are writing in a page, kept for their author until they are discarded.

Each state is a row of its own, so that a reload, a second tab or a crash loses nothing; nobody else sees them, and
nothing reads them but their author's page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from dash.database import Database, statement
from dash.errors import NotFoundError
from dash.runs import storable

LONGEST = 100_000
"""Characters of a draft that are kept."""


@dataclass(frozen=True)
class Draft:
    """The latest text of one draft."""

    id: str
    text: str
    saved_at: datetime


class Drafts:
    """The drafts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, owner: str, text: str) -> str:
        """Keep a new draft; returns its id. Raises DatabaseUnavailable."""
        draft_id = secrets.token_hex(6)
        self.save(owner, draft_id, text)
        return draft_id

    def save(self, owner: str, draft_id: str, text: str | None) -> None:
        """Keep what a draft says now; None discards it. Raises NotFoundError for somebody else's."""
        facts = {
            "owner": storable(owner),
            "draft_id": storable(draft_id),
            "text": None if text is None else storable(text[:LONGEST]),
        }
        with self._database.state() as connection:
            if connection.execute(statement("save_draft"), facts).fetchone() is None:
                raise NotFoundError("There is no such draft; begin a new one.")

    def discard(self, owner: str, draft_id: str) -> None:
        """Show it nowhere any more."""
        self.save(owner, draft_id, None)

    def list(self, owner: str) -> tuple[Draft, ...]:
        """A person's drafts, the last changed first. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            rows = connection.execute(statement("list_drafts"), {"owner": storable(owner)}).fetchall()
        return tuple(Draft(*row) for row in rows)
