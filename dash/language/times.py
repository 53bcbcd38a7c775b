"""Time expressions → Windows, by the rules of docs/reading.md, "Time".

today = since 00:00 · this week = Monday until now · last week = the whole previous one · last N hours/days = rolling ·
last N weeks/months = whole calendar ones before the current · a bare month = the latest that has begun · a bare
weekday = the latest one over · a bare «за неделю» = the 7 × 24 h before now. The words come from the language files;
this grammar only knows their parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dash.language.calendar import DAY_OF_MONTH, FIRST_YEAR, LAST_YEAR, QUARTER_LETTERS, Calendar
from dash.language.periods import EARLIER
from dash.records import Moment, Window

_ROLLING_HOURS = {"day": 24, "week": 168}
_DAYS_OF_WEEK = 7
_OPENS = frozenset({"unit", "number", "comparator"})
_CALENDAR = ("week", "month", "quarter", "year")


@dataclass(frozen=True)
class TimeSpan:
    """Tokens [start, end) name this window."""

    start: int
    end: int
    window: Window


class TimeGrammar(Calendar):
    """Finds every window in a question, from the spans of its time words."""

    def find(self) -> Iterator[TimeSpan]:
        """Every expression at every position; the reading chooses among overlapping ones."""
        for start in range(len(self._tokens)):
            if not self._may_begin(start):
                continue
            seen = set()
            for end, window in self._expressions(start):
                if (end, window) not in seen and not self._is_vague(start, end):
                    seen.add((end, window))
                    yield TimeSpan(start, end, window)

    def _may_begin(self, i: int) -> bool:
        """Whether a time expression can start here, which is cheaper to see than that none does."""
        places = {i, self._skip(i)} - {len(self._tokens)}
        return any(
            self._tokens[j].kind != "word"
            or self._tokens[j].stem[:1] in QUARTER_LETTERS
            or any(span.kind.startswith("time_") or span.kind in _OPENS for span in self._parts.get(j, ()))
            for j in places
        )

    def _is_vague(self, start: int, end: int) -> bool:
        """ "Last weeks" without a number."""
        places = range(start, end)
        numbered = any(self._tokens[i].kind == "number" or self._part(i, "number") for i in places)
        return not numbered and any(i in self._several for i in places)

    # expressions with their prepositions

    def _expressions(self, i: int) -> Iterator[tuple[int, Window]]:
        for end, _ in self._word(i, "time_whole_period"):
            yield end, Window(None, None, "all_time")
        yield from self._ranges(i)
        yield from self._open_ended(i)
        yield from self._periods(i)
        for after, _ in self._word(i, "time_over"):
            yield from self._periods(after)
            yield from self._named_ranges(after)
            if not any(span.kind == "comparator" for span in self._parts.get(i, ())):  # "over 2 days" is a bound
                yield from self._counted_units(after)
        for after, _ in self._word(i, "time_through"):
            if not any(span.kind == "comparator" for span in self._parts.get(self._skip(i), ())):  # "for over a week"
                yield from self._bare_units(after)

    def _ranges(self, i: int) -> Iterator[tuple[int, Window]]:
        """between X and Y · from X to Y · с X по Y: both ends included."""
        for after, opener in self._word(i, "time_between", "time_opening"):
            for middle, first in self._fixed_or_relative(after):
                for before_last, _ in self._word(middle, "time_range_and"):
                    if opener == "opening" and self._is_joined(middle):
                        continue
                    for end, last in self._fixed_or_relative(before_last):
                        window = self._at.between(first, last)
                        if window:
                            yield end, window
            yield from self._days_of_one_month(after, joined=opener == "between")
        for after, _ in self._word(i, "time_opening"):
            for end, first in self._fixed_or_relative(after):
                for beyond, _ in self._word(end, "time_onward"):
                    if self._is_over(beyond):
                        yield beyond, self._at.open_ended("time_since", first)
        yield from self._named_ranges(i)

    def _named_ranges(self, i: int) -> Iterator[tuple[int, Window]]:
        """January–October, Q1 to Q3, январь – март: two names of the calendar from the one to the other. "And" only
        joins them, and a comparison sets them beside each other."""
        if self._compares:
            return
        for middle, first in (*self._months(i), *self._quarters(i)):
            behind = [end for end, _ in self._word(middle, "time_range_and") if not self._is_joined(middle)]
            for after in [*behind, *({middle} & self._dashed)]:
                for end, last in (*self._months(after), *self._quarters(after)):
                    window = self._at.between(first, last)
                    if window:
                        yield end, window

    def _is_over(self, i: int) -> bool:
        """Whether nothing follows that "on" could belong to: "from March *on* by channel", not "from March on chat"."""
        sure = not self._skippable[i - 1]  # "onwards"
        return sure or i >= len(self._tokens) or any(s.kind in ("by", "grain") for s in self._parts.get(i, ()))

    def _is_joined(self, i: int) -> bool:
        """Whether "and" stands there, which joins two as well."""
        return any(other.kind == "conjunction" for other in self._parts.get(self._skip(i), ()))

    def _days_of_one_month(self, i: int, *, joined: bool) -> Iterator[tuple[int, Window]]:
        """с 1 по 15 октября: the first day borrows the month of the last."""
        for middle, number in self._number(i):
            for after, _ in self._word(middle, "time_range_and") if joined or not self._is_joined(middle) else ():
                for end, last in self._dates(after):
                    day = last.start.at if last.start else None
                    if day is not None and 1 <= number < day.day:
                        window = self._at.between(self._at.day(day.replace(day=int(number))), last)
                        if window:
                            yield end, window

    def _open_ended(self, i: int) -> Iterator[tuple[int, Window]]:
        for after, _ in self._word(i, "time_about"):
            # «По прошлой неделе»: the case of the noun says that it is about that week, and not until then.
            yield from (found for found in self._periods(after) if self._about & {*range(after, found[0])})
        for kind in ("time_since", "time_after", "time_before", "time_until"):
            for after, _ in self._word(i, kind):
                if {*range(after, self._skip(after))} - self._articles:
                    continue  # "wrote *to us last month*"
                for end, period in self._fixed_or_relative(after):
                    if kind == "time_until" and self._about & {*range(after, end)}:
                        continue
                    yield end, self._at.open_ended(kind, period)
        for since, _ in self._word(i, "time_since"):
            yield from self._beginnings(since)
            yield from self._since_day(since)
        yield from self._beginnings(i)
        for end, _ in self._word(i, "time_year_to_date"):
            yield end, replace(self._at.this("year"), phrase="year_to_date")
        for end, _ in self._word(i, "time_month_to_date"):
            yield end, replace(self._at.this("month"), phrase="month_to_date")

    def _beginnings(self, i: int) -> Iterator[tuple[int, Window]]:
        """The start of the year, of this year: from then until now."""
        for after, _ in self._word(i, "time_beginning_of"):
            for place in (after, *(end for end, _ in self._word(after, "time_this"))):
                for end, unit in self._word(place, "unit"):
                    if unit in _CALENDAR:
                        yield end, self._at.this(unit)

    def _since_day(self, i: int) -> Iterator[tuple[int, Window]]:
        """Since *the 1st*, *the 10th of this month*: of the running month, where that day has begun."""
        for after, day in self._number(i):
            if not 1 <= day <= self._at.now.day or day != int(day):
                continue
            first = self._at.day(self._at.now.replace(day=int(day)))
            window = self._at.this("month") if day == 1 else self._at.open_ended("time_since", first)
            for end in {span.end for span in self._parts.get(after, ()) if span.kind == DAY_OF_MONTH}:
                if any(True for _ in self._word(end, "time_month")):
                    continue  # "since the 1st *of October*"
                yield end, window
                for behind, _ in self._word(end, "time_this"):
                    yield from ((beyond, window) for beyond, unit in self._word(behind, "unit") if unit == "month")

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
        yield from self._first_weeks(i)

    def _first_weeks(self, i: int) -> Iterator[tuple[int, Window]]:
        """The first week of October: its days 1 to 7. Which days the second one has, nobody has said."""
        for after, number in self._word(i, "time_ordinal"):
            for of_month, unit in self._word(after, "unit"):
                if (number, unit) != (1, "week"):
                    continue
                for end, month in self._months(of_month):
                    first = month.start.at if month.start else None
                    last = first and self._at.day(first.replace(day=_DAYS_OF_WEEK))
                    window = self._at.between(self._at.day(first), last) if first and last else None
                    if window:
                        yield end, window

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
        for before_number, compared in self._word(i, "comparator"):
            if compared != "gt":
                continue
            for after, count in self._number(before_number):
                for before_ago, unit in self._word(after, "unit"):
                    for end, _ in self._word(before_ago, "time_ago"):
                        hours = count * ({"hour": 1} | _ROLLING_HOURS).get(unit, 0)
                        if hours and hours == int(hours):  # "*more than 3 days ago*"
                            yield end, self._at.older(int(hours), "hour")
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
            unit_at = self._skip(after)  # a prefix is written together with its word («30 הימים»)
            if unit_at >= len(self._tokens):
                continue
            if unit_at != after and self._tokens[unit_at - 1].end != self._tokens[unit_at].start:
                continue  # "notés 2 *le* mois dernier": the number is none of months
            for before_unit, _ in self._word(after, "time_past_second"):
                for end, unit in self._word(before_unit, "unit"):
                    yield from self._last_n(end, count, unit)
            for before_past, unit in self._word(after, "unit"):
                for end, _ in self._word(before_past, "time_past_after"):
                    yield from self._last_n(end, count, unit)
                for end, _ in self._word(before_past, "time_before_that"):
                    for after_that, window in self._last_n(end, count, unit):
                        yield after_that, replace(window, phrase=f"{EARLIER}{window.phrase}")
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
        a_year = unit not in ("minute", "hour") and FIRST_YEAR <= count <= LAST_YEAR  # "for 2026: month by month"
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
