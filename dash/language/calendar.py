"""Parts of the calendar in a question, by their names: months, quarters, halves of years, years and single days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from dash.language.periods import Periods
from dash.records import Span, Token, Window

QUARTER_LETTERS = ("q", "t")
"""What a quarter's short name begins with: Q3, and T3 in French and Spanish."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Numbers of four digits between these are years."""
_CalendarName = tuple[str, int]
_LAST = {"month": 12, "quarter": 4, "half": 2}


def _are_neighbours_over_new_year(first: _CalendarName, second: _CalendarName) -> bool:
    """December and January, the last quarter and the first."""
    last = _LAST[first[0]]
    return last > 2 and (first[1], second[1]) == (last, 1)


DAY_OF_MONTH = "time_day_of_month"
"""Words behind a number that is a day: "the 1*st*"; elsewhere they say nothing."""


def _tells_time(span: Span) -> bool:
    return (span.kind.startswith("time_") and span.kind != DAY_OF_MONTH) or span.kind == "unit"


class Calendar:
    """Reads the calendar from the spans of one question's time words; every reader yields where it ends, and what."""

    def __init__(
        self,
        tokens: Sequence[Token],
        spans: Sequence[Span],
        skippable: Sequence[bool],
        now: datetime,
        zone: str,
        several: frozenset[int] = frozenset(),
        about: frozenset[int] = frozenset(),
        parting: frozenset[int] = frozenset(),
        dashed: frozenset[int] = frozenset(),
        articles: frozenset[int] = frozenset(),
    ) -> None:
        """`several` are the places of words that say "more than one" without saying how many, `about` those of periods
        in a form that never says until when, `parting` those of words that part a number from a month, `dashed`
        those behind a dash, `articles` those of words that may stand before a period."""
        self._dashed, self._articles = dashed, articles
        self._several, self._about, self._parting = several, about, parting
        self._tokens = tokens
        self._skippable = skippable
        self._at = Periods(now, zone)
        self._compares = any(span.kind == "shape" and span.meaning in ("compare", "change") for span in spans)
        self._parts: dict[int, list[Span]] = {}
        for span in spans:
            self._parts.setdefault(span.start, []).append(span)

    def _part(self, i: int, kind: str) -> bool:
        return any(span.kind in (kind, "time_two_units") for span in self._parts.get(i, ()))

    def _skip(self, i: int) -> int:
        while (
            i < len(self._tokens)
            and self._skippable[i]
            and not any(_tells_time(span) for span in self._parts.get(i, ()))
        ):
            i += 1
        return i

    def _word(self, i: int, *kinds: str) -> Iterator[tuple[int, Any]]:
        i = self._skip(i)
        for span in self._parts.get(i, ()):
            if span.kind in kinds:
                yield span.end, span.meaning

    def _number(self, i: int) -> Iterator[tuple[int, float]]:
        for end, value in self._word(i, "number"):
            yield end, float(value)

    def _months(self, i: int) -> Iterator[tuple[int, Window]]:
        for end, month in self._word(i, "time_month"):
            yield end, self._at.month(month, self._lent_year(i, end, ("month", month)))
            for after, year in (*self._year(end), *self._named_year(end)):
                yield after, self._at.month(month, year)

    def _quarters(self, i: int) -> Iterator[tuple[int, Window]]:
        for end, quarter in self._quarter_name(i):
            yield end, self._at.quarter(quarter, self._lent_year(i, end, ("quarter", quarter)))
            for after, year in (*self._year(end), *self._named_year(end)):
                yield after, self._at.quarter(quarter, year)

    def _half_years(self, i: int) -> Iterator[tuple[int, Window]]:
        """H1, the first half *of last year*: two quarters. "The first half" alone may be one of anything."""
        for end, half in self._word(i, "time_half_year"):
            years: list[tuple[int, int | None]] = [*self._year(end), *self._named_year(end)]
            if not years:
                years += [(after, None) for after, unit in self._word(end, "unit") if unit == "year"]
            if any(letter.isdigit() for letter in self._tokens[end - 1].text):
                years.append((end, None))
            for after, year in years:
                if year is None:
                    lent = self._lent_year(i, end, ("half", half))
                    year = lent or self._at.now.year - (half == 2 and self._at.now.month <= 6)
                first, second = (self._at.quarter(2 * half - back, year) for back in (1, 0))
                window = self._at.between(first, second)
                begins = first.start.at if first.start is not None else None
                if window is not None and begins is not None and begins <= self._at.now:
                    yield after, window

    def _quarter_name(self, i: int) -> Iterator[tuple[int, int]]:
        if i < len(self._tokens):
            text = self._tokens[i].stem
            if len(text) == 2 and text[0] in QUARTER_LETTERS and text[1] in "1234":  # Q3, T3
                yield i + 1, int(text[1])
        for after, number in [*self._number(i), *self._word(i, "time_ordinal")]:
            for end, unit in self._word(after, "unit"):
                if unit == "quarter" and number in (1, 2, 3, 4):
                    yield end, int(number)
        for after, unit in self._word(i, "unit"):  # רבעון 3, "quarter 3"
            for end, number in [*self._number(after), *self._word(after, "time_ordinal")]:
                if unit == "quarter" and number in (1, 2, 3, 4):
                    yield end, int(number)

    def _lent_year(self, start: int, end: int, name: _CalendarName) -> int | None:
        """ "January vs February 2025": the year of the nearest other period of its kind that has one, behind it or else
        before it. "December vs January 2026" are neighbours, and "October vs October 2025" lends none."""
        places = [*range(end, len(self._tokens)), *range(start - 1, -1, -1)]
        for i in places:
            for other, after in self._calendar_names(i):
                for stop, year in (*self._year(after), *self._named_year(after)):
                    if other[0] != name[0] or (i < end and stop > start):
                        continue
                    if other == name or (i < end and name[1] < other[1]):
                        return None  # "from November 2025 to January": the latest, as ever
                    turned = i >= end and _are_neighbours_over_new_year(name, other)
                    begins = self._at.local(year, 1 + (name[1] - 1) * 12 // _LAST[name[0]], 1)
                    return year - (turned or begins > self._at.now)
        return None

    def _calendar_names(self, i: int) -> Iterator[tuple[_CalendarName, int]]:
        for end, month in self._word(i, "time_month"):
            yield ("month", month), end
        for end, quarter in self._quarter_name(i):
            yield ("quarter", quarter), end
        for end, half in self._word(i, "time_half_year"):
            yield ("half", half), end

    def _years(self, i: int) -> Iterator[tuple[int, Window]]:
        for end, year in self._year(i):
            start = self._at.local(year, 1, 1)
            if start <= self._at.now:
                yield (
                    end,
                    self._at.fixed(
                        start,
                        self._at.local(year + 1, 1, 1),
                        self._at.local(year - 1, 1, 1),
                        f"year:{year}",
                    ),
                )

    def _year(self, i: int) -> Iterator[tuple[int, int]]:
        i = self._skip(i)
        if i < len(self._tokens) and self._tokens[i].kind == "number" and self._tokens[i].text.isdigit():
            year = int(self._tokens[i].text)
            if FIRST_YEAR <= year <= LAST_YEAR and len(self._tokens[i].text) == 4:
                yield i + 1, year
                for end, unit in self._word(i + 1, "unit"):
                    if unit == "year":
                        yield end, year

    def _named_year(self, i: int) -> Iterator[tuple[int, int]]:
        """October *of last year*, *this year*."""
        for back, kind in ((1, "time_last"), (0, "time_this")):
            ends = [
                end for after, _ in self._word(i, kind) for end, unit in self._word(after, "unit") if unit == "year"
            ]
            ends += [
                end
                for after, unit in self._word(i, "unit")
                if unit == "year"
                for end, _ in self._word(after, f"{kind}_after")
            ]
            ends += [end for end, unit in self._word(i, f"{kind}_unit") if unit == "year"]
            for end in ends:
                yield end, self._at.now.year - back

    def _dates(self, i: int) -> Iterator[tuple[int, Window]]:
        i = self._skip(i)
        if i >= len(self._tokens):
            return
        token = self._tokens[i]
        if token.kind in ("date", "daymonth"):
            day = self._at.read_date(token.text)
            if day:
                yield i + 1, self._at.day(day)
        for after, number in self._number(i):
            if after in self._parting or not self._joins_month(after):
                continue
            for end, month in self._word(after, "time_month"):
                yield from self._month_day(i, end, month, number)
        for after, month in self._word(i, "time_month"):
            for end, number in self._number(after):
                yield from self._month_day(i, end, month, number)

    def _joins_month(self, i: int) -> bool:
        """Whether what stands between a number and a month only joins them: "5 of October", "the 1st of October", and
        not "five people wrote in October"."""
        suffix = i < len(self._tokens) and self._tokens[i].start == self._tokens[i - 1].end
        return self._skip(i) <= i + 1 + suffix

    def _month_day(self, start: int, end: int, month: int, number: float) -> Iterator[tuple[int, Window]]:
        for after, year in [*self._year(end), (end, self._lent_year(start, end, ("month", month)))]:
            try:
                day = self._at.local(year or self._at.now.year, month, int(number))
            except ValueError:
                continue
            if year is None and day > self._at.now:
                day = self._at.local(self._at.now.year - 1, month, int(number))
            yield after, self._at.day(day)
