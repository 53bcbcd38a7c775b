"""Composed SQL: what it says, that it runs, and that no join counts a row twice."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from dash.database import Database
from dash.knowledge import Knowledge
from dash.records import (
    ComparedSide,
    Comparison,
    Filter,
    MetricUse,
    Moment,
    Order,
    PlannedQuery,
    SemanticQuery,
    Threshold,
    Viewer,
    Window,
)
from dash.semantics.compile import compile_query
from dash.semantics.conditions import CannotCompile
from dash.semantics.fragments import is_additive
from dash.semantics.model import SemanticModel
from dash.settings import Limits
from dash.steps.execute import execute
from dash.steps.guard import guard

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LAST_WEEK = Window(
    Moment(truncate="week", shift=-1, unit="week"),
    Moment(truncate="week"),
    "last_week",
    previous_start=Moment(truncate="week", shift=-2, unit="week"),
    previous_end=Moment(truncate="week", shift=-1, unit="week"),
)


@pytest.fixture(scope="module")
def model(knowledge: Knowledge) -> SemanticModel:
    return SemanticModel(knowledge)


def test_a_ratio_by_a_joined_dimension_reads_like_this(model: SemanticModel) -> None:
    query = SemanticQuery(
        metrics=(MetricUse("ai_win_rate"),),
        dimensions=("channel",),
        filters=(Filter("category", "in", ("shipping_inquiry",)),),
        window=LAST_WEEK,
        order=Order("ai_win_rate", descending=False),
        limit=3,
    )
    assert (
        compile_query(query, model, "en").sql
        == """\
SELECT
  j1.j1_channel AS channel,
  100.0 * COUNT(*) FILTER (WHERE verdict = 'ai_better') / NULLIF(COUNT(*), 0) AS ai_win_rate,
  COUNT(*) AS sample_size
FROM support.ai_human_comparison AS t
LEFT JOIN (SELECT channel AS j1_channel, thread_id AS j1_thread_id FROM support.support_threads_data) AS j1 \
ON j1.j1_thread_id = t.thread_id
WHERE j1.j1_channel IS NOT NULL
  AND t.request_type = :category
  AND t.compared_at >= date_trunc('week', CAST(:now AS timestamptz)) - INTERVAL '1 week'
  AND t.compared_at < date_trunc('week', CAST(:now AS timestamptz))
GROUP BY 1
HAVING COUNT(*) > 0
ORDER BY ai_win_rate ASC NULLS LAST, channel
LIMIT 3"""
    )


def test_a_comparison_reads_like_this(model: SemanticModel) -> None:
    query = SemanticQuery(metrics=(MetricUse("tickets"),), window=LAST_WEEK, comparison=Comparison("previous"))
    assert (
        compile_query(query, model, "en").sql
        == """\
WITH part_1 AS (
  SELECT
    COUNT(*) AS tickets
  FROM support.support_threads_data AS t
  WHERE t.created_at >= date_trunc('week', CAST(:now AS timestamptz)) - INTERVAL '1 week'
    AND t.created_at < date_trunc('week', CAST(:now AS timestamptz))
),
part_2 AS (
  SELECT
    COUNT(*) AS tickets_previous
  FROM support.support_threads_data AS t
  WHERE t.created_at >= date_trunc('week', CAST(:now AS timestamptz)) - INTERVAL '2 weeks'
    AND t.created_at < date_trunc('week', CAST(:now AS timestamptz)) - INTERVAL '1 week'
),
compared AS (
  SELECT COALESCE(part_1.tickets, 0) AS tickets, COALESCE(part_2.tickets_previous, 0) AS tickets_previous
  FROM part_1 CROSS JOIN part_2
)
SELECT compared.*, tickets - tickets_previous AS tickets_change, \
100.0 * (tickets - tickets_previous) / NULLIF(tickets_previous, 0) AS tickets_change_percent
FROM compared"""
    )


def test_two_sides_read_like_this(model: SemanticModel) -> None:
    sides = (ComparedSide(Filter("urgency", "in", ("high",))), ComparedSide())
    query = SemanticQuery(metrics=(MetricUse("tickets"),), comparison=Comparison("sides", sides=sides))
    planned = compile_query(query, model, "en")
    assert (
        planned.sql
        == """\
SELECT
  CASE WHEN t.urgency = :urgency THEN :side ELSE :side_2 END AS side,
  COUNT(*) AS tickets
