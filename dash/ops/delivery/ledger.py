"""What was sent to whom: each try is written down before anything leaves, and its end after.

A process that dies in between leaves a try without an end. Then nobody knows whether the message arrived, and it is
not sent again: a list that comes twice makes people doubt every number in it, one that is missing is asked for. The
lock that a sender holds tells such a try from one that is still on its way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dash.database import Database, statement

Outcome = Literal["sent", "failed", "refused", "uncertain"]
"""The receiver took it · nothing arrived, and it may work later · nothing arrived, and it will not without somebody
mending something · nobody knows."""

_DIED = "the process that sent it ended before it heard what became of it"


def digest_of(url: str) -> str:
    """What tells one target from another without saying where it is. Slow on purpose: an address may hold a password
    that somebody could guess."""
    return hashlib.scrypt(url.encode(), salt=b"dash target", n=2**14, r=8, p=1, dklen=16).hex()


@dataclass(frozen=True)
class Sent:
    """The last try of a message to a target; `open` is one that has not ended."""

    delivery_id: int
    attempt: int
    outcome: Literal["sent", "failed", "refused", "uncertain", "open"]
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Listed:
    """One try, for people."""

    message: str
    target: str
    attempt: int
    begun_at: datetime
    outcome: str
    reason: str | None


class Ledger:
    """The deliveries in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def turn(self, kind: str, target_digest: str) -> Iterator[bool]:
        """Whether nobody else is telling this target anything of this kind; while the block runs nobody can begin to.
        Whoever asks inside it what the target was told, and sends what it was not, tells nothing twice."""
        with self._database.exclusive(f"delivery:{target_digest}:{kind}") as mine:
            yield mine

    def begin(self, message: str, target_name: str, target_digest: str, *, again: bool = False) -> int | None:
        """The id of a new try, or None where the message must not be sent (any more). Raises DatabaseUnavailable."""
        facts = {"message": message, "target_name": target_name, "target_digest": target_digest, "again": again}
        with self._database.state() as connection:
            row = connection.execute(statement("delivery/begin"), facts).fetchone()
        return row[0] if row else None

    def end(self, delivery_id: int, outcome: Outcome, reason: str | None) -> None:
        """Write down what became of a try. Raises DatabaseUnavailable."""
        facts = {"delivery_id": delivery_id, "outcome": outcome, "reason": reason}
        with self._database.state() as connection:
            connection.execute(statement("delivery/end"), facts)

    def last(self, message: str, target_digest: str) -> Sent | None:
        """The last try of a message to a target. Raises DatabaseUnavailable."""
        facts = {"message": message, "target_digest": target_digest}
        with self._database.state() as connection:
            row = connection.execute(statement("delivery/last"), facts).fetchone()
        return Sent(*row) if row else None

    def told(self, kind: str, target_digest: str, *, before: int | None = None) -> int | None:
        """The number of the latest message of a kind ("stuck:17") that a target got, below `before` where that is
        given. Raises DatabaseUnavailable."""
        facts = {"kind": kind, "target_digest": target_digest, "before": before}
        with self._database.state() as connection:
            row = connection.execute(statement("delivery/told"), facts).fetchone()
        return int(row[0]) if row else None

    def list(self, limit: int) -> tuple[Listed, ...]:
        """The newest tries. Raises DatabaseUnavailable."""
        with self._database.state() as connection:
            rows = connection.execute(statement("delivery/list"), {"limit": limit}).fetchall()
        return tuple(Listed(*row) for row in rows)

    def close_dead(self, message: str, target_digest: str) -> None:
        """A try without an end is somebody's who is gone, for whoever has the turn. Raises DatabaseUnavailable."""
        last = self.last(message, target_digest)
        if last is not None and last.outcome == "open":
            self.end(last.delivery_id, "uncertain", _DIED)
