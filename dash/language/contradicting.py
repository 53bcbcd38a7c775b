"""What a metric and a condition have to do with each other by what both say of the rows: conditions that no row passes,
and those that the metric is defined by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dash.knowledge.formats import MetricFile
from dash.language.sameness import spelled_conditions
from dash.records import Filter, SemanticQuery, Threshold
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel

_NOT_NULL = re.compile(r"\b(\w+) IS NOT NULL")
_ONE_OF = re.compile(r"(\w+) (?:= ('[^']*')|IN \(('[^']*'(?:, '[^']*')*)\))")  # status IN ('a', 'b')


def decides(metric: MetricFile, dimension: str, model: SemanticModel) -> bool:
    """Whether a ratio is about this dimension: the escalation rate of abandoned chats is no number at all."""
    if metric.numerator is None or metric.numerator.filter is None:
        return False
    place = model.place(dimension, model.metric_table(metric))
    if place is not None and not place.hops and place.column.only_where == metric.numerator.filter:
        return True
    column = place.column.name if place is not None and not place.hops else None
    return column is not None and re.search(rf"\b{re.escape(column)}\b", metric.numerator.filter) is not None


def bounds_its_part(metric: MetricFile, bound: Threshold, model: SemanticModel) -> bool:
    """Whether a bound leaves a ratio only rows of its numerator: of those with a time to send all are sent."""
    if metric.numerator is None:
        return False
    return bool(read_conditions(model.metrics[bound.metric].filter) & read_conditions(metric.numerator.filter))


def never_measured(metric: MetricFile, bound: Threshold, filters: Sequence[Filter], model: SemanticModel) -> bool:
    """Whether none of the rows has what a bound is on: chats that are still active and how long they took."""
    table = model.metric_table(metric)
    there = _NOT_NULL.findall(model.metrics[bound.metric].filter or "")
    only = [one.only_where for one in model.tables[table].table_columns if one.name in there and one.only_where]
    kept = possible_values(metric.filter)
    for one in filters:
        place = model.place(one.dimension, table) if one.operator == "in" else None
        if place is not None and not place.hops:
            kept[place.column.name] = {f"'{value}'" for value in one.values}
    has = [possible_values(text) for text in only]
    return any(column in kept and not values & kept[column] for each in has for column, values in each.items())


def picks_by(metric: MetricFile, dimension: str, model: SemanticModel) -> bool:
    """Whether a metric picks its rows by whether this dimension is there: identified tickets by customer."""
    place = model.place(dimension, model.metric_table(metric))
    own = place is not None and not place.hops
    return (
        own and place is not None and re.search(rf"\b{re.escape(place.column.name)}\b", metric.filter or "") is not None
    )


def told_only_of(metric: MetricFile, dimension: str, model: SemanticModel) -> bool:
    """Whether only the rows that a ratio counts have this column: escalation rates by the reason of escalation."""
    place = model.place(dimension, model.metric_table(metric))
    own = place is not None and not place.hops and place.column.only_where is not None
    return (
        own
        and metric.numerator is not None
        and place is not None
        and place.column.only_where == metric.numerator.filter
    )


def contradicts(metric: MetricFile, condition: Filter, model: SemanticModel) -> bool:
    """Whether a count of rows of one value is limited to other values: abandoned ones of the resolved chats."""
    place = model.place(condition.dimension, model.metric_table(metric))
    if place is None or place.hops or not metric.filter:
        return False
    if condition.operator == "is_null":  # "with an agent and without one"
        return f"{place.column.name} IS NOT NULL" in read_conditions(metric.filter)
    if condition.operator != "in":
        return False
    named = re.findall(rf"\b{re.escape(place.column.name)}\s*=\s*'([^']*)'", metric.filter)
    if re.search(rf"\b{re.escape(place.column.name)}\s+IS\s+NULL\b", metric.filter):
        return True  # "not assigned to Agent 06": nobody's tickets are none of the agent's
    return bool(named) and not set(named) & set(condition.values)


def says_twice(query: SemanticQuery, names: list[str], model: SemanticModel) -> bool:
    """ "Sent last quarter" is a period of the sending; that these rows are sent ones need not be said again."""
    if query.window is None or query.time_dimension is None or not names:
        return False
    place = model.place(query.time_dimension, model.metric_table(model.metrics[names[0]]))
    only = read_conditions(place.column.only_where) if place is not None and not place.hops else frozenset()
    rows = model.count_metric(model.metric_table(model.metrics[names[0]]))
    if not only or rows is None:
        return False
    return any(spelled_conditions(rows.name, [one], model)[0] == only for one in query.filters)


def never_there(metric: MetricFile, dimension: str, model: SemanticModel) -> bool:
    """Whether none of the rows that a metric counts has the column: failed tool calls and the kind of an error."""
    place = model.place(dimension, model.metric_table(metric))
    if place is None or place.hops or place.column.only_where is None:
        return False
    has, counted = (possible_values(text) for text in (place.column.only_where, metric.filter))
    return any(column in counted and not values & counted[column] for column, values in has.items())


def never_both(one: str, other: str, model: SemanticModel) -> bool:
    """Whether no row is counted by both of two metrics, as one column tells: error events and failed tool calls."""
    first, second = (possible_values(model.metrics[name].filter) for name in (one, other))
    return any(column in second and not values & second[column] for column, values in first.items())


def possible_values(condition: str | None) -> dict[str, set[str]]:
    """Column → the values that it has where a condition holds, for conditions that name them."""
    found: dict[str, set[str]] = {}
    for one in read_conditions(condition):
        named = _ONE_OF.fullmatch(one)
        if named is not None:
            values = {value.strip() for value in (named[2] or named[3]).split(", ")}
            found[named[1]] = found.get(named[1], values) & values
    return found
