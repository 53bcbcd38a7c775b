"""What people call things: metrics, dimensions and values, in the language of the question.

Only words that the knowledge vouches for may stand in a sentence. A cell of a column that is personal, or that
strangers write, is never quoted, and in a query that nobody reviewed only listed values and ids of a known form are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, MetricFile, PartFile
from dash.knowledge.phrases import Phrases
from dash.records import Column, QueryPlan
from dash.semantics.fragments import is_additive

_LONGEST = 60
_MONDAY = date(2024, 1, 1)


def text_of(texts: Mapping[str, str], language: str) -> str:
    """A text in the language, else the one for all languages, else English; empty when there is none."""
    return texts.get(language) or texts.get("") or texts.get("en") or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Labels:
    """The knowledge as far as one answer needs words from it."""

    knowledge: Knowledge
    plan: QueryPlan
    phrases: Phrases
    masked: frozenset[str] = frozenset()

    @property
    def language(self) -> str:
        return self.plan.language

    def metric(self, name: str | None) -> MetricFile | None:
        """The governed metric of that name, if there is one."""
        return self.knowledge.metrics.get(name) if name else None

    def metric_label(self, name: str) -> str:
        """What people call a metric."""
        metric = self.metric(name)
        return (text_of(metric.label, self.language) if metric else "") or name.replace("_", " ")

    def dimension_label(self, name: str) -> str:
        """What people call a dimension."""
        for column in self.columns_of(name):
            if column.label:
                return text_of(column.label, self.language)
        return name.replace("_", " ")

    def columns_of(self, name: str) -> tuple[ColumnFile, ...]:
        """Every known column that is called so, by its dimension's name or its own."""
        columns = [column for table in self.knowledge.tables.values() for column in table.table_columns]
        named = tuple(column for column in columns if column.dimension == name)
        return named or tuple(column for column in columns if column.name == name)

    def part_label(self, part: PartFile) -> str:
        """What people call the numerator or denominator of a ratio."""
        return text_of(part.label, self.language)

    def names(self, column: Column, name: str) -> bool:
        """Whether an output column is the dimension or metric of that name."""
        return name in (column.name, column.metric) or any(one.name == column.name for one in self.columns_of(name))

    def is_entity(self, dimension: str) -> bool:
        """Whether a dimension names single things (a ticket, a customer)."""
        return any(column.role == "entity" for column in self.columns_of(dimension))

    def dimension_of(self, column: Column) -> str:
        """The dimension behind an output column; a vetted query's file may say it."""
        query = self.knowledge.queries.get(self.plan.vetted_query) if self.plan.vetted_query else None
        declared = query.columns.get(column.name) if query else None
        return (declared.dimension if declared else None) or column.name

    def quote(self, column: Column, value: Any) -> str | None:
        """A value as it may stand in a sentence, or None when it may not stand there at all."""
        dimension = self.dimension_of(column)
        known = self.columns_of(dimension)
        if column.name in self.masked or any(one.personal or one.untrusted or one.role == "text" for one in known):
            return None
        if value is None:
            return self.phrases.numbers.not_set
        if dimension == "weekday" and value in range(1, 8):
            return str(format_date(_MONDAY + timedelta(days=int(value) - 1), "EEEE", locale=self.phrases.locale))
        if dimension == "hour_of_day" and value in range(24):
            return f"{value:02d}:00"
        label = self._label(known, value)
        if label:
            return label
        if self.plan.provenance == "model_written" and not _vouched_for(known, value):
            return None
        if isinstance(value, bool):
            return self.phrases.numbers.true_word if value else self.phrases.numbers.false_word
        return _tidy(str(value)) or None

    def value_label(self, dimension: str, value: Any) -> str:
        """A value that the question itself named (a filter)."""
        label = self._label(self.columns_of(dimension), value)
        if not label and isinstance(value, bool):
            return self.phrases.numbers.true_word if value else self.phrases.numbers.false_word
        return label or _tidy(str(value))

    def _label(self, columns: Iterable[ColumnFile], value: Any) -> str:
        for column in columns:
            for known in column.values:
                if known.value == value and type(known.value) is type(value):
                    return text_of(known.label, self.language)
        return ""

    def adds_up(self, column: Column) -> bool:
        """Whether the parts of this metric add up to the whole: counts and sums of governed metrics; counts of
        reviewed queries."""
        metric = self.metric(column.metric)
        if metric is None:
            return column.unit == "count" and self.plan.provenance != "model_written"
        if metric.numerator is not None or column.unit == "percent":
            return False
        return is_additive(metric.calculation) and column.name == metric.name

    def overlaps(self, column: Column) -> bool:
        """Whether a row may belong to several values of this dimension (an array taken apart)."""
        return any(one.type.endswith("[]") for one in self.columns_of(self.dimension_of(column)))


def within(label: str) -> str:
    """A label inside a sentence begins small, unless it is an abbreviation (CSAT, AI)."""
    first = label.split(" ", 1)[0]
    return label if sum(letter.isupper() for letter in first) > 1 else label[:1].lower() + label[1:]


def _vouched_for(columns: Iterable[ColumnFile], value: Any) -> bool:
    """Numbers, dates and truth values carry no words; text must be an id of the form that the knowledge gives."""
    if not isinstance(value, str):
        return True
    return any(one.value_pattern and re.fullmatch(one.value_pattern, value) for one in columns)


def _tidy(text: str) -> str:
    """One line without control characters, cut where it gets long."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
