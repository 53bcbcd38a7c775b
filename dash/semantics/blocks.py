"""One SELECT over the rows of one table: groups, measures, conditions, and joins towards the one side only.

Columns of the block's own table are `t.column`; a joined dimension comes through a sub-select whose columns are
prefixed, so that the fragments that people wrote (which name bare columns of their own table) stay unambiguous.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dash.errors import UserError
from dash.knowledge.language import ColumnWords
from dash.records import Filter, Window
from dash.semantics.dimensions import DERIVED_TIME_DIMENSIONS, Place
from dash.semantics.fragments import identifier, relation
from dash.semantics.model import SemanticModel
from dash.semantics.moments import moment_sql

_SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


@dataclass(frozen=True)
class Part:
    """The rows of its group that a measure takes in: those that pass `condition`, into `calculation`.

    `side` is all, or numerator and denominator of a quotient. `whole` are the rows of all groups and not of one.
    """

    side: Literal["all", "numerator", "denominator"]
    calculation: str
    condition: str | None = None
    whole: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One output column that aggregates rows. `counts` says that no rows means zero rather than unknown; `parts` are
    the rows that it takes in, from which a drill-down is derived."""

    name: str
    sql: str
    unit: str
    role: str
    label: str
    better: str | None
    metric: str
    counts: bool = False
    parts: tuple[Part, ...] = ()

    def renamed(self, name: str, role: str, words: ColumnWords) -> Measure:
        """The same measure over an earlier period."""
        return replace(self, name=name, role=role, label=words.before.format(label=self.label))

    def changes(self, words: ColumnWords) -> list[Measure]:
        """Difference to the earlier period, and the relative one where the unit is not a percentage already."""
        now, then = identifier(self.name), identifier(f"{self.name}_previous")
        change = replace(self, name=f"{self.name}_change", sql=f"{now} - {then}", role="change", label=words.change)
        if self.unit == "percent":
            return [change]
        percent = replace(
            self,
            name=f"{self.name}_change_percent",
            sql=f"100.0 * ({now} - {then}) / NULLIF({then}, 0)",
            unit="percent",
            role="change",
            label=words.change_percent,
        )
        return [change, percent]


