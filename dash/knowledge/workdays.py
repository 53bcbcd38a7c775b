"""On which days somebody looks at the list: what changed is told from one of them to the next.

`working_days` of stuck.yaml says so, else the days of its business hours; where neither is there every day is one.
"""

from __future__ import annotations

from datetime import date, timedelta

from dash.knowledge.stuck import WEEKDAYS, HolidaysFile, StuckFile, days_off

LONGEST_BREAK = 31
"""So many days in a row are looked through for a working day; a longer break is none."""


def has_workdays(file: StuckFile) -> bool:
    """Whether some days are none."""
    return file.working_days is not None or file.business_hours is not None


def workday_zone(file: StuckFile, reporting: str) -> str:
    """The zone whose midnight ends a day of the list."""
    if file.working_days is None and file.business_hours is not None:
        return file.business_hours.zone
    return reporting


def idle_days_before(file: StuckFile, today: date) -> int:
    """How many days lie between a day and the last working day before it: on a Monday after a free weekend, 2."""
    days, holidays = _calendar(file)
    free = set(days_off(holidays, (today - timedelta(days=LONGEST_BREAK)).year, today.year))
    for idle in range(LONGEST_BREAK):
        day = today - timedelta(days=idle + 1)
        if WEEKDAYS[day.weekday()] in days and day not in free:
            return idle
    return 0


def _calendar(file: StuckFile) -> tuple[frozenset[str], HolidaysFile]:
    if file.working_days is not None:
        return frozenset(file.working_days.days), file.working_days.holidays
    if file.business_hours is not None:
        return frozenset(file.business_hours.days), file.business_hours.holidays
    return frozenset(WEEKDAYS), HolidaysFile()
