"""How a replay reads: its composed queries take the way of every question, through the guard and `execute`.

So a replay can show nothing that an answer could not: columns that the knowledge does not list are refused, personal
ones come back masked for a viewer without the right, row-level security applies, and nothing can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash.ask import Dash
from dash.records import PlannedQuery, Question, Viewer
from dash.replay.description import Description, load_description

SECONDS = 10.0
"""A page of a conversation that takes longer than this is not worth waiting for."""


@dataclass(frozen=True)
class Rows:
    """A result as dicts; `cut` when the database had more than the caps let through; the names of masked columns."""

    rows: Sequence[Mapping[str, Any]]
    cut: bool
    masked: frozenset[str]


@dataclass(frozen=True)
class Replay:
    """The product, the description of its conversations, and on whose behalf they are read."""

    dash: Dash
    description: Description
    viewer: Viewer

    @classmethod
    def open(cls, dash: Dash, viewer: Viewer) -> Replay:
        """Read the description. Raises KnowledgeError with its faults, NotFoundError when there is none."""
        return cls(dash, load_description(dash.settings.knowledge), viewer)

    def read(self, planned: PlannedQuery, *, seconds: float = SECONDS) -> Rows:
        """Check and run one query. Raises QueryRejected, QueryFailed, DatabaseUnavailable."""
        checked = self.dash.check(planned, self.viewer, "vetted")
        question = Question("", self.dash.clock(), self.dash.settings.zone, self.viewer)
        result = self.dash.execute(checked, question, seconds=seconds)
        names = [column.name for column in result.columns]
        rows = [dict(zip(names, row, strict=True)) for row in result.rows]
        return Rows(rows, result.truncated is not None, frozenset(result.masked))
