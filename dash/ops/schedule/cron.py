"""When a cron expression is due, on the wall clock of a time zone.

Summer time is what Debian's cron does: a job at an hour that is skipped runs right after the gap, one at an hour that
comes twice runs once, and one that runs every few minutes runs through both.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError


def problem(expression: str) -> str | None:
    """What is wrong with an expression, or None."""
    if len(expression.split()) != 5:
        return "it needs five fields: minute hour day month weekday"
    try:
        CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        return str(error)[:1].lower() + str(error)[1:]
    return None


def last_due(expression: str, now: datetime, zone: str) -> datetime | None:
    """The latest moment at or before `now` at which it was due, in UTC; None when there was none in decades."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    return _utc(next(CronSim(expression, minute.astimezone(ZoneInfo(zone)), reverse=True), None))


def next_due(expression: str, now: datetime, zone: str) -> datetime | None:
    """The first moment after `now` at which it is due, in UTC."""
    return _utc(next(CronSim(expression, now.astimezone(ZoneInfo(zone))), None))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
