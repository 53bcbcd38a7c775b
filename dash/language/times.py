"""Time expressions → Windows, by the rules of docs/reading.md, "Time".

today = since 00:00 · this week = Monday until now · last week = the whole previous one · last N hours/days = rolling ·
last N weeks/months = whole calendar ones before the current · a bare month = the latest that has begun · a bare
weekday = the latest one over · a bare «за неделю» = the 7 × 24 h before now. The words come from the language files;
this grammar only knows their parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dash.language.periods import Periods
from dash.records import Moment, Span, Token, Window

_ROLLING_HOURS = {"day": 24, "week": 168}
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_CALENDAR = ("week", "month", "quarter", "year")


@dataclass(frozen=True)
class TimeSpan:
    """Tokens [start, end) name this window."""

    start: int
    end: int
    window: Window


class TimeGrammar:
    """Finds every window in a question, from the spans of its time words."""

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
    ) -> None:
        """`several` are the places of words that say "more than one" without saying how many, `about` those of periods
        in a form that never says until when, `parting` those of words that part a number from a month."""
        self._several, self._about, self._parting = several, about, parting
        self._tokens = tokens
        self._skippable = skippable
        self._at = Periods(now, zone)
        self._parts: dict[int, list[Span]] = {}
        for span in spans:
            self._parts.setdefault(span.start, []).append(span)

    def find(self) -> Iterator[TimeSpan]:
        """Every expression at every position; the reading chooses among overlapping ones."""
        for start in range(len(self._tokens)):
            seen = set()
            for end, window in self._expressions(start):
                if (end, window) not in seen and not self._is_vague(start, end):
                    seen.add((end, window))
                    yield TimeSpan(start, end, window)

    def _is_vague(self, start: int, end: int) -> bool:
        """ "Last weeks" without a number."""
        places = range(start, end)
        numbered = any(self._tokens[i].kind == "number" or self._part(i, "number") for i in places)
        return not numbered and any(i in self._several for i in places)

    def _part(self, i: int, kind: str) -> bool:
        return any(span.kind in (kind, "time_two_units") for span in self._parts.get(i, ()))

    # expressions with their prepositions

    def _expressions(self, i: int) -> Iterator[tuple[int, Window]]:
        for end, _ in self._word(i, "time_whole_period"):
            yield end, Window(None, None, "all_time")
        yield from self._ranges(i)
        yield from self._open_ended(i)
        yield from self._periods(i)
        for after, _ in self._word(i, "time_over"):
            yield from self._periods(after)
            if not any(span.kind == "comparator" for span in self._parts.get(i, ())):  # "over 2 days" is a bound
                yield from self._counted_units(after)
        for after, _ in self._word(i, "time_through"):
            yield from self._bare_units(after)

    def _ranges(self, i: int) -> Iterator[tuple[int, Window]]:
        """between X and Y · from X to Y · с X по Y: both ends included."""
        for after, _ in self._word(i, "time_between"):
            for middle, first in self._fixed_or_relative(after):
                for before_last, _ in self._word(middle, "time_range_and"):
                    for end, last in self._fixed_or_relative(before_last):
                        window = self._at.between(first, last)
                        if window:
                            yield end, window
            yield from self._days_of_one_month(after)

    def _days_of_one_month(self, i: int) -> Iterator[tuple[int, Window]]:
        """с 1 по 15 октября: the first day borrows the month of the last."""
        for middle, number in self._number(i):
            for after, _ in self._word(middle, "time_range_and"):
                for end, last in self._dates(after):
                    day = last.start.at if last.start else None
                    if day is not None and 1 <= number < day.day:
                        window = self._at.between(self._at.day(day.replace(day=int(number))), last)
                        if window:
                            yield end, window

    def _open_ended(self, i: int) -> Iterator[tuple[int, Window]]:
        for after, _ in self._word(i, "time_about"):
            if after in self._about:
                yield from self._periods(after)
        for kind in ("time_since", "time_after", "time_before", "time_until"):
            for after, _ in self._word(i, kind):
                if after in self._about and kind == "time_until":
                    continue
                for end, period in self._fixed_or_relative(after):
                    yield end, self._at.open_ended(kind, period)
        for since, _ in self._word(i, "time_since"):
            yield from self._beginnings(since)
        yield from self._beginnings(i)
        for end, _ in self._word(i, "time_year_to_date"):
            yield end, replace(self._at.this("year"), phrase="year_to_date")
        for end, _ in self._word(i, "time_month_to_date"):
            yield end, replace(self._at.this("month"), phrase="month_to_date")

    def _beginnings(self, i: int) -> Iterator[tuple[int, Window]]:
        """The start of the year: from then until now."""
        for after, _ in self._word(i, "time_beginning_of"):
            for end, unit in self._word(after, "unit"):
                if unit in _CALENDAR:
                    yield end, self._at.this(unit)

    # single periods

    def _periods(self, i: int) -> Iterator[tuple[int, Window]]:
        yield from self._fixed_or_relative(i)
        yield from self._rolling(i)

    def _fixed_or_relative(self, i: int) -> Iterator[tuple[int, Window]]:
        yield from self._days(i)
        yield from self._units(i)
        yield from self._months(i)
        yield from self._quarters(i)
        yield from self._half_years(i)
        yield from self._years(i)
        yield from self._dates(i)

    def _days(self, i: int) -> Iterator[tuple[int, Window]]:
        for end, _ in self._word(i, "time_today"):
            yield end, self._at.today()
        for end, _ in self._word(i, "time_yesterday"):
            yield end, self._at.day_back(1, "yesterday")
        for end, _ in self._word(i, "time_day_before_yesterday"):
            yield end, self._at.day_back(2, None)
        for after, count in self._number(i):
            for before_ago, unit in self._word(after, "unit"):
                for end, _ in self._word(before_ago, "time_ago"):
                    if unit == "day" and count == int(count):
                        yield end, self._at.day_back(int(count), None)
        for after, _ in self._word(i, "time_ago_first"):
            for end, unit in self._word(after, "time_two_units"):
                if unit == "day":
                    yield end, self._at.day_back(2, None)
            for before_unit, count in self._number(after):
                for end, unit in self._word(before_unit, "unit"):
                    if unit == "day" and count == int(count):
                        yield end, self._at.day_back(int(count), None)
        for end, weekday in self._word(i, "time_weekday"):
            for later, _ in self._word(end, "time_past_after", "time_last_after"):
                yield later, self._at.day_back((self._at.now.isoweekday() - weekday) % 7 or 7, None)
            back = (self._at.now.isoweekday() - weekday) % 7 or 7
            window = self._at.day_back(back, None)
            yield end, window
        for after, _ in self._word(i, "time_past", "time_last"):
            for end, weekday in self._word(after, "time_weekday"):
                back = (self._at.now.isoweekday() - weekday) % 7 or 7
                yield end, self._at.day_back(back, None)

    def _units(self, i: int) -> Iterator[tuple[int, Window]]:
        for after, _ in self._word(i, "time_this"):
            for end, unit in self._word(after, "unit"):
                if unit in _CALENDAR:
                    yield end, self._at.this(unit)
                elif unit == "day":
                    yield end, self._at.today()
            yield from self._shared_unit(after)
        for after, _ in self._word(i, "time_last"):
            for end, unit in self._word(after, "unit"):
                if unit in _CALENDAR:
                    yield end, self._at.last(unit)
        for after, _ in self._word(i, "time_before_last"):
            for end, unit in self._word(after, "unit"):
                if unit in _CALENDAR:
                    yield end, self._at.before_last(unit)
        for end, unit in self._word(i, "time_this_unit"):
            yield end, self._at.this(unit)
        for end, unit in self._word(i, "time_last_unit"):
            yield end, self._at.last(unit)
        for after, unit in self._word(i, "unit"):
            for end, _ in self._word(after, "time_this_after"):
                if unit in _CALENDAR:
                    yield end, self._at.this(unit)
            for end, _ in self._word(after, "time_last_after"):
                if unit in _CALENDAR:
                    yield end, self._at.last(unit)
            for end, _ in self._word(after, "time_before_last"):
                if unit in _CALENDAR:
                    yield end, self._at.before_last(unit)

    def _shared_unit(self, after_this: int) -> Iterator[tuple[int, Window]]:
        """ "this and last month", «в этом и прошлом месяце»: the first word borrows the unit of the second."""
        for after, _ in self._word(after_this, "conjunction"):
            for before_unit, _ in self._word(after, "time_last"):
                for _, unit in self._word(before_unit, "unit"):
                    if unit in _CALENDAR:
                        yield after_this, self._at.this(unit)

    def _rolling(self, i: int) -> Iterator[tuple[int, Window]]:
        """last 24 hours · последние 3 дня · last 2 weeks · за последний час · the last 5 business… (not known)."""
        for after, _ in self._word(i, "time_past"):
            for before_unit, count in self._number(after):
                for end, unit in self._word(before_unit, "unit"):
                    yield from self._last_n(end, count, unit)
            for end, unit in self._word(after, "unit"):
                yield from self._last_n(end, 1, unit)
        for after, count in self._number(i):
            for before_unit, _ in self._word(after, "time_past_second"):
                for end, unit in self._word(before_unit, "unit"):
                    yield from self._last_n(end, count, unit)
            for before_past, unit in self._word(after, "unit"):
                for end, _ in self._word(before_past, "time_past_after"):
                    yield from self._last_n(end, count, unit)
        for kind, count in (("unit", 1), ("time_two_units", 2)):
            for before_past, unit in self._word(i, kind):
                for end, _ in self._word(before_past, "time_past_after"):
                    yield from self._last_n(end, count, unit)

    def _counted_units(self, i: int) -> Iterator[tuple[int, Window]]:
        """за 3 дня · in 7 days"""
        for after, count in self._number(i):
            for end, unit in self._word(after, "unit"):
                yield from self._last_n(end, count, unit)

    def _bare_units(self, i: int) -> Iterator[tuple[int, Window]]:
        """за неделю (rolling); a bare month or year has two meanings, and both are offered."""
        for end, unit in self._word(i, "unit"):
            if unit in ("minute", "hour", "day"):
                yield from self._last_n(end, 1, unit)
            elif unit == "week":
                yield end, self._at.rolling("hour", 168, "last_n_days:7")
            else:
                yield end, self._at.this(unit)
                yield end, self._at.last(unit)

    def _last_n(self, end: int, count: float, unit: Any) -> Iterator[tuple[int, Window]]:
        a_year = unit not in ("minute", "hour") and _FIRST_YEAR <= count <= _LAST_YEAR  # "for 2026: month by month"
        if count != int(count) or not 1 <= count <= 10_000 or a_year:
            return
        number = int(count)
        if unit in ("minute", "hour"):
            name = "last_hour" if (unit, number) == ("hour", 1) else f"last_n_{unit}s:{number}"
            yield end, self._at.rolling(unit, number, name)
        elif unit == "day":
            yield end, self._at.rolling("hour", 24 * number, f"last_n_days:{number}")
        else:
            name = f"last_{unit}" if number == 1 else f"last_n_{unit}s:{number}"
            base = Moment(truncate=unit)
            yield (
                end,
                Window(
                    replace(base, shift=-number, unit=unit),
                    base,
                    name,
                    previous_start=replace(base, shift=-2 * number, unit=unit),
                    previous_end=replace(base, shift=-number, unit=unit),
                ),
            )

    # calendar months, quarters, years, dates

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
                if window is not None:
                    yield after, window

    def _quarter_name(self, i: int) -> Iterator[tuple[int, int]]:
        if i < len(self._tokens):
            text = self._tokens[i].stem
            if len(text) == 2 and text[0] == "q" and text[1] in "1234":  # Q3
                yield i + 1, int(text[1])
        for after, number in [*self._number(i), *self._word(i, "time_ordinal")]:
            for end, unit in self._word(after, "unit"):
                if unit == "quarter" and number in (1, 2, 3, 4):
                    yield end, int(number)
        for after, unit in self._word(i, "unit"):  # רבעון 3, "quarter 3"
            for end, number in [*self._number(after), *self._word(after, "time_ordinal")]:
                if unit == "quarter" and number in (1, 2, 3, 4):
                    yield end, int(number)

    def _lent_year(self, start: int, end: int, name: tuple[str, int]) -> int | None:
        """ "January vs February 2025": the year of the nearest other period of its kind that has one, behind it or else
        before it, so that the two stay in their order. "October vs October 2025" lends none."""
        for i in range(end, len(self._tokens)):
            for other, after in self._calendar_names(i):
                for _, year in (*self._year(after), *self._named_year(after)):
                    if other[0] == name[0]:
                        return None if other == name else year - (other[1] < name[1])
        for i in range(start - 1, -1, -1):
            for other, after in self._calendar_names(i):
                for stop, year in (*self._year(after), *self._named_year(after)):
                    if stop <= start and other[0] == name[0]:
                        return None if other == name else year + (other[1] > name[1])
        return None

    def _calendar_names(self, i: int) -> Iterator[tuple[tuple[str, int], int]]:
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
            if _FIRST_YEAR <= year <= _LAST_YEAR and len(self._tokens[i].text) == 4:
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
            if after in self._parting:
                continue
            for end, month in self._word(after, "time_month"):
                yield from self._month_day(i, end, month, number)
        for after, month in self._word(i, "time_month"):
            for end, number in self._number(after):
                yield from self._month_day(i, end, month, number)

    def _month_day(self, start: int, end: int, month: int, number: float) -> Iterator[tuple[int, Window]]:
        for after, year in [*self._year(end), (end, self._lent_year(start, end, ("month", month)))]:
            try:
                day = self._at.local(year or self._at.now.year, month, int(number))
            except ValueError:
                continue
            if year is None and day > self._at.now:
                day = self._at.local(self._at.now.year - 1, month, int(number))
            yield after, self._at.day(day)

    # words

    def _skip(self, i: int) -> int:
        while (
            i < len(self._tokens)
            and self._skippable[i]
            and not any(span.kind.startswith("time_") or span.kind == "unit" for span in self._parts.get(i, ()))
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
