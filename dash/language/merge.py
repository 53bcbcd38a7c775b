"""Slots of a follow-up put into the query of the turn before. What the new words do not touch stays as it was; what
they touch in a way that the query cannot follow is refused, so that nothing is dropped on the way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dash.language.aggregating import order_of, use_of
from dash.language.finish import finish, rows_to_metrics
from dash.language.fragment import Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.listing import order_rows
from dash.language.periods import Periods
from dash.language.timing import is_step, unit_of
from dash.language.validity import require_owner, validate
from dash.records import ComparedSide, Comparison, Filter, MetricUse, SemanticQuery, Window
from dash.semantics.compile import earlier_window
from dash.semantics.metrics import DURATIONS
from dash.semantics.model import SemanticModel
from dash.semantics.moments import resolve_window

_RESHAPING = frozenset({"count", "share", "trend", "compare", "change", "breakdown", "list"})


def merge(previous: SemanticQuery, new: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """The previous query with the slots that the new words fill. Raises DoesNotCompose when they cannot be combined."""
    if "share" in new.shapes and not new.metrics and not new.rows:
        rate = _as_rate(previous, new, model)
        if rate is not None:
            return merge(rate, replace(new, shapes=new.shapes - {"share"}), model, now, zone)
    if new.metrics and not any(map(model.counts_rows, new.metrics)):
        new = replace(new, shapes=new.shapes - {"list"})  # "*show* the median instead": a number is no list
    if "compare" in new.shapes and new.filters and not (new.metrics or new.rows or new.windows or new.groups):
        return _set_beside(previous, new, model)
    new = _as_rates(previous, new, model)
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
        query = _rebuilt(previous, new, model, now, zone)
    require_owner(query, new.brief, model)
    validate(query, model)
    if query == previous and not new.windows:
        raise DoesNotCompose("nothing of the question before changes")
    return query


def _set_beside(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> SemanticQuery:
    """ "Shipping tickets", and then "vs damage": both values, each told."""
    (other, *more), filters = new.filters, list(previous.filters)
    known = [one for one in filters if one.dimension == other.dimension and one.operator == "in"]
    if more or other.operator != "in" or len(known) != 1 or previous.shape == "list" or previous.comparison is not None:
        raise DoesNotCompose("what is set against that is not said")
    if len(known[0].values) > 1 or len(other.values) > 1:  # retention, and then "vs shipping"
        filters.remove(known[0])
        sides = (ComparedSide(known[0]), ComparedSide(other))
        query = replace(previous, filters=tuple(filters), comparison=Comparison("sides", sides=sides), order=None)
        validate(query, model)
        return query
    both = tuple(dict.fromkeys((*known[0].values, *other.values)))
    filters[filters.index(known[0])] = Filter(other.dimension, "in", both)
    dimensions = tuple(dict.fromkeys((*previous.dimensions, other.dimension)))
    query = replace(previous, filters=tuple(filters), dimensions=dimensions, order=None, limit=None)
    validate(query, model)
    return query


def _as_rates(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "The share of abandoned chats", and then "and of escalated ones": a share, too, and no number of them."""
    told = previous.share or any(model.metrics[use.name].unit == "percent" for use in previous.metrics)
    if not told or not new.follow_up or not new.metrics or not all(map(model.selects, new.metrics)):
        return new
    if new.shapes or new.refers or new.only or new.replaces or new.adds:
        return new
    rates = [model.rate_of(name) for name in new.metrics]
    if not all(rates):
        raise DoesNotCompose("whether their number or their share is wanted is not said")
    return replace(new, metrics=[rate for rate in rates if rate is not None])


def _changes_slots_only(new: Fragment, model: SemanticModel, previous: SemanticQuery) -> bool:
    """Whether the new words leave what is asked for as it is: another period, split, condition, order, aggregation."""
    same_subject = not new.metrics and (not new.rows or _same_rows(new, model, previous))
    shaped = new.shapes & _RESHAPING - {"breakdown"}
    plain = not (
        new.contexts
        or new.bounds
        or new.within
        or new.part
        or new.part_metric
        or new.columns
        or new.counted
        or new.running
        or new.more_aggregations
        or new.ends
    )
    periods = len(new.windows) <= 1 and not new.paired and not new.against_average
    return same_subject and not shaped and plain and periods and _keeps_comparison(previous, new)


def _keeps_comparison(previous: SemanticQuery, new: Fragment) -> bool:
    """Whether what the turn before set beside each other still stands there: two periods, if no other one is named."""
    return previous.comparison is None or bool(previous.sides) or not (new.windows or new.earlier or new.grain)


