"""When an answer is about: the period meant, the one before it, and what time the data covers.

The period comes from the question's window; of a vetted query from the window that fills its period parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from dash.knowledge.phrases import Phrases
from dash.records import QueryPlan, Question, Result, SemanticQuery, Window
from dash.semantics.moments import resolve_previous, resolve_window
from dash.shown.moments import show_moment
from dash.steps.interpret.labels import AnswerLabels
from dash.steps.interpret.number_lock import Cell, Said
from dash.steps.interpret.periods import dates_in_words, period_in_words
from dash.steps.interpret.writer import Writer


@dataclass(frozen=True)
class Timing:
    """The times of one question. Instants are aware, in the reporting zone."""

    question: Question
    plan: QueryPlan
    results: Mapping[str, Result]
    phrases: Phrases
    labels: AnswerLabels
    writer: Writer

    @property
    def asked(self) -> SemanticQuery:
        return self.plan.semantic_query or SemanticQuery()

    @cached_property
    def window(self) -> Window | None:
        """The question's period; of a vetted query the one that fills its only period parameter."""
        filled = [value for value in self.plan.vetted_filled.values() if isinstance(value, Window)]
        return self.asked.window or (filled[0] if len(filled) == 1 else None)

    @cached_property
    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """Start and end of the period as instants; of a vetted query, those that were bound to its parameters."""
        if self.window:
            return resolve_window(self.window, self.question.now, self.question.zone)
        return self.parameter_bounds(None)

    def parameter_bounds(self, name: str | None) -> tuple[datetime | None, datetime | None]:
        """Start and end bound to a period parameter (None: the only one there is)."""
        return self._bound(name, "_start"), self._bound(name, "_end")

    def _bound(self, name: str | None, end: str) -> datetime | None:
        for key, value in self.plan.main.parameters.items():
            mine = key == f"{name}{end}" if name else key.endswith(end) and not key.endswith(f"_previous{end}")
            if mine and isinstance(value, datetime):
                return value.astimezone(ZoneInfo(self.question.zone))
        return None

    @cached_property
    def period(self) -> Said:
        """The period meant, with its dates, as it stands in a sentence."""
        return self.writer.quote(self.period_words(None), "period")

    def period_words(self, parameter: str | None) -> str:
        """The words for the question's window, or for a period parameter of a vetted query."""
        filled = self.plan.vetted_filled.get(parameter) if parameter else None
        window = filled if isinstance(filled, Window) else self.window
        if window:
            return period_in_words(window, self.question.now, self.question.zone, self.phrases)
        start, end = self.parameter_bounds(parameter)
        if start is None and end is None:
            if parameter is None and not self.has_period:
                return self._moment_words()
            return self.phrases.periods.all_data["other"]
        return self.phrases.periods.between["other"].format(dates=dates_in_words(start, end, self.phrases))

    def _moment_words(self) -> str:
        """Of a question about the present state: the moment; nothing where time does not matter."""
        if self.plan.vetted_query is not None or self.names_one_thing:
            return ""
        now = show_moment(self.question.now, self.phrases, self.question.zone)
        return self.phrases.periods.as_of["other"].format(moment=now)

    @cached_property
    def previous_period(self) -> Said:
        """The period that the numbers are set against."""
        comparison, zone, now = self.asked.comparison, self.question.zone, self.question.now
        if comparison and comparison.window:
            return self.writer.quote(period_in_words(comparison.window, now, zone, self.phrases), "period")
        start, end = self.previous_bounds
        if start is None or end is None:
            return self.writer.quote(self.phrases.context.earlier, "period")
        dates = self.writer.quote(dates_in_words(start, end, self.phrases), "period")
        return self.writer.fill(self.phrases.context.period_before, dates=dates)

    @cached_property
    def previous_bounds(self) -> tuple[datetime | None, datetime | None]:
        """Start and end of the comparable period before, as far as they are known."""
        comparison, zone, now = self.asked.comparison, self.question.zone, self.question.now
        if comparison and comparison.window:
            return resolve_window(comparison.window, now, zone)
        bounds = resolve_previous(self.window, now, zone) if self.window else None
        return bounds or (self._bound(None, "_previous_start"), self._bound(None, "_previous_end"))

    @property
    def uneven(self) -> bool:
        """Whether a period that still runs stands beside a whole one: that says nothing about better or worse."""
        comparison = self.asked.comparison
        beside = comparison.window if comparison else None
        return beside is not None and not beside.unfinished and self.window is not None and self.window.unfinished

    @cached_property
    def knows_previous(self) -> bool:
        """Whether there is data about any part of the period before; with emptiness nothing is compared."""
        oldest, end = self.covered("oldest"), self.previous_bounds[1]
        return oldest is None or end is None or end > oldest[1]

    def covered(self, end: str) -> tuple[Cell, datetime] | None:
        """The "oldest" or "newest" timestamp of the coverage companion, with its cell; None when it is not known."""
        result, zone = self.results.get("coverage"), ZoneInfo(self.question.zone)
        if result is None or not result.rows:
            return None
        for position, column in enumerate(result.columns):
            value = result.rows[0][position]
            if end in column.name and isinstance(value, datetime):
                moment = value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
                return Cell("coverage", 0, position), moment
        return None

    @cached_property
    def has_period(self) -> bool:
        """Whether the answer would differ with a period: not for the present state, one known row, or a vetted query
        that takes no period."""
        if self.plan.vetted_query is not None and not self.window:
            return any(name.endswith("_start") for name in self.plan.main.parameters)
        names = {use.name for use in self.asked.metrics} | {self.asked.rows_of}
        metrics = [metric for metric in map(self.labels.metric, names) if metric]
        return not self.names_one_thing and not any(metric.present_state for metric in metrics)

    @cached_property
    def names_one_thing(self) -> bool:
        """Whether the question is about one ticket, one customer …"""
        return any(one.operator == "in" and self.labels.is_entity(one.dimension) for one in self.asked.filters)
