"""Periods in words, with the dates that were really meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from dash.knowledge.phrases import get_phrases
from dash.records import Moment, Window
from dash.settings import REPOSITORY
from dash.shown.moments import show_bucket
from dash.steps.interpret.periods import dates_in_words, name_period, period_in_words
from tests.interpret.desk import HALF_YEAR, JANUARY, NOW, THIS_MONTH, TODAY, WEEK, utc

PHRASES = {language: get_phrases(REPOSITORY / "knowledge", language) for language in ("en", "ru")}


def back(unit: str, count: int = 1, phrase: str | None = None) -> Window:
    """The calendar unit `count` before this one, or the `count` units before this one under a name of their own."""
    base = Moment(truncate=unit)  # type: ignore[arg-type]
    start = replace(base, shift=-count, unit=unit)  # type: ignore[arg-type]
    return Window(start, base, phrase or f"last_{unit}")


def last(unit: str, count: int) -> Window:
    return Window(Moment(shift=-count, unit=unit), Moment(), f"last_n_{unit}s:{count}")  # type: ignore[arg-type]


def fixed(start: datetime | None, end: datetime | None, phrase: str) -> Window:
    return Window(Moment(at=start) if start else None, Moment(at=end) if end else None, phrase)


PERIODS = [
    (None, "over all the data", "за всё время"),
    (Window(None, None, "all_time"), "over all the data", "за всё время"),
    (TODAY, "today (20 Nov, since 00:00)", "сегодня (20 ноября, с 00:00)"),
    (back("day", 1, "yesterday"), "yesterday (19 Nov 2026)", "вчера (19 ноября 2026)"),
    (WEEK, "in the last 7 days (13–20 Nov 2026)", "за последние 7 дней (13–20 ноября 2026)"),
    (THIS_MONTH, "this month (1–20 Nov 2026)", "за этот месяц (1–20 ноября 2026)"),
    (back("week"), "last week (9–15 Nov 2026)", "за прошлую неделю (9–15 ноября 2026)"),
    (back("month"), "last month (October 2026)", "за прошлый месяц (октябрь 2026)"),
    (back("quarter"), "last quarter (Q3 2026)", "за прошлый квартал (3-й квартал 2026)"),
    (back("year"), "last year (2025)", "за прошлый год (2025)"),
    (HALF_YEAR, "in the last 6 months (May – October 2026)", "за последние 6 месяцев (май – октябрь 2026)"),
    (
        back("month", 12, "last_n_months:12"),
        "in the last 12 months (November 2025 – October 2026)",
        "за последние 12 месяцев (ноябрь 2025 – октябрь 2026)",
    ),
    (
        back("week", 2, "last_n_weeks:2"),
        "in the last 2 weeks (2–15 Nov 2026)",
        "за последние 2 недели (2–15 ноября 2026)",
    ),
    (
        last("hour", 24),
        "in the last 24 hours (19 Nov 2026, 14:05 – 20 Nov 2026, 14:05)",
        "за последние 24 часа (19 ноября 2026, 14:05 – 20 ноября 2026, 14:05)",
    ),
    (
        Window(Moment(shift=-1, unit="hour"), Moment(), "last_hour"),
        "in the last hour (20 Nov 2026, 13:05–14:05)",
        "за последний час (20 ноября 2026, 13:05–14:05)",
    ),
    (
        last("minute", 21),
        "in the last 21 minutes (20 Nov 2026, 13:44–14:05)",
        "за последнюю 21 минуту (20 ноября 2026, 13:44–14:05)",
    ),
    (JANUARY, "in January 2026", "за январь 2026 года"),
    (fixed(utc(2026, 7, 1), utc(2026, 10, 1), "quarter:2026-Q3"), "in Q3 2026", "за 3-й квартал 2026 года"),
    (fixed(utc(2025, 1, 1), utc(2026, 1, 1), "year:2025"), "in 2025", "за 2025 год"),
    (fixed(utc(2026, 1, 31), utc(2026, 2, 1), "day:2026-01-31"), "on 31 Jan 2026", "за 31 января 2026 года"),
    (
        fixed(utc(2026, 11, 16), utc(2026, 11, 17), "weekday:2026-11-16"),
        "on Monday, 16 Nov 2026",
        "за 16 ноября 2026 года",
    ),
    (fixed(utc(2026, 1, 5), None, "since:2026-01-05"), "since 5 Jan 2026", "с 5 января 2026 года"),
    (fixed(None, utc(2026, 1, 6), "until:2026-01-05"), "until 5 Jan 2026", "по 5 января 2026 года"),
    (fixed(None, utc(2026, 1, 5), "before:2026-01-05"), "before 5 Jan 2026", "до 5 января 2026 года"),
    (
        fixed(utc(2026, 1, 5), utc(2026, 1, 11), "between:2026-01-05..2026-01-10"),
        "(5–10 Jan 2026)",
        "(5–10 января 2026)",
    ),
    (fixed(utc(2026, 1, 30), utc(2026, 2, 3), "new_kind:7"), "(30 Jan – 2 Feb 2026)", "(30 января – 2 февраля 2026)"),
    (
        fixed(utc(2025, 12, 30), utc(2026, 1, 3), "month:soon"),
        "(30 Dec 2025 – 2 Jan 2026)",
        "(30 декабря 2025 – 2 января 2026)",
    ),
]


@pytest.mark.parametrize(("window", "english", "russian"), PERIODS)
def test_a_period_is_said_with_its_dates(window: Window | None, english: str, russian: str) -> None:
    assert period_in_words(window, NOW, "UTC", PHRASES["en"]) == english
    assert period_in_words(window, NOW, "UTC", PHRASES["ru"]) == russian


def test_dates_are_those_of_the_reporting_zone() -> None:
    evening = utc(2026, 11, 20, 23, 30)
    assert period_in_words(TODAY, evening, "Asia/Jerusalem", PHRASES["en"]) == "today (21 Nov, since 00:00)"


def test_a_day_on_which_summer_time_begins_is_one_day() -> None:
    day = fixed(utc(2026, 3, 28, 23), utc(2026, 3, 29, 22), "new")
    assert period_in_words(day, NOW, "Europe/Berlin", PHRASES["en"]) == "(29 Mar 2026)"


@pytest.mark.parametrize("phrase", ["", "month:", "quarter:2026", "between:x", "last_n_days:many", "percent", "as_off"])
def test_an_id_that_nobody_knows_has_no_words(phrase: str) -> None:
    assert name_period(phrase, PHRASES["en"]) is None


@pytest.mark.parametrize(
    ("value", "grain", "english", "russian"),
    [
        (date(2026, 10, 1), "month", "October 2026", "октябрь 2026"),
        (date(2026, 11, 16), "week", "week of 16 Nov 2026", "неделя с 16 ноября 2026"),
        (date(2026, 10, 1), "quarter", "Q4 2026", "4-й квартал 2026"),
        (date(2026, 1, 1), "year", "2026", "2026"),
        (date(2026, 11, 16), "day", "16 Nov 2026", "16 ноября 2026"),
        (utc(2026, 11, 16, 9), "hour", "16 Nov 2026, 09:00", "16 ноября 2026, 09:00"),
    ],
)
def test_a_bucket_has_a_name(value: date, grain: str, english: str, russian: str) -> None:
    assert show_bucket(value, grain, PHRASES["en"]) == english
    assert show_bucket(value, grain, PHRASES["ru"]) == russian


def test_an_open_period_says_the_side_that_it_has() -> None:
    assert dates_in_words(utc(2026, 1, 5), None, PHRASES["en"]) == "since 5 Jan 2026"
    assert dates_in_words(None, utc(2026, 1, 5), PHRASES["en"]) == "until 4 Jan 2026"