def _asks_it_again(previous: SemanticQuery, new: Fragment) -> bool:
    """ "And *how many* a week earlier": of whatever was asked."""
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
    if new.windows or new.earlier:
        query = replace(query, window=_period(previous, new, now, zone))
    if new.time_dimension:
        query = replace(query, time_dimension=new.time_dimension)
    if new.filters:
        query = replace(query, filters=_filters(query.filters, new.filters))
    if new.groups or new.grain:
        if query.count_groups or query.funnel:
            raise DoesNotCompose("a number of things is not split")
        grain = new.grain or (None if new.groups else previous.grain)
        pairs = tuple(one for one in query.dimensions if _is_compared(one, query) and one not in new.groups)
        groups = (*(new.groups or ()), *pairs)  # "email vs whatsapp", and then "by month": both by month
        kept = tuple(f for f in query.filters if f.dimension not in groups or len(f.values) > 1 or f in new.filters)
        query = replace(query, filters=kept)  # "all categories then": no longer the one
        query = replace(query, shape="aggregate", dimensions=groups, grain=grain, order=None, limit=None, having=())  # type: ignore[arg-type]
        if previous.shape == "list":
            query = replace(query, rows_of=None, columns=(), metrics=tuple(_subject(previous, new, model)))
    if new.aggregation or new.unit:
        if len(query.metrics) != 1:
            raise DoesNotCompose("what is averaged is not said")
        if new.unit and model.metrics[query.metrics[0].name].unit not in DURATIONS:
            raise DoesNotCompose("what is told is no length of time")
        query = replace(query, metrics=(_reaggregated(query.metrics[0], new, model),))
    if new.order or new.order_by or new.limit is not None:
        query = _reordered(query, new, model)
    if (query.running or query.growth) and query.grain is None:
        raise DoesNotCompose("over what it adds up is not said")
    return query


def _is_compared(dimension: str, query: SemanticQuery) -> bool:
    """Whether a query sets several values of a dimension beside each other, and no ranking of them."""
    named = any(one.dimension == dimension and one.operator == "in" and len(one.values) > 1 for one in query.filters)
    return named and query.order is None and query.limit is None


def _period(previous: SemanticQuery, new: Fragment, now: datetime, zone: str) -> Window | None:
    """The new period. "The previous quarter", said of what is last quarter already, is the one before that."""
    if not new.windows:
        unit = unit_of(previous.window) if previous.window is not None else None
        if new.earlier_unit is not None and unit not in (None, new.earlier_unit):
            raise DoesNotCompose("a unit before a period of another is not said")  # last week, "and the *month* before"
        if previous.window is not None and previous.window.phrase.startswith("this_"):
            return Periods(now, zone).last(previous.window.phrase.removeprefix("this_"))
        before = earlier_window(previous.window)
        if before is None:
            raise DoesNotCompose("before what is not said")
        return before
    window = new.windows[0]
    says_more = new.filters or new.groups or new.grain or new.time_dimension or new.aggregation or new.limit is not None
    if previous.window is None or not window.phrase.startswith("last_") or says_more:
        return window  # "tickets last week", and then "only urgent last week": the same week
    if resolve_window(window, now, zone) == resolve_window(previous.window, now, zone):
        before = earlier_window(previous.window)
        if before is None:
            raise DoesNotCompose("before what is not said")
        return before
    return window


def _reaggregated(use: MetricUse, new: Fragment, model: SemanticModel) -> MetricUse:
    changed = use_of(use.name, new, model) if new.aggregation else use
    return replace(changed, unit=f"{new.unit}s" if new.unit else use.unit, parameters=use.parameters)


def _reordered(query: SemanticQuery, new: Fragment, model: SemanticModel) -> SemanticQuery:
    if query.count_groups:
        raise DoesNotCompose("a number of things has no order")
    if query.shape == "list":
        ordered = order_rows(new, query.rows_of or "", model)
        return replace(query, order=ordered or query.order, limit=new.limit or query.limit)
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


