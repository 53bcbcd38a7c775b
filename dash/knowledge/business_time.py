"""Business hours as arithmetic in SQL: how many seconds of them lie between a Monday long ago and a moment.

The hours between two moments are the difference of two such numbers. Each is whole weeks, days of this week and the
part of today, less the holidays that fell on open days, so no calendar has to be made for any ticket.
"""

from __future__ import annotations

from datetime import date, timedelta

from dash.knowledge.stuck import WEEKDAYS, BusinessHoursFile, days_off

_MONDAY = date(2000, 1, 3)
YEARS_BACK, YEARS_AHEAD = 2, 2
"""Holidays that count. What came to its stage earlier is stuck by any threshold."""


def worked_seconds(file: BusinessHoursFile, moment: str) -> str:
    """The seconds of business hours from a Monday long ago until a moment."""
    opens, closes = _by_day(file, 0), _by_day(file, 1)
    lengths = [close - opening for opening, close in zip(opens, closes, strict=True)]
    before = [sum(lengths[:day]) for day in range(7)]
    today = f"GREATEST(0, LEAST(at.second, {_of(closes)}) - {_of(opens)})"
    counted = f"at.day / 7 * {sum(lengths)} + {_of(before)}"
    off = _open_days_off(file, lengths)
    if off:
        days = _array([day for day, _ in off])
        lost = _array([0, *(sum(length for _, length in off[: place + 1]) for place in range(len(off)))])
        # A holiday is taken off as a whole, so as a whole it is put on before.
        today = f"CASE WHEN at.day = ANY({days}) THEN {_of(lengths)} ELSE {today} END"
        counted += f" - ({lost})[width_bucket(at.day, {days}) + 1]"
    zone = file.zone.replace("'", "''")
    return (
        f"(SELECT {counted} + {today} FROM (SELECT CAST(local.moment AS date) - DATE '{_MONDAY.isoformat()}' AS day, "
        "EXTRACT(EPOCH FROM local.moment - date_trunc('day', local.moment)) AS second "
        f"FROM (SELECT timezone('{zone}', {moment}) AS moment) AS local) AS at)"
    )


def _by_day(file: BusinessHoursFile, part: int) -> list[int]:
    """Seconds of the day at which each weekday opens (0) or closes (1); both are 0 where it stays closed."""
    times = [file.days[day].split("-")[part] if day in file.days else "00:00" for day in WEEKDAYS]
    return [int(time[:2]) * 3600 + int(time[3:]) * 60 for time in times]


def _open_days_off(file: BusinessHoursFile, lengths: list[int]) -> list[tuple[int, int]]:
    """(days after that Monday, seconds lost) of days off on which it would be open, in order."""
    year = date.today().year  # noqa: DTZ011  a year more or less of holidays changes nothing
    found = []
    for day in days_off(file.holidays, year - YEARS_BACK, year + YEARS_AHEAD):
        number = (day - _MONDAY) // timedelta(days=1)
        if number >= 0 and lengths[number % 7]:
            found.append((number, lengths[number % 7]))
    return found


def _of(by_day: list[int]) -> str:
    """The one for the weekday of the moment."""
    return f"({_array(by_day)})[at.day % 7 + 1]"


def _array(numbers: list[int]) -> str:
    return f"ARRAY[{', '.join(map(str, numbers))}]"
