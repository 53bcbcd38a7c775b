"""Plan: the cheapest planner that fully understands the question, or a question back.

1 a vetted query whose example the question is · 2 a query composed from governed metrics and dimensions · else a
clarification or a decline. Nobody guesses: a planner without a model answers only what every content word of the
question supports. 3 Where a clarification or decline says `for_model` and a language model is configured, the main path
asks an `Author` (`written/`) for what the first two did not understand.
"""

from __future__ import annotations

from dataclasses import replace

from dash.errors import UserError
from dash.language.patterns import Fit
from dash.language.reader import Read, Reader
from dash.language.readings import AMBIGUITY
from dash.records import Grounding, Plan, QueryPlan, Question, Refill, Understood, Window
from dash.steps.plan.asking import Asker
from dash.steps.plan.composed import plan_composed
from dash.steps.plan.follow_up import leans, leans_on_nothing, names_another, periods_meant, plan_follow_up
from dash.steps.plan.understood import say_instants
from dash.steps.plan.vetted import asks_otherwise, fill_vetted, plan_vetted

__all__ = ["plan"]

NEW_TOPIC = "new_topic"
"""What a filler means that says that the turn before is done with: "now something else"."""


def plan(question: Question, grounding: Grounding, reader: Reader, refill: Refill | None = None) -> Plan:
    """The plan of a grounded question. Never raises for what a person can type.

    With `refill` it is that vetted query with those parameters; the question only says so in words.
    """
    if refill is not None:
        return _plan_refilled(refill, question, grounding, reader)
    planned = _plan_read(question, grounding, reader)
    if not isinstance(planned, QueryPlan):
        return planned
    asides = tuple(one.words for one in planned.understood if one.kind == "aside")
    return replace(planned, left_out=(*planned.left_out, *asides))


def _plan_read(question: Question, grounding: Grounding, reader: Reader) -> Plan:
    if any(span.kind == "filler" and span.meaning == NEW_TOPIC for span in grounding.spans):
        question = replace(question, previous=None, follows=False)
    asker = Asker(question, grounding, reader)
    early = asker.decline_early()
    if early is not None:
        return early
    fits = reader.patterns.find(grounding.tokens, grounding.spans)
    read = reader.read(question.text, grounding.tokens, grounding.spans, question.now, question.zone)
    if question.follows and question.previous is None and leans_on_nothing(read, reader):
        return asker.not_answered_before()
    leaning = len(fits) == 1 and (leans(read, question) or names_another(read, question, grounding, reader))
    if len(fits) == 1 and not leaning and not asks_otherwise(fits[0], read, reader):
        return _plan_like(fits[0], read, question, grounding, reader, asker)
    if len(fits) > 1:
        return asker.several_vetted(fits)
    topic = asker.unanswerable(read.best_cover)
    if topic is not None:
        return topic
    try:
        return _plan_from(read, question, grounding, reader, asker)
    except UserError:  # what the compiler cannot honour is not answered in part
        return asker.does_not_fit(read)


def _plan_refilled(refill: Refill, question: Question, grounding: Grounding, reader: Reader) -> Plan:
    """The vetted query as it was filled by hand; each parameter is named in how the question was understood."""
    asker = Asker(question, grounding, reader)
    planned = fill_vetted(refill.query, refill.filled, [], question, grounding, reader, asker)
    if not isinstance(planned, QueryPlan):
        return planned
    chosen = tuple(
        Understood(name, say_instants(value, question) if isinstance(value, Window) else str(value), "parameter")
        for name, value in refill.filled.items()
    )
    return replace(planned, understood=chosen + planned.understood)


def _plan_like(fit: Fit, read: Read, question: Question, grounding: Grounding, reader: Reader, asker: Asker) -> Plan:
    """A vetted query, with what its question means in governed terms beside it: a follow-up may change that."""
    planned = plan_vetted(fit, question, grounding, reader, asker)
    best = read.readings[0] if read.readings else None
    if best is None or not isinstance(planned, QueryPlan):
        return planned
    if any(other.cost - best.cost < AMBIGUITY for other in read.readings[1:]):
        return planned
    periods = [value for value in planned.vetted_filled.values() if isinstance(value, Window)]
    alike = best.query if best.query.window or not periods else replace(best.query, window=periods[0])
    return replace(planned, alike=alike)


def _plan_from(read: Read, question: Question, grounding: Grounding, reader: Reader, asker: Asker) -> Plan:
    follow_up = plan_follow_up(read, question, grounding, reader, asker)
    if follow_up is not None:
        return follow_up
    if read.readings:
        best = read.readings[0]
        equal = [r for r in read.readings if r.cost - best.cost < AMBIGUITY]
        if len(equal) > 1:
            return asker.ambiguous(equal)
        if any(span.kind.endswith("?") for span in best.spans):
            return asker.guessed_value(best)
        periods = periods_meant(best, question, grounding, reader)
        if len(periods) > 1:
            return asker.ambiguous(periods)
        best = periods[0] if periods else best
        return plan_composed(best, question, grounding, reader)
    return asker.not_understood(read)
