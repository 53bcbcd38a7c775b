"""A turn that asks about something else, or in another shape, under the conditions and in the period of the turn
before: its slots are filled up from that query and composed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dash.language.carrying import aimed, filters_of, kept_time, kept_unit, period_of, subject_of
from dash.language.finish import finish
from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.timing import unit_of
from dash.records import Comparison, MetricUse, SemanticQuery, Threshold
from dash.semantics.model import SemanticModel

RESHAPING = frozenset({"count", "share", "trend", "compare", "change", "breakdown", "list"})
"""Words of form that ask for another shape than the turn before."""


def rebuilt(previous: SemanticQuery, new: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """A query about something else, or of another shape, under the conditions and in the period of the one before."""
    if previous.count_groups and "list" in new.shapes and not new.metrics:
        return replace(previous, count_groups=False)
    if previous.of_each is not None:
        raise DoesNotCompose("what comes first of each would be lost")
    if previous.is_parted or previous.count_groups or previous.running or previous.growth or previous.funnel:
        raise DoesNotCompose("a part of the question before would be lost")
    if len({use.name for use in previous.metrics}) < len(previous.metrics) and not new.metrics:
        raise DoesNotCompose("which of the aggregations is meant is not said")
    if new.refers and new.metrics and previous.dimensions and (previous.limit or previous.having):
        raise Doubtful("whether only the groups that were shown are meant is not said")  # "their csat", of the top 3
    if new.refers and previous.shape == "list" and previous.rows_of in model.metrics:
        tables = {model.metric_table(model.metrics[name]) for name in (*new.metrics, previous.rows_of or "")}
        if len(tables) > 1:
            raise Doubtful("what these are to the rows before is not said")
    if "share" in new.shapes and {f.dimension for f in (*new.filters, *new.part)} & {*previous.dimensions}:
        previous = replace(previous, dimensions=(), order=None)  # by decision, "and what share of those *expired*"
    new = _referred(previous, _moved(previous, new, model), model)
    subject = subject_of(previous, new, model)
    previous = _narrowed(previous, new, subject, model)
    if "share" in new.shapes:  # "show it as a share"
        shown = {"breakdown"} if previous.dimensions and not new.groups else set()
        new = replace(new, shapes=new.shapes - {"list"} | shown)
    if new.bounds and previous.dimensions and not (new.rows or new.metrics or new.columns):
        new = replace(new, shapes=new.shapes - {"list"})  # "show only those under 90%": the groups that were told
    if new.adds and new.metrics:  # csat, "with the *median* time to send"
        own = {use.name: use.aggregation for use in previous.metrics if use.aggregation is not None}
        own |= {name: new.aggregation for name in new.metrics if new.aggregation is not None}
        new = replace(new, aggregation=None, own_aggregations=own | new.own_aggregations)
    lists = "list" in new.shapes
    if lists and previous.dimensions and (previous.limit is not None or previous.having):
        raise DoesNotCompose("of which of these the rows are wanted is not said")  # the top 3, "show me those"
    window = period_of(previous, new, now, zone) if new.elided else previous.window
    measured = any(not model.counts_rows(name) for name in new.metrics)  # rows, and then "csat"
    regroups = bool(new.groups or new.grain or new.shapes & RESHAPING - {"list"})
    whole = replace(
        new,
        metrics=[use.name for use in subject],
        rows=[],
        groups=new.groups or ([] if new.grain or lists else list(previous.dimensions)),
        grain=new.grain or (None if new.groups or lists else previous.grain),
        windows=new.windows or ([window] if window else []),
        filters=list(filters_of(previous.filters, new.filters)),
        within=list(dict.fromkeys([*previous.within, *new.within])),
        each=[*previous.each, *new.each],
        bounds=[aimed(bound, subject) for bound in new.bounds],
        parameters={use.name: use.parameters for use in previous.metrics if use.parameters} | new.parameters,
        time_dimension=new.time_dimension or previous.time_dimension or kept_time(previous, new, subject, model),
        aggregation=new.aggregation or next((use.aggregation for use in previous.metrics if not new.adds), None),
        unit=new.unit or kept_unit(previous, subject),
        limit=new.limit if new.limit is not None else (previous.limit if not new.groups and not new.metrics else None),
        having=new.having if new.groups or new.metrics or lists else [*previous.having, *new.having],
        shapes=set(new.shapes) | ({"list"} if previous.shape == "list" and not (regroups or measured) else set()),
        follow_up=False,
        replaces=False,
        elided=None,
        sides=new.sides or previous.sides,
    )
    if lists and whole.sides:
        raise DoesNotCompose("of which side the rows are wanted is not said")
    if new.sides and previous.comparison is not None and not previous.sides:
        raise DoesNotCompose("two sides and two periods")
    if previous.having and lists:
        raise DoesNotCompose("of which of these the rows are wanted is not said")
    if previous.having and new.metrics and new.metrics != [use.name for use in previous.metrics]:
        raise Doubtful("whether the bound still holds is not said")
    if "compare" in new.shapes and len(new.windows) == 1 and previous.window is not None:
        whole = replace(whole, windows=[previous.window, *new.windows], against=False)
    if new.earlier and not new.windows and "compare" in new.shapes and previous.comparison is None:
        windows = [previous.window] if previous.window is not None else []
        whole = replace(whole, windows=windows, against=False)  # this week, "compared to the week before"
        unit = unit_of(windows[0]) if windows else None
        if new.earlier_unit is not None and unit not in (None, new.earlier_unit):
            raise DoesNotCompose("a unit before a period of another is not said")
    elif new.earlier and not new.windows:
        whole = replace(whole, windows=[w for w in [period_of(previous, new, now, zone)] if w], earlier=False)
    if "share" in new.shapes and not (whole.groups or whole.filters or whole.part or whole.part_metric):
        raise DoesNotCompose("of what the share is taken is not said")
    comparison = previous.comparison
    if comparison is not None and not comparison.sides and not new.windows:
        whole = _compared(whole, comparison)
    if new.bounds and (previous.having or previous.each):
        query = _bounded_anew(previous, finish(replace(whole, having=[], each=[*new.each]), model, now, zone), new)
    else:
        query = finish(whole, model, now, zone)
    if lists and query.shape != "list" and not (new.metrics or new.bounds or "share" in new.shapes):
        raise DoesNotCompose("rows behind a number that is no count of them")  # csat, "show me the tickets"
    same_ranking = not new.groups and (new.adds or not new.metrics) and query.shape == previous.shape
    if query.order is None and same_ranking and previous.order:
        query = replace(query, order=previous.order)
    return query


def _compared(whole: Fragment, comparison: Comparison) -> Fragment:
    """Two periods stay beside each other, whatever is told of them."""
    if comparison.kind == "previous":
        return replace(whole, shapes=whole.shapes | {"change"})
    assert comparison.window is not None
    return replace(whole, windows=[*whole.windows, comparison.window], shapes=whole.shapes | {"compare"})


def _narrowed(previous: SemanticQuery, new: Fragment, subject: list[MetricUse], model: SemanticModel) -> SemanticQuery:
    """ "Abandoned chats", and then "the average number of turns": of the abandoned ones."""
    before = previous.metrics[0].name if len(previous.metrics) == 1 else previous.rows_of or ""
    names = [use.name for use in subject]
    if not new.metrics or new.adds or before not in model.metrics or not model.selects(before) or before in names:
        return previous
    measured = [name for name in names if not model.counts_rows(name) or model.distinct_dimension(name)]
    if measured != names:
        return previous
    if not all(model.same_rows(name, before) for name in names):
        raise Doubtful("whether only those that were counted are meant is not said")  # sent tickets, "chat cost"
    if before in previous.within or any(model.rate_of(before) == name for name in names):
        return previous
    return replace(previous, within=(*previous.within, before))


def _bounded_anew(previous: SemanticQuery, query: SemanticQuery, new: Fragment) -> SemanticQuery:
    """ "More than 30", and then "and fewer than 10": another bound, and not both. One that leaves something between
    the two may be either. Raises Doubtful."""
    having = _beside_new(previous.having, query.having, narrows=new.only or new.refers)
    each = _beside_new(previous.each, query.each, narrows=new.only or new.refers)
    return replace(query, having=(*having, *query.having), each=(*each, *query.each))


def _beside_new(old: Sequence[Threshold], new: Sequence[Threshold], *, narrows: bool) -> list[Threshold]:
    """Those of the old bounds that still hold."""
    kept = []
    for bound in old:
        other = next((one for one in new if one.metric == bound.metric), None)
        if other is None or (narrows and other.operator != bound.operator):
            kept.append(bound)
        elif other.operator != bound.operator and _leaves_something(bound, other):
            raise Doubtful("whether the bound before still holds is not said")
    return kept


def _leaves_something(one: Threshold, other: Threshold) -> bool:
    """Whether a number may pass a bound from below and one from above."""
    ends = {bound.operator[0]: bound.value for bound in (one, other)}
    if None in ends.values() or set(ends) != {"g", "l"}:
        return True
    return float(ends["g"] or 0) < float(ends["l"] or 0)


def _referred(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "Those tickets" are the rows that the turn before counted, and "of those, the unidentified" some of them, as are
    "only the unidentified ones"."""
    names = [use.name for use in previous.metrics] or [previous.rows_of or ""]
    if not (new.refers or new.only) or len(new.metrics) != 1 or len(names) != 1 or names[0] not in model.metrics:
        return new
    name, before = new.metrics[0], names[0]
    if not model.same_rows(name, before):
        if new.refers and (model.counts_rows(name) or model.distinct_dimension(name)):
            raise Doubtful("how many of the others these belong to is not said")  # failures, "how many tickets is that"
        return new
    if name == before:
        return new
    if new.refers and model.counts_rows(name) and not model.metrics[name].filter:
        return replace(new, metrics=[], rows=[])
    if not model.selects(before):
        return new
    if new.refers and model.narrows(before, name):
        raise Doubtful("a number of these and of no others is the same")  # stuck ones, "how many is that of open ones"
    return replace(new, within=[*new.within, before])


