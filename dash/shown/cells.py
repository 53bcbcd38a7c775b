"""One cell of an answer as text, wherever it stands: in a table, on a bar, on a terminal, as a large number.

Only the look changes here. The cell itself stays what the database returned, so sorting a table and downloading it
work on the data and not on its looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dash.knowledge import Knowledge
from dash.knowledge.phrases import Phrases, get_phrases
from dash.records import Column
from dash.shown.labels import Labels
from dash.shown.moments import show_written_moment
from dash.shown.numbers import exact, show_number, shown_unit

EMPTY = "–"
NUMERIC_UNITS = frozenset(
    {"count", "percent", "hours", "minutes", "seconds", "milliseconds", "usd", "score", "number", "tokens"}
)
# Units whose values may be added up, so that small groups can be put together as "other".
ADDITIVE_UNITS = frozenset({"count", "usd", "tokens"})
_LABELLED = frozenset({"dimension", "attribute", "time"})
_COLUMN_FIELDS = frozenset(field.name for field in fields(Column))


def read_column(column: Mapping[str, Any]) -> Column:
    """A column of an answer's JSON; one from an older store may lack fields and one from a newer may have more."""
    return Column(**{name: value for name, value in column.items() if name in _COLUMN_FIELDS})


def visible(answer: Mapping[str, Any]) -> tuple[tuple[Column, ...], list[list[Any]]]:
    """Columns and rows of an answer's JSON, without the columns that only its sentences use."""
    columns = [read_column(column) for column in answer["columns"]]
    kept = [index for index, column in enumerate(columns) if column.role != "hidden"]
    return tuple(columns[index] for index in kept), [[row[index] for index in kept] for row in answer["rows"]]


def is_numeric(column: Column) -> bool:
    """Whether the values of a column are numbers."""
    return column.unit in NUMERIC_UNITS


def is_number(value: Any) -> bool:
    """True for what can be drawn: an int or float that is not a bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Cells:
    """How cells are shown in one language."""

    labels: Labels

    @property
    def phrases(self) -> Phrases:
        return self.labels.phrases

    def show(self, value: Any, column: Column, *, spoken: bool = False) -> str:
        """A cell in the JSON of an answer. Numbers below each other keep their decimal places and leave out the noun of
        their heading; `spoken` writes them as a sentence does."""
        if value is None:
            return EMPTY
        if isinstance(value, list | tuple):
            return ", ".join(self.show(item, column) for item in value)
        label = self._label(value, column)
        if label:
            return label
        if isinstance(value, bool):
            return self.phrases.numbers.true_word if value else self.phrases.numbers.false_word
        number = exact(value)
        if number is not None and is_numeric(column):
            return show_number(number, shown_unit(column), self.phrases, in_column=not spoken)
        if column.unit in ("date", "time") and isinstance(value, str):
            return show_written_moment(value[:10] if column.unit == "date" else value, self.phrases)
        return str(value)

    def count(self, number: int) -> str:
        """A count with the separators of the language."""
        return self.show(number, Column("count", "", "count", "metric"))

    def _label(self, value: Any, column: Column) -> str | None:
        if column.role not in _LABELLED:
            return None
        return self.labels.find_value_label(column.dimension or column.name, value)


def cells_in(language: str, knowledge: Knowledge) -> Cells:
    """Cells in a language, with its phrases or else English ones. Raises KnowledgeError when the phrases are broken."""
    return Cells(Labels(knowledge, language, get_phrases(Path(knowledge.folder), language)))
