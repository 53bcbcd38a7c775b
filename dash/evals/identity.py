"""Which columns name a row, as the knowledge tells it: one list of tickets may carry one key, the other another.

A table's keys are its primary key and every column by which other tables find exactly one of its rows. Where a table
has several, an answer with one of them says as much as a golden query with another, so the answer is looked at with
the missing key beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlglot import exp

from dash.ask import Dash
from dash.evals.golden import VIEWER
from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, TableFile
from dash.records import PlannedQuery, Question
from dash.steps.execute import execute


class Identity:
    """The naming columns of one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        tables = {name: table for name, table in knowledge.tables.items() if table.sql is None}
        self._keys = {name: keys for name, table in tables.items() if len(keys := _keys(table, tables.values())) > 1}
        self._naming = frozenset(
            name
            for table in knowledge.tables.values()
            for column in table.table_columns
            if column.role == "entity" or [column.name] == table.primary_key
            for name in _names(column)
        )
        self._tables = tables

    def names(self, column: str) -> bool:
        """Whether a result column of this name holds names of things, whose numbers are no measures."""
        return column in self._naming

    def other_keys(
        self, dash: Dash, columns: Sequence[str], rows: Sequence[Sequence[Any]], now: datetime
    ) -> list[tuple[str, list[Any]]]:
        """Further columns for these rows: for each key of a table that they carry, the table's other keys."""
        found = []
        for table, keys in self._keys.items():
            for place, name in enumerate(columns):
                carried = next((key for key in keys if name in _names(key)), None)
                if carried is None:
                    continue
                values = [row[place] for row in rows]
                for other in keys:
                    if other is not carried:
                        known = _translation(dash, table, carried.name, other.name, values, now)
                        found.append((other.name, [known.get(value) for value in values]))
        return found


def _keys(table: TableFile, tables: Iterable[TableFile]) -> list[ColumnFile]:
    single = set(table.primary_key) if len(table.primary_key) == 1 else set()
    for other in tables:
        for join in other.joins:
            if join.to == table.table_name and join.type != "one_to_many" and len(join.columns) == 1:
                single.update(join.columns.values())
    return [column for column in table.table_columns if column.name in single]


def _names(column: ColumnFile) -> tuple[str, ...]:
    return (column.name, column.dimension) if column.dimension else (column.name,)


def _translation(
    dash: Dash, table: str, carried: str, other: str, values: Sequence[Any], now: datetime
) -> dict[Any, Any]:
    """Key to key, for the values that occur. A value of another kind than the key's simply is not found."""
    wanted = sorted(
        {value for value in values if type(value) in (int, str)}, key=lambda value: (str(type(value)), value)
    )
    if not wanted:
        return {}
    source = exp.to_table(table, dialect="postgres")
    query = exp.select(exp.column(carried, quoted=True), exp.column(other, quoted=True)).from_(source)
    known: dict[Any, Any] = {}
    limits = replace(dash.settings.limits, rows=max(len(wanted), dash.settings.limits.rows))
    text = (
        f"{query.sql('postgres')} WHERE CAST({exp.column(carried, quoted=True).sql('postgres')} AS text) = ANY(:wanted)"
    )
    parameters = {"wanted": [str(value) for value in wanted]}
    checked = dash.check(PlannedQuery(text, parameters), VIEWER, "vetted")
    question = Question("", now, dash.settings.zone, VIEWER)
    result = execute(checked, dash.database, limits=limits, zone=question.zone, viewer=VIEWER)
    known.update(result.rows)
    return known
