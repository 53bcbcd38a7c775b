"""A turn that leans on the one before: it changes slots of that query and leaves the rest.

A question that is whole by itself starts a new topic, unless it says otherwise («а …», "what about …").
"""

from __future__ import annotations

from dataclasses import replace

from dash.language.bounds import rolling_hours
from dash.language.fragment import DoesNotCompose, Fragment
from dash.language.merge import merge
from dash.language.reader import Read, Reader
from dash.records import Filter, Grounding, Plan, Question, Span, Turn
from dash.steps.plan.asking import Asker
from dash.steps.plan.composed import plan_query
from dash.steps.plan.vetted import fill_vetted

NEAR = 0.1
"""Fragments that cost so little more than the cheapest are as likely."""


def plan_follow_up(read: Read, question: Question, grounding: Grounding, reader: Reader, asker: Asker) -> Plan | None:
    """The plan of a follow-up, or None when the question stands alone (or there is nothing to lean on)."""
    previous = question.previous
    refers = any(span.kind == "refer" for span in grounding.spans)
    if previous is None and refers and read.readings:
        return asker.nothing_to_refer_to()
    if previous is None or not read.fragments:
        return None
    fragment, spans = _likeliest(read, previous, reader)
    leans = refers or fragment.follow_up or fragment.only or not (fragment.metrics or fragment.rows)
    if not leans:
        return None
    if previous.semantic_query is not None:
        try:
            query = merge(previous.semantic_query, fragment, reader.model, question.now, question.zone)
        except DoesNotCompose:
            return asker.no_follow_up()
        return plan_query(query, spans, question, grounding, reader)
    if previous.vetted_query is not None:
        plan = _refill(previous, fragment, list(spans), question, grounding, reader, asker)
        return plan or asker.no_follow_up()
    return None


def _likeliest(read: Read, previous: Turn, reader: Reader) -> tuple[Fragment, tuple[Span, ...]]:
    """The cheapest fragment; among equals, the one whose metric is of the kind that the turn before asked for.

    After an escalation rate, "and abandonment?" is a rate too.
    """
    units = (
        {reader.model.metrics[use.name].unit for use in previous.semantic_query.metrics}
        if (previous.semantic_query)
        else set()
    )
    cheapest = min(cost for cost, _, _ in read.fragments)

    names_metric = bool(min(read.fragments, key=lambda found: found[0])[1].metrics)

    def rank(found: tuple[float, Fragment, tuple[Span, ...]]) -> tuple[bool, bool, float]:
        kinds = {reader.model.metrics[name].unit for name in found[1].metrics}
        return (names_metric and not kinds, bool(kinds and units and not kinds & units), found[0])

    near = [found for found in read.fragments if found[0] <= cheapest + NEAR]
    _, fragment, spans = min(near, key=rank)
    return fragment, spans


def _refill(
    previous: Turn,
    fragment: Fragment,
    spans: list[Span],
    question: Question,
    grounding: Grounding,
    reader: Reader,
    asker: Asker,
) -> Plan | None:
    """The previous vetted query with another period or value, if those are its parameters and nothing else is asked."""
    query = reader.knowledge.queries.get(previous.vetted_query or "")
    rest = replace(fragment, windows=[], filters=[], follow_up=False, only=False, refers=False)
    if query is None or rest != Fragment():
        return None
    filled = dict(previous.vetted_filled)
    changes: dict[str, object] = {}
    periods = [name for name, parameter in query.parameters.items() if parameter.type == "period"]
    for window in fragment.windows[:1]:
        hours = rolling_hours(window)
        waits = [name for name, parameter in query.parameters.items() if parameter.unit == "hours"]
        if periods:
            changes[periods[0]] = window
        elif waits and hours is not None:
            changes[waits[0]] = hours
        else:
            return None
    if len(fragment.windows) > 1:
        return None
    for condition in fragment.filters:
        name = _parameter_for(condition, previous, reader)
        if name is None:
            return None
        changes[name] = condition.values[0]
    if not changes:
        return None
    return fill_vetted(query.name, {**filled, **changes}, spans, question, grounding, reader, asker)


def _parameter_for(condition: Filter, previous: Turn, reader: Reader) -> str | None:
    query = reader.knowledge.queries[previous.vetted_query or ""]
    if condition.operator != "in" or len(condition.values) != 1:
        return None
    for name, parameter in query.parameters.items():
        listed = parameter.values
        if isinstance(listed, str) and reader.patterns.dimension_of(listed) == condition.dimension:
            return name
    return None
