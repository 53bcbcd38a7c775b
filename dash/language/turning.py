"""What the words of a turn mean after the turn before, said in the slots of a fragment: "per ticket" after a number of
messages, "escalated ones" after an average, "sort by" a number that was told.
"""

from __future__ import annotations

from dataclasses import replace

from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.records import Filter, MetricUse, SemanticQuery
from dash.semantics.model import SemanticModel


def unsplit(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> tuple[SemanticQuery, Fragment]:
    """Both without the groups that a turn wants no more: "by day, no channels". Where some rows have none, "without
    countries" may be those."""
    tables = [model.metric_table(model.metrics[use.name]) for use in previous.metrics]
    empty = [
        one
        for one in new.filters
        if one.operator == "is_null"
        if all((place := model.place(one.dimension, table)) and place.column.never_null for table in tables)
    ]
    dropped = {*new.dropped, *(one.dimension for one in empty if one.dimension in previous.dimensions)}
    if not dropped:
        return previous, new
    if not dropped <= {*previous.dimensions} or previous.limit is not None or previous.having:
        raise DoesNotCompose("it was not split by that")
    kept = tuple(dimension for dimension in previous.dimensions if dimension not in dropped)
    ordered = previous.order is not None and previous.order.by in (*kept, *(use.name for use in previous.metrics))
    query = replace(previous, dimensions=kept, order=previous.order if ordered and kept else None)
    return query, replace(new, dropped=[], filters=[one for one in new.filters if one not in empty])


def counted_anew(previous: SemanticQuery, new: Fragment) -> SemanticQuery:
    """ "How many tickets have more than 3 messages", and then "and more than 5?"."""
    bound, (known,) = new.bounds[0], previous.having
    bare = Fragment(bounds=new.bounds, follow_up=new.follow_up, brief=new.brief, said=new.said)
    named = (bound.metric, bound.row, bound.dimension, bound.unit, bound.value)
    if new != bare or len(new.bounds) > 1 or any(named[:-1]) or bound.value is None or bound.operator != known.operator:
        raise DoesNotCompose("how many of what pass that is not said")
    return replace(previous, having=(replace(known, value=bound.value),))


def _only_condition(new: Fragment) -> Filter | None:
    """The one condition of a turn that goes on and says nothing else ("and sent")."""
    bare = Fragment(filters=new.filters, follow_up=True, corrects=new.corrects, said=new.said, brief=new.brief)
    return new.filters[0] if new == bare and len(new.filters) == 1 and new.filters[0].operator == "in" else None


def by_its_moment(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "Tickets last week", and then "and sent": those that were sent then, whenever they came in; "only sent" are
    those of them that are sent now."""
    one = _only_condition(new)
    if len(previous.metrics) != 1 or previous.window is None or previous.share or one is None:
        return new
    name, metric = previous.metrics[0].name, model.counted_then(one.dimension, one.values)
    if metric is None or not model.counts_rows(name) or model.selects(name) or not model.same_rows(name, metric):
        return new
    return replace(new, filters=[], said={}, metrics=[metric])


def per_thing(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "Messages last week", and then "per ticket": how many on average, and not those of every ticket."""
    bare = Fragment(groups=new.groups, every=True, follow_up=new.follow_up, brief=new.brief, said=new.said)
    if new != bare or len(new.groups) != 1 or not model.identifies(new.groups[0]) or previous.dimensions:
        return new
    names = [use.name for use in previous.metrics]
    rate = model.per_thing(names[0], new.groups[0]) if len(names) == 1 else None
    if rate is None:
        raise Doubtful("whether a mean or each of them is meant is not said")
    return replace(new, groups=[], every=False, metrics=[rate])


def sorted_by(previous: SemanticQuery, new: Fragment) -> Fragment:
    """ "Sort by time to send": by a number that the turn before told."""
    told = {use.name for use in previous.metrics}
    if previous.shape == "list":
        return new
    if len(new.metrics) > 1 or not told.issuperset(new.metrics):
        raise DoesNotCompose("what it is sorted by was not told")
    return replace(new, metrics=[], order_by=new.metrics[0])


def only_some(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "Average turns last month", and then "escalated ones": of those. Raises Doubtful where they are other rows."""
    name = new.metrics[0] if len(new.metrics) == 1 else ""
    told = previous.metrics[0].name if len(previous.metrics) == 1 else name
    if name not in new.headless or not model.selects(name) or name == told or model.counts_rows(told):
        return new
    if not model.same_rows(name, told) or new.adds:
        raise Doubtful("whether these are counted or measured is not said")
    return replace(new, metrics=[], headless=set(), within=[*new.within, name])


def of_these(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> tuple[SemanticQuery, Fragment]:
    """Both so that "open tickets", and then "and the unassigned ones?", is about the open ones: a condition on
    something else, said without a word for the rows, holds as well. One on the same column takes its place ("and the
    sent?")."""
    name = new.metrics[0] if len(new.metrics) == 1 else ""
    told = [use.name for use in previous.metrics] or [previous.rows_of or ""]
    if name not in new.unnamed or not new.follow_up or new.adds or new.corrects or new.replaces or len(told) != 1:
        return previous, new
    if not (model.selects(name) and model.selects(told[0])) or model.shares_condition(name, told[0]):
        return previous, new
    absent = model.absent_dimension(name)
    if absent in previous.dimensions:  # by agent, "and the unassigned ones?"
        if previous.limit is not None or previous.having:
            raise Doubtful("whether only the groups that were shown are meant is not said")
        left = tuple(one for one in previous.dimensions if one != absent)
        filters = tuple(one for one in previous.filters if one.dimension != absent)
        previous = replace(previous, dimensions=left, filters=filters, order=None)
    return previous, replace(new, metrics=[], unnamed=set(), within=[*new.within, name])


def by_age(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "How many are open", and then "*oldest first*": the rows, since a number has no age."""
    told = previous.dimensions or previous.grain or previous.comparison or previous.having or previous.share
    plain = previous.shape == "aggregate" and len(previous.metrics) == 1 and not told
    if new.order not in ("oldest", "newest") or not plain or not model.counts_rows(previous.metrics[0].name):
        return new
    return replace(new, shapes=new.shapes | {"list"}) if not (new.metrics or new.rows or new.groups) else new


def as_number(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> SemanticQuery:
    """ "Escalation rate last month", and then "how many is that": the number of those that are the part of the rate."""
    bare = Fragment(shapes={"count"}, refers=new.refers, follow_up=new.follow_up, corrects=new.corrects)
    if new != replace(bare, brief=new.brief, said=new.said) or len(previous.metrics) != 1 or previous.having:
        return previous
    parts = [name for name in model.metrics if model.rate_of(name) == previous.metrics[0].name]
    if len(parts) != 1 or previous.order is not None or previous.comparison is not None:
        return previous
    return replace(previous, metrics=(MetricUse(parts[0]),))


def with_columns(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "Show open tickets", and then "*add the subject*": a column more of these rows; of what is told by groups it is
    a group more."""
    if not new.adds or not new.columns:
        return new
    if previous.shape == "list":
        return replace(new, adds=False, shapes=new.shapes | {"list"}, columns=[*previous.columns, *new.columns])
    split = previous.dimensions or previous.grain
    if not split or previous.count_groups or any(map(model.is_time, new.columns)):
        raise DoesNotCompose("of what rows it is a column is not said")
    return replace(new, groups=new.columns, columns=[], splits=True)


def of_another(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "How many messages did the AI write", and then "and the human agents?": the number that the knowledge defines by
    another value of the same column."""
    one = _only_condition(new)
    if len(previous.metrics) != 1 or one is None or len(one.values) != 1:
        return new
    other = model.with_value(previous.metrics[0].name, one.dimension, one.values[0])
    return new if other is None else replace(new, filters=[], said={}, metrics=[other])


def require_of_all(previous: SemanticQuery, new: Fragment) -> None:
    """Raises Doubtful for a turn about the few that came first ("top 5 agents", and then "by channel"), where it may be
    about all as well."""
    if previous.limit is None or not previous.dimensions or previous.shape == "list":
        return
    ranks_anew = (
        new.follow_up
        or new.replaces
        or new.sorted
        or new.order
        or new.order_by
        or new.limit is not None
        or new.corrects
    )
    other = new.metrics and not new.adds and not {*new.metrics} & {use.name for use in previous.metrics}
    if new.refers or (not ranks_anew and (other or {*new.groups} - {*previous.dimensions})):
        raise Doubtful("whether only the groups that were shown are meant is not said")


def rates_too(previous: SemanticQuery, new: Fragment, model: SemanticModel) -> Fragment:
    """ "The share of abandoned chats", and then "and of escalated ones": a share, too, and no number of them."""
    told = previous.share or any(model.metrics[use.name].unit == "percent" for use in previous.metrics)
    turns = new.follow_up or new.headless
    if not told or not turns or not new.metrics or not all(map(model.selects, new.metrics)):
        return new
    if new.shapes or new.refers or new.only or new.replaces or new.adds:
        return new
    rates = [model.rate_of(name) for name in new.metrics]
    if not all(rates):
        raise DoesNotCompose("whether their number or their share is wanted is not said")
    return replace(new, metrics=[rate for rate in rates if rate is not None])