def _rebuilt(previous: SemanticQuery, new: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """A query about something else, or of another shape, under the conditions and in the period of the one before."""
    if previous.count_groups and "list" in new.shapes and not new.metrics:
        return replace(previous, count_groups=False)
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
    subject = _subject(previous, new, model)
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
    regroups = bool(new.groups or new.grain or new.shapes & _RESHAPING - {"list"})
    whole = replace(
        new,
        metrics=[use.name for use in subject],
        rows=[],
        groups=new.groups or ([] if new.grain or lists else list(previous.dimensions)),
        grain=new.grain or (None if new.groups or lists else previous.grain),
        windows=new.windows or ([previous.window] if previous.window else []),
        filters=list(_filters(previous.filters, new.filters)),
        within=[*previous.within, *new.within],
        each=[*previous.each, *new.each],
        bounds=[_aimed(bound, subject) for bound in new.bounds],
        parameters={use.name: use.parameters for use in previous.metrics if use.parameters} | new.parameters,
        time_dimension=new.time_dimension or previous.time_dimension or _kept_time(previous, new, subject, model),
        aggregation=new.aggregation or next((use.aggregation for use in previous.metrics if not new.adds), None),
        unit=new.unit or _kept_unit(previous, subject),
        limit=new.limit if new.limit is not None else (previous.limit if not new.groups and not new.metrics else None),
        having=new.having if new.groups or new.metrics or lists else [*previous.having, *new.having],
        shapes=set(new.shapes) | ({"list"} if previous.shape == "list" and not regroups else set()),
        follow_up=False,
        replaces=False,
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
    if new.earlier and not new.windows:
        whole = replace(whole, windows=[w for w in [_period(previous, new, now, zone)] if w], earlier=False)
    if "share" in new.shapes and not whole.groups and not whole.filters:
        raise DoesNotCompose("of what the share is taken is not said")
    query = finish(whole, model, now, zone)
    if lists and query.shape != "list" and not (new.metrics or new.bounds or "share" in new.shapes):
        raise DoesNotCompose("rows behind a number that is no count of them")  # csat, "show me the tickets"
    same_ranking = not new.groups and (new.adds or not new.metrics) and query.shape == previous.shape
    if query.order is None and same_ranking and previous.order:
        query = replace(query, order=previous.order)
    return query


def _kept_unit(previous: SemanticQuery, subject: list[MetricUse]) -> str | None:
    """The unit that was asked for, where what is told is still the same."""
    unit = previous.metrics[0].unit if len(previous.metrics) == 1 and subject == [*previous.metrics] else None
    return unit.removesuffix("s") if unit is not None else None


def _kept_time(previous: SemanticQuery, new: Fragment, subject: list[MetricUse], model: SemanticModel) -> str | None:
    """ "Sent in October" and then "how many hours did that save": in October they were sent, whenever they began."""
    if new.windows or previous.window is None or len(previous.metrics) != 1 or len(subject) != 1:
        return None
    before, after = previous.metrics[0].name, subject[0].name
    return model.time_dimension(model.metrics[before]) if model.narrows(after, before) else None


def _referred(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "Those tickets" are the rows that the turn before counted, and "of those, the unidentified" some of them, as are
    "only the unidentified ones"."""
    names = [use.name for use in previous.metrics] or [previous.rows_of or ""]
    if not (new.refers or new.only) or len(new.metrics) != 1 or len(names) != 1 or names[0] not in model.metrics:
        return new
    name, before = new.metrics[0], names[0]
    if not model.same_rows(name, before) or name == before:
        return new
    if new.refers and model.counts_rows(name) and not model.metrics[name].filter:
        return replace(new, metrics=[], rows=[])
    if not model.selects(before):
        return new
    return replace(new, within=[*new.within, before])


def _moved(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "And the pipeline?" after the cost of chats: the other meaning of the word that the two share."""
    places = [*new.contexts, *(new.rows if not new.metrics else [])]
    if len(previous.metrics) != 1 or len(places) != 1 or new.metrics:
        return new
    use = previous.metrics[0]
    if model.metric_table(model.metrics[use.name]) == places[0]:
        return new
    others = [name for name in model.siblings(use.name) if model.metric_table(model.metrics[name]) == places[0]]
    if len(others) != 1:
        if new.contexts:
            raise DoesNotCompose(f"{use.name} is not told of that")
        return new
    return replace(new, metrics=others, rows=[])


def _aimed(bound: Bound, subject: list[MetricUse]) -> Bound:
    """ "Only those over a week": a bound without a noun is one on what the turn before asked for."""
    if bound.metric or bound.row or bound.dimension or bound.times or len(subject) != 1:
        return bound
    return replace(bound, metric=subject[0].name)


def _subject(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> list[MetricUse]:
    counted = new.metrics[0] if len(new.metrics) == 1 else ""
    tables = {model.metric_table(model.metrics[use.name]) for use in previous.metrics}
    if counted and previous.metrics and new.only and new.filters and not model.selects(counted):
        plain = model.counts_rows(counted) and "count" not in new.shapes
        if plain and tables == {model.metric_table(model.metrics[counted])}:
            return list(previous.metrics)  # "now only the *tickets* by whatsapp": the noun says of what
        if plain and not any(model.counts_rows(use.name) for use in previous.metrics):
            told = all(model.allows(model.metrics[u.name], f.dimension) for u in previous.metrics for f in new.filters)
            if told:
                return list(previous.metrics)  # a duration, "only for *tickets* of high urgency"
            raise Doubtful("whether what was measured is still meant is not said")
    if new.metrics and new.adds and previous.shape != "list":
        kept = [use.name for use in previous.metrics]
        return [*previous.metrics, *(MetricUse(name) for name in new.metrics if name not in kept)]
    if new.metrics:
        return [MetricUse(name) for name in new.metrics]
    if new.rows:
        tables = {model.metric_table(model.metrics[use.name]) for use in previous.metrics}
        if not tables & set(new.rows):
            return [MetricUse(name) for name in rows_to_metrics(new.rows, model)]
    if previous.metrics:
        return list(previous.metrics)
    if previous.rows_of in model.metrics:
        return [MetricUse(previous.rows_of or "")]
    return [MetricUse(name) for name in rows_to_metrics([previous.rows_of or ""], model)]


def _filters(old: tuple[Filter, ...], new: list[Filter]) -> tuple[Filter, ...]:
    """A condition on the same dimension replaces the old one; others are added."""
    changed = {f.dimension for f in new}
    return (*(f for f in old if f.dimension not in changed), *new)
