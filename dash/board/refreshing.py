"""A pinned answer run again: its own plan, over the board's range where the plan's period can be exchanged.

"This month" and "the last 7 days" give way to the board's range; a fixed period ("January"), none at all, and SQL that
a model wrote stay as they are, and the pin says so. What a pin reads is guarded anew, as today's knowledge allows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dash.ask import Dash
from dash.board.pins import Pin
from dash.board.planning import with_now
from dash.errors import UserError
from dash.language.reader import Reader
from dash.records import Answer, Grounding, Moment, PlannedQuery, QueryPlan, Question, SemanticQuery, Window
from dash.runs import RunRecord
from dash.semantics.json import from_json
from dash.shown.cells import read_column
from dash.steps.plan.asking import Asker
from dash.steps.plan.composed import plan_query
from dash.steps.plan.vetted import fill_vetted


@dataclass(frozen=True)
class Pinned:
    """A pin with its answer of now. `own_period` says that the board's range does not apply to it."""

    pin: Pin
    answer: Answer | None = None
    own_period: bool = True
    failure: str | None = None


@dataclass(frozen=True)
class PinPlan:
    """What a pin runs."""

    plan: QueryPlan
    own_period: bool


def plan_pin(dash: Dash, record: RunRecord, question: Question, window: Window) -> PinPlan:
    """The plan of a pinned run, over `window` where that is possible. Raises UserError when it cannot run any more."""
    kept, answer = record.record or {}, record.answer or {}
    reader, language = dash.reader, answer.get("language", dash.reader.default_language)
    grounding = Grounding(language, (), ())
    try:
        if kept.get("vetted_query"):
            return _vetted(kept, question, grounding, reader, window)
        if kept.get("semantic_query"):
            query: SemanticQuery = from_json(kept["semantic_query"])
            exchanged = _is_exchangeable(query.window) and not (query.comparison and query.comparison.window)
            query = replace(query, window=window) if exchanged else query
            plan = plan_query(query, (), question, grounding, reader, suggests=False)
            return PinPlan(_without_drivers(replace(plan, provenance=answer["provenance"])), not exchanged)
    except (KeyError, TypeError) as error:
        raise UserError("This answer rests on a definition that is gone; ask its question again.") from error
    columns = tuple(read_column(column) for column in answer["columns"])
    main = with_now(PlannedQuery(answer["sql"], _without_now(answer["parameters"]), columns), question)
    return PinPlan(QueryPlan(answer["provenance"], language, main, ()), True)


def _vetted(kept: dict[str, Any], question: Question, grounding: Grounding, reader: Reader, window: Window) -> PinPlan:
    filled = {name: from_json(value) for name, value in (kept.get("vetted_filled") or {}).items()}
    periods = [name for name, value in filled.items() if isinstance(value, Window)]
    exchanged = len(periods) == 1 and _is_exchangeable(filled[periods[0]])
    if exchanged:
        filled[periods[0]] = window
    asker = Asker(question, grounding, reader)
    planned = fill_vetted(kept["vetted_query"], filled, [], question, grounding, reader, asker)
    if not isinstance(planned, QueryPlan):
        raise UserError("This answer's query no longer takes its values; ask its question again.")
    return PinPlan(planned, not exchanged)


def _is_exchangeable(window: Window | None) -> bool:
    """Whether a period moves with the calendar, with both ends: then another range means the same of another time."""
    return window is not None and _moves(window.start) and _moves(window.end)


def _moves(moment: Moment | None) -> bool:
    return moment is not None and moment.at is None


def _without_drivers(plan: QueryPlan) -> QueryPlan:
    companions = {role: query for role, query in plan.companions.items() if not role.startswith("driver")}
    return replace(plan, companions=companions)


def _without_now(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name != "now"}