FROM support.support_threads_data AS t
GROUP BY 1
ORDER BY tickets DESC NULLS LAST, side"""
    )
    assert planned.parameters == {"urgency": "high", "side": "high urgency", "side_2": "the rest"}
    assert [(column.name, column.label, column.role) for column in planned.columns] == [
        ("side", "Urgency", "dimension"),
        ("tickets", "Tickets", "metric"),
    ]


@pytest.mark.parametrize(
    ("sides", "counts"),
    [
        # whatever is empty is on the side that is left, and no row is on both
        ((ComparedSide(Filter("country", "in", ("DE",))), ComparedSide()), "country = 'DE'"),
        ((ComparedSide(Filter("assignee", "not_null")), ComparedSide()), "assigned_to IS NOT NULL"),
        ((ComparedSide(within="open_tickets"), ComparedSide(within="sent_tickets")), "status <> 'Sent'"),
        (
            (
                ComparedSide(Filter("channel", "in", ("email",))),
                ComparedSide(Filter("channel", "in", ("chat", "email"))),
            ),
            "channel = 'email'",
        ),
    ],
)
def test_each_row_is_on_one_side_at_most(
    database: Database, knowledge: Knowledge, model: SemanticModel, sides: tuple[ComparedSide, ...], counts: str
) -> None:
    query = SemanticQuery(metrics=(MetricUse("tickets"),), comparison=Comparison("sides", sides=sides))
    planned = compile_query(query, model, "en")
    found = {row[0]: row[1] for row in _rows(database, knowledge, planned)}
    of = "WHERE channel IN ('email', 'chat')" if sides[1].filter is not None else ""
    sql = f"SELECT COUNT(*) FILTER (WHERE {counts}), COUNT(*) FROM support.support_threads_data {of}"
    first, both = _rows(database, knowledge, PlannedQuery(sql, {}))[0]
    assert found == {planned.parameters["side"]: first, planned.parameters["side_2"]: both - first}


def test_every_metric_by_every_dimension_that_it_allows_runs(
    database: Database, knowledge: Knowledge, model: SemanticModel
) -> None:
    tried = 0
    for name, metric in model.metrics.items():
        if metric.table is None:
            continue
        for dimension in model.dimensions:
            columns = [column for _, column in model.dimensions[dimension]]
            if any(column.role != "dimension" or column.personal for column in columns):
                continue
            if model.allows(metric, dimension):
                query = SemanticQuery(metrics=(MetricUse(name),), dimensions=(dimension,), window=None)
                _rows(database, knowledge, compile_query(query, model, "en"))
                tried += 1
    assert tried > 100


def test_parts_of_every_additive_metric_add_up_to_the_whole_over_every_join(
    database: Database, knowledge: Knowledge, model: SemanticModel
) -> None:
    """A join that multiplied or lost rows would show here. Arrays are left out: a row is in several of their groups.
    The whole of a column that only some rows have at all (reasons of escalation) is those rows."""
    checked = 0
    for name, metric in model.metrics.items():
        if metric.table is None or not is_additive(metric.calculation):
            continue
        whole = _rows(database, knowledge, compile_query(SemanticQuery(metrics=(MetricUse(name),)), model, "en"))[0][0]
        for dimension, columns in model.dimensions.items():
            if any(c.role != "dimension" or c.personal or c.type.endswith("[]") for _, c in columns):
                continue
            if model.allows(metric, dimension):
                query = SemanticQuery(metrics=(MetricUse(name),), dimensions=(dimension,))
                rows = _rows(database, knowledge, compile_query(query, model, "en"))
                total = Decimal(whole or 0)
                if any(column.only_where for _, column in columns):
                    some = SemanticQuery(metrics=(MetricUse(name),), filters=(Filter(dimension, "not_null"),))
                    total = Decimal(_rows(database, knowledge, compile_query(some, model, "en"))[0][0] or 0)
                assert sum(Decimal(row[1] or 0) for row in rows) == total, (name, dimension)
                checked += 1
    assert checked > 30


def test_two_metrics_of_different_tables_stand_side_by_side(
    database: Database, knowledge: Knowledge, model: SemanticModel
) -> None:
    both = SemanticQuery(metrics=(MetricUse("tickets"), MetricUse("comparisons")), dimensions=("category",))
    together = _rows(database, knowledge, compile_query(both, model, "en"))
    for index, name in enumerate(("tickets", "comparisons"), start=1):
        alone = SemanticQuery(metrics=(MetricUse(name),), dimensions=("category",))
        expected = {row[0]: row[1] for row in _rows(database, knowledge, compile_query(alone, model, "en"))}
        assert {row[0]: row[index] for row in together if row[index]} == expected


def test_a_threshold_is_applied_after_aggregation(
    database: Database, knowledge: Knowledge, model: SemanticModel
) -> None:
    query = SemanticQuery(metrics=(MetricUse("tickets"),), dimensions=("category",))
    rows = _rows(database, knowledge, compile_query(query, model, "en"))
    middle = sorted(row[1] for row in rows)[len(rows) // 2]
    bounded = SemanticQuery(
        metrics=(MetricUse("tickets"),), dimensions=("category",), having=(Threshold("tickets", "gt", float(middle)),)
    )
    kept = _rows(database, knowledge, compile_query(bounded, model, "en"))
    assert {row[0] for row in kept} == {row[0] for row in rows if row[1] > middle}


@pytest.mark.parametrize(
    "query",
    [
        SemanticQuery(metrics=(MetricUse("tickets"),), dimensions=("verdict",)),
        SemanticQuery(metrics=(MetricUse("resolution_rate"),), dimensions=("category",), share=True),
        SemanticQuery(metrics=(MetricUse("tickets"),), comparison=Comparison("previous")),
        SemanticQuery(shape="list", rows_of="nothing_of_that_name"),
    ],
    ids=["a dimension on the many side", "shares of a rate", "no period to compare with", "unknown rows"],
)
def test_what_has_no_right_answer_is_not_compiled(model: SemanticModel, query: SemanticQuery) -> None:
    with pytest.raises(CannotCompile):
        compile_query(query, model, "en")


def _rows(database: Database, knowledge: Knowledge, planned: PlannedQuery) -> tuple[tuple[Any, ...], ...]:
    values = {**planned.parameters, "now": NOW} if ":now" in planned.sql else planned.parameters
    query = PlannedQuery(planned.sql, values, planned.columns)
    checked = guard(query, knowledge.allowed(), personal=knowledge.personal(), viewer=Viewer(), reviewed=True)
    result = execute(checked, database, limits=Limits(), zone="UTC", viewer=Viewer())
    if planned.columns:
        assert [column.name for column in result.columns] == [column.name for column in planned.columns]
    return result.rows
