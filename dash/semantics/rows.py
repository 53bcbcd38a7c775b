"""Rows of a table, or the rows that a count metric counts, as one SELECT."""

from __future__ import annotations

from dash.records import Column, MetricUse, PlannedQuery, SemanticQuery
from dash.semantics.blocks import Block
from dash.semantics.conditions import (
    CannotCompile,
    Parameters,
    apply_each,
    apply_filters,
    bind_metric_parameters,
    stay_within,
)
from dash.semantics.dimensions import text_in
from dash.semantics.fragments import identifier
from dash.semantics.model import SemanticModel


def compile_list(query: SemanticQuery, model: SemanticModel, language: str) -> PlannedQuery:
    """Rows of a table, or the rows that a count metric counts."""
    parameters = Parameters()
    name = query.rows_of or ""
    metric = model.metrics.get(name)
    table = model.metric_table(metric) if metric else name
    if table not in model.tables:
        raise CannotCompile(f"There are no rows of {name} to list.")
    use = MetricUse(name) if metric else None
    time = (
        model.time_dimension(metric, query.time_dimension) if metric else model.table_time(table, query.time_dimension)
    )
    block = Block(model, table)
    if metric and metric.filter:
        block.where(metric.filter)
        bind_metric_parameters(query.metrics[0] if query.metrics else MetricUse(name), model, parameters)
    apply_filters(block, query.filters, model, use, parameters, time)
    stay_within(block, query.within, model, parameters)
    apply_each(block, query.each, model, parameters)
    if query.window and (query.window.start or query.window.end):
        if time is None:
            raise CannotCompile(f"{name} has no time, so a period cannot be applied to it.")
        block.during(block.column(time), query.window)
    wanted = query.columns or tuple(model.tables[table].list_columns)
    columns = []
    for wanted_name in wanted:
        dimension = model.column_dimension(table, wanted_name)
        place = model.place(dimension, table)
        if place is None:
            raise CannotCompile(f"Rows of {name} have no {wanted_name}.")
        unit = "time" if place.column.role == "time" else place.column.unit or "text"
        label = model.label(dimension, language)
        columns.append(Column(place.column.name, label, unit, "attribute", dimension=dimension))
        block.output(dimension, place.column.name)
    measured = model.metrics.get(query.order.by) if query.order else None
    if measured is not None:
        value = model.row_value(measured.name)
        if value is None:
            raise CannotCompile(f"{measured.name} is no number of a single row.")
        if measured.filter:
            block.where(measured.filter)
        block.where(f"({value}) IS NOT NULL")
        block.output_sql(measured.name, value)
        label = text_in(measured.label, language, measured.name.replace("_", " "))
        columns.append(Column(measured.name, label, measured.unit, "attribute", metric=measured.name))
    return PlannedQuery(
        block.select_rows(order=_list_order(query, model, table, block), limit=query.limit),
        parameters.values(),
        tuple(columns),
    )


def _list_order(query: SemanticQuery, model: SemanticModel, table: str, block: Block) -> str | None:
    """The asked-for order, else the table's own; the key last, so that equal rows keep their place."""
    keys = ", ".join(f"t.{identifier(key)}" for key in model.tables[table].primary_key)
    if query.order:
        direction = "DESC" if query.order.descending else "ASC"
        ranked = query.order.by in model.metrics
        by = identifier(query.order.by) if ranked else block.column(query.order.by)
        first = f"{by} {direction} NULLS LAST"
        return ", ".join(part for part in (first, keys) if part)
    own = model.tables[table].list_order
    return ", ".join(part for part in (own, keys) if part) or None
