"""What the company itself says about a value that a question names: its own instructions for a category, say.

A table file names one reviewed query that gives the text for a value (`guidance`); it goes the way of all SQL, with the
columns that a model may be shown and the rights of who asks, and a model gets the beginning of it as a quoted line.
Where there is none, or it does not run, the question is asked without it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from dash.errors import QueryFailed, QueryRejected
from dash.knowledge import Knowledge
from dash.recording import Run
from dash.records import CheckedQuery, PlannedQuery, Question, Result, Viewer
from dash.records.semantic_query import Scalar

MOST_VALUES, _LONGEST_TEXT, _SECONDS = 2, 320, 2.0


class GuardedPath(Protocol):
    """The two steps of the main path that touch SQL, and what is known there."""

    knowledge: Knowledge

    def check(self, planned: PlannedQuery, viewer: Viewer, provenance: str) -> CheckedQuery:
        """The guard. Raises QueryRejected."""
        ...

    def execute(
        self,
        checked: CheckedQuery,
        question: Question,
        *,
        seconds: float | None = None,
        cancelled: Callable[[], bool] = ...,
    ) -> Result:
        """Run a checked query. Raises QueryFailed, DatabaseUnavailable, Cancelled."""
        ...


def guidance_lines(path: GuardedPath, run: Run, values: Iterable[tuple[str, Scalar]]) -> Iterator[str]:
    """A line for each of the first values that the company speaks of. Raises DatabaseUnavailable, Cancelled."""
    asked = {table.guidance.dimension: table.guidance.sql for table in path.knowledge.tables.values() if table.guidance}
    for dimension, value in [one for one in dict.fromkeys(values) if one[0] in asked][:MOST_VALUES]:
        text = _text(path, run, PlannedQuery(asked[dimension], {"value": value}))
        if text:
            yield f"{dimension} = {value}: {_quoted(text)}"


def _text(path: GuardedPath, run: Run, planned: PlannedQuery) -> str:
    try:
        with run.queries.attempt("guidance", planned, "vetted") as attempt:
            # As of a model's own SQL: it reads no column that a prompt may not show.
            checked = path.check(planned, run.question.viewer, "model_written")
            attempt.result = result = path.execute(checked, run.question, seconds=_SECONDS, cancelled=run.cancelled)
    except (QueryRejected, QueryFailed):
        return ""
    return " ".join(str(cell) for row in result.rows[:1] for cell in row[:1] if cell is not None and not result.masked)


def _quoted(text: str) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    cut = line if len(line) <= _LONGEST_TEXT else f"{line[:_LONGEST_TEXT].rsplit(' ', 1)[0]} …"
    return json.dumps(cut, ensure_ascii=False).replace("<", "‹").replace(">", "›")
