"""What of a result may stand in a sentence, and in which words.

Only words that the knowledge vouches for may. A cell of a column that is personal, or that strangers write, is never
quoted, and in a query that nobody reviewed only listed values and ids of a known form are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dash.knowledge.formats import ColumnFile, PartFile
from dash.records import BY_MODEL, Column, QueryPlan
from dash.semantics.fragments import is_additive
from dash.shown.labels import Labels, text_of

_LONGEST = 60


@dataclass(frozen=True)
class AnswerLabels(Labels):
    """Labels for one answer: they know which query it came from and what was masked in it."""

    plan: QueryPlan
    masked: frozenset[str] = frozenset()

    def part_label(self, part: PartFile) -> str:
        """What people call the numerator or denominator of a ratio."""
        return text_of(part.label, self.language)

    def names(self, column: Column, name: str) -> bool:
        """Whether an output column is the dimension or metric of that name."""
        known = (column.name, column.metric, column.dimension)
        return name in known or any(one.name == column.name for one in self.columns_of(name))

    def is_entity(self, dimension: str) -> bool:
        """Whether a dimension names single things (a ticket, a customer)."""
        return any(column.role == "entity" for column in self.columns_of(dimension))

    def dimension_of(self, column: Column) -> str:
        """The dimension behind an output column, by the column's own name where nothing says it."""
        return column.dimension or column.name

    def quote(self, column: Column, value: Any) -> str | None:
        """A value as it may stand in a sentence, or None when it may not stand there at all."""
        dimension = self.dimension_of(column)
        known = self.columns_of(dimension)
        if column.name in self.masked or any(one.personal or one.untrusted or one.role == "text" for one in known):
            return None
        if value is None:
            return self.phrases.numbers.not_set
        label = self.find_value_label(dimension, value)
        if label:
            return label
        if self.plan.provenance in BY_MODEL and not _vouched_for(known, value):
            return None
        return self._plain(value) or None

    def value_label(self, dimension: str, value: Any) -> str:
        """A value that the question itself named (a filter)."""
        return self.find_value_label(dimension, value) or self._plain(value)

    def _plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.phrases.numbers.true_word if value else self.phrases.numbers.false_word
        return _tidy(str(value))

    def adds_up(self, column: Column) -> bool:
        """Whether the parts of this metric add up to the whole: counts and sums of governed metrics; counts of
        reviewed queries."""
        metric = self.metric(column.metric)
        if metric is None:
            return column.unit == "count" and self.plan.provenance not in BY_MODEL
        if metric.numerator is not None or column.unit == "percent":
            return False
        query = self.plan.semantic_query
        uses = [use for use in query.metrics if use.name == metric.name] if query is not None else []
        if any(use.aggregation not in (None, "sum") for use in uses):
            return False  # means of groups are no part of a mean
        return is_additive(metric.calculation) and column.name == metric.name

    def overlaps(self, column: Column) -> bool:
        """Whether a row may belong to several values of this dimension (an array taken apart)."""
        return any(one.type.endswith("[]") for one in self.columns_of(self.dimension_of(column)))


def _vouched_for(columns: Iterable[ColumnFile], value: Any) -> bool:
    """Numbers, dates and truth values carry no words; text must be an id of the form that the knowledge gives."""
    if not isinstance(value, str):
        return True
    return any(one.value_pattern and re.fullmatch(one.value_pattern, value) for one in columns)


def _tidy(text: str) -> str:
    """One line without control characters, cut where it gets long."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
