"""Moments of a window, once for Python and once for SQL, with the same meaning.

`resolve` gives the instant for words and dates that people read; `moment_sql` gives the expression over `:now` that the
database computes, so that a stored query can be run again at another moment. Both follow PostgreSQL: `date_trunc` and
`+ interval` of a timestamptz work on the wall clock of the session's time zone (which is the reporting zone), except
minutes and hours, which are exact. A test proves that they agree, over summer-time changes too.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dash.records.semantic_query import Moment, Window

_EXACT = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def resolve(moment: Moment, now: datetime, zone: str) -> datetime:
    """The instant of a moment, aware, in the reporting zone. `now` must be aware."""
    local = (moment.at or now).astimezone(ZoneInfo(zone))
    if moment.truncate:
        local = truncate(local, moment.truncate)
    if moment.unit and moment.shift:
        local = _shift(local, moment.shift, moment.unit)
    return local


def resolve_window(window: Window, now: datetime, zone: str) -> tuple[datetime | None, datetime | None]:
    """Start and end of a window as instants; None is open."""
    start = resolve(window.start, now, zone) if window.start else None
    end = resolve(window.end, now, zone) if window.end else None
    return start, end


def resolve_previous(window: Window, now: datetime, zone: str) -> tuple[datetime, datetime] | None:
    """The comparable period before a window, or None when it has none."""
    if window.previous_start is None or window.previous_end is None:
        return None
    return resolve(window.previous_start, now, zone), resolve(window.previous_end, now, zone)


def truncate(local: datetime, grain: str) -> datetime:
    """`date_trunc` on the wall clock; a week starts on Monday (ISO 8601)."""
    if grain == "hour":
        return local.replace(minute=0, second=0, microsecond=0)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if grain == "week":
        return midnight - timedelta(days=midnight.weekday())
    if grain == "month":
        return midnight.replace(day=1)
    if grain == "quarter":
        return midnight.replace(month=3 * ((midnight.month - 1) // 3) + 1, day=1)
    if grain == "year":
        return midnight.replace(month=1, day=1)
    return midnight


def _shift(local: datetime, count: int, unit: str) -> datetime:
    if unit in _EXACT:
        zone = local.tzinfo
        return (local.astimezone(ZoneInfo("UTC")) + count * _EXACT[unit]).astimezone(zone)
    if unit in _DAYS:
        return _settle(local + timedelta(days=count * _DAYS[unit]))
    months = local.year * 12 + local.month - 1 + count * _MONTHS[unit]
    year, month = divmod(months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return _settle(local.replace(year=year, month=month + 1, day=day))


def _settle(local: datetime) -> datetime:
    """A wall-clock time that summer time skips is moved forward by the gap, as PostgreSQL does."""
    return local.astimezone(ZoneInfo("UTC")).astimezone(local.tzinfo)


def moment_sql(moment: Moment, parameter: str = ":now") -> str:
    """The SQL of a moment over `:now`; a fixed one is a timestamptz literal in ISO 8601 with its offset."""
    text = f"TIMESTAMPTZ '{moment.at.isoformat()}'" if moment.at else f"CAST({parameter} AS timestamptz)"
    if moment.truncate:
        text = f"date_trunc('{moment.truncate}', {text})"
    if moment.unit and moment.shift:
        count, unit = abs(moment.shift), moment.unit
        if unit == "quarter":
            count, unit = 3 * count, "month"
        sign = "-" if moment.shift < 0 else "+"
        text = f"{text} {sign} INTERVAL '{count} {unit}{'s' if count > 1 else ''}'"
    return text


def in_zone(value: date, zone: str) -> datetime:
    """A moment of the database in a zone: a day is its midnight there, and a time without a zone is of that one."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), ZoneInfo(zone))
    return value.replace(tzinfo=ZoneInfo(zone)) if value.tzinfo is None else value.astimezone(ZoneInfo(zone))