def _moved(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "And the pipeline?" after the cost of chats, "no, I meant conversations" after a rate of tickets: the other
    meaning of the word that the two share."""
    if len(previous.metrics) != 1:
        return new
    use = previous.metrics[0]
    counts = [name for name in new.metrics if model.counts_rows(name) and not model.selects(name)]
    names_rows = len(new.metrics) == 1 and counts == new.metrics
    corrected = new.corrects and names_rows and "count" not in new.shapes
    goes_on = names_rows and new.follow_up and not (new.shapes or new.refers or new.only or new.adds)
    if corrected and model.counts_rows(use.name):
        return new  # tickets, "no, I meant conversations": their number
    others = (*model.alike(use.name), *model.siblings(use.name))
    told_of_them = goes_on and any(model.same_rows(name, counts[0]) for name in others)
    if corrected or told_of_them:  # the pipeline's cost, "the same for chats"
        new = replace(new, metrics=[], rows=[model.metric_table(model.metrics[counts[0]])])
    places = [*new.contexts, *(new.rows if not new.metrics else [])]
    if len(places) != 1 or new.metrics:
        return new
    if model.metric_table(model.metrics[use.name]) == places[0]:
        return new
    alike = [
        [name for name in names if model.metric_table(model.metrics[name]) == places[0]]
        for names in (model.alike(use.name), model.siblings(use.name))
    ]
    # A word that may mean messages and chats makes none of them the same of the other.
    meant = alike[0] or ([] if model.counts_rows(use.name) else alike[1])
    if len(meant) != 1:
        if new.contexts or corrected:
            raise DoesNotCompose(f"{use.name} is not told of that")
        return new
    return replace(new, metrics=meant, rows=[])
