"""From a cell of SQL that somebody wrote to the rows behind it, where that is mechanical.

One SELECT that groups rows: what stands between FROM and GROUP BY is kept to the letter, the groups of the chosen row
become conditions, and a call such as `COUNT(*) FILTER (WHERE …)` says which of the rows it counts. The text is cut and
never printed from a tree (docs/adr/0003); a tree is only asked whether the text is as it seems. Anything else has no
drill-down, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash.drill.cutting import Cut, cut
from dash.drill.measures import Counts, read_counts
from dash.records import MASK, Column, PlannedQuery
from dash.semantics.drill import AMOUNT, Drilled, Formula, NoDrillDown, Side, Term
from dash.semantics.fragments import identifier
from dash.semantics.listed import ENTRIES
from dash.semantics.model import SemanticModel
from dash.semantics.taken import Taken
from dash.stored import StoredAnswer

_NONE = NoDrillDown("expression", "This query puts its rows together in a way that they cannot be told apart by.")


def drill_written(
    stored: StoredAnswer, rows: Sequence[Mapping[str, Any]], column: Column, model: SemanticModel, limit: int
) -> Drilled:
    """The sides of a cell. Raises NoDrillDown."""
    found = cut(stored.sql, model)
    if found is None:
        raise _NONE
    if not found.grouped and not any(read_counts(text) for text in found.items.values()):
        raise NoDrillDown("row", "Each row of a list is a thing itself.")
    counts = read_counts(found.items.get(column.name, ""))
    if counts is None:
        if column.name not in found.groups:
            raise _NONE
        counts = (Counts("all", "COUNT(*)", None, Taken(None)),)
    writer = _Writer(stored, found, rows, column, model, limit)
    return writer.drill(counts, counted=column.name not in found.groups)


@dataclass(frozen=True)
class _Writer:
    """Writes the queries of the sides of one cell."""

    stored: StoredAnswer
    cut: Cut
    rows: Sequence[Mapping[str, Any]]
    column: Column
    model: SemanticModel
    limit: int

    def drill(self, counts: tuple[Counts, ...], *, counted: bool) -> Drilled:
        """The sides, and how the cell comes of them."""
        sides = [self._side(each.name, each, each.condition) for each in counts]
        if len(counts) == 2 and counts[0].calculation == counts[1].calculation == "COUNT(*)" and counts[0].condition:
            rest = f"({counts[0].condition}) IS NOT TRUE"
            if counts[1].condition:
                rest = f"({counts[1].condition}) AND {rest}"
            sides.insert(1, self._side("rest", counts[1], rest))
        term = Term(tuple(each.name for each in counts), counts[0].factor)
        return Drilled(tuple(sides), Formula((term,)) if counted else None, self._conversation())

    def _conversation(self) -> str | None:
        dimension = self.model.conversation_dimension
        named = [name for name in self.cut.listed if self.model.column_dimension(self.cut.table, name) == dimension]
        return named[0] if named else None

    def _side(self, name: str, counts: Counts, condition: str | None) -> Side:
        taken = counts.taken
        conditions, parameters = self._chosen()
        if condition:
            conditions.append(f"({condition})")
        if taken.argument is not None:
            conditions.append(f"({taken.argument}) IS NOT NULL")
        entries = f"COUNT(DISTINCT {taken.argument})" if taken.distinct else "COUNT(*)"
        counting = f"SELECT {entries} AS {ENTRIES}, {counts.calculation} AS {AMOUNT}"
        listing, columns, tail = self._values(taken) if taken.distinct else self._listing(taken)
        return Side(
            name,
            "",
            "values" if taken.distinct else "rows",
            self._planned(counting, conditions, "", parameters, ()),
            self._planned(listing, conditions, tail, parameters, columns),
        )

    def _chosen(self) -> tuple[list[str], dict[str, Any]]:
        """The groups of the chosen rows as conditions."""
        parameters: dict[str, Any] = {}
        chosen = []
        for number, row in enumerate(self.rows, start=1):
            parts = []
            for place, (name, sql) in enumerate(self.cut.groups.items(), start=1):
                value = row[name]
                if value == MASK:
                    raise NoDrillDown("masked", "The group is hidden from you, so its rows are too.")
                if value is None:
                    parts.append(f"({sql}) IS NULL")
                else:
                    mark = f"chosen_{number}_{place}"
                    parameters[mark] = value
                    parts.append(f"({sql}) = :{mark}")
            chosen.append(" AND ".join(parts))
        text = " OR ".join(f"({one})" for one in chosen) if len(chosen) > 1 else chosen[0]
        return ([f"({text})"] if text else []), parameters

    def _listing(self, taken: Taken) -> tuple[str, tuple[Column, ...], str]:
        """The columns by which people know a row of the table, and what the row contributes."""
        items, columns = [], []
        for name, sql in self.cut.listed.items():
            dimension = self.model.column_dimension(self.cut.table, name)
            place = self.model.place(dimension, self.cut.table)
            time = place is not None and place.column.role == "time"
            unit = "time" if time else (place.column.unit or "text") if place else "text"
            label = self.model.label(dimension, self.stored.language)
            items.append(f"{sql} AS {identifier(name)}")
            columns.append(Column(name, label, unit, "attribute", dimension=dimension))
        order = self.cut.order
        if taken.value is not None:
            value = f"{self.column.name}_value"
            items.append(f"{taken.value} AS {identifier(value)}")
            columns.insert(1, replace(self.column, name=value, role="attribute"))
            order = f"{identifier(value)} DESC NULLS LAST, {order}"
        return f"SELECT {', '.join(items)}", tuple(columns), f"\nORDER BY {order}\nLIMIT {self.limit}"

    def _values(self, taken: Taken) -> tuple[str, tuple[Column, ...], str]:
        """Each different value once, with how many rows have it."""
        words = self.model.words(self.stored.language)
        known = {column.name for column in self.model.tables[self.cut.table].table_columns}
        name = taken.argument if taken.argument in known else "value"
        dimension = self.model.column_dimension(self.cut.table, name) if name in known else None
        label = self.model.label(dimension, self.stored.language) if dimension else self.column.label
        columns = (Column(name, label, "text", dimension=dimension), Column(ENTRIES, words.sample, "count"))
        tail = f"\nGROUP BY 1\nORDER BY 2 DESC, 1\nLIMIT {self.limit}"
        return f"SELECT {taken.argument} AS {identifier(name)}, COUNT(*) AS {ENTRIES}", columns, tail

    def _planned(
        self,
        select: str,
        conditions: Sequence[str],
        tail: str,
        parameters: Mapping[str, Any],
        columns: tuple[Column, ...],
    ) -> PlannedQuery:
        text = f"{self.cut.head}{select}\n{self.cut.source}"
        every = ([f"({self.cut.where}\n)"] if self.cut.where else []) + list(conditions)
        if every:
            text += "\nWHERE " + "\n  AND ".join(every)
        return PlannedQuery(text + tail, {**self.stored.parameters, **parameters}, columns)
