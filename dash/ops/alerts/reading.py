"""The number of a rule: a SemanticQuery that takes the composed planner's way, like a question of the same meaning.

So an alert and the answer that its link opens cannot say different things: one compiler, one guard, one reader.
"""

from __future__ import annotations

from datetime import datetime

from dash.ask import Dash
from dash.board.bar import read_window
from dash.errors import InternalError
from dash.language.reader import Reader
from dash.ops.alerts.file import RuleFile
from dash.ops.alerts.judging import Reading
from dash.records import Filter, MetricUse, PlannedQuery, Question, SemanticQuery, Viewer, Window
from dash.shown.numbers import exact
from dash.steps.plan.composed import plan_main

TIMEOUT_SECONDS = 20.0


def window_of(rule: RuleFile, reader: Reader, now: datetime, zone: str) -> Window | None:
    """The window of a rule, None where it is about now."""
    if rule.window is None:
        return None
    window = read_window(rule.window, reader, now, zone)
    if window is None:
        raise InternalError(f"The window of the alert {rule.name} cannot be read; `dash check` says so.")
    return window


def query_of(rule: RuleFile, window: Window | None) -> SemanticQuery:
    """What a rule asks."""
    return _query(MetricUse(rule.metric, rule.aggregation), rule, window)


def _query(use: MetricUse, rule: RuleFile, window: Window | None) -> SemanticQuery:
    filters = tuple(Filter(name, "in", tuple(values)) for name, values in rule.where.items())
    return SemanticQuery(metrics=(use,), filters=filters, window=window)


def plan_rule(rule: RuleFile, question: Question, reader: Reader, language: str) -> tuple[PlannedQuery, ...]:
    """The queries of a rule: its number, and its volume where it needs one. Raises CannotCompile."""
    window = window_of(rule, reader, question.now, question.zone)
    plans = [plan_main(query_of(rule, window), question, reader, language)]
    if rule.minimum is not None:
        volume = _query(MetricUse(rule.minimum.metric), rule, window)
        plans.append(plan_main(volume, question, reader, language))
    return tuple(plans)


def read_number(dash: Dash, rule: RuleFile, viewer: Viewer, now: datetime) -> Reading:
    """Measure. Raises QueryRejected, QueryFailed, DatabaseUnavailable."""
    question = Question(rule.name, now, dash.settings.zone, viewer)
    plans = plan_rule(rule, question, dash.reader, dash.reader.default_language)
    names = [rule.metric, *([rule.minimum.metric] if rule.minimum else [])]
    values = [_value(dash, plan, question) for plan, _ in zip(plans, names, strict=True)]
    return Reading(*values)


def _value(dash: Dash, planned: PlannedQuery, question: Question) -> float | None:
    checked = dash.check(planned, question.viewer, "composed")
    result = dash.execute(checked, question, seconds=TIMEOUT_SECONDS)
    place = next(index for index, column in enumerate(planned.columns) if column.role == "metric")
    if len(result.rows) != 1:
        return None
    number = exact(result.rows[0][place])
    return None if number is None else float(number)
