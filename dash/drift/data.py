"""What the rows themselves say has changed: values that no file lists, and data that has stopped arriving.

This reads the tables, so it runs on schedule and in `dash check --live` and never while somebody waits for an answer;
each statement has a time limit, and what it would have told stays open then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from dash.drift.findings import Finding
from dash.drift.reduced import Reduced
from dash.drift.rhythm import Series, stopped_rows, stopped_values
from dash.errors import QueryFailed, QueryRejected
from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, MetricFile, TableFile
from dash.records import CheckedQuery, PlannedQuery, Question, Result, Viewer
from dash.semantics.fragments import identifier, relation
from dash.semantics.moments import in_zone

SECONDS = 15.0
"""How long one statement may take."""

DAYS = 60
"""How far back before its last row a table is looked at."""

MOST_VALUES = 200
_SHOWN = 10


class Asking(Protocol):
    """The product, as far as a look at the data needs it."""

    reduced: Reduced

    def check(self, planned: PlannedQuery, viewer: Viewer, provenance: str) -> CheckedQuery:
        """The guard. Raises QueryRejected."""
        ...

    def execute(self, checked: CheckedQuery, question: Question, *, seconds: float | None = None) -> Result:
        """Run a checked query. Raises QueryFailed, DatabaseUnavailable."""
        ...


@dataclass(frozen=True)
class Looked:
    """What a look at the data found, and the tables about which it could not tell."""

    findings: tuple[Finding, ...]
    unread: tuple[str, ...]


def look_at_data(path: Asking, now: datetime, zone: str, viewer: Viewer) -> Looked:
    """New values of dimensions whose values the files list, and what has stopped. Raises DatabaseUnavailable."""
    look = _Look(path, Question("", now, zone, viewer))
    found = [finding for name, table in look.tables() for finding in look.table(name, table)]
    return Looked(tuple(found), tuple(dict.fromkeys(look.unread)))


class _Look:
    def __init__(self, path: Asking, question: Question) -> None:
        self._path = path
        self._question = question
        self._knowledge: Knowledge = path.reduced.knowledge
        self.unread: list[str] = []

    def tables(self) -> Iterator[tuple[str, TableFile]]:
        """The tables that questions are asked of."""
        for name, table in self._knowledge.tables.items():
            if any(column.role for column in table.table_columns) and (name, "") not in self._path.reduced.why:
                yield name, table

    def table(self, name: str, table: TableFile) -> Iterator[Finding]:
        """What one table shows."""
        metrics = [metric for metric in self._knowledge.metrics.values() if metric.table == name]
        whole = [column for column in table.table_columns if (name, column.name) not in self._path.reduced.why]
        for column in whole:
            if _is_closed(column):
                yield from self._new_values(name, table, column, metrics)
        times = {metric.time_dimension or table.time_dimension for metric in metrics} | {table.time_dimension}
        for column in whole:
            if column.name in times and column.role == "time":
                yield from self._stopped(name, table, column, whole, metrics)

    def _new_values(
        self, name: str, table: TableFile, column: ColumnFile, metrics: Sequence[MetricFile]
    ) -> Iterator[Finding]:
        field = f"t.{identifier(column.name)}"
        rows = self._rows(
            name,
            f"SELECT CAST({field} AS text) AS value, COUNT(*) AS number\nFROM {_source(table)} AS t\n"
            f"WHERE {field} IS NOT NULL\nGROUP BY CAST({field} AS text)\nORDER BY number DESC\nLIMIT {MOST_VALUES}",
            {"now": self._question.now},
        )
        known = {_as_text(value.value) for value in column.values} | set(column.missing)
        new = [value for value, _ in rows if value not in known]
        if new:
            shown = tuple(new[:_SHOWN])
            resting = tuple(metric.name for metric in metrics if _mentions(metric, column.name))
            yield Finding("new_values", name, column.name, values=shown, metrics=resting)

    def _stopped(
        self,
        name: str,
        table: TableFile,
        time: ColumnFile,
        columns: Sequence[ColumnFile],
        metrics: Sequence[MetricFile],
    ) -> Iterator[Finding]:
        field, source = f"t.{identifier(time.name)}", _source(table)
        last = self._rows(
            name, f"SELECT MAX({field}) AS last FROM {source} AS t WHERE {field} <= :now", {"now": self._question.now}
        )
        if not last or last[0][0] is None:
            return
        newest = in_zone(last[0][0], self._question.zone)
        measured = [
            column
            for column in columns
            if time.name == table.time_dimension
            and column.role in ("measure", "time")
            and column is not time
            and any(_mentions(metric, column.name) for metric in metrics)
        ]
        counts = [f"COUNT(t.{identifier(column.name)}) AS count_{place}" for place, column in enumerate(measured)]
        listed = ", ".join([f"date_trunc('hour', {field}) AS hour", "COUNT(*) AS number", *counts])
        rows = self._rows(
            name,
            f"SELECT {listed}\nFROM {source} AS t\nWHERE {field} <= :now AND {field} > :begin\n"
            f"GROUP BY date_trunc('hour', {field})\nORDER BY hour",
            {"now": self._question.now, "begin": newest - timedelta(days=DAYS)},
        )
        hours = [in_zone(row[0], self._question.zone) for row in rows]
        arrived = Series(tuple(hours), tuple(int(row[1]) for row in rows))
        by_time = [one.name for one in metrics if (one.time_dimension or table.time_dimension) == time.name]
        if stopped_rows(arrived, newest, self._question.now):
            yield self._ended(name, "" if time.name == table.time_dimension else time.name, newest, by_time)
            return
        for place, column in enumerate(measured):
            values = Series(tuple(hours), tuple(int(row[2 + place]) for row in rows))
            since = stopped_values(arrived, values)
            if since is not None:
                resting = [one.name for one in metrics if _mentions(one, column.name)]
                yield self._ended(name, column.name, since, resting)

    def _ended(self, table: str, column: str, since: datetime, metrics: Sequence[str]) -> Finding:
        moment = in_zone(since, self._question.zone).strftime("%Y-%m-%d %H:%M")
        return Finding("stopped", table, column, before=moment, metrics=tuple(metrics))

    def _rows(self, table: str, sql: str, parameters: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
        """What a statement gives; nothing, and the table named, where it is rejected or takes too long."""
        planned = PlannedQuery(sql, {name: value for name, value in parameters.items() if f":{name}" in sql})
        try:
            checked = self._path.check(planned, self._question.viewer, "composed")
            return self._path.execute(checked, self._question, seconds=SECONDS).rows
        except (QueryRejected, QueryFailed):
            self.unread.append(table)
            return ()


def _source(table: TableFile) -> str:
    return relation(table.table_name) if table.sql is None else f"(\n{table.sql}\n)"


def _is_closed(column: ColumnFile) -> bool:
    """Whether the file lists all values that a column may have."""
    listed = bool(column.values) and not column.open_values and column.value_pattern is None
    readable = not column.personal and not column.untrusted and not column.type.endswith("[]")
    return listed and readable and column.role in ("dimension", None)


def _as_text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mentions(metric: MetricFile, column: str) -> bool:
    parts = (metric.numerator, metric.denominator)
    texts = [metric.calculation, metric.filter, *(t for part in parts if part for t in (part.calculation, part.filter))]
    return any(re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) for text in texts if text)
