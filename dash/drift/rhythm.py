"""Whether data has stopped: its rows are older, or its values are rarer, than they ever were in the weeks before.

What is usual is told by the data itself: nights, weekends and holidays of two months are in it. Values that come late
(a rating a week after the ticket) are no news as long as some come, so only none at all in two weeks counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_HOURS = 20
"""Hours with rows without which nobody knows what is usual."""

FACTOR = 1.5
GRACE = timedelta(hours=2)
RECENT = timedelta(days=14)
BEFORE = timedelta(days=28)
LEAST_ROWS = 30
USUAL_SHARE = 0.2


@dataclass(frozen=True)
class Series:
    """Hours that have rows, in their order, and how many each has."""

    hours: tuple[datetime, ...]
    numbers: tuple[int, ...]

    def between(self, start: datetime, end: datetime) -> int:
        """How many there are after `start`, until `end`."""
        return sum(number for hour, number in zip(self.hours, self.numbers, strict=True) if start < hour <= end)


def stopped_rows(arrived: Series, newest: datetime, now: datetime) -> bool:
    """Whether the silence since the newest row is longer than any before."""
    if len(arrived.hours) < LEAST_HOURS:
        return False
    gaps = [later - earlier for earlier, later in zip(arrived.hours, arrived.hours[1:], strict=False)]
    whole_days = timedelta(days=1) if min(gaps) >= timedelta(hours=23) else timedelta()
    return now - newest > FACTOR * max(gaps) + GRACE + whole_days


def stopped_values(arrived: Series, values: Series) -> datetime | None:
    """Since when no row has a value, where rows go on arriving and had one before."""
    if not arrived.hours:
        return None
    end = arrived.hours[-1]
    begin = arrived.hours[0] - timedelta(hours=1)
    rows, before = arrived.between(end - RECENT, end), arrived.between(begin, end - BEFORE)
    if rows < LEAST_ROWS or before < LEAST_ROWS or values.between(end - RECENT, end):
        return None
    if values.between(begin, end - BEFORE) < USUAL_SHARE * before:
        return None
    return max(hour for hour, number in zip(values.hours, values.numbers, strict=True) if number)
