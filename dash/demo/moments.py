"""Moments of the demo world are whole milliseconds since 1970 (UTC), because a million tickets have fifty million of
them.

Plain integers make "not after the end" one comparison, and `stamp` gives text of one width, so that stamps sort as
text.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """`moment` (aware) as milliseconds since 1970, cut, not rounded."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def as_datetime(moment: int) -> datetime:
    """The aware UTC datetime of a moment."""
    return _EPOCH + timedelta(milliseconds=moment)


def stamp(moment: int) -> str:
    """PostgreSQL's text of a moment, always in UTC and always 26 characters: '2026-11-20 11:59:01.123+00'."""
    day, rest = divmod(moment, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{_day_text(day)} {hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}+00"


def stamp_or_none(moment: int | None) -> str | None:
    """`stamp`, or None for a moment that has not come."""
    return None if moment is None else stamp(moment)


def in_working_hours(moment: int) -> int:
    """The same moment if people work then (06:00 to 20:00 UTC), else as far into the next working day as it was into
    the night.
    """
    hour = moment % DAY // HOUR
    if hour >= 20:
        return moment + 10 * HOUR
    return moment + 6 * HOUR if hour < 6 else moment


def midnight_before(moment: int) -> int:
    """00:00 UTC of the moment's day."""
    return moment - moment % DAY


@lru_cache(maxsize=4096)
def _day_text(day: int) -> str:
    return f"{_EPOCH + timedelta(days=day):%Y-%m-%d}"
