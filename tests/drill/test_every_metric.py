"""For every governed metric: the rows behind its number are as many as it counts, however it is asked for.

Metrics, dimensions and periods are read from the knowledge, so a metric that is added tomorrow is tested tomorrow.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from dash.knowledge import load_knowledge
from dash.records import Comparison, Filter, MetricUse, Moment, Order, SemanticQuery, Window
from dash.semantics.fragments import is_additive
from dash.semantics.model import SemanticModel
from dash.settings import REPOSITORY
from tests.drill.conftest import Lens

MODEL = SemanticModel(load_knowledge(Path(REPOSITORY / "knowledge")))
METRICS = sorted(MODEL.metrics)
THIS_MONTH = Window(
    Moment(truncate="month"),
    Moment(),
    "this_month",
    unfinished=True,
    previous_start=Moment(truncate="month", shift=-1, unit="month"),
    previous_end=Moment(shift=-1, unit="month"),
)
LAST_QUARTER = Window(
    Moment(truncate="quarter", shift=-1, unit="quarter"),
    Moment(truncate="quarter"),
    "last_quarter",
    previous_start=Moment(truncate="quarter", shift=-2, unit="quarter"),
    previous_end=Moment(truncate="quarter", shift=-1, unit="quarter"),
)


def _dimensions(name: str) -> list[str]:
    metric = MODEL.metrics[name]
    table = MODEL.metric_table(metric)
    return sorted(
        dimension
        for dimension in MODEL.dimensions
        if MODEL.allows(metric, dimension)
        and not MODEL.is_hidden(dimension)
        and not MODEL.is_measure(dimension)
        and (place := MODEL.place(dimension, table)) is not None
        and place.column.role == "dimension"
    )


def _timed(name: str) -> bool:
    return MODEL.time_dimension(MODEL.metrics[name]) is not None


@pytest.mark.parametrize("name", METRICS)
def test_the_whole_number(lens: Lens, name: str) -> None:
    query = SemanticQuery(metrics=(MetricUse(name),))
    (row,) = lens.answer(query)
    for column in row:
        lens.check(query, row, column)
    entries = lens.check(query, row, name)
    if MODEL.counts_rows(name) and MODEL.metrics[name].unit == "count":
        assert entries == {"all": row[name]}


@pytest.mark.parametrize("name", [n for n in METRICS if MODEL.metrics[n].numerator])
def test_the_two_sides_of_a_rate(lens: Lens, name: str) -> None:
    query = SemanticQuery(metrics=(MetricUse(name),))
    (row,) = lens.answer(query)
    entries = lens.check(query, row, name)
    assert {"numerator", "denominator"} <= entries.keys()
    assert entries["denominator"] == row["sample_size"]


@pytest.mark.parametrize("name", [n for n in METRICS if _dimensions(n)])
def test_by_every_dimension(lens: Lens, name: str) -> None:
    for dimension in _dimensions(name):
        query = SemanticQuery(metrics=(MetricUse(name),), dimensions=(dimension,))
        rows = lens.answer(query)
        chosen = [*rows[:2], *(row for row in rows[2:] if row[dimension] is None)]
        for row in chosen:
            lens.check(query, row, name)


@pytest.mark.parametrize("name", [n for n in METRICS if _timed(n)])
@pytest.mark.parametrize("grain", ["hour", "day", "week", "month", "quarter", "year"])
def test_a_trend(lens: Lens, name: str, grain: str) -> None:
    query = SemanticQuery(metrics=(MetricUse(name),), grain=grain, window=LAST_QUARTER)  # type: ignore[arg-type]
    rows = lens.answer(query)
    for row in {id(row): row for row in [*rows[:1], *rows[-1:]]}.values():
        lens.check(query, row, name)


@pytest.mark.parametrize("name", [n for n in METRICS if _timed(n)])
def test_against_the_period_before(lens: Lens, name: str) -> None:
    for dimensions in ((), tuple(islice(_dimensions(name), 1))):
        query = SemanticQuery(
            metrics=(MetricUse(name),), dimensions=dimensions, window=THIS_MONTH, comparison=Comparison("previous")
        )
        for row in lens.answer(query)[:2]:
            for column in (name, f"{name}_previous", f"{name}_change"):
                if row[column] is not None:
                    lens.check(query, row, column)


@pytest.mark.parametrize("name", [n for n in METRICS if _dimensions(n) and _timed(n)])
def test_the_best_group_of_a_filtered_period(lens: Lens, name: str) -> None:
    first, *others = _dimensions(name)
    (row, *_) = lens.answer(SemanticQuery(metrics=(MetricUse(name),), dimensions=(first,))) or [None]
    assert row is not None
    if row[first] is None or not others:
        return
    query = SemanticQuery(
        metrics=(MetricUse(name),),
        dimensions=(others[0],),
        filters=(Filter(first, "in", (row[first],)),),
        window=LAST_QUARTER,
        order=Order(name),
        limit=3,
    )
    for row in lens.answer(query):
        lens.check(query, row, name)


@pytest.mark.parametrize("name", [n for n in METRICS if _dimensions(n) and is_additive(MODEL.metrics[n].calculation)])
def test_a_groups_part_of_the_whole(lens: Lens, name: str) -> None:
    dimension = _dimensions(name)[0]
    query = SemanticQuery(metrics=(MetricUse(name),), dimensions=(dimension,), share=True)
    for row in lens.answer(query)[:2]:
        lens.check(query, row, "share")


@pytest.mark.parametrize("name", [n for n in METRICS if MODEL.row_value(n) is not None])
@pytest.mark.parametrize("aggregation", ["median", "p90", "max", "sum"])
def test_another_aggregation_rests_on_the_same_rows(lens: Lens, name: str, aggregation: str) -> None:
    query = SemanticQuery(metrics=(MetricUse(name, aggregation),))
    (row,) = lens.answer(query)
    lens.check(query, row, next(iter(row)))
