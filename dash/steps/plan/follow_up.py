"""A turn that leans on the one before: it changes slots of that query and leaves the rest.

A question that is whole by itself starts a new topic, unless it says otherwise («а …», "what about …").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.accounting import require_all_said, taken_away
from dash.language.bounds import rolling_hours
from dash.language.compose import names_before
from dash.language.finish import finish
from dash.language.fragment import DoesNotCompose, Fragment
from dash.language.merge import is_compared, merge
from dash.language.reader import Read, Reader
from dash.language.readings import AMBIGUITY, Reading
from dash.language.together import asks_what_part, means_all, only_sets_beside, part_of, together
from dash.language.tokens import normalize
from dash.language.validity import validate
from dash.records import Filter, Grounding, Plan, Question, SemanticQuery, Span, Turn, Window
from dash.steps.plan.asking import Asker
from dash.steps.plan.composed import plan_query
from dash.steps.plan.the_first import of_the_first
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
        if not any(span.kind == "which" for span in spans):
            return replace(asker.no_follow_up(), idle=True)  # "thanks"
        fragment = Fragment(shapes={"list"}, refers=True)  # "which ones"
        likeliest = [(likeliest[0][0], fragment, spans)]
    if _asks_for_the_rows(fragment, reader):
        if fragment.which and fragment.singular:
            return asker.no_follow_up()  # "which ticket": one of them, and nothing says by what
        fragment = Fragment(shapes={"list"}, refers=True, follow_up=fragment.follow_up, only=fragment.only)
        likeliest = [(likeliest[0][0], fragment, spans)]
    if previous.semantic_query is not None and _is_of_others(fragment, spans, previous.semantic_query, reader):
        likeliest = [(cost, replace(one, corrects=True, follow_up=True), said) for cost, one, said in likeliest]
        _, fragment, spans = likeliest[0]
    if _is_condition(fragment, previous.semantic_query, reader):
        likeliest = [(cost, replace(one, follow_up=True), said) for cost, one, said in likeliest]
        _, fragment, spans = likeliest[0]
    if fragment.metrics and _opens_adding(grounding, reader):
        likeliest = [(cost, replace(one, follow_up=True, adds=True), said) for cost, one, said in likeliest]
        _, fragment, spans = likeliest[0]
    named = fragment.metrics or fragment.rows or _looks_up(fragment, reader)
    leans = _refers(spans) or fragment.follow_up or fragment.adds or fragment.only or not named
    leans = leans or fragment.sorted or (not read.readings and asks_what_part(fragment, reader.model))
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


def leans_on_nothing(read: Read, reader: Reader) -> bool:
    """Whether a question says that it goes on ("and the chats?"), where the turn before got no answer: taken alone it
    would lose that turn's period and conditions without a word."""
    cheapest = read.cheapest
    if cheapest is None:
        return False
    _, fragment, spans = cheapest
    split = Fragment(
        groups=fragment.groups, grain=fragment.grain, splits=fragment.splits, brief=fragment.brief, every=fragment.every
    )
    bare = bool(fragment.groups or fragment.grain) and fragment == split  # "by language", also where an example says so
    bare = bare or (fragment.which and _asks_for_the_rows(fragment, reader))  # "which ticket"
    return bare or fragment.follow_up or fragment.only or fragment.sorted or _refers(spans)


def names_another(read: Read, question: Question, grounding: Grounding, reader: Reader) -> bool:
    """Whether a turn is but the name of another number, told of what the turn before was about: then no vetted query
    answers it, which would know nothing of that."""
    cheapest = read.cheapest
    before = question.previous.semantic_query if question.previous is not None else None
    return cheapest is not None and _names_another_number(cheapest[1], before, grounding, reader)


def leans(read: Read, question: Question) -> bool:
    """Whether a question with a turn before it names nothing of its own to count or measure ("by language")."""
    cheapest = read.cheapest
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
    """ "CSAT", or "csat by agent", after a question with a period, a condition or a split: of those."""
    if before is None or len(grounding.tokens) > _FEW_WORDS or not fragment.metrics:
        return False
    if _is_condition(fragment, before, reader):
        return True
    if not (before.sides or before.filters or before.dimensions or before.grain or before.window or before.within):
        selected = any(reader.model.selects(name) for name in _metrics(before) if name in reader.model.metrics)
        if not selected:
            return False
    if fragment.sides or fragment.filters or fragment.bounds or fragment.which:
        return False
    grouped = fragment.groups or fragment.grain or fragment.limit or fragment.order
    if grouped and not before.filters:
        return False
    return bool(before.sides) or not (fragment.windows or fragment.shapes or _is_of_now(fragment, before, reader))


