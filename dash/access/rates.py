"""How often somebody may ask, counted in the database, so that all processes together allow it once.

Each key and each address has a bucket that runs empty at a steady rate; a burst of requests is let through, then one at
a time. Counting is one statement that waits for no disk (`take_rate.sql`).
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from dash.database import Database, statement

_LEAST_BURST = 10
_BURST_SHARE = 6
_FORGETTING_SECONDS = 300.0
"""Buckets of those who have not asked for a while are dropped so often."""


@dataclass(frozen=True)
class Rate:
    """So many requests a minute; a sixth of them may come at once."""

    per_minute: int

    @property
    def step_seconds(self) -> float:
        """How much one request counts."""
        return 60.0 / self.per_minute

    @property
    def burst(self) -> int:
        """Requests that may come at once."""
        return min(self.per_minute, max(_LEAST_BURST, self.per_minute // _BURST_SHARE))


class Rates:
    """The buckets of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._forgot_at = time.monotonic()

    def take(self, bucket: str, rate: Rate) -> float:
        """Count one request: 0 when it may go on, else the seconds to wait. Raises DatabaseUnavailable."""
        step = rate.step_seconds
        # Refused requests move nothing, so whoever keeps on asking waits no longer than whoever waits.
        facts = {"bucket": bucket, "step": step, "ahead": step * (rate.burst - 1)}
        with self._database.state() as connection:
            row = connection.execute(statement("take_rate"), facts).fetchone()
            if time.monotonic() - self._forgot_at > _FORGETTING_SECONDS:
                self._forgot_at = time.monotonic()
                connection.execute(statement("forget_rates"))
        return float(row[0]) if row else 0.0


def address_bucket(address: str | None) -> str:
    """The bucket of an address. One household or server has a /64 of IPv6, so that is one asker."""
    try:
        found = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "address:unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        return f"address:{mapped}"
    if found.version == 6:
        return f"address:{ipaddress.ip_network((found, 64), strict=False)}"
    return f"address:{found}"
