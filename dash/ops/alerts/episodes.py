"""States of alerts as they are kept: a row for each change, never overwritten.

An episode begins when a rule fires and ends when it clears; its announcement is a row of its own, so that it is known
whether anybody was told, and an end is told to nobody who did not hear of the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dash.database import Database, statement

State = Literal["firing", "announced", "cleared"]


@dataclass(frozen=True)
class Change:
    """One row."""

    rule: str
    episode: str
    state: State
    value: float
    changed_at: datetime


@dataclass(frozen=True)
class Episode:
    """The latest episode of a rule."""

    name: str
    fired: Change
    announced: Change | None = None
    cleared: Change | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still fires."""
        return self.cleared is None


class Episodes:
    """The episodes in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self) -> dict[str, Episode]:
        """Rule → its latest episode. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            rows = connection.execute(statement("alerts/latest")).fetchall()
        found: dict[str, dict[str, Change]] = {}
        for row in rows:
            change = Change(*row)
            found.setdefault(change.rule, {})[change.state] = change
        return {
            rule: Episode(states["firing"].episode, states["firing"], states.get("announced"), states.get("cleared"))
            for rule, states in found.items()
        }

    def announced(self) -> dict[str, datetime]:
        """Rule → when it was last announced. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            return dict(connection.execute(statement("alerts/announced")).fetchall())

    def add(self, rule: str, episode: str, state: State, value: float, now: datetime) -> None:
        """Write a change down. Raises DatabaseUnavailable."""
        facts = {"rule": rule, "episode": episode, "state": state, "value": value, "changed_at": now}
        with self._database.state() as connection:
            connection.execute(statement("alerts/add"), facts)

    def history(self, limit: int) -> tuple[Change, ...]:
        """The newest changes of all rules. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            rows = connection.execute(statement("alerts/history"), {"limit": limit}).fetchall()
        return tuple(Change(*row) for row in rows)