def _is_condition(fragment: Fragment, before: SemanticQuery | None, reader: Reader) -> bool:
    """ "Tickets in October", and then "unsent": which of those that were counted, said without a word for them."""
    told = _metrics(before) if before is not None else []
    if len(told) != 1 or told[0] not in reader.model.metrics or len(fragment.metrics) != 1:
        return False
    name, model = fragment.metrics[0], reader.model
    bare = Fragment(metrics=fragment.metrics, follow_up=fragment.follow_up)
    counted = model.counts_rows(told[0]) and model.selects(name) and model.same_rows(name, told[0]) and name != told[0]
    return name in fragment.unnamed and counted and replace(fragment, said={}, brief=set(), headless=set()) == bare


def _is_of_others(fragment: Fragment, spans: Sequence[Span], before: SemanticQuery, reader: Reader) -> bool:
    """ "For chats", after something that was measured of tickets: the same of other rows, and not how many they are."""
    model, told = reader.model, _metrics(before)
    if len(told) != 1 or len(fragment.metrics) != 1 or told[0] not in model.metrics or model.counts_rows(told[0]):
        return False
    bare = Fragment(metrics=fragment.metrics, follow_up=fragment.follow_up, only=fragment.only)
    plain = model.counts_rows(fragment.metrics[0]) and not model.selects(fragment.metrics[0])
    if replace(fragment, said={}, brief=set()) != bare or not plain or model.same_rows(told[0], fragment.metrics[0]):
        return False
    alike = [name for name in model.alike(told[0]) if model.same_rows(name, fragment.metrics[0])]
    return spans[0].start > 0 or (fragment.follow_up and len(alike) == 1)


def _is_of_now(fragment: Fragment, before: SemanticQuery, reader: Reader) -> bool:
    """Whether what is named has no other time than now, where the turn before was about nothing but a period."""
    if before.filters or before.window is None:
        return False
    return any(reader.model.metrics[name].present_state for name in fragment.metrics)


def _opens_adding(grounding: Grounding, reader: Reader) -> bool:
    """ "*With* the number of tickets", "*also* the median": a turn that names one more number."""
    first = normalize(grounding.tokens[0].text) if grounding.tokens else ""
    return reader.lexicon.is_listed("openers", first, reader.lexicon.detector.spoken(grounding.tokens))


def _refers(spans: Sequence[Span]) -> bool:
    """Whether "those" stands for what the turn before named."""
    return any(span.kind == "refer" and not names_before(spans, i) for i, span in enumerate(spans))


def _asks_for_the_rows(fragment: Fragment, reader: Reader) -> bool:
    """ "Show me the tickets", and nothing else: those behind the number, not all that there are."""
    listed = {"list"} if fragment.shapes else set()  # "which tickets", and nothing else, are those, too
    bare = Fragment(metrics=fragment.metrics, rows=fragment.rows, shapes=listed, refers=fragment.refers)
    bare = replace(bare, which=fragment.which, which_rows=fragment.which_rows, owning_rows=fragment.owning_rows)
    if not (fragment.shapes or fragment.which):
        return False
    model = reader.model
    counted = [name for name in fragment.metrics if model.counts_rows(name) and model.metrics[name].filter is None]
    bare = replace(bare, follow_up=fragment.follow_up, only=fragment.only, singular=fragment.singular)
    return replace(fragment, said={}, brief=set()) == bare and counted == fragment.metrics


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
            query = _merged(previous, fragment, question, reader)
            told = [span for span in spans if not span.says_nothing and not taken_away(span, previous, query)]
            require_all_said(told, query, reader.model)
        except DoesNotCompose:
            continue
        if all(query != reading.query for reading in readings):
            readings.append(Reading(cost, query, spans))
    if not readings and question.previous is not None and question.previous.first:
        first = question.previous.first
        readings = of_the_first(likeliest[0], previous, first, lambda q, f: _merged(q, f, question, reader), reader)
    if not readings:
        periods = _periods_left(likeliest[0], previous, question, grounding, reader)
        return asker.ambiguous(periods) if periods else asker.no_follow_up()
    if len(readings) > 1:
        return asker.ambiguous(readings)
    if any(span.kind.endswith("?") for span in readings[0].spans):
        return asker.guessed_value(readings[0])
    return plan_query(readings[0].query, readings[0].spans, question, grounding, reader)


