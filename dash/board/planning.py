"""A card planned: the query that a question of the same meaning would get, and the one that draws its trend.

A metric becomes a SemanticQuery and takes the composed planner's way, a vetted query the vetted planner's; both ways
bring their definitions and the queries beside the number. So what is on a card is guarded, run and told like an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dash.board.bar import Bar, window_of
from dash.errors import InternalError
from dash.knowledge.board import BoardFile, CardFile
from dash.language.reader import Reader
from dash.records import Grounding, MetricUse, PlannedQuery, QueryPlan, Question, SemanticQuery, Window
from dash.records.semantic_query import Grain
from dash.semantics.compile import compile_query
from dash.semantics.fragments import is_additive
from dash.semantics.moments import resolve_window
from dash.shown.cells import ADDITIVE_UNITS
from dash.steps.plan.asking import Asker
from dash.steps.plan.composed import plan_query
from dash.steps.plan.vetted import fill_vetted

# The longest range in days that is drawn by this step.
_LONGEST: tuple[tuple[float, Grain], ...] = ((2.1, "hour"), (62, "day"), (190, "week"))


@dataclass(frozen=True)
class Trend:
    """The query of a sparkline: its buckets lie between `start` and `end`; `adds_up` says that no rows are zero."""

    query: PlannedQuery
    grain: Grain
    start: datetime
    end: datetime
    adds_up: bool


@dataclass(frozen=True)
class CardPlan:
    """A card ready to run. `unfiltered` are dimensions of the bar that do not apply to it."""

    card: CardFile
    plan: QueryPlan
    trend: Trend | None = None
    unfiltered: tuple[str, ...] = ()


def plan_card(
    card: CardFile, bar: Bar, board: BoardFile, question: Question, reader: Reader, language: str
) -> CardPlan:
    """The plan of a card. Raises UserError for what cannot be compiled; `dash check` finds that beforehand."""
    window = window_of(bar, board, reader, question.now, question.zone) if card.is_timed else None
    applying = applying_filters(card, board, reader)
    unfiltered = tuple(name for name in bar.chosen if name not in applying)
    if card.query is not None:
        return CardPlan(card, _vetted(card.query, window, question, reader, language), None, unfiltered)
    query = _query(card, bar, window, applying)
    planned = plan_query(query, (), question, Grounding(language, (), ()), reader, suggests=False)
    plan = replace(planned, companions=_beside(card, planned.companions))
    return CardPlan(card, plan, _trend(card, query, window, question, reader, language), unfiltered)


def applying_filters(card: CardFile, board: BoardFile, reader: Reader) -> frozenset[str]:
    """The dimensions of the bar that narrow a card."""
    if card.metric is None:
        return frozenset()
    metric = reader.model.metrics[card.metric]
    wanted = card.filters if card.filters is not None else [one.dimension for one in board.filters]
    return frozenset(name for name in wanted if reader.model.allows(metric, name))


def _query(card: CardFile, bar: Bar, window: Window | None, applying: frozenset[str]) -> SemanticQuery:
    assert card.metric is not None, "a card has a metric or a query"
    return SemanticQuery(
        metrics=(MetricUse(card.metric, card.aggregation),),
        dimensions=(card.split,) if card.split else (),
        filters=bar.conditions(applying),
        window=window,
    )


def _vetted(name: str, window: Window | None, question: Question, reader: Reader, language: str) -> QueryPlan:
    periods = [key for key, one in reader.knowledge.queries[name].parameters.items() if one.type == "period"]
    filled = {periods[0]: window} if window is not None and periods else {}
    grounding = Grounding(language, (), ())
    planned = fill_vetted(name, filled, [], question, grounding, reader, Asker(question, grounding, reader))
    if not isinstance(planned, QueryPlan):
        raise InternalError(f"The vetted query {name} does not take the board's range.")
    return planned


def _beside(card: CardFile, companions: Mapping[str, PlannedQuery]) -> dict[str, PlannedQuery]:
    """What a card shows beside its number: the period before, unless it is split, and how far the data reaches."""
    wanted = {"coverage"} | ({"previous"} if card.comparison and not card.split else set())
    return {role: query for role, query in companions.items() if role in wanted}


def _trend(
    card: CardFile, query: SemanticQuery, window: Window | None, question: Question, reader: Reader, language: str
) -> Trend | None:
    """The same metric by steps of time; none for groups, and none for a range without both ends."""
    if card.split or card.metric is None or window is None:
        return None
    start, end = resolve_window(window, question.now, question.zone)
    if start is None or end is None:
        return None
    metric = reader.model.metrics[card.metric]
    grain = card.grain or grain_for(start, end)
    planned = compile_query(replace(query, grain=grain), reader.model, language)
    adds_up = metric.unit in ADDITIVE_UNITS and is_additive(metric.calculation)
    return Trend(with_now(planned, question), grain, start, min(end, question.now.astimezone(end.tzinfo)), adds_up)


def grain_for(start: datetime, end: datetime) -> Grain:
    """The step of a trend that has some tens of points."""
    days = (end - start).total_seconds() / 86400
    return next((grain for longest, grain in _LONGEST if days <= longest), "month")


def with_now(planned: PlannedQuery, question: Question) -> PlannedQuery:
    """The query with the moment of the question bound, where it is about one."""
    if ":now" not in planned.sql:
        return planned
    return replace(planned, parameters={**planned.parameters, "now": question.now})