class Block:
    """Builds the SELECT. Add groups, conditions and measures, then ask for the text."""

    def __init__(self, model: SemanticModel, table: str) -> None:
        self.model = model
        self.table = table
        self.measures: list[Measure] = []
        self.overlapping = False
        self._groups: list[tuple[str, str]] = []
        self._conditions: list[str] = []
        self._joins: dict[tuple[str, ...], str] = {}
        self._join_columns: dict[tuple[str, ...], set[str]] = {}
        self._unnests: dict[str, str] = {}
        self._outputs: list[tuple[str, str]] = []

    # what goes in

    def column(self, dimension: str) -> str:
        """The SQL of a dimension's column as seen from this block's rows, joining what it takes."""
        place = self._place(dimension)
        if not place.hops:
            return f"t.{identifier(place.column.name)}"
        path = tuple(hop.join.to for hop in place.hops)
        for length in range(1, len(path) + 1):
            self._join(place, length)
        self._join_columns[path].add(place.column.name)
        return f"{self._joins[path]}.{identifier(f'{self._joins[path]}_{place.column.name}')}"

    def group_by(self, dimension: str, *, drop_null: bool = False) -> None:
        """Group by a dimension; an array is taken apart, so a row counts once in each of its groups."""
        place = self._place(dimension)
        column = self.column(dimension)
        if place.column.type.endswith("[]"):
            alias = f"u{len(self._unnests) + 1}"
            self._unnests[alias] = f"CROSS JOIN LATERAL unnest({column}) AS {alias}({alias}_{identifier(dimension)})"
            column = f"{alias}.{alias}_{identifier(dimension)}"
            self.overlapping = True
        # "By customer" speaks of customers; rows that belong to none are not one of them.
        if drop_null or place.column.role == "entity" or place.column.only_where:
            self._conditions.append(f"{column} IS NOT NULL")
        self._groups.append((dimension, column))

    def group_by_grain(self, grain: str, column: str) -> None:
        """Group by hour, day, week … of a time column, in the session's zone."""
        bucket = f"date_trunc('{grain}', {column})"
        self._groups.append((grain, bucket if grain == "hour" else f"CAST({bucket} AS date)"))

    def group_by_extract(self, name: str, field: str, column: str) -> None:
        """Group by weekday or hour of day."""
        self._groups.append((name, f"CAST(EXTRACT({field} FROM {column}) AS integer)"))

    def group_by_sql(self, name: str, sql: str) -> None:
        """Group by an expression."""
        self._groups.append((name, sql))

    def where(self, condition: str) -> None:
        """Add a condition; one that holds an OR is wrapped."""
        self._conditions.append(f"({condition})" if " or " in condition.lower() else condition)

    def during(self, column: str, window: Window) -> None:
        """Half-open period on a time column."""
        if window.start:
            self._conditions.append(f"{column} >= {moment_sql(window.start)}")
        if window.end:
            self._conditions.append(f"{column} < {moment_sql(window.end)}")

    def output(self, dimension: str, alias: str) -> None:
        """An output column of a list of rows."""
        self._outputs.append((alias, self.column(dimension)))

    def output_sql(self, alias: str, sql: str) -> None:
        """An output column of a list of rows that is worked out."""
        self._outputs.append((alias, sql))

    def condition(self, part: Filter, bind: Callable[[str, Any], str], time: str | None) -> str:
        """The SQL of one filter, its values bound as parameters."""
        if part.dimension in DERIVED_TIME_DIMENSIONS:
            if time is None:
                raise UserError("There is no time to take the weekday or hour from.")
            column = f"CAST(EXTRACT({DERIVED_TIME_DIMENSIONS[part.dimension]} FROM {self.column(time)}) AS integer)"
            array = False
        else:
            # Of an array's elements that are the groups: "agents, without the router" leaves one of the groups out.
            element = dict(self._groups).get(part.dimension) if part.operator in ("in", "not_in") else None
            array = element is None and self._place(part.dimension).column.type.endswith("[]")
            column = element or self.column(part.dimension)
        if part.operator in ("is_null", "not_null"):
            return _emptiness(part, column, self._place(part.dimension).column.missing, bind)
        marks = [bind(part.dimension, value) for value in part.values]
        if part.operator in _SIGNS:
            return f"{column} {_SIGNS[part.operator]} {marks[0]}"
        if part.operator == "between":
            return f"{column} BETWEEN {marks[0]} AND {marks[1]}"
        if array:
            return self._array_condition(part, column, marks)
        equal = f"= {marks[0]}" if len(marks) == 1 else f"IN ({', '.join(marks)})"
        if part.operator == "in":
            return f"{column} {equal}"
        # SQL drops rows without a value from `<>`; nobody's tickets are none of Agent 06's.
        return f"({column} {equal}) IS NOT TRUE"

    @staticmethod
    def _array_condition(part: Filter, column: str, marks: list[str]) -> str:
        hits = " OR ".join(f"{mark} = ANY({column})" for mark in marks)
        return f"({hits})" if part.operator == "in" else f"NOT ({hits})"

    # what comes out

    def select(self, *, order: list[str] | None = None, limit: int | None = None, with_ties: bool = False) -> str:
        """Grouped measures."""
        items = [f"{sql} AS {identifier(name)}" for name, sql in self._groups]
        items += [f"{measure.sql} AS {identifier(measure.name)}" for measure in self.measures]
        text = "SELECT\n  " + ",\n  ".join(items) + self._from() + self._where()
        if self._groups:
            needed = self._needed_rows()
            text += "\nGROUP BY " + ", ".join(str(number) for number in range(1, len(self._groups) + 1))
            text += f"\nHAVING {needed} > 0" if needed else ""
        if order:
            text += "\nORDER BY " + ", ".join(order)
        return text + limited(limit, bool(order) and with_ties)

    def _needed_rows(self) -> str | None:
        """What must be above zero for a group of a lone ratio to mean anything: its denominator."""
        samples = [m for m in self.measures if m.role == "sample"]
        metrics = [m for m in self.measures if m.role == "metric"]
        return samples[0].sql if len(samples) == len(metrics) == 1 else None

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """Name and SQL of each group."""
        return tuple(self._groups)

    def select_rows(self, *, order: str | None, limit: int | None, grouped: int = 0) -> str:
        """The rows themselves; `grouped` by so many of the outputs, the others are aggregates."""
        items = [f"{sql} AS {identifier(name)}" for name, sql in self._outputs]
        text = "SELECT\n  " + ",\n  ".join(items) + self._from() + self._where()
        if grouped:
            text += "\nGROUP BY " + ", ".join(str(number) for number in range(1, grouped + 1))
        if order:
            text += f"\nORDER BY {order}"
        return text + (f"\nLIMIT {limit}" if limit is not None else "")

    def _place(self, dimension: str) -> Place:
        place = self.model.place(dimension, self.table)
        if place is None:
            raise UserError(f"{self.table} has no {dimension}.")
        return place

    def _join(self, place: Place, length: int) -> None:
        path = tuple(hop.join.to for hop in place.hops[:length])
        self._joins.setdefault(path, f"j{len(self._joins) + 1}")
        self._join_columns.setdefault(path, set())
        keys = place.hops[length - 1].join.columns
        self._join_columns[path].update(keys.values())
        if length > 1:
            self._join_columns[path[:-1]].update(keys)

    def _from(self) -> str:
        table = self.model.tables[self.table]
        text = f"\nFROM ({table.sql.strip().rstrip(';')}) AS t" if table.sql else f"\nFROM {relation(self.table)} AS t"
        for path in sorted(self._joins, key=len):
            text += "\n" + self._join_sql(path)
        for unnest in self._unnests.values():
            text += "\n" + unnest
        return text

    def _join_sql(self, path: tuple[str, ...]) -> str:
        alias, target = self._joins[path], self.model.tables[path[-1]]
        columns = ", ".join(
            f"{identifier(column)} AS {identifier(f'{alias}_{column}')}" for column in sorted(self._join_columns[path])
        )
        source = f"({target.sql.strip().rstrip(';')}) AS s" if target.sql else relation(path[-1])
        origin = self.table if len(path) == 1 else path[-2]
        join = next(j for j in self.model.tables[origin].joins if j.to == path[-1] and j.type != "one_to_many")
        on = []
        for ours, theirs in join.columns.items():
            left = f"t.{identifier(ours)}"
            if len(path) > 1:
                before = self._joins[path[:-1]]
                left = f"{before}.{identifier(f'{before}_{ours}')}"
            on.append(f"{alias}.{identifier(f'{alias}_{theirs}')} = {left}")
        return f"LEFT JOIN (SELECT {columns} FROM {source}) AS {alias} ON {' AND '.join(on)}"

    def _where(self) -> str:
        return "\nWHERE " + "\n  AND ".join(dict.fromkeys(self._conditions)) if self._conditions else ""


def _emptiness(part: Filter, column: str, missing: list[str], bind: Callable[[str, Any], str]) -> str:
    """Whether a column is empty: NULL, or one of the values that stand for that in this data."""
    marks = ", ".join(bind(part.dimension, value) for value in missing)
    if part.operator == "is_null":
        return f"{column} IS NULL OR {column} IN ({marks})" if marks else f"{column} IS NULL"
    return f"{column} IS NOT NULL AND {column} NOT IN ({marks})" if marks else f"{column} IS NOT NULL"


def limited(limit: int | None, ordered: bool) -> str:
    """The end of a query that wants so many rows. "The best category" are all that share the first place; "the top 5"
    are five, and a caveat says when more share the last one."""
    if limit is None:
        return ""
    return f"\nFETCH FIRST {limit} ROWS WITH TIES" if ordered and limit == 1 else f"\nLIMIT {limit}"
