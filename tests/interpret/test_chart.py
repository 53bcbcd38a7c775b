"""A picture where it says more than the sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dash.records import Chart, Column, Comparison, MetricUse, SemanticQuery
from tests.interpret.desk import JANUARY, bucket, group, metric, tell

CASES, RATE = metric("cases"), metric("solved_rate")
TOPIC, CHANNEL = group("topic"), group("channel")
ONE, TWO = [("a", 5)], [("a", 5), ("b", 3)]
DAY = date(2026, 1, 5)


def drawn(columns: Any, rows: Any, **slots: Any) -> Chart | None:
    names = tuple(MetricUse(column.metric) for column in columns if column.role == "metric")
    slots.setdefault("window", JANUARY)
    return tell(SemanticQuery(metrics=names, **slots), columns, rows).chart


@pytest.mark.parametrize(
    ("columns", "rows", "kind", "x", "y", "series"),
    [
        ([CASES], [(5,)], "number", None, ("cases",), None),
        ([CASES, RATE], [(5, 50)], "number", None, ("cases", "solved_rate"), None),
        ([TOPIC, CASES], TWO, "bar", "topic", ("cases",), None),
        ([TOPIC, CASES], [(str(n), n) for n in range(30)], "bar", "topic", ("cases",), None),
        ([TOPIC, CASES], [(str(n), n) for n in range(31)], "table", None, (), None),
        ([TOPIC, CASES, RATE], [("a", 5, 50), ("b", 3, 40)], "bar", "topic", ("cases",), None),
        ([bucket("day"), CASES], [(DAY, 5)], "line", "day", ("cases",), None),
        ([bucket("day"), CHANNEL, CASES], [(DAY, "a", 5)], "line", "day", ("cases",), "channel"),
        ([bucket("day"), CHANNEL, CASES], [(DAY, str(n), 5) for n in range(13)], "table", None, (), None),
        ([TOPIC, CHANNEL, CASES], [("a", "x", 5), ("b", "x", 3)], "stacked_bar", "topic", ("cases",), "channel"),
        ([TOPIC, CHANNEL, RATE], [("a", "x", 5), ("b", "x", 3)], "bar", "topic", ("solved_rate",), "channel"),
    ],
)
def test_the_chart_follows_the_shape(columns: Any, rows: Any, kind: str, x: Any, y: Any, series: Any) -> None:
    chart = drawn(columns, rows, grain="day" if columns[0].role == "time" else None)
    assert chart is not None
    assert (chart.kind, chart.x, chart.y, chart.series) == (kind, x, y, series)


def test_the_period_before_stands_beside_where_it_was_asked_for() -> None:
    before = Column("cases_previous", "Cases before", "count", "previous", None, "cases")
    chart = drawn([TOPIC, CASES, before], [("a", 5, 4), ("b", 3, 9)], comparison=Comparison("previous"))
    assert chart is not None
    assert chart.y == ("cases", "cases_previous")


def test_a_list_is_a_table_and_nothing_is_no_picture() -> None:
    query = SemanticQuery(shape="list", rows_of="backlog")
    columns = [group("case_id", "en", "attribute")]
    assert tell(query, columns, [("T-1",), ("T-2",)]).chart == Chart(
        "table", title="Open cases as of 20 Nov 2026, 14:05"
    )
    assert tell(query, columns, []).chart is None


def test_the_title_names_metric_and_period() -> None:
    chart = drawn([TOPIC, CASES], TWO)
    assert chart is not None
    assert chart.title == "Cases in January 2026"
