"""Time expressions mean what the definitions say, in both languages, at awkward moments too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dash.language.reader import Reader
from dash.language.readings import AMBIGUITY
from dash.records import Comparison, Window
from dash.semantics.moments import resolve_previous, resolve_window

FRIDAY_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

# words, canonical phrase, start, end ("" is open), as seen on Friday 20 November 2026 at 12:00 UTC
CASES = [
    ("today", "today", "2026-11-20T00:00", "2026-11-20T12:00"),
    ("сегодня", "today", "2026-11-20T00:00", "2026-11-20T12:00"),
    ("yesterday", "yesterday", "2026-11-19T00:00", "2026-11-20T00:00"),
    ("вчера", "yesterday", "2026-11-19T00:00", "2026-11-20T00:00"),
    ("позавчера", "day:2026-11-18", "2026-11-18T00:00", "2026-11-19T00:00"),
    ("this week", "this_week", "2026-11-16T00:00", "2026-11-20T12:00"),
    ("за эту неделю", "this_week", "2026-11-16T00:00", "2026-11-20T12:00"),
    ("last week", "last_week", "2026-11-09T00:00", "2026-11-16T00:00"),
    ("за прошлую неделю", "last_week", "2026-11-09T00:00", "2026-11-16T00:00"),
    ("на прошлой неделе", "last_week", "2026-11-09T00:00", "2026-11-16T00:00"),
    ("the week before last", "week_before_last", "2026-11-02T00:00", "2026-11-09T00:00"),
    ("на позапрошлой неделе", "week_before_last", "2026-11-02T00:00", "2026-11-09T00:00"),
    ("this month", "this_month", "2026-11-01T00:00", "2026-11-20T12:00"),
    ("в этом месяце", "this_month", "2026-11-01T00:00", "2026-11-20T12:00"),
    ("last month", "last_month", "2026-10-01T00:00", "2026-11-01T00:00"),
    ("в прошлом месяце", "last_month", "2026-10-01T00:00", "2026-11-01T00:00"),
    ("last quarter", "last_quarter", "2026-07-01T00:00", "2026-10-01T00:00"),
    ("за прошлый год", "last_year", "2025-01-01T00:00", "2026-01-01T00:00"),
    ("last 24 hours", "last_n_hours:24", "2026-11-19T12:00", "2026-11-20T12:00"),
    ("за последние 24 часа", "last_n_hours:24", "2026-11-19T12:00", "2026-11-20T12:00"),
    ("за последний час", "last_hour", "2026-11-20T11:00", "2026-11-20T12:00"),
    ("in the last hour", "last_hour", "2026-11-20T11:00", "2026-11-20T12:00"),
    ("last 7 days", "last_n_days:7", "2026-11-13T12:00", "2026-11-20T12:00"),
    ("за последние 3 дня", "last_n_days:3", "2026-11-17T12:00", "2026-11-20T12:00"),
    ("за 30 дней", "last_n_days:30", "2026-10-21T12:00", "2026-11-20T12:00"),
    ("за неделю", "last_n_days:7", "2026-11-13T12:00", "2026-11-20T12:00"),
    ("last 2 weeks", "last_n_weeks:2", "2026-11-02T00:00", "2026-11-16T00:00"),
    ("за последние две недели", "last_n_weeks:2", "2026-11-02T00:00", "2026-11-16T00:00"),
    ("last 6 months", "last_n_months:6", "2026-05-01T00:00", "2026-11-01T00:00"),
    ("за последние 6 месяцев", "last_n_months:6", "2026-05-01T00:00", "2026-11-01T00:00"),
    ("in January", "month:2026-01", "2026-01-01T00:00", "2026-02-01T00:00"),
    ("за январь", "month:2026-01", "2026-01-01T00:00", "2026-02-01T00:00"),
    ("in May", "month:2026-05", "2026-05-01T00:00", "2026-06-01T00:00"),
    ("in may", "month:2026-05", "2026-05-01T00:00", "2026-06-01T00:00"),
    ("in December", "month:2025-12", "2025-12-01T00:00", "2026-01-01T00:00"),
    ("в ноябре", "month:2026-11", "2026-11-01T00:00", "2026-12-01T00:00"),
    ("in March 2025", "month:2025-03", "2025-03-01T00:00", "2025-04-01T00:00"),
    ("за март 2025 года", "month:2025-03", "2025-03-01T00:00", "2025-04-01T00:00"),
    ("Q3", "quarter:2026-Q3", "2026-07-01T00:00", "2026-10-01T00:00"),
    ("in Q4 2025", "quarter:2025-Q4", "2025-10-01T00:00", "2026-01-01T00:00"),
    ("за первый квартал", "quarter:2026-Q1", "2026-01-01T00:00", "2026-04-01T00:00"),
    ("in 2025", "year:2025", "2025-01-01T00:00", "2026-01-01T00:00"),
    ("в 2025 году", "year:2025", "2025-01-01T00:00", "2026-01-01T00:00"),
    ("on Monday", "day:2026-11-16", "2026-11-16T00:00", "2026-11-17T00:00"),
    ("on Friday", "day:2026-11-13", "2026-11-13T00:00", "2026-11-14T00:00"),
    ("в понедельник", "day:2026-11-16", "2026-11-16T00:00", "2026-11-17T00:00"),
    ("on 2026-10-05", "day:2026-10-05", "2026-10-05T00:00", "2026-10-06T00:00"),
    ("05.10.2026", "day:2026-10-05", "2026-10-05T00:00", "2026-10-06T00:00"),
    ("5 октября", "day:2026-10-05", "2026-10-05T00:00", "2026-10-06T00:00"),
    ("October 5", "day:2026-10-05", "2026-10-05T00:00", "2026-10-06T00:00"),
    ("on 5 December", "day:2025-12-05", "2025-12-05T00:00", "2025-12-06T00:00"),
    ("since 2026-10-01", "since:2026-10-01", "2026-10-01T00:00", ""),
    ("с 1 октября", "since:2026-10-01", "2026-10-01T00:00", ""),
    ("since yesterday", "since:2026-11-19", "2026-11-19T00:00", ""),
    ("before 2026-10-01", "before:2026-10-01", "", "2026-10-01T00:00"),
    ("between 2026-10-01 and 2026-10-15", "between:2026-10-01..2026-10-15", "2026-10-01T00:00", "2026-10-16T00:00"),
    ("from October 1 to October 15", "between:2026-10-01..2026-10-15", "2026-10-01T00:00", "2026-10-16T00:00"),
    ("с 1 по 15 октября", "between:2026-10-01..2026-10-15", "2026-10-01T00:00", "2026-10-16T00:00"),
    ("from September to October", "between:2026-09-01..2026-10-31", "2026-09-01T00:00", "2026-11-01T00:00"),
    ("year to date", "year_to_date", "2026-01-01T00:00", "2026-11-20T12:00"),
    ("YTD", "year_to_date", "2026-01-01T00:00", "2026-11-20T12:00"),
    ("с начала года", "this_year", "2026-01-01T00:00", "2026-11-20T12:00"),
    ("за все время", "all_time", "", ""),
    ("in H1", "between:2026-01-01..2026-06-30", "2026-01-01T00:00", "2026-07-01T00:00"),
    ("the first half of 2025", "between:2025-01-01..2025-06-30", "2025-01-01T00:00", "2025-07-01T00:00"),
    ("in the second half of last year", "between:2025-07-01..2025-12-31", "2025-07-01T00:00", "2026-01-01T00:00"),
    ("since the 1st", "this_month", "2026-11-01T00:00", "2026-11-20T12:00"),
    ("since the 1st of this month", "this_month", "2026-11-01T00:00", "2026-11-20T12:00"),
    ("since the 10th", "since:2026-11-10", "2026-11-10T00:00", ""),
    ("с 10 числа этого месяца", "since:2026-11-10", "2026-11-10T00:00", ""),
    ("since October 1st", "since:2026-10-01", "2026-10-01T00:00", ""),
    ("more than 3 days ago", "older_than_hours:72", "", "2026-11-17T12:00"),
    ("больше 2 часов назад", "older_than_hours:2", "", "2026-11-20T10:00"),
    ("the year so far", "year_to_date", "2026-01-01T00:00", "2026-11-20T12:00"),
    ("в первом полугодии 2026 года", "between:2026-01-01..2026-06-30", "2026-01-01T00:00", "2026-07-01T00:00"),
]


@pytest.mark.parametrize(("words", "phrase", "start", "end"), CASES, ids=[case[0] for case in CASES])
def test_a_time_expression_means_its_period(reader: Reader, words: str, phrase: str, start: str, end: str) -> None:
    window = _whole(reader, words, FRIDAY_NOON)
    assert window.phrase == phrase
    edges = resolve_window(window, FRIDAY_NOON, "UTC")
    assert tuple(f"{edge:%Y-%m-%dT%H:%M}" if edge else "" for edge in edges) == (start, end)


@pytest.mark.parametrize(
    ("now", "words", "start", "end"),
    [
        ("2026-11-16T00:30", "today", "2026-11-16T00:00", "2026-11-16T00:30"),
        ("2026-11-16T00:30", "this week", "2026-11-16T00:00", "2026-11-16T00:30"),
        ("2026-11-16T00:30", "last week", "2026-11-09T00:00", "2026-11-16T00:00"),
        ("2026-11-16T00:30", "on Monday", "2026-11-09T00:00", "2026-11-10T00:00"),
        ("2027-01-01T00:10", "last month", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("2027-01-01T00:10", "in January", "2027-01-01T00:00", "2027-02-01T00:00"),
        ("2027-01-01T00:10", "in February", "2026-02-01T00:00", "2026-03-01T00:00"),
        ("2027-01-01T00:10", "last quarter", "2026-10-01T00:00", "2027-01-01T00:00"),
        ("2028-02-29T09:00", "last year", "2027-01-01T00:00", "2028-01-01T00:00"),
        ("2026-03-31T09:00", "last month", "2026-02-01T00:00", "2026-03-01T00:00"),
    ],
)
def test_periods_at_the_edges_of_weeks_and_years(reader: Reader, now: str, words: str, start: str, end: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    edges = resolve_window(_whole(reader, words, moment), moment, "UTC")
    assert tuple(f"{edge:%Y-%m-%dT%H:%M}" for edge in edges if edge) == (start, end)


def test_an_unfinished_period_is_compared_with_the_same_stretch_of_the_one_before(reader: Reader) -> None:
    window = _whole(reader, "this week", FRIDAY_NOON)
    previous = resolve_previous(window, FRIDAY_NOON, "UTC")
    assert window.unfinished
    assert previous == (datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 13, 12, tzinfo=UTC))


def test_a_day_begins_at_midnight_of_the_reporting_zone(reader: Reader) -> None:
    now = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    _tokens, spans = reader.ground("today", now, "America/New_York")
    window = next(span.meaning for span in spans if span.kind == "time")
    start, _ = resolve_window(window, now, "America/New_York")
    assert start is not None
    assert start.astimezone(UTC) == datetime(2026, 11, 19, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["next week", "tomorrow", "in 2031", "31.02.2026", "last 0 days", "last -3 days", "since the 31st"]
)
def test_no_period_is_read_from_the_future_or_from_nonsense(reader: Reader, words: str) -> None:
    tokens, spans = reader.ground(words, FRIDAY_NOON, "UTC")
    assert not [s for s in spans if s.kind == "time" and s.start == 0 and s.end == len(tokens)]


def test_a_bare_month_without_a_name_has_two_meanings_and_both_are_offered(reader: Reader) -> None:
    tokens, spans = reader.ground("за месяц", FRIDAY_NOON, "UTC")
    found = {s.meaning.phrase for s in spans if s.kind == "time" and s.end == len(tokens) and s.start == 0}
    assert found == {"this_month", "last_month"}


@pytest.mark.parametrize(
    "question",
    [
        "tickets in the last 7 days compared with the previous 7 days",
        "tickets last 7 days vs previous 7 days",
        "tickets last 7 days vs the 7 days before that",
        "tickets in the last 7 days and in the previous 7 days",
        "тикеты за последние 7 дней против предыдущих 7 дней",
        "тикеты за последние 7 дней и за 7 дней до этого",
        "tickets de los últimos 7 días frente a los 7 días anteriores",
        "tickets des 7 derniers jours par rapport aux 7 jours précédents",
    ],
)
def test_what_is_set_against_a_rolling_period_is_the_one_before(reader: Reader, question: str) -> None:
    query = reader.read_text(question, FRIDAY_NOON, "UTC").readings[0].query
    assert query.window is not None
    assert query.window.phrase == "last_n_days:7"
    assert query.comparison == Comparison("previous")


@pytest.mark.parametrize(
    "question",
    ["tickets in the 30 days before that", "tickets last 7 days vs the 30 days before", "tickets 7 days before May"],
)
def test_before_what_a_period_lies_must_be_said(reader: Reader, question: str) -> None:
    assert not reader.read_text(question, FRIDAY_NOON, "UTC").readings


def _whole(reader: Reader, words: str, now: datetime) -> Window:
    tokens, spans = reader.ground(words, now, "UTC")
    best = reader.cover(tokens, spans)
    cheapest = [cover for cover in best if cover.cost < best[0].cost + AMBIGUITY]
    assert all([span.kind for span in cover.spans] == ["time"] for cover in cheapest), cheapest
    found = {cover.spans[0].meaning for cover in cheapest}
    assert len(found) == 1, f"{words!r} is read as {sorted(window.phrase for window in found)}"
    return found.pop()
