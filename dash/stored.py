"""An answer of the past as something that can be worked with again: its query, its parameters, its moment and zone.

Everything comes from the run's own record, so what is done with an old answer (its drill-down, its being run again) is
done with what it was made of, and not with what its question would mean today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash.errors import DatabaseUnavailable, NotFoundError, UserError
from dash.query_log import QueryLog
from dash.records import Column, PlannedQuery, Question, SemanticQuery, Viewer
from dash.runs import RunRecord
from dash.semantics.json import from_json
from dash.shown.cells import read_column

if TYPE_CHECKING:
    from dash.ask import Dash

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")  # "2026-11-20T12:00:00+00:00"


@dataclass(frozen=True)
class StoredAnswer:
    """What a run that was answered left behind. `semantic_query` is None where the SQL was not composed."""

    run: RunRecord
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    sql: str
    parameters: Mapping[str, Any]
    provenance: str
    language: str
    semantic_query: SemanticQuery | None
    vetted_query: str | None
    vetted_filled: Mapping[str, Any]

    def planned(self) -> PlannedQuery:
        """The query that gave the answer, to the letter."""
        return PlannedQuery(self.sql, self.parameters, self.columns)

    def question(self, viewer: Viewer) -> Question:
        """Its question at its moment and in its zone, for whoever looks now."""
        return Question(self.run.question, self.run.now, self.run.zone, viewer)

    def row(self, number: int) -> dict[str, Any]:
        """The cells of a row by column name. Raises NotFoundError."""
        if not 0 <= number < len(self.rows):
            raise NotFoundError(f"This answer has no row {number}; it has {len(self.rows)}.")
        return {column.name: cell for column, cell in zip(self.columns, self.rows[number], strict=True)}


def open_stored(run: RunRecord) -> StoredAnswer:
    """What is left of an answered run. Raises UserError for one that has no numbers."""
    answer, record = run.answer, run.record
    if run.outcome != "answered" or not answer or record is None or not answer.get("sql"):
        raise UserError("Only an answer with a number can be looked behind or run again; this run has none.")
    composed = answer["provenance"] in ("composed", "model_read")
    query = record.get("semantic_query") if composed else None
    filled = record.get("vetted_filled") or {}
    return StoredAnswer(
        run=run,
        columns=tuple(read_column(column) for column in answer["columns"]),
        rows=tuple(tuple(row) for row in answer["rows"]),
        sql=answer["sql"],
        parameters={name: _revived(value) for name, value in (record.get("parameters") or {}).items()},
        provenance=answer["provenance"],
        language=answer["language"],
        semantic_query=from_json(query) if query else None,
        vetted_query=record.get("vetted_query"),
        vetted_filled={name: from_json(value) for name, value in filled.items()},
    )


@contextmanager
def logged(dash: Dash, run_id: str) -> Iterator[QueryLog]:
    """A log whose queries are written down with the run that they look back at, whatever becomes of them."""
    log = QueryLog(dash.knowledge)
    try:
        yield log
    finally:
        if log.entries:
            # Whoever looks gets what was read; a state database that is gone just now is reported by the next question.
            with suppress(DatabaseUnavailable):
                dash.runs.log(run_id, log.entries)


def _revived(value: Any) -> Any:
    """A bound value as it was before it became JSON: times again, numbers and texts as they are."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    if isinstance(value, list):
        return [_revived(part) for part in value]
    return value
