"""No number reaches a person unless a result gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dash.errors import InternalError
from dash.knowledge.phrases import get_phrases
from dash.records import Column, Comparison, MetricUse, Order, SemanticQuery
from dash.settings import REPOSITORY
from dash.steps.interpret.number_lock import Cell, Count, Derived, Figure, RowCount, Said, evaluate, verify
from dash.steps.interpret.writer import Writer, difference
from tests.interpret.desk import (
    COVERAGE,
    HALF_YEAR,
    JANUARY,
    TODAY,
    WEEK,
    bucket,
    group,
    metric,
    result,
    sample,
    tell,
)

RESULTS = {"main": result([metric("cases")], [(1234,), (1000,)]), "empty": result([metric("cases")], [(None,), (0,)])}
WRITER = Writer(RESULTS, get_phrases(REPOSITORY / "knowledge", "en"), "UTC")
FIRST, SECOND, NULL, ZERO = Cell("main", 0, 0), Cell("main", 1, 0), Cell("empty", 0, 0), Cell("empty", 1, 0)


def said() -> Said:
    return WRITER.fill(
        {"other": "{a} of {b}, {c} {d}"},
        a=WRITER.figure(FIRST, "count"),
        b=WRITER.figure(Derived("share", (FIRST, SECOND)), "percent"),
        c=WRITER.quote("in Q3 2026 (gpt-5.1)", "period"),
        d=WRITER.figure(difference(FIRST, SECOND), "count", signed=True),
    )


def test_a_sentence_of_cells_and_arithmetic_passes() -> None:
    assert said().text == "1,234 of 123.4%, in Q3 2026 (gpt-5.1) +234"
    verify([(said().text, said())], RESULTS)


@pytest.mark.parametrize(
    "forged",
    [
        "1,235 of 123.4%, in Q3 2026 (gpt-5.1) +234",
        "1,234 of 123.4%, in Q4 2026 (gpt-5.1) +234",
        "1,234 of 123.4%, in Q3 2026 (gpt-5.2) +234",
        "1,234 of 123.4%, in Q3 2026 (gpt-5.1) +234 7",
        "1,234 of 123.4%, in Q3 2026 (gpt-5.1) +23",
        "11,234 of 123.4%, in Q3 2026 (gpt-5.1) +234",
        "1,234,000 of 123.4%, in Q3 2026 (gpt-5.1) +234",
        "1,234.5 of 123.4%, in Q3 2026 (gpt-5.1) +234",
        "1,234 of 123.45%, in Q3 2026 (gpt-5.1) +234",
        "1,234\u00a0000 of 123.4%",
        "1,234 of ٣٤",
        "1,234 of m²",
    ],
)
def test_a_number_of_unknown_origin_is_stopped(forged: str) -> None:
    with pytest.raises(InternalError, match="comes from no result"):
        verify([(forged, said())], RESULTS)


def test_a_figure_that_the_results_do_not_give_is_stopped() -> None:
    figure = said().pieces[0]
    assert isinstance(figure, Figure)
    lie = Said("1,300", (replace(figure, text="1,300"),))
    with pytest.raises(InternalError, match="not what the result gives"):
        verify([(lie.text, lie)], RESULTS)


def test_a_figure_is_worked_out_anew_from_the_results() -> None:
    with pytest.raises(InternalError, match="not what the result gives"):
        verify([(said().text, said())], {**RESULTS, "main": result([metric("cases")], [(9,), (8,)])})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (FIRST, 1234),
        (NULL, None),
        (RowCount("main"), 2),
        (Count((FIRST, NULL, ZERO)), 3),
        (Derived("sum", (FIRST, SECOND, NULL)), 2234),
        (Derived("sum", (NULL,)), None),
        (Derived("mean", (FIRST, SECOND, NULL)), 1117),
        (difference(SECOND, FIRST), -234),
        (Derived("magnitude", (difference(SECOND, FIRST),)), 234),
        (difference(FIRST, NULL), None),
        (Derived("percent_change", (FIRST, SECOND)), Decimal("23.4")),
        (Derived("percent_change", (FIRST, ZERO)), None),
        (Derived("percent_change", (SECOND, Derived("difference", (ZERO, SECOND)))), 200),
        (Derived("ratio", (SECOND, FIRST)), Decimal(1000) / Decimal(1234)),
        (Derived("share", (FIRST, ZERO)), None),
    ],
)
def test_declared_arithmetic_is_exact_and_knows_when_there_is_no_number(expression: Any, value: Any) -> None:
    assert evaluate(expression, RESULTS) == value


def test_text_of_a_cell_is_not_written_as_a_number() -> None:
    results = {"main": result([group("title")], [("50 % off",)])}
    with pytest.raises(InternalError):
        Writer(results, WRITER.phrases, "UTC").cell(Cell("main", 0, 0), group("title"))


# Whatever a database returns, the product's own sentences pass its own lock.

NUMBERS = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.integers(0, 100),
    st.decimals(-(10**9), 10**9, places=4),
    st.floats(allow_nan=True, allow_infinity=True, width=32),
)
NAMES = st.one_of(
    st.none(),
    st.sampled_from(["delivery", "gpt-5.1", "5", "1,234", "12 000", "2026", "0 ,", "a : 1", "7.", ":", "{n}"]),
    st.text(max_size=12),
)
LANGUAGES = st.sampled_from(["en", "ru"])
METRICS = st.sampled_from(["cases", "answered", "solved_rate", "wait", "cost", "backlog", "helper_usage", "rating"])
WINDOWS = st.sampled_from([None, TODAY, WEEK, JANUARY, HALF_YEAR])
THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(METRICS, LANGUAGES, WINDOWS, NUMBERS, NUMBERS, st.integers(0, 50), st.booleans())
def test_one_number_and_its_companions_never_trip_the_lock(
    name: str, language: str, window: Any, now: Any, before: Any, count: int, compare: bool
) -> None:
    columns = [metric(name, language), sample(name)]
    driver = result([group("topic"), metric("cases"), metric("cases")], [("gpt-5.1", now, before), (None, before, now)])
    companions = {"previous": result(columns, [(before, count)]), "driver:topic": driver, "coverage": COVERAGE}
    query = SemanticQuery(
        metrics=(MetricUse(name),), window=window, comparison=Comparison("previous") if compare else None
    )
    answer = tell(query, columns, [(now, count)], language, companions=companions)
    assert answer.headline


@THOROUGH
@given(
    METRICS,
    LANGUAGES,
    WINDOWS,
    st.lists(st.tuples(NAMES, NUMBERS, st.integers(0, 50)), max_size=8),
    st.sampled_from([None, Order("ANY"), Order("ANY", descending=False)]),
    st.sampled_from([None, 1, 3]),
    st.sampled_from(["topic", "model", "helper", "title", "email"]),
)
def test_rankings_of_any_names_and_numbers_never_trip_the_lock(
    name: str, language: str, window: Any, rows: Any, order: Any, limit: int | None, dimension: str
) -> None:
    columns = [group(dimension, language), metric(name, language), sample(name)]
    query = SemanticQuery(
        metrics=(MetricUse(name),),
        dimensions=(dimension,),
        window=window,
        order=replace(order, by=name) if order else None,
        limit=limit,
    )
    previous = {"previous": result(columns, rows[::-1])}
    assert tell(query, columns, rows, language, companions=previous).headline


@THOROUGH
@given(
    METRICS,
    LANGUAGES,
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
    WINDOWS,
    st.lists(st.tuples(st.integers(-400, 10), NAMES, NUMBERS), max_size=8),
    st.booleans(),
)
def test_trends_of_any_numbers_never_trip_the_lock(
    name: str, language: str, grain: Any, window: Any, points: Any, by_model: bool
) -> None:
    start = date(2026, 11, 20)
    if by_model:
        columns = [bucket(grain), group("model", language), metric(name, language)]
        rows: list[Any] = [(start + timedelta(days=day), model, number) for day, model, number in points]
    else:
        columns = [bucket(grain), metric(name, language)]
        rows = [(start + timedelta(days=day), number) for day, _, number in points]
    query = SemanticQuery(
        metrics=(MetricUse(name),), grain=grain, window=window, dimensions=("model",) if by_model else ()
    )
    assert tell(query, columns, rows, language).headline


@THOROUGH
@given(LANGUAGES, st.lists(st.tuples(NAMES, NAMES, NAMES, NUMBERS), max_size=4))
def test_lists_and_two_dimensions_never_trip_the_lock(language: str, rows: Any) -> None:
    names = ("case_id", "model", "title", "wait_hours")
    columns = [group(name, language, "attribute") for name in names]
    assert tell(SemanticQuery(shape="list", rows_of="backlog", order=Order("wait")), columns, rows, language).headline
    crossed = [
        group("topic", language),
        group("model", language),
        group("channel", language),
        metric("cases", language),
    ]
    query = SemanticQuery(metrics=(MetricUse("cases"),), dimensions=("topic", "model", "channel"))
    assert tell(query, crossed, rows, language).headline


@given(st.integers(0, 10**9), st.integers(0, 60))
def test_a_number_put_into_a_finished_sentence_trips_the_lock(number: int, place: int) -> None:
    sentence = said()
    forged = f"{sentence.text[:place]} {number} {sentence.text[place:]}"
    explained = {"1,234", "123.4%", "+234", "234", "1"}
    digits = {str(number), f"{number:,}"}
    assume(not digits & {"1234", "234", "2026", "3", "5", "51"} and not digits & explained)
    with pytest.raises(InternalError):
        verify([(forged, sentence)], RESULTS)


def test_a_column_without_a_known_metric_is_told_too() -> None:
    column = Column("p90_wait", "90th percentile", "hours", "metric")
    answer = tell(SemanticQuery(window=WEEK), [column], [(5.5,)])
    assert answer.headline == "90th percentile in the last 7 days (13–20 Nov 2026): 5\u00a0h\u00a030\u00a0min."
