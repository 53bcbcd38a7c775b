"""Periods and dates in words: "in the last 7 days (13–20 Nov 2026)", "сегодня (20 ноября, с 00:00)".

The planner names a period by a canonical id and gives its moments; the words come from the id, the dates from the
moments, so a person always sees which days were really meant.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from dash.knowledge.phrases import Phrase, Phrases
from dash.records import Window
from dash.semantics.moments import resolve_window, truncate
from dash.shown.moments import show_date, show_moment, show_time
from dash.shown.numbers import plural

# Ids that already are their own dates: "in January 2026" needs no brackets.
_EXACT_IDS = frozenset({"month", "quarter", "year", "day", "weekday", "since", "until", "before", "between"})
_MOMENT = timedelta(microseconds=1)


def period_in_words(window: Window | None, now: datetime, zone: str, phrases: Phrases) -> str:
    """The period as it stands in a sentence, with its dates; all the data for None."""
    if window is None or (window.start is None and window.end is None):  # the id of the latter is all_time
        return phrases.periods.all_data["other"]
    start, end = resolve_window(window, now, zone)
    words = name_period(window.phrase, phrases)
    if words is None:
        return phrases.periods.between["other"].format(dates=dates_in_words(start, end, phrases))
    if window.phrase.partition(":")[0] in _EXACT_IDS:
        return words
    if window.phrase == "today" and start is not None:
        day = show_date(start, phrases.dates.day_month, phrases)
        dates = phrases.periods.since_start["other"].format(day=day, start=show_time(start, phrases))
    else:
        dates = dates_in_words(start, end, phrases)
    return phrases.periods.with_dates["other"].format(words=words, dates=dates)


def name_period(phrase_id: str, phrases: Phrases) -> str | None:
    """The words of a canonical id without its dates, as a question would say them; None for an id nobody knows."""
    name, _, argument = phrase_id.partition(":")
    phrase: Phrase | None = getattr(phrases.periods, "day" if name == "weekday" else name, None)
    if phrase is None:
        return None
    try:
        return _fill(name, argument, phrase, phrases)
    except (ValueError, KeyError):  # an id with an argument that is not of its kind, such as month:soon
        return None


def _fill(name: str, argument: str, phrase: Phrase, phrases: Phrases) -> str:
    patterns = phrases.dates
    if name.startswith("last_n_"):
        return plural(phrase, Decimal(int(argument)), phrases).format(n=argument)
    template = phrase["other"]
    if name == "month":
        return template.format(month=show_date(date.fromisoformat(f"{argument}-01"), patterns.month, phrases))
    if name == "quarter":
        year, _, number = argument.partition("-Q")
        return template.format(quarter=show_date(date(int(year), 3 * int(number) - 2, 1), patterns.quarter, phrases))
    if name == "year":
        return template.format(year=show_date(date(int(argument), 1, 1), patterns.year, phrases))
    if name == "between":
        first, last = (date.fromisoformat(part) for part in argument.split(".."))
        return template.format(dates=_days(first, last, phrases))
    if name in ("day", "weekday", "since", "until", "before"):
        pattern = patterns.weekday if name == "weekday" else patterns.day
        return template.format(day=show_date(date.fromisoformat(argument), pattern, phrases))
    return template


def dates_in_words(start: datetime | None, end: datetime | None, phrases: Phrases) -> str:
    """The half-open period [start, end) in dates, with times where whole days would be untrue. Aware, in one zone."""
    patterns = phrases.dates
    if start is None or end is None:
        if start is not None:
            return patterns.from_on["other"].format(first=show_date(start, patterns.day, phrases))
        if end is not None:
            return patterns.up_to["other"].format(last=show_date(end - _MOMENT, patterns.day, phrases))
        return phrases.periods.all_data["other"]
    whole_days = start == truncate(start, "day") and end == truncate(end, "day")
    if not whole_days and end - start < timedelta(hours=48):
        return _with_times(start, end, phrases)
    first, last = start.date(), (end - _MOMENT).date()
    if whole_days and first.day == 1 and end.day == 1:
        return _months(first, last, phrases)
    return _days(first, last, phrases)


def _with_times(start: datetime, end: datetime, phrases: Phrases) -> str:
    patterns = phrases.dates
    if start.date() == end.date():
        times = patterns.same_month["other"].format(first=show_time(start, phrases), last=show_time(end, phrases))
        return f"{show_date(start, patterns.day, phrases)}, {times}"
    return patterns.apart["other"].format(first=show_moment(start, phrases), last=show_moment(end, phrases))


def _months(first: date, last: date, phrases: Phrases) -> str:
    """Whole calendar months, and years and quarters where they are that."""
    patterns, months = phrases.dates, (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 12 and first.month == 1:
        return show_date(first, patterns.year, phrases)
    if months == 3 and first.month % 3 == 1:
        return show_date(first, patterns.quarter, phrases)
    if months == 1:
        return show_date(first, patterns.month, phrases)
    begin = show_date(first, patterns.month_only if first.year == last.year else patterns.month, phrases)
    return patterns.apart["other"].format(first=begin, last=show_date(last, patterns.month, phrases))


def _days(first: date, last: date, phrases: Phrases) -> str:
    patterns = phrases.dates
    end = show_date(last, patterns.day, phrases)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return patterns.same_month["other"].format(first=show_date(first, patterns.day_only, phrases), last=end)
    begin = show_date(first, patterns.day_month if first.year == last.year else patterns.day, phrases)
    return patterns.apart["other"].format(first=begin, last=end)
