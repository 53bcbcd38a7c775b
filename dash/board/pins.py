"""Answers that people pinned to the board: which, in what order, by whom.

A pin points at a run and copies nothing, so what was asked and how it was answered stays in one place. Nothing is ever
overwritten: taking a pin down and arranging are rows of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash.database import Database, statement
from dash.errors import NotFoundError
from dash.runs import storable

LONGEST_TITLE = 120


@dataclass(frozen=True)
class Pin:
    """One pinned answer. `title` is the given one, or None where the question is the title."""

    pin_id: str
    run_id: str
    title: str | None
    question: str
    pinned_at: datetime


class Pins:
    """The pins in one database. A pin of somebody else is as one that does not exist."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pin(self, run_id: str, owner: str, title: str | None = None) -> str:
        """Pin an answered run of the owner; returns the pin's id, the same one when it hangs there already.

        Raises NotFoundError when the owner has no such answer, DatabaseUnavailable.
        """
        facts = {
            "pin_id": secrets.token_hex(8),
            "run_id": storable(run_id),
            "owner": storable(owner),
            "title": storable(title.strip()[:LONGEST_TITLE]) if title and title.strip() else None,
        }
        with self._database.state() as connection:
            row = connection.execute(statement("pin_run"), facts).fetchone()
        if row is None:
            raise NotFoundError("There is no such answer to pin; it may belong to somebody else.")
        return str(row[0])

    def list(self, owner: str) -> tuple[Pin, ...]:
        """The owner's pins, in order. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            rows = connection.execute(statement("list_pins"), {"owner": storable(owner)}).fetchall()
        return tuple(Pin(*row) for row in rows)

    def find(self, run_id: str, owner: str) -> Pin | None:
        """The owner's pin of a run, if it hangs there. Raises DatabaseUnavailable."""
        return next((pin for pin in self.list(owner) if pin.run_id == run_id), None)

    def unpin(self, pin_id: str, owner: str) -> None:
        """Take a pin down. Raises NotFoundError, DatabaseUnavailable."""
        facts = {"pin_id": storable(pin_id), "owner": storable(owner)}
        with self._database.state() as connection:
            if connection.execute(statement("unpin"), facts).fetchone() is None:
                raise NotFoundError("There is no such pin; it may belong to somebody else.")

    def arrange(self, owner: str, order: Sequence[str]) -> None:
        """Hang the pins in this order; those that are not named come last. Raises DatabaseUnavailable."""
        facts = {"owner": storable(owner), "pin_ids": [storable(pin_id) for pin_id in order]}
        with self._database.state() as connection:
            connection.execute(statement("arrange_pins"), facts)

    def move(self, pin_id: str, owner: str, places: int) -> None:
        """Move a pin so many places down (up, when negative). Raises NotFoundError, DatabaseUnavailable."""
        order = [pin.pin_id for pin in self.list(owner)]
        if pin_id not in order:
            raise NotFoundError("There is no such pin; it may belong to somebody else.")
        place = max(0, min(len(order) - 1, order.index(pin_id) + places))
        order.remove(pin_id)
        order.insert(place, pin_id)
        self.arrange(owner, order)
