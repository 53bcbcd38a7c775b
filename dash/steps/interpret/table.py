"""A result seen through the roles of its columns: which one is time, which are groups, which are numbers.

The plan describes its columns; what it does not describe is guessed from the database's types, so a query of any
origin is read by the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dash.records import Column, Result, ResultColumn
from dash.shown.numbers import exact
from dash.steps.interpret.number_lock import Cell

_NUMBERS = frozenset({"int2", "int4", "int8", "smallint", "integer", "bigint", "numeric", "float4", "float8", "real"})
_DATES = frozenset({"date"})
_TIMES = frozenset({"timestamp", "timestamptz"})


@dataclass(frozen=True)
class Table:
    """Rows with described columns; `name` is the role of the result, by which cells are addressed."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def having(self, role: str) -> tuple[int, ...]:
        """Positions of the columns of a role."""
        return tuple(index for index, column in enumerate(self.columns) if column.role == role)

    @cached_property
    def metrics(self) -> tuple[int, ...]:
        return self.having("metric")

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        return self.having("dimension")

    @cached_property
    def time(self) -> int | None:
        return next(iter(self.having("time")), None)

    def beside(self, metric: int, role: str) -> int | None:
        """The sample, share, previous or change column that belongs to a metric column."""
        mine = [index for index in self.having(role) if self.columns[index].metric == self.columns[metric].metric]
        if len(self.metrics) == 1:
            mine = mine or list(self.having(role))
        elif self.columns[metric].metric is None:  # nothing says which of several metrics it belongs to
            return None
        return mine[0] if mine else None

    def counts_of_share(self) -> tuple[int, int] | None:
        """Of a share of rows that pass a condition: where it stands how many there are, and how many of them pass."""
        if len(self.metrics) != 1:
            return None
        whole, metric = self.beside(self.metrics[0], "sample"), self.columns[self.metrics[0]].metric
        part = next((index for index in self.having("attribute") if self.columns[index].metric == metric), None)
        return None if whole is None or part is None else (whole, part)

    def groups(self, row: int) -> tuple[str, ...]:
        """What tells this row's groups from those of other rows."""
        return tuple(repr(self.rows[row][index]) for index in self.dimensions)

    def find(self, name: str) -> int | None:
        """Position of a column by name."""
        return next((index for index, column in enumerate(self.columns) if column.name == name), None)

    def cell(self, row: int, column: int) -> Cell:
        return Cell(self.name, row, column)

    def cells(self, column: int) -> tuple[Cell, ...]:
        return tuple(Cell(self.name, row, column) for row in range(len(self.rows)))

    def numbers(self, column: int) -> list[int]:
        """The rows that hold a number in this column."""
        return [row for row, cells in enumerate(self.rows) if exact(cells[column]) is not None]


def read_table(name: str, described: Sequence[Column], result: Result) -> Table:
    """Match described columns with those that came back, by name."""
    by_name = {column.name: column for column in described}
    columns = [by_name.get(column.name) for column in result.columns]
    guess = not any(columns)
    complete = tuple(
        column or _guessed(came, guess, result, index)
        for index, (column, came) in enumerate(zip(columns, result.columns, strict=True))
    )
    return Table(name, complete, result.rows)


def _guessed(came: ResultColumn, guess: bool, result: Result, index: int) -> Column:
    """An undescribed column is an attribute; when none is described, types say what could be a number or a group."""
    label, kind = came.name.replace("_", " "), came.type.lower()
    unit = "number" if kind in _NUMBERS else "date" if kind in _DATES else "time" if kind in _TIMES else "text"
    if kind in _NUMBERS and all(isinstance(row[index], int | None) for row in result.rows):
        unit = "count"
    role = "attribute"
    if guess:
        grouped = len({row[index] for row in result.rows if isinstance(row[index], str)}) == len(result.rows) > 0
        role = "metric" if kind in _NUMBERS else "time" if unit in ("date", "time") else "attribute"
        role = "dimension" if role == "attribute" and grouped and len(result.columns) <= 4 else role
    return Column(came.name, label, unit, role)