def _periods_left(
    found: Found, previous: SemanticQuery, question: Question, grounding: Grounding, reader: Reader
) -> list[Reading]:
    """What the name of a number may mean where the conditions of the turn before cannot be told of it: that number in
    the same period, or of all the data."""
    cost, fragment, spans = found
    if previous.window is None or not _names_another_number(fragment, previous, grounding, reader):
        return []
    try:
        query = finish(fragment, reader.model, question.now, question.zone)
        validate(replace(query, window=previous.window), reader.model)
    except DoesNotCompose:
        return []
    return [Reading(cost, replace(query, window=window), spans) for window in (previous.window, ALL_TIME)]


def _merged(previous: SemanticQuery, fragment: Fragment, question: Question, reader: Reader) -> SemanticQuery:
    """The previous query with what the fragment says. "Both" and "the difference" are of several turns, where the last
    ones told the same of one thing and another. Raises DoesNotCompose."""
    told = question.previous.told if question.previous is not None else ()
    every = together((*told, previous), question.now, question.zone) if told else None
    beside = previous.comparison is not None or any(is_compared(one, previous) for one in previous.dimensions)
    if every is None and beside and only_sets_beside(fragment) and "compare" in fragment.shapes:
        return previous  # two periods beside each other, and then "what is the difference"
    if every is not None and means_all(fragment, every):
        if only_sets_beside(fragment):
            validate(every, reader.model)
            return every
        fragment = replace(fragment, both=False, shapes=fragment.shapes - {"compare"})
        return merge(every, fragment, reader.model, question.now, question.zone)
    part = part_of(previous, fragment, reader.model)
    if part is not None:
        validate(part, reader.model)
        return part
    if fragment.both and not (fragment.filters or fragment.metrics or previous.sides or previous.comparison):
        raise DoesNotCompose("both of what is not said")
    return merge(previous, fragment, reader.model, question.now, question.zone)


def _likeliest(read: Read, previous: Turn, reader: Reader) -> list[Found]:
    """The cheapest fragments; first those whose metric is of the kind that the turn before asked for.

    After an escalation rate, "and abandonment?" is a rate too. All that are equally likely are returned.
    """
    query = previous.semantic_query
    units = {reader.model.metrics[use.name].unit for use in query.metrics} if query is not None else set()
    cheapest = min(read.fragments, key=lambda found: found[0])

    def rank(found: Found) -> tuple[bool, bool, bool]:
        named = query is not None and _is_of_one(found[1], cheapest[1], query, reader)
        bounded = {bound.metric for bound in found[1].bounds}  # "with at least 5 ratings": no number that is told
        kinds = {reader.model.metrics[name].unit for name in found[1].metrics if name not in bounded}
        subject = bool(found[1].metrics or found[1].rows)
        if found[1].only:  # "only chat" keeps what is counted; "only those with 50 ratings" bounds how many there are
            grouped = query is not None and bool(query.dimensions)
            told = grouped and any(bound.dimension is not None for bound in found[1].bounds)
            return (not named, told or (subject and not (grouped and found[1].bounds)), False)
        return (not named, bool(cheapest[1].metrics) and not kinds, bool(kinds and units and not kinds & units))

    near = [found for found in read.fragments if found[0] <= cheapest[0] + NEAR]
    best = min(near, key=lambda found: (rank(found), found[0]))
    equal = [best, *(f for f in near if f is not best and rank(f) == rank(best) and f[0] - best[0] < AMBIGUITY)]
    model, told = reader.model, _metrics(query) if query is not None else []
    known = {model.metrics[name].table for name in told if name in model.metrics}
    same = [f for f in equal if f[1].metrics and {model.metrics[name].table for name in f[1].metrics} <= known]
    return same if len(same) == 1 else equal  # failed tasks, "and the failure rate": of tasks, and not of tools


def _is_of_one(fragment: Fragment, cheapest: Fragment, query: SemanticQuery, reader: Reader) -> bool:
    """Whether a turn names nothing but another value of what the query restricts or splits by ("tickets by email",
    "and chat"), or of what its rows have, where its word stands for rows of another table else."""
    bare = replace(
        fragment, filters=[], follow_up=False, only=False, replaces=False, said={}, topical=False, brief=set()
    )
    named = {one.dimension for one in fragment.filters}
    if not named or bare != Fragment(held=fragment.held):
        return False
    if named <= {*query.dimensions, *(one.dimension for one in query.conditions)}:
        return True
    model, told = reader.model, [reader.model.metrics[name] for name in _metrics(query) if name in reader.model.metrics]
    others = {
        *cheapest.rows,
        *cheapest.contexts,
        *(model.metric_table(model.metrics[name]) for name in cheapest.metrics),
    }
    elsewhere = bool(others) and not others & {model.metric_table(metric) for metric in told}
    return elsewhere and all(model.allows(metric, dimension) for metric in told for dimension in named)


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
