"""Dates and times as people of one language write them; the patterns come from its phrases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

from dash.knowledge.phrases import Phrases


def show_moment(value: Any, phrases: Phrases, zone: str | None = None) -> str:
    """A date, or a timestamp with its time of day, in the reporting zone when one is given."""
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone)) if zone and value.tzinfo else value
        return f"{show_date(local, phrases.dates.day, phrases)}, {show_time(local, phrases)}"
    return show_date(value, phrases.dates.day, phrases) if isinstance(value, date) else str(value)


def show_written_moment(value: str, phrases: Phrases, pattern: str | None = None) -> str:
    """An ISO 8601 date or time as it stands in its own zone, by a CLDR pattern such as "d MMM" when one is given. What
    is no date or time stays as it is."""
    try:
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return value
    if pattern:
        return str(format_datetime(moment, pattern, locale=phrases.locale))
    return show_moment(moment.date() if len(value) <= 10 else moment, phrases)


def show_bucket(value: Any, grain: str | None, phrases: Phrases) -> str:
    """The name of a bucket of a trend by its first day or hour: "October 2026", "week of 16 Nov 2026"."""
    patterns = phrases.dates
    if not isinstance(value, date):
        return str(value)
    if grain == "hour" or (grain is None and isinstance(value, datetime)):
        return show_moment(value, phrases)
    if grain == "week":
        return patterns.week["other"].format(day=show_date(value, patterns.day, phrases))
    pattern = {"month": patterns.month, "quarter": patterns.quarter, "year": patterns.year}.get(grain or "")
    return show_date(value, pattern or patterns.day, phrases)


def show_date(value: date, pattern: str, phrases: Phrases) -> str:
    """A day by a CLDR pattern."""
    day = value.date() if isinstance(value, datetime) else value
    return str(format_date(day, pattern, locale=phrases.locale))


def show_time(value: datetime, phrases: Phrases) -> str:
    """The time of day."""
    return str(format_time(value.time(), phrases.dates.time, locale=phrases.locale))


def find_zone(value: Any) -> str:
    """The words "UTC" or "UTC+03:00" for an ISO 8601 time with an offset, else ""."""
    if not isinstance(value, str) or len(value) < 17:
        return ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if moment.tzinfo is None:
        return ""
    offset = moment.isoformat()[-6:]
    return "UTC" if offset == "+00:00" else f"UTC{offset}"
