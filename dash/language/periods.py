"""The windows that time expressions name, as seen from one moment in one reporting zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash.records import Moment, Window
from dash.semantics.moments import resolve, truncate

NOW = Moment()
EARLIER = "earlier:"
"""Begins the phrase of a rolling period that means the one before another of that length: "the 30 days before that"."""


class Periods:
    """Builds windows. `now` is the moment of the question in the reporting zone."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.now = now.astimezone(self.zone)

    def today(self) -> Window:
        """Since midnight; compared with yesterday until the same time."""
        start = Moment(truncate="day")
        before = replace(start, shift=-1, unit="day")
        return Window(start, NOW, "today", True, before, Moment(shift=-1, unit="day"))

    def day_back(self, days: int, phrase: str | None) -> Window:
        """A whole day, so many days ago."""

        def back(count: int) -> Moment:
            return Moment(truncate="day", shift=-count, unit="day" if count else None)

        day = (self.now - timedelta(days=days)).date()
        return Window(back(days), back(days - 1), phrase or f"day:{day.isoformat()}", False, back(days + 1), back(days))

    @staticmethod
    def older(count: int, unit: Any) -> Window:
        """All before that many units ago."""
        return Window(None, Moment(shift=-count, unit=unit), f"older_than_{unit}s:{count}")

    def this(self, unit: Any) -> Window:
        """A running calendar period; compared with the same stretch of the one before."""
        start = Moment(truncate=unit)
        return Window(
            start, NOW, f"this_{unit}", True, replace(start, shift=-1, unit=unit), Moment(shift=-1, unit=unit)
        )

    def last(self, unit: Any) -> Window:
        """The whole calendar period before the running one."""
        base = Moment(truncate=unit)
        start = replace(base, shift=-1, unit=unit)
        return Window(start, base, f"last_{unit}", False, replace(base, shift=-2, unit=unit), start)

    def before_last(self, unit: Any) -> Window:
        """The one before that."""
        base = Moment(truncate=unit)
        start, end = replace(base, shift=-2, unit=unit), replace(base, shift=-1, unit=unit)
        return Window(start, end, f"{unit}_before_last", False, replace(base, shift=-3, unit=unit), start)

    @staticmethod
    def rolling(unit: Any, count: int, phrase: str) -> Window:
        """So many units before now."""
        start = Moment(shift=-count, unit=unit)
        return Window(start, NOW, phrase, False, Moment(shift=-2 * count, unit=unit), start)

    def month(self, month: int, year: int | None) -> Window:
        """A month; without a year the latest that has begun."""
        if year is None:
            year = self.now.year if month <= self.now.month else self.now.year - 1
        start = self.local(year, month, 1)
        end = self.local(year + (month == 12), month % 12 + 1, 1)
        before = self.local(year - (month == 1), (month - 2) % 12 + 1, 1)
        return self.fixed(start, end, before, f"month:{year}-{month:02d}")

    def quarter(self, quarter: int, year: int | None) -> Window:
        """A quarter; without a year the latest that has begun."""
        if year is None:
            current = (self.now.month - 1) // 3 + 1
            year = self.now.year if quarter <= current else self.now.year - 1
        start = self.local(year, 3 * quarter - 2, 1)
        end = self.local(year + (quarter == 4), 3 * (quarter % 4) + 1, 1)
        before = self.local(year - (quarter == 1), 3 * ((quarter - 2) % 4) + 1, 1)
        return self.fixed(start, end, before, f"quarter:{year}-Q{quarter}")

    def with_year_before(self, window: Window) -> Window:
        """A period that is compared with the same one of the year before, as far as it has gone by now."""
        assert window.start is not None
        assert window.end is not None
        start, end = (resolve(edge, self.now, str(self.zone)) for edge in (window.start, window.end))
        return replace(
            window,
            previous_start=self._at(_a_year_before(start)),
            previous_end=self._at(_a_year_before(min(end, self.now))),
        )

    def day(self, day: datetime) -> Window:
        """A whole day."""
        start = truncate(day, "day")
        one = timedelta(days=1)
        return self.fixed(start, start + one, start - one, f"day:{start.date().isoformat()}")

    def fixed(self, start: datetime, end: datetime, before: datetime, phrase: str) -> Window:
        """A period with fixed edges and the start of the one before it."""
        return Window(self._at(start), self._at(end), phrase, end > self.now, self._at(before), self._at(start))

    @staticmethod
    def _at(instant: datetime) -> Moment:
        return Moment(at=instant)

    def local(self, year: int, month: int, day: int) -> datetime:
        """Midnight of a day in the reporting zone. Raises ValueError for no day."""
        return datetime(year, month, day, tzinfo=self.zone)

    def open_ended(self, kind: str, period: Window) -> Window:
        """Since, after, before or until a period; until includes it."""
        edge = period.end if kind in ("time_after", "time_until") else period.start
        assert edge is not None
        day = resolve(edge, self.now, str(self.zone)).date()
        if kind in ("time_since", "time_after"):
            return Window(edge, None, f"since:{day.isoformat()}")
        shown = day - timedelta(days=1) if kind == "time_until" else day
        return Window(None, edge, f"{'until' if kind == 'time_until' else 'before'}:{shown.isoformat()}")

    def between(self, first: Window, last: Window) -> Window | None:
        """From the beginning of one period to the end of another; None if that is no time."""
        if first.start is None or last.end is None:
            return None
        start = resolve(first.start, self.now, str(self.zone))
        end = resolve(last.end, self.now, str(self.zone))
        if end <= start:
            return None
        days = (end.date() - start.date()).days
        final = (end - timedelta(microseconds=1)).date()
        return Window(
            first.start,
            last.end,
            f"between:{start.date().isoformat()}..{final.isoformat()}",
            unfinished=end > self.now,
            previous_start=self._at(start - timedelta(days=max(days, 1))),
            previous_end=self._at(start),
        )

    def read_date(self, text: str) -> datetime | None:
        """A date in digits; without a year the latest one. None if it is none."""
        try:
            if "-" in text:
                year, month, day = (int(part) for part in text.split("-"))
            else:
                numbers = [int(part) for part in text.replace("/", ".").split(".")]
                day, month = numbers[:2]
                year = numbers[2] if len(numbers) == 3 else self.now.year
            found = self.local(year, month, day)
            if len(text) <= 5 and found > self.now:
                found = self.local(year - 1, month, day)
            return found
        except ValueError:
            return None


def _a_year_before(instant: datetime) -> datetime:
    """The same moment of the year before; that of 29 February is the one of the 28th."""
    leap = (instant.month, instant.day) == (2, 29)
    return instant.replace(year=instant.year - 1, day=28 if leap else instant.day)
