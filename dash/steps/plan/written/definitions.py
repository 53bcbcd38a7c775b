"""Whether SQL computes a metric as its governed definition says, compared as syntax trees.

The proof is one-sided: what looks like the definition to the last node is it, and everything else is unproven, however
right it may be. Compared is the compiler's own fragment: the expression, the table whose rows it counts, the filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlglot
from sqlglot import exp

from dash.knowledge.formats import MetricFile
from dash.language.reader import Reader
from dash.records import MetricUse
from dash.semantics.dimensions import dimension_name
from dash.semantics.measures import measures_of
from dash.steps.plan.written.lineage import Lineage
from dash.steps.plan.written.tree import Select, bare, conjuncts, filter_of, spelled

_SHOWN_THROUGH = (exp.Round, exp.Coalesce, exp.Cast, exp.Paren, exp.Alias)


def is_computed(name: str, lineage: Lineage, reader: Reader) -> bool:
    """Whether an output of the query proves to be the metric, or all of it to be limited to the rows that it counts."""
    metric = reader.model.metrics[name]
    if metric.table is None or reader.model.tables[metric.table].sql is not None:
        return False
    shown = any(_computes(select, item, metric, lineage, reader) for select, item in lineage.outputs)
    return shown or any(_selects(select, metric, reader) for select in lineage.used)


def is_output(name: str, select: Select, item: exp.Expr, lineage: Lineage, reader: Reader) -> bool:
    """Whether one output of a SELECT is the metric."""
    metric = reader.model.metrics[name]
    if metric.table is None or reader.model.tables[metric.table].sql is not None:
        return False
    return any(_computes(part, made, metric, lineage, reader) for part, made in lineage.made_of(select, item))


def _computes(select: Select, item: exp.Expr, metric: MetricFile, lineage: Lineage, reader: Reader) -> bool:
    """The metric's expression over the metric's rows; nothing but rounding may stand around it."""
    passed = _rows_of(select, metric, lineage)
    if passed is None:
        return False
    needed, value = _spelled_filter(metric), _value(item)
    if not all(lineage.is_genuine(select, column) for column in item.find_all(exp.Column)):
        return False
    if spelled(value) == _expression(metric, reader) and needed <= passed:
        return True
    return _counts(value, metric, reader) and needed <= passed | {spelled(part) for part in filter_of(value)}


def _rows_of(select: Select, metric: MetricFile, lineage: Lineage) -> set[str] | None:
    """The conditions that the rows of a SELECT have passed, where these are rows of the metric's table; else None."""
    passed = {spelled(part) for part in lineage.limits(select)}
    if not select.order:
        return None
    if _table_of(select, select.order[0]) == metric.table:
        return passed
    inner = lineage.inside(select, select.order[0])
    if len(inner) != 1 or not inner[0].is_plain:
        return None
    behind = _rows_of(inner[0], metric, lineage)
    return None if behind is None else passed | behind


def _selects(select: Select, metric: MetricFile, reader: Reader) -> bool:
    """A SELECT over rows that a filtered count counts: "messages of escalated chats"."""
    if not reader.model.selects(metric.name):
        return False
    tables = {table.table_name for table in select.tables.values()}
    return metric.table in tables and _spelled_filter(metric) <= {spelled(part) for part in select.conditions}


def _counts(value: exp.Expr, metric: MetricFile, reader: Reader) -> bool:
    """Whether a call counts rows of the metric's table: COUNT(*), or of a column that every row has once."""
    if not reader.model.counts_rows(metric.name) or metric.table is None:
        return False
    call = value.this if isinstance(value, exp.Filter) else value
    if not isinstance(call, exp.Count):
        return False
    counted = call.this
    if isinstance(counted, exp.Distinct) and len(counted.expressions) == 1:
        counted = counted.expressions[0]
    if isinstance(counted, exp.Star) or (isinstance(counted, exp.Literal) and not isinstance(call.this, exp.Distinct)):
        return True
    return isinstance(counted, exp.Column) and counted.name in _keys(metric.table, reader)


def _keys(table: str, reader: Reader) -> set[str]:
    file, key = reader.model.tables[table], reader.model.key(table)
    own = {
        column.name
        for column in file.table_columns
        if dimension_name(column) == key and reader.model.home(key) == table
    }
    return own | (set(file.primary_key) if len(file.primary_key) == 1 else set())


def _value(item: exp.Expr) -> exp.Expr:
    while isinstance(item, _SHOWN_THROUGH):
        item = item.this
    return item


def literals_of(names: Iterable[str], reader: Reader) -> set[float]:
    """The numbers that stand in the definitions of metrics."""
    trees = (sqlglot.parse_one(_measure(reader.model.metrics[name], reader), dialect="postgres") for name in names)
    return {float(node.this) for tree in trees for node in tree.find_all(exp.Literal) if not node.is_string}


def is_key(column: str, table: str, reader: Reader) -> bool:
    """Whether every row of a table has a column that tells it from the others."""
    return column in _keys(table, reader)


def _measure(metric: MetricFile, reader: Reader) -> str:
    return measures_of(metric, MetricUse(metric.name), "en", reader.model.words("en"), several=False)[0].sql


def _expression(metric: MetricFile, reader: Reader) -> str:
    return spelled(bare(sqlglot.parse_one(_measure(metric, reader), dialect="postgres")))


def _spelled_filter(metric: MetricFile) -> set[str]:
    if not metric.filter:
        return set()
    return {spelled(part) for part in conjuncts(sqlglot.parse_one(metric.filter, dialect="postgres"))}


def filters_of(names: Iterable[str], reader: Reader) -> Iterator[str]:
    """The conditions that belong to metrics, as `spelled` has them."""
    for name in names:
        metric = reader.model.metrics[name]
        for text in (metric.filter, *(part.filter for part in (metric.numerator, metric.denominator) if part)):
            if text:
                yield from (spelled(part) for part in conjuncts(sqlglot.parse_one(text, dialect="postgres")))


def _table_of(select: Select, alias: str) -> str | None:
    table = select.tables.get(alias)
    return table.table_name if table is not None else None
