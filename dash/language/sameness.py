"""Whether two readings give the same rows: then they are one, whichever words they take them from.

"Chats that were abandoned" may be the abandoned chats or the chats whose outcome is abandoned. That is no question to
ask anybody; the reading with the governed metric is kept, because it has a definition to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.readings import AMBIGUITY, Reading
from dash.records import Filter, MetricUse, Order, SemanticQuery
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel


def merged(readings: list[Reading], found: Reading, model: SemanticModel) -> list[Reading]:
    """The readings with one more, unless one of them has its rows already; then the better of the two."""
    query = _rows(found.query, model)
    if any(_rows(known.query, model) == query for known in readings):
        return [found if _says_more(found, known, model) else known for known in readings]
    spelled = _spelled(found.query, model)
    for i, known in enumerate(readings):
        if spelled is not None and abs(known.cost - found.cost) < AMBIGUITY and _spelled(known.query, model) == spelled:
            better = min(known, found, key=lambda reading: (len(reading.query.filters), reading.cost))
            return [*readings[:i], better, *readings[i + 1 :]]
    return [*readings, found]


def _rows(query: SemanticQuery, model: SemanticModel) -> SemanticQuery:
    """The query without what it shows of each row, and with a bound on a measure said in one of its two ways."""
    told, left = [], []
    for bound in query.each:
        measure = model.measured_dimension(bound.metric)
        if measure is None or bound.value is None:
            left.append(bound)
            continue
        operator = "in" if bound.operator == "eq" else bound.operator
        told.append(Filter(measure, operator, (bound.value,)))
    having = tuple(sorted(query.having, key=repr))  # of several bounds none comes first
    shown = query.metrics if query.order or query.comparison else tuple(sorted(query.metrics, key=repr))
    return replace(query, columns=(), filters=(*query.filters, *told), each=tuple(left), having=having, metrics=shown)


def _spelled(query: SemanticQuery, model: SemanticModel) -> tuple[SemanticQuery, str, frozenset[str]] | None:
    """A count of rows with every condition spelled out, and what is left of the query; None for any other query."""
    name = query.rows_of if query.shape == "list" else query.metrics[0].name if len(query.metrics) == 1 else None
    if (
        name is None
        or name not in model.metrics
        or not model.counts_rows(name)
        or model.metrics[name].parameters
        or query.share
    ):
        return None
    if query.metrics and query.metrics[0] != MetricUse(name):
        return None
    conditions, left = spelled_conditions(name, query.filters, model)
    rest = replace(query, metrics=(), rows_of=None, filters=left, columns=(), order=_blank(query, name))
    return rest, model.metric_table(model.metrics[name]), conditions


def spelled_conditions(
    name: str, filters: Sequence[Filter], model: SemanticModel
) -> tuple[frozenset[str], tuple[Filter, ...]]:
    """What is true of the rows that a metric counts under these filters, condition by condition, and the filters that
    are not one value of a column of its own."""
    table = model.metric_table(model.metrics[name])
    conditions = read_conditions(model.metrics[name].filter)
    left = []
    for one in filters:
        place = model.place(one.dimension, table)
        if (
            one.operator == "in"
            and len(one.values) == 1
            and isinstance(one.values[0], str)
            and place
            and not place.hops
        ):
            value = one.values[0].replace("'", "''")
            conditions |= read_conditions(f"{place.column.name} = '{value}'")
        else:
            left.append(one)
    return conditions, tuple(left)


def _blank(query: SemanticQuery, name: str) -> Order | None:
    order = query.order
    return replace(order, by="") if order is not None and order.by == name else order


def _says_more(reading: Reading, known: Reading, model: SemanticModel) -> bool:
    """Of two readings with the same rows, the one that takes a word for the nearer column ("status" of a task, not of
    its ticket), else the one whose columns hold those of the other."""
    if _rows(reading.query, model) != _rows(known.query, model) or reading.cost - known.cost > AMBIGUITY:
        return False
    named = {(span.start, span.end): span.meaning for span in known.spans if span.kind == "dimension"}
    differing = [
        (span.meaning, named[span.start, span.end])
        for span in reading.spans
        if span.kind == "dimension" and named.get((span.start, span.end), span.meaning) != span.meaning
    ]
    far = [sum(_hops(names[i], reading.query, model) for names in differing) for i in (0, 1)]
    if far[0] != far[1]:
        return far[0] < far[1]
    return set(reading.query.columns) > set(known.query.columns)


def _hops(dimension: str, query: SemanticQuery, model: SemanticModel) -> int:
    """How far a column is from the rows that a query lists."""
    metric = model.metrics.get(query.rows_of or "")
    table = model.metric_table(metric) if metric is not None else query.rows_of or ""
    place = model.place(dimension, table) if table in model.tables else None
    return len(place.hops) if place is not None else 0
