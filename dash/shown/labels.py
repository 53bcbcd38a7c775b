"""What people call things: metrics, dimensions and the values of a dimension.

Only the knowledge gives such words. Where two of its tables call different things by one name and label a value
differently, that value keeps its raw form: no label is better than a wrong one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from babel.dates import get_day_names

from dash.knowledge import Knowledge
from dash.knowledge.formats import ColumnFile, MetricFile
from dash.knowledge.phrases import Phrases


def text_of(texts: Mapping[str, str], language: str) -> str:
    """A text in the language, else the one for all languages, else English; empty when there is none."""
    return texts.get(language) or texts.get("") or texts.get("en") or next(iter(texts.values()), "")


def within(label: str) -> str:
    """A label inside a sentence begins small, unless it is an abbreviation (CSAT, AI)."""
    first = label.split(" ", 1)[0]
    return label if sum(letter.isupper() for letter in first) > 1 else label[:1].lower() + label[1:]


def define(metric: MetricFile, language: str, parameters: Mapping[str, Any]) -> str:
    """The definition of a metric with the values that its parameters took, or would take, in it."""
    values = {name: parameters.get(name, declared.default) for name, declared in metric.parameters.items()}
    text = text_of(metric.definition, language)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", f"{value:g}" if isinstance(value, float) else str(value))
    return text


@dataclass(frozen=True)
class Labels:
    """The knowledge as far as words for one language are needed from it."""

    knowledge: Knowledge
    language: str
    phrases: Phrases

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
        """Every known column that is called so, by its dimension's name or else its own."""
        return self._columns["dimension", name] or self._columns["column", name]

    def find_value_label(self, dimension: str, value: Any) -> str | None:
        """What people call a value of a dimension (or of columns of that name); None where nothing says it."""
        if isinstance(value, list | dict):
            return None
        if dimension not in self._values:
            self._values[dimension] = self._read_values(dimension)
        return self._values[dimension].get((type(value), value))

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str], tuple[ColumnFile, ...]]:
        found: dict[tuple[str, str], tuple[ColumnFile, ...]] = defaultdict(tuple)
        for table in self.knowledge.tables.values():
            for column in table.table_columns:
                found["column", column.name] += (column,)
                if column.dimension:
                    found["dimension", column.dimension] += (column,)
        return found

    @cached_property
    def _values(self) -> dict[str, Mapping[tuple[type, Any], str]]:
        return {}

    def _read_values(self, dimension: str) -> Mapping[tuple[type, Any], str]:
        # Dimensions of every time: no column has them, so no column labels their values.
        if dimension == "weekday":
            days = get_day_names("wide", "stand-alone", self.phrases.locale)
            return {(int, number + 1): words for number, words in days.items()}
        if dimension == "hour_of_day":
            return {(int, hour): f"{hour:02d}:00" for hour in range(24)}
        found: dict[tuple[type, Any], set[str]] = {}
        for column in self.columns_of(dimension):
            for known in column.values:
                found.setdefault((type(known.value), known.value), set()).add(text_of(known.label, self.language))
        return {value: next(iter(words)) for value, words in found.items() if len(words) == 1 and words != {""}}
