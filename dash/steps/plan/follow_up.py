"""A turn that leans on the one before: it changes slots of that query and leaves the rest.

A question that is whole by itself starts a new topic, unless it says otherwise («а …», "what about …").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.accounting import require_all_said
from dash.language.bounds import rolling_hours
from dash.language.compose import names_before
from dash.language.fragment import DoesNotCompose, Fragment
from dash.language.merge import merge
from dash.language.reader import Read, Reader
from dash.language.readings import AMBIGUITY, Reading
from dash.language.tokens import normalize
from dash.records import Filter, Grounding, Plan, Question, SemanticQuery, Span, Turn, Window
from dash.steps.plan.asking import Asker
from dash.steps.plan.composed import plan_query
from dash.steps.plan.vetted import fill_vetted

Found = tuple[float, Fragment, tuple[Span, ...]]

ALL_TIME = Window(None, None, "all_time")
_FEW_WORDS = 7
NEAR = 0.1
"""Fragments that cost so little more than the cheapest are as likely."""


def plan_follow_up(read: Read, question: Question, grounding: Grounding, reader: Reader, asker: Asker) -> Plan | None:
    """The plan of a follow-up, or None when the question stands alone (or there is nothing to lean on)."""
    previous = question.previous
    if previous is None and read.readings and _refers(read.readings[0].spans):
        return asker.nothing_to_refer_to()
    if previous is None or not read.fragments:
        return None
    likeliest = _likeliest(read, previous, reader)
    _, fragment, spans = likeliest[0]
    if fragment == Fragment(follow_up=fragment.follow_up, only=fragment.only, refers=fragment.refers):
        return asker.no_follow_up()  # "thanks"
    if _asks_for_the_rows(fragment, reader):
        fragment = replace(fragment, metrics=[], rows=[])
        likeliest = [(likeliest[0][0], fragment, spans)]
    if fragment.metrics and _opens_adding(grounding, reader):
        likeliest = [(cost, replace(one, follow_up=True, adds=True), said) for cost, one, said in likeliest]
        _, fragment, spans = likeliest[0]
    named = fragment.metrics or fragment.rows or _looks_up(fragment, reader)
    leans = _refers(spans) or fragment.follow_up or fragment.adds or fragment.only or not named
    leans = leans or _names_another_number(fragment, previous.semantic_query, grounding, reader)
    if not leans:
        return None
    if previous.vetted_query is not None:
        plan = _refill(previous, fragment, list(spans), question, grounding, reader, asker)
        if plan is not None or previous.semantic_query is None:
            return plan or asker.no_follow_up()
    if previous.semantic_query is not None:
        return _plan_merged(likeliest, previous.semantic_query, question, grounding, reader, asker)
    return None


def periods_meant(reading: Reading, question: Question, grounding: Grounding, reader: Reader) -> tuple[Reading, ...]:
    """What a few words without a period may be about after a question of one about the same rows ("approvals in
    October"): a name alone ("approval rate") goes on with that period, a question ("what share is approved?") may mean
    it or all the data. Nothing for any other question."""
    query, model = reading.query, reader.model
    before = question.previous.semantic_query if question.previous is not None else None
    if before is None or before.window is None or query.window is not None or before.window.phrase == ALL_TIME.phrase:
        return ()
    names, known = _metrics(query), _metrics(before)
    if any(model.metrics[name].present_state for name in (*names, *known)) or len(grounding.tokens) > _FEW_WORDS:
        return ()
    if {model.metrics[name].table for name in names} != {model.metrics[name].table for name in known}:
        return ()
    if any(model.identifies(f.dimension) and f.operator == "in" for f in query.filters):
        return ()  # one ticket is of one time anyway
    if query.time_dimension is not None:
        return ()
    asks = any(span.kind in ("which", "shape") for span in reading.spans)
    periods = (before.window, ALL_TIME) if asks else (before.window,)
    return tuple(replace(reading, query=replace(query, window=window)) for window in periods)


def _metrics(query: SemanticQuery) -> list[str]:
    return [use.name for use in query.metrics] or ([query.rows_of] if query.rows_of else [])


def leans_on_nothing(read: Read) -> bool:
    """Whether a question says that it goes on ("and the chats?"), where the turn before got no answer: taken alone it
    would lose that turn's period and conditions without a word."""
    cheapest = min(read.fragments, key=lambda found: found[0], default=None)
    if cheapest is None:
        return False
    _, fragment, spans = cheapest
    split = Fragment(groups=fragment.groups, grain=fragment.grain, brief=fragment.brief, every=fragment.every)
    bare = bool(fragment.groups or fragment.grain) and fragment == split  # "by language", also where an example says so
    return bare or fragment.follow_up or fragment.only or _refers(spans)


def leans(read: Read, question: Question) -> bool:
    """Whether a question with a turn before it names nothing of its own to count or measure ("by language")."""
    cheapest = min(read.fragments, key=lambda found: found[0], default=None)
    if question.previous is None or cheapest is None:
        return False
    _, fragment, spans = cheapest
    if _refers(spans) and not fragment.rows:  # "why were they escalated?" after a turn that says who they are
        return True
    if fragment.only or fragment.follow_up:  # "no, only the stuck ones"
        return True
    return not (fragment.metrics or fragment.rows or fragment.shapes or fragment.which)


def _looks_up(fragment: Fragment, reader: Reader) -> bool:
    """ "When was T-015000 sent": what is asked of one thing is whole by itself, whatever was told before."""
    named = any(reader.model.identifies(one.dimension) and one.operator == "in" for one in fragment.filters)
    asked = fragment.columns or fragment.done_at or (fragment.which and fragment.groups)
    return named and bool(asked)


def _names_another_number(
    fragment: Fragment, before: SemanticQuery | None, grounding: Grounding, reader: Reader
) -> bool:
    """ "CSAT", after a question that sets two sides beside each other or is about some of the same rows: of those."""
    if before is None or not (before.sides or before.filters) or len(grounding.tokens) > _FEW_WORDS:
        return False
    other = fragment.sides or fragment.filters or fragment.groups or fragment.bounds or fragment.which
    if other or not fragment.metrics:
        return False
    names = [*fragment.metrics, *_metrics(before)]
    one = any(reader.model.identifies(f.dimension) and f.operator == "in" for f in before.filters)
    same = len({reader.model.metrics[name].table for name in names if name in reader.model.metrics}) == 1
    return bool(before.sides) or (same and not one and not fragment.windows and not fragment.shapes)


def _opens_adding(grounding: Grounding, reader: Reader) -> bool:
    """ "*With* the number of tickets", "*also* the median": a turn that names one more number."""
    first = normalize(grounding.tokens[0].text) if grounding.tokens else ""
    return reader.lexicon.is_listed("openers", first, reader.lexicon.detector.spoken(grounding.tokens))


def _refers(spans: Sequence[Span]) -> bool:
    """Whether "those" stands for what the turn before named."""
    return any(span.kind == "refer" and not names_before(spans, i) for i, span in enumerate(spans))


def _asks_for_the_rows(fragment: Fragment, reader: Reader) -> bool:
    """ "Show me the tickets", and nothing else: those behind the number, not all that there are."""
    bare = Fragment(metrics=fragment.metrics, rows=fragment.rows, shapes={"list"}, refers=fragment.refers)
    model = reader.model
    counted = [name for name in fragment.metrics if model.counts_rows(name) and model.metrics[name].filter is None]
    return fragment == replace(bare, follow_up=fragment.follow_up, only=fragment.only) and counted == fragment.metrics


def _plan_merged(
    likeliest: list[Found],
    previous: SemanticQuery,
    question: Question,
    grounding: Grounding,
    reader: Reader,
    asker: Asker,
) -> Plan:
    """The previous query changed; equally likely changes are asked about, and so is a value that was only guessed."""
    readings: list[Reading] = []
    for cost, fragment, spans in likeliest:
        try:
            query = merge(previous, fragment, reader.model, question.now, question.zone)
            require_all_said([span for span in spans if not span.says_nothing], query, reader.model)
        except DoesNotCompose:
            continue
        if all(query != reading.query for reading in readings):
            readings.append(Reading(cost, query, spans))
    if not readings:
        return asker.no_follow_up()
    if len(readings) > 1:
        return asker.ambiguous(readings)
    if any(span.kind.endswith("?") for span in readings[0].spans):
        return asker.guessed_value(readings[0])
    return plan_query(readings[0].query, readings[0].spans, question, grounding, reader)


def _likeliest(read: Read, previous: Turn, reader: Reader) -> list[Found]:
    """The cheapest fragments; first those whose metric is of the kind that the turn before asked for.

    After an escalation rate, "and abandonment?" is a rate too. All that are equally likely are returned.
    """
    query = previous.semantic_query
    units = {reader.model.metrics[use.name].unit for use in query.metrics} if query is not None else set()
    cheapest = min(read.fragments, key=lambda found: found[0])

    def rank(found: Found) -> tuple[bool, bool]:
        kinds = {reader.model.metrics[name].unit for name in found[1].metrics}
        subject = bool(found[1].metrics or found[1].rows)
        if found[1].only:  # "only chat" keeps what is counted; "only those with 50 ratings" bounds how many there are
            grouped = query is not None and bool(query.dimensions)
            told = grouped and any(bound.dimension is not None for bound in found[1].bounds)
            return (told or (subject and not (grouped and found[1].bounds)), False)
        return (bool(cheapest[1].metrics) and not kinds, bool(kinds and units and not kinds & units))

    near = [found for found in read.fragments if found[0] <= cheapest[0] + NEAR]
    best = min(near, key=lambda found: (rank(found), found[0]))
    return [best, *(f for f in near if f is not best and rank(f) == rank(best) and f[0] - best[0] < AMBIGUITY)]


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
    slots = replace(fragment, windows=[], filters=[], said={}, topical=False)
    rest = replace(slots, follow_up=False, only=False, refers=False)
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
