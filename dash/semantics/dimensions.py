"""Tables, columns and joins: what a word for a column means for the rows of a table, and what such a column is like.

A join is followed only towards the one side (many_to_one, one_to_one), so a composed query can never count a row twice:
a dimension that would need the other direction simply is not there for that table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, JoinFile, TableFile
from dash.knowledge.language import ColumnWords, load_languages
from dash.records.semantic_query import Scalar

DERIVED_TIME_DIMENSIONS: Mapping[str, str] = {
    "weekday": "isodow",
    "hour_of_day": "hour",
}
"""Dimensions that every time column has: name → the EXTRACT field (ISO weekday 1 = Monday; hour 0–23)."""

_NUMERIC = ("smallint", "int", "bigint", "numeric", "decimal", "real", "double")


@dataclass(frozen=True)
class Hop:
    """One followed join."""

    join: JoinFile
    table: TableFile


@dataclass(frozen=True)
class Place:
    """Where a dimension lives as seen from a table: the column, and the hops to it (none = the table's own)."""

    column: ColumnFile
    hops: tuple[Hop, ...]


class Dimensions:
    """The tables of the knowledge and their columns, by the names that questions have for them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.tables = knowledge.tables
        self.languages = load_languages(knowledge.folder)
        self._reach = {name: self._reachable(name) for name in knowledge.tables}
        self.dimensions = self._collect_dimensions()

    def _collect_dimensions(self) -> dict[str, list[tuple[str, ColumnFile]]]:
        found: dict[str, list[tuple[str, ColumnFile]]] = {}
        for name, table in self.tables.items():
            for column in table.table_columns:
                found.setdefault(dimension_name(column), []).append((name, column))
        return found

    def _reachable(self, start: str) -> dict[str, tuple[Hop, ...]]:
        """Every table that `start` reaches along *_to_one joins, each by its shortest path (breadth first)."""
        paths: dict[str, tuple[Hop, ...]] = {start: ()}
        queue = [start]
        while queue:
            here = queue.pop(0)
            for join in self.tables[here].joins:
                if join.type == "one_to_many" or join.to in paths or join.to not in self.tables:
                    continue
                paths[join.to] = (*paths[here], Hop(join, self.tables[join.to]))
                queue.append(join.to)
        return paths

    def place(self, dimension: str, table: str) -> Place | None:
        """The column that `dimension` means for rows of `table`: its own first, then the nearest by joins."""
        candidates = [
            Place(column, self._reach[table][owner])
            for owner, column in self.dimensions.get(dimension, ())
            if owner in self._reach.get(table, {})
        ]
        return min(candidates, key=lambda place: len(place.hops), default=None)

    def reaches(self, table: str, other: str) -> bool:
        """Whether rows of `table` belong to at most one row of `other` each."""
        return other in self._reach.get(table, {})

    def column_dimension(self, table: str, name: str) -> str:
        """What a table's column is called in questions."""
        return next((dimension_name(one) for one in self.tables[table].table_columns if one.name == name), name)

    def key(self, table: str) -> str | None:
        """The dimension that tells the rows of a table apart, by which other tables refer to them."""
        entities = {c.name: dimension_name(c) for c in self.tables[table].table_columns if c.role == "entity"}
        primary = self.tables[table].primary_key
        if len(primary) == 1 and primary[0] in entities:
            return entities[primary[0]]
        return next((name for name in entities.values() if self.home(name) == table), None)

    def row_dimension(self, table: str) -> str | None:
        """The dimension of a table's primary key, where that is one column: each row is about another value of it."""
        primary = self.tables[table].primary_key
        return self.column_dimension(table, primary[0]) if len(primary) == 1 else None

    def home(self, dimension: str) -> str | None:
        """The table whose rows an identifier names: the one that others join by it."""
        owners = dict(self.dimensions.get(dimension, ()))
        joined: dict[str, int] = {}
        for table in self.tables.values():
            for join in table.joins:
                column = owners.get(join.to)
                if column is not None and column.role == "entity" and column.name in join.columns.values():
                    joined[join.to] = joined.get(join.to, 0) + 1
        if joined:
            return max(joined, key=lambda name: joined[name])
        return next((name for name, column in owners.items() if column.role == "entity"), None)

    def identifies(self, dimension: str) -> bool:
        """Whether a dimension's values name single things (a ticket, a customer)."""
        return any(column.role == "entity" for _, column in self.dimensions.get(dimension, ()))

    def main_table(self, dimension: str) -> str | None:
        """The table that a dimension is at home in: where its values are described."""
        owners = [table for table, column in self.dimensions.get(dimension, ()) if column.values]
        return owners[0] if len(owners) == 1 else None

    def stages(self, dimension: str) -> tuple[Scalar, ...]:
        """A column's values, where the file lists them in the order in which rows pass them."""
        for _, column in self.dimensions.get(dimension, ()):
            if column.progress:
                return tuple(known.value for known in column.values)
        return ()

    def stages_from(self, dimension: str, value: Scalar) -> tuple[Scalar, ...]:
        """A stage and those after it."""
        values = self.stages(dimension)
        return values[values.index(value) :] if value in values else ()

    def funnel_of(self, table: str) -> str | None:
        """The dimension whose stages the rows of a table pass, where just one is."""
        found = [dimension_name(column) for column in self.tables[table].table_columns if column.progress]
        return found[0] if len(found) == 1 else None

    def is_hidden(self, dimension: str) -> bool:
        """Whether a dimension holds personal data or strangers' text, which nobody is shown by asking."""
        return any(column.personal or column.untrusted for _, column in self.dimensions.get(dimension, ()))

    def is_personal(self, dimension: str) -> bool:
        """Whether a dimension holds personal data."""
        return any(column.personal for _, column in self.dimensions.get(dimension, ()))

    def is_time(self, dimension: str) -> bool:
        """Whether a dimension holds moments."""
        return any(column.role == "time" for _, column in self.dimensions.get(dimension, ()))

    def is_measure(self, dimension: str) -> bool:
        """Whether a dimension holds numbers that are measured and not grouped by."""
        return any(column.role == "measure" for _, column in self.dimensions.get(dimension, ()))

    def is_numeric(self, dimension: str) -> bool:
        """Whether a dimension's columns hold numbers, and not text that is to be read as one."""
        types = [column.type.lower() for _, column in self.dimensions.get(dimension, ())]
        return all(one.startswith(_NUMERIC) for one in types)

    def is_never_null(self, dimension: str) -> bool:
        """Whether each row has a value of a dimension, as far as the knowledge says so."""
        return all(column.never_null for _, column in self.dimensions.get(dimension, ()))

    def is_array(self, dimension: str) -> bool:
        """Whether one row may have several values of a dimension."""
        return any(column.type.endswith("[]") for _, column in self.dimensions.get(dimension, ()))

    def scale(self, dimension: str) -> frozenset[int]:
        """The numbers that a dimension's values are chosen from, where they are that: one to five stars."""
        listed = [one.value for _, column in self.dimensions.get(dimension, ()) for one in column.values]
        return frozenset(value for value in listed if isinstance(value, int) and not isinstance(value, bool))

    def range_of(self, dimension: str) -> tuple[float, float] | None:
        """The least and the greatest number of a measure, where it has them: one to five stars."""
        return next((column.range for _, column in self.dimensions.get(dimension, ()) if column.range), None)

    def words(self, language: str) -> ColumnWords:
        """Names of result columns that no knowledge file defines, in a language or else in the first that there is."""
        chosen = self.languages.get(language) or next(iter(self.languages.values()))
        return chosen.columns

    def value_label(self, dimension: str, value: object, language: str) -> str:
        """How people call a value: its label in the language, else itself."""
        for _, column in self.dimensions.get(dimension, ()):
            for known in column.values:
                if known.value == value:
                    return text_in(known.label, language, str(value))
        return str(value)

    def label(self, dimension: str, language: str) -> str:
        """What people call a dimension."""
        if dimension in DERIVED_TIME_DIMENSIONS:
            return self.words(language).derived.get(dimension, dimension)
        for _, column in self.dimensions.get(dimension, ()):
            if column.label:
                return text_in(column.label, language, dimension)
        return dimension.replace("_", " ")


def dimension_name(column: ColumnFile) -> str:
    """A column's name in questions."""
    return column.dimension or column.name


def inside_a_sentence(label: str) -> str:
    """A label without the capital that only a beginning has; "CSAT" and "AI" stay as they are."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def text_in(texts: Mapping[str, str], language: str, default: str) -> str:
    """A text in a language, else the one without a language, else English, else the default."""
    return texts.get(language) or texts.get("") or texts.get("en") or default
