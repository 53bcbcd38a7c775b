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
from dash.semantics.measures import measures_of
from dash.semantics.model import dimension_name
from dash.steps.plan.written.tree import Select, bare, conjuncts, filter_of, spelled

_SHOWN_THROUGH = (exp.Round, exp.Coalesce, exp.Cast, exp.Paren, exp.Alias)


def is_computed(name: str, selects: Iterable[Select], reader: Reader) -> bool:
    """Whether some SELECT proves to compute the metric, or to be limited to the rows that it counts."""
    metric = reader.model.metrics[name]
    if metric.table is None or reader.model.tables[metric.table].sql is not None:
        return False
    return any(_computes(select, metric, reader) or _selects(select, metric, reader) for select in selects)


def _computes(select: Select, metric: MetricFile, reader: Reader) -> bool:
    """The metric's expression over the metric's rows; nothing but rounding may stand around it."""
    if not select.order or _table_of(select, select.order[0]) != metric.table:
        return False
    wanted = _expression(metric, reader)
    needed = _spelled_filter(metric)
    passed = {spelled(part) for part in select.conditions}
    for item in select.node.expressions:
        value = _value(item)
        if spelled(value) == wanted and needed <= passed:
            return True
        if _counts(value, metric, reader) and needed <= passed | {spelled(part) for part in filter_of(value)}:
            return True
    return False


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


def _expression(metric: MetricFile, reader: Reader) -> str:
    measure = measures_of(metric, MetricUse(metric.name), "en", reader.model.words("en"), several=False)[0]
    return spelled(bare(sqlglot.parse_one(measure.sql, dialect="postgres")))


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
