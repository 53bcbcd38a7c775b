"""Slots of a follow-up put into the query of the turn before. What the new words do not touch stays as it was; what
they touch in a way that the query cannot follow is refused, so that nothing is dropped on the way.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from dash.language.aggregating import order_of, use_of
from dash.language.carrying import filters_of, period_of, subject_of
from dash.language.contradicting import picks_by
from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.listing import order_rows
from dash.language.rebuilding import RESHAPING, rebuilt
from dash.language.timing import is_step
from dash.language.turning import (
    as_number,
    by_age,
    by_its_moment,
    counted_anew,
    of_another,
    of_these,
    only_some,
    per_thing,
    rates_too,
    require_of_all,
    sorted_by,
    unsplit,
    with_columns,
)
from dash.language.validity import require_owner, validate
from dash.records import ComparedSide, Comparison, Filter, MetricUse, Order, SemanticQuery
from dash.semantics.fragments import is_additive
from dash.semantics.metrics import DURATIONS
from dash.semantics.model import SemanticModel

_NOTHING = Fragment()
_CHANGED = frozenset({
    "metrics", "rows", "owning_rows", "sides", "windows", "earlier", "earlier_unit", "elided", "time_dimension",
    "filters", "groups", "grain", "shapes", "splits", "aggregation", "unit", "order", "order_by", "limit", "implied",
    "first", "sorted", "adds", "only", "follow_up", "replaces", "corrects", "refers", "both", "paired",
    "against_average",
})  # fmt: skip
"""Slots that `_changed`, or who calls it, honours."""
_SAYS_HOW = frozenset({
    "said", "brief", "topical", "bundled", "several", "listed", "settled", "singular", "which", "which_value",
    "which_rows", "who", "every", "each_said", "frequent", "frequent_group", "priced", "unsaid", "now", "moments",
    "mentioned", "headless", "unnamed", "numbered", "unit_said", "valued", "distributed", "against", "held", "acted",
    "waits",
})  # fmt: skip
"""Slots that say how others were said."""
_OTHER_SLOTS = tuple(slot for slot in fields(Fragment) if slot.name not in _CHANGED | _SAYS_HOW)
"""With one of these a turn says more than a change of slots: its query is composed anew, so that nothing is lost."""


def merge(previous: SemanticQuery, new: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """The previous query with the slots that the new words fill. Raises DoesNotCompose when they cannot be combined."""
    if "share" in new.shapes and not new.metrics and not new.rows:
        rate = _as_rate(previous, new, model)
        if rate is not None:
            return merge(rate, replace(new, shapes=new.shapes - {"share"}), model, now, zone)
    if new.metrics and not any(map(model.counts_rows, new.metrics)):
        new = replace(new, shapes=new.shapes - {"list"})  # "*show* the median instead": a number is no list
    if new.only and "change" in new.shapes:
        raise Doubtful("only those that changed are not told apart")  # "only those that grew"
    aged = previous.window is not None and previous.window.phrase.startswith("older_than")
    if aged and any(bound.unit is None and bound.metric is None for bound in new.bounds):
        raise Doubtful("whether a number or an age is meant is not said")  # "older than 60"
    if new == Fragment(shapes={"count"}, refers=True, follow_up=new.follow_up) and previous.having:
        query = replace(previous, count_groups=True, order=None)  # "customers with …", and then "how many is that"
        validate(query, model)
        return query
    number = as_number(previous, new, model)
    if number != previous:
        validate(number, model)
        return number
    if previous.count_groups and len(previous.having) == 1 and new.bounds:
        query = counted_anew(previous, new)
        validate(query, model)
        return query
    if new == Fragment(grain=new.grain, which=True, singular=True, brief=new.brief) and new.grain is not None:
        raise Doubtful("whether that period or its parts are meant is not said")  # "what about the month"
    weekly = "weekday" in previous.dimensions and new.grain == "day"
    if weekly and new.order is not None:
        raise Doubtful("whether a weekday or a date is meant is not said")  # by weekday, "the best day"
    if new.grain and any(map(model.is_per_day, (use.name for use in previous.metrics))):
        raise Doubtful("of what the average is taken is not said")  # on average per day, "per week"
    require_of_all(previous, new)
    told = previous
    previous, new = unsplit(previous, new, model)
    new = by_its_moment(
        previous, per_thing(previous, with_columns(previous, by_age(previous, new, model), model), model), model
    )
    previous, new = of_these(previous, of_another(previous, new, model), model)
    if new.sorted and new.metrics:
        new = sorted_by(previous, new)
    if "compare" in new.shapes and new.filters and not (new.metrics or new.rows or new.windows or new.groups):
        query = _set_beside(previous, new)
        validate(query, model)
        return query
    new = only_some(previous, rates_too(previous, new, model), model)
    if new.done_at is not None:
        raise DoesNotCompose("who did it is another question")
    bounded = {bound.metric for bound in new.bounds}
    if (new.only or new.refers) and previous.dimensions and new.metrics and bounded >= {*new.metrics}:
        new = replace(new, metrics=[])  # "only those with over 500 *rated tickets*": what was told stays
    if new.adds and new.metrics and previous.shape == "list":
        raise DoesNotCompose("rows have no number beside them")
    if new.adds and new.filters and not new.metrics and "change" not in new.shapes:
        raise Doubtful("whether one more number or a condition is added is not said")  # "add the sent ones"
    if _asks_it_again(previous, new):
        new = replace(new, shapes=new.shapes - {"count"})
    if _adds_change(previous, new):
        query = replace(previous, growth=True)
    elif _changes_slots_only(new, model, previous):
        query = _changed(previous, new, model, now, zone)
    else:
        query = rebuilt(previous, new, model, now, zone)
    require_owner(query, new.brief, model)
    validate(query, model)
    if query == told and not (new.windows or new.elided):
        raise DoesNotCompose("nothing of the question before changes")
    return query


def _set_beside(previous: SemanticQuery, new: Fragment) -> SemanticQuery:
    """ "Shipping tickets", and then "vs damage": both values, each told."""
    (other, *more), filters = new.filters, list(previous.filters)
    known = [one for one in filters if one.dimension == other.dimension and one.operator == "in"]
    if more or other.operator != "in" or len(known) != 1 or previous.shape == "list" or previous.comparison is not None:
        raise DoesNotCompose("what is set against that is not said")
    if len(known[0].values) > 1 or len(other.values) > 1:  # retention, and then "vs shipping"
        filters.remove(known[0])
        sides = (ComparedSide(known[0]), ComparedSide(other))
        return replace(previous, filters=tuple(filters), comparison=Comparison("sides", sides=sides), order=None)
    both = tuple(dict.fromkeys((*known[0].values, *other.values)))
    filters[filters.index(known[0])] = Filter(other.dimension, "in", both)
    dimensions = tuple(dict.fromkeys((*previous.dimensions, other.dimension)))
    return replace(previous, filters=tuple(filters), dimensions=dimensions, order=None, limit=None)


def _changes_slots_only(new: Fragment, model: SemanticModel, previous: SemanticQuery) -> bool:
    """Whether the new words leave what is asked for as it is: another period, split, condition, order, aggregation."""
    same_subject = not new.metrics and (not new.rows or _same_rows(new, model, previous))
    shaped = new.shapes & RESHAPING - {"breakdown"}
    plain = all(getattr(new, slot.name) == getattr(_NOTHING, slot.name) for slot in _OTHER_SLOTS)
    periods = len(new.windows) <= 1 and not new.paired and not new.against_average
    return same_subject and not shaped and plain and periods and _keeps_comparison(previous, new)


def _keeps_comparison(previous: SemanticQuery, new: Fragment) -> bool:
    """Whether what the turn before set beside each other still stands there: two periods, if no other one is named."""
    return previous.comparison is None or bool(previous.sides) or not (new.windows or new.earlier or new.grain)


def _asks_it_again(previous: SemanticQuery, new: Fragment) -> bool:
    """ "And *how many* a week earlier": of whatever was asked; "and *how many* have none": of what was split."""
    if any(one.operator == "is_null" and one.dimension in previous.dimensions for one in new.filters):
        return "count" in new.shapes and not (new.metrics or new.rows)
    other = new.filters or new.groups or new.metrics or new.rows or new.counted or new.bounds
    told = previous.metrics and not previous.count_groups
    return "count" in new.shapes and bool(told and (new.windows or new.earlier) and not other)


def _adds_change(previous: SemanticQuery, new: Fragment) -> bool:
    """ "Add the change to the month before", after a trend by month."""
    if not new.adds or "change" not in new.shapes or previous.grain is None or previous.comparison is not None:
        return False
    other = (
        new.metrics or new.rows or new.groups or new.filters or new.bounds or new.grain not in (None, previous.grain)
    )
    step = new.earlier_unit if new.earlier else new.step
    return not other and step in (None, previous.grain) and all(is_step(one, previous.grain) for one in new.windows)


def _same_rows(new: Fragment, model: SemanticModel, previous: SemanticQuery) -> bool:
    names = [use.name for use in previous.metrics] or [previous.rows_of or ""]
    tables = {model.metric_table(model.metrics[name]) for name in names if name in model.metrics}
    return set(new.rows) <= tables


def _changed(previous: SemanticQuery, new: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """The previous query itself, slot by slot."""
    query = previous
    if new.sides:
        if previous.shape == "list" or previous.count_groups:
            raise DoesNotCompose("rows are on no sides")
        if previous.comparison is not None and not previous.sides:
            raise DoesNotCompose("two sides and two periods")
        query = replace(query, comparison=Comparison("sides", sides=new.sides), order=None)
    if new.windows or new.earlier or new.elided:
        query = replace(query, window=period_of(previous, new, now, zone))
    if new.time_dimension:
        query = replace(query, time_dimension=new.time_dimension)
    if new.filters:
        query = _restricted(query, new, model)
    if new.groups or new.grain:
        if query.count_groups or query.funnel:
            raise DoesNotCompose("a number of things is not split")
        if previous.having and new.groups and not (new.follow_up or new.adds or new.which):
            raise Doubtful("whether the bound holds of these as well is not said")  # "more than 100", "by language"
        if new.sorted and previous.shape == "list":
            raise DoesNotCompose("rows in the order of time are no trend")  # a list, "sort by date"
        grain = new.grain or (None if new.groups and not new.splits else previous.grain)  # a trend, "*split* by reason"
        pairs = tuple(one for one in query.dimensions if is_compared(one, query) and one not in new.groups)
        before = previous.dimensions if new.adds and new.groups else ()  # "by urgency *too*"
        # "email vs whatsapp", and then "by month": both by month
        groups = tuple(dict.fromkeys((*before, *(new.groups or ()), *pairs)))
        kept = tuple(f for f in query.filters if f.dimension not in groups or len(f.values) > 1 or f in new.filters)
        query = replace(query, filters=kept)  # "all categories then": no longer the one
        query = replace(query, shape="aggregate", dimensions=groups, grain=grain, order=None, limit=None)  # type: ignore[arg-type]
        if previous.shape == "list":
            query = replace(query, rows_of=None, columns=(), metrics=tuple(subject_of(previous, new, model)))
    if new.aggregation or new.unit:
        if len(query.metrics) != 1:
            raise DoesNotCompose("what is averaged is not said")
        summed = is_additive(model.metrics[query.metrics[0].name].calculation)
        if new.aggregation == "mean" and summed and (previous.grain or previous.dimensions):
            raise Doubtful("of what the average is taken is not said")  # "the cost per day", and then "on average"
        if new.unit and model.metrics[query.metrics[0].name].unit not in DURATIONS:
            raise DoesNotCompose("what is told is no length of time")
        query = replace(query, metrics=(_reaggregated(query.metrics[0], new, model),))
    if new.order or new.order_by or new.limit is not None:
        query = _reordered(query, new, model)
    if (query.running or query.growth) and query.grain is None:
        raise DoesNotCompose("over what it adds up is not said")
    return query


def _restricted(query: SemanticQuery, new: Fragment, model: SemanticModel) -> SemanticQuery:
    """The query with other conditions: "the share of Russian tickets", and then "and of Spanish ones", is another part;
    a value more beside those that are compared is one of them; "how many have none" is of no group."""
    part = {one.dimension for one in query.numerator}
    others = [one for one in new.filters if one.dimension in part]
    if others:
        if new.only or new.refers:
            raise Doubtful("whether the part or the whole is restricted is not said")
        query = replace(query, numerator=filters_of(query.numerator, others))
    filters = [one for one in new.filters if one.dimension not in part]
    picked = [model.metrics[use.name] for use in query.metrics]
    said = {*query.dimensions, *(one.dimension for one in query.filters)}
    others = [one for one in filters if one.dimension not in said and not new.only]
    if any(picks_by(metric, one.dimension, model) for metric in picked for one in others):
        raise Doubtful("whether these or others than those before are meant is not said")  # failures, "successful ones"
    if query.share and not query.is_parted and {one.dimension for one in filters} & {*query.dimensions}:
        raise Doubtful("whether its share of all or of itself is meant is not said")
    for index, one in enumerate(filters):
        known = next((old for old in query.filters if old.dimension == one.dimension), None)
        adds = new.follow_up and not (new.only or new.replaces or new.refers)
        if known is not None and adds and one.operator == "in" == known.operator and is_compared(one.dimension, query):
            filters[index] = replace(one, values=tuple(dict.fromkeys((*known.values, *one.values))))
        if known is not None and one.operator == "not_in" == known.operator and not new.replaces:
            filters[index] = replace(one, values=tuple(dict.fromkeys((*known.values, *one.values))))  # "not chat", too
        if known is not None and one.operator == "not_in" and known.operator == "in" and not new.replaces:
            kept = tuple(value for value in known.values if value not in one.values)
            if kept and len(kept) < len(known.values):
                filters[index] = replace(known, values=kept)  # "retention tickets", and then "not pause"
        if one.operator == "is_null" and one.dimension in query.dimensions:
            if new.groups or new.grain or query.comparison or query.having or query.count_groups:
                raise DoesNotCompose("rows without a group are in none")
            rest = tuple(dimension for dimension in query.dimensions if dimension != one.dimension)
            query = replace(query, dimensions=rest, order=None, limit=None, share=False)
    return replace(query, filters=filters_of(query.filters, filters))


def is_compared(dimension: str, query: SemanticQuery) -> bool:
    """Whether a query sets several values of a dimension beside each other, and no ranking of them."""
    named = any(one.dimension == dimension and one.operator == "in" and len(one.values) > 1 for one in query.filters)
    return named and query.order is None and query.limit is None


def _reaggregated(use: MetricUse, new: Fragment, model: SemanticModel) -> MetricUse:
    changed = use_of(use.name, new, model) if new.aggregation else use
    return replace(changed, unit=f"{new.unit}s" if new.unit else use.unit, parameters=use.parameters)


def _reordered(query: SemanticQuery, new: Fragment, model: SemanticModel) -> SemanticQuery:
    if query.count_groups:
        raise DoesNotCompose("a number of things has no order")
    if query.of_each is not None and new.sorted:
        raise DoesNotCompose("what comes first of each has an order")
    if query.shape == "list" and new.first and new.implied:
        return replace(query, limit=new.limit)  # "only the first 5": of the rows as they were shown
    if query.shape == "list":
        ordered = order_rows(new, query.rows_of or "", model)
        return replace(query, order=ordered or query.order, limit=new.limit or query.limit)
    if new.first and query.grain is not None and not query.dimensions:
        if query.order is not None:
            raise Doubtful("whether the first in time or by number are meant is not said")
        return replace(query, order=Order("time", descending=False), limit=new.limit)  # a trend, "first 3"
    if new.implied and new.order == "highest" and not new.order_by and query.order is not None:
        return replace(query, limit=new.limit)  # "lowest first", and then "the first 5"
    groups, grain = list(query.dimensions), query.grain
    order, limit = order_of(new, model, list(query.metrics), groups, grain)
    kept = query.limit if order is None or limit is None else limit
    return replace(query, order=order or query.order, limit=limit if limit is not None else kept)


def _as_rate(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> SemanticQuery | None:
    """ "As a percentage": the rate whose part the counted rows are, or what part of all rows the conditions leave."""
    plain = previous.shape == "aggregate" and len(previous.metrics) == 1 and not previous.share and not previous.having
    if not plain or previous.dimensions or previous.grain or new.groups or new.filters or previous.comparison:
        return None
    name = previous.metrics[0].name
    rate = model.rate_of(name)
    if rate is not None and not previous.metrics[0].parameters:
        return replace(previous, metrics=(MetricUse(rate),))
    return None
