"""Composed queries on the demo data, and what stands behind each cell of their results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.records import PlannedQuery, Question, SemanticQuery
from dash.semantics.compile import compile_query
from dash.semantics.drill import AMOUNT, Drilled, Driller
from dash.semantics.listed import ENTRIES
from dash.shown.cells import is_number
from dash.steps.interpret.cells import json_rows

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def dash(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, its clock at the end of the data."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


@dataclass
class Lens:
    """Runs composed queries as an answer would, and counts what stands behind their cells."""

    dash: Dash
    zone: str = "UTC"
    _seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def run(self, planned: PlannedQuery) -> list[dict[str, Any]]:
        """Rows by column name, as an answer stores them."""
        if ":now" in planned.sql:
            planned = replace(planned, parameters={**planned.parameters, "now": NOW})
        key = f"{planned.sql} {sorted(planned.parameters.items(), key=str)}"
        if key not in self._seen:
            question = Question("", NOW, self.zone)
            result = self.dash.execute(self.dash.check(planned, question.viewer, "composed"), question)
            names = [column.name for column in result.columns]
            self._seen[key] = [dict(zip(names, row, strict=True)) for row in json_rows(result.rows, self.zone)]
        return self._seen[key]

    def answer(self, query: SemanticQuery) -> list[dict[str, Any]]:
        """The rows that the query answers with."""
        return self.run(compile_query(query, self.dash.reader.model, "en"))

    def drill(self, query: SemanticQuery, row: Mapping[str, Any], column: str) -> Drilled:
        """What stands behind a cell."""
        return Driller(query, [row], self.dash.reader.model, "en", 10_000).drill(column)

    def check(self, query: SemanticQuery, row: Mapping[str, Any], column: str) -> dict[str, int]:
        """Count every side of a cell, and prove that each lists as many entries as it counts and that together they
        give the cell. Returns the entries by side."""
        drilled = self.drill(query, row, column)
        entries: dict[str, int] = {}
        amounts: dict[str, float | None] = {}
        for side in drilled.sides:
            (counted,) = self.run(side.counting)
            entries[side.name] = counted[ENTRIES]
            amounts[side.name] = counted[AMOUNT] if is_number(counted[AMOUNT]) else None
            listed = self.run(side.listing)
            assert len(listed) == min(counted[ENTRIES], 10_000), f"{side.name} lists what it counts"
            assert {c.name for c in side.listing.columns} == set(
                listed[0] if listed else [c.name for c in side.listing.columns]
            )
        assert drilled.formula is not None
        found = drilled.formula.value(amounts)
        assert (found or 0) == pytest.approx(row[column] or 0, rel=1e-9, abs=1e-9), f"{column} of {row}"
        return entries


@pytest.fixture(scope="session")
def lens(dash: Dash) -> Lens:
    return Lens(dash)
