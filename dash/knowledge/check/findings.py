"""What the checks share: the knowledge, the names in it, and the list of faults with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from dash.errors import Fault
from dash.knowledge import Knowledge
from dash.knowledge.check.names import Described
from dash.knowledge.documents import Path
from dash.knowledge.formats import ColumnFile
from dash.knowledge.nearest import advise

TIME_PARTS = frozenset({"weekday", "hour_of_day"})
"""Dimensions that every time column has without being declared."""


class Findings:
    """Faults of things (kind, name) at a key inside them."""

    def __init__(
        self, knowledge: Knowledge, unread: str = "", reads_period: Callable[[str], bool] | None = None
    ) -> None:
        self.knowledge = knowledge
        self.unread = unread
        self.reads_period = reads_period
        self.faults: list[Fault] = []

    def add(self, kind: str, name: str, path: Path, what: str, mend: str, *, below: int = 0) -> None:
        """A fault at the key `path` of a thing, or `below` lines under it (a line inside an SQL text)."""
        place = self.knowledge.places.line_of(kind, name, path)
        self.faults.append(Fault(place.path, place.line + below, what, mend))

    def expect(self, known: Iterable[str], given: str, kind: str, name: str, path: Path, noun: str) -> bool:
        """Whether a name is known; a fault with the nearest one if not."""
        choices = list(known)
        if given in choices:
            return True
        if self.may_be_unread(given):
            return False
        self.add(kind, name, path, f"there is no {noun} {given}", advise(given, choices, f"declare the {noun} first"))
        return False

    def may_be_unread(self, name: str) -> bool:
        """Whether a name stands in a file that is broken: then only that file is called wrong."""
        return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", self.unread) is not None

    @cached_property
    def described(self) -> Described:
        """What vetted SQL may name. The columns of a table whose file is broken are not known."""
        unread = re.findall(r'"table_name"\s*:\s*"([^"]+)"', self.unread)  # "table_name": "shop.orders"
        derived = {name for name, table in self.knowledge.tables.items() if table.sql is not None}
        return Described({**dict.fromkeys(unread), **self.knowledge.allowed()}, derived, self._values)

    @cached_property
    def described_with_derived(self) -> Described:
        """What a metric may name: also tables that are defined by a query."""
        columns = {name: tuple(self.columns_of(name)) for name in self.knowledge.tables}
        return Described({**self.described.relations, **columns}, (), self._values)

    @cached_property
    def _values(self) -> dict[tuple[str, str], frozenset[str]]:
        """Known values by table and column; a column without any takes those of its dimension."""
        return {
            (name, column.name): frozenset(str(value) for value in self.values_of(column.dimension or column.name))
            for name, table in self.knowledge.tables.items()
            for column in table.table_columns
            if column.type.lower() in ("text", "text[]", "varchar", "")
        }

    @cached_property
    def dimensions(self) -> dict[str, list[tuple[str, ColumnFile]]]:
        """Dimension name → (table, column) that mean it."""
        found: dict[str, list[tuple[str, ColumnFile]]] = {}
        for name, table in self.knowledge.tables.items():
            for column in table.table_columns:
                found.setdefault(column.dimension or column.name, []).append((name, column))
        return found

    def values_of(self, dimension: str) -> set[object]:
        """The known values of a dimension; empty when no column lists any."""
        return {value.value for _, column in self.dimensions.get(dimension, ()) for value in column.values}

    def reachable(self, table: str) -> set[str]:
        """Tables that rows of `table` reach by *_to_one joins, itself included."""
        found, queue = {table}, [table]
        while queue:
            here = self.knowledge.tables.get(queue.pop())
            for join in here.joins if here else ():
                if join.type != "one_to_many" and join.to not in found and join.to in self.knowledge.tables:
                    found.add(join.to)
                    queue.append(join.to)
        return found

    def reachable_dimensions(self, table: str) -> set[str]:
        """Dimensions by which a metric on `table` can be split."""
        tables = self.reachable(table)
        return {name for name, places in self.dimensions.items() if any(place[0] in tables for place in places)}

    def columns_of(self, table: str) -> dict[str, ColumnFile]:
        """Column name → column of a table that is known."""
        return {column.name: column for column in self.knowledge.tables[table].table_columns}

    def find_column(self, name: str) -> ColumnFile | None:
        """The column that "table.column" names, with or without the table's schema."""
        return self.knowledge.find_column(name)

    def column_names(self) -> list[str]:
        """Every column as "table.column" without the schema."""
        return [
            f"{name.rpartition('.')[2]}.{column.name}"
            for name, table in self.knowledge.tables.items()
            for column in table.table_columns
        ]
