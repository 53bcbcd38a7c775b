"""Rankings that leave unsaid by what: "the most common errors" are ranked by their number, "the slowest tool" by its
duration, "the most expensive chats" by their cost. What the model has several of is not chosen.
"""

from __future__ import annotations

from dataclasses import replace

from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.sameness import spelled_conditions
from dash.records import Filter
from dash.semantics.fragments import is_additive, read_conditions
from dash.semantics.model import SemanticModel

_LASTING = frozenset({"slowest", "fastest"})
_MONEY = ("usd",)
_SHOWN = 10
"""Rows of a ranking that nobody said how many of."""


def imply(fragment: Fragment, model: SemanticModel) -> Fragment:
    """The fragment with the metric that its order stands for. Raises DoesNotCompose when it stands for none."""
    grew = {"change", "compare"} if fragment.by_change is not None else set()
    if fragment.follow_up or fragment.only or fragment.refers or fragment.shapes - {"list", "share"} - grew:
        return fragment
    if len(fragment.groups) == 1 and not fragment.metrics and not fragment.rows:
        return _of_groups(fragment, model)
    return _of_rows(fragment, model)


def spread(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "Distribution of CSAT scores": how many rows have each value of a scale, where the model counts those that have
    one. What is measured on no scale would need bounds that nobody has said."""
    averaged = [
        name for name in fragment.metrics if model.row_value(name) and not is_additive(model.metrics[name].calculation)
    ]
    if fragment.distributed and averaged and (fragment.groups or fragment.grain):
        raise Doubtful("whether its values or its average by group is meant is not said")
    if "breakdown" not in fragment.shapes or fragment.shapes - {"breakdown", "count", "list", "share"}:
        return fragment
    scale = fragment.groups[0] if len(fragment.groups) == 1 and not fragment.metrics else None
    if scale is None and len(fragment.metrics) == 1 and not fragment.groups and fragment.aggregation is None:
        scale = model.measured_dimension(fragment.metrics[0]) or model.present_dimension(fragment.metrics[0])
    counts = [name for name in model.metrics if scale is not None and model.present_dimension(name) == scale]
    if scale is None or len(counts) != 1 or fragment.grain is not None or fragment.order:
        return fragment
    if any(bound.dimension != scale for bound in fragment.bounds):
        return fragment
    return replace(fragment, metrics=counts, groups=[scale])


def name_done(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "Which agents sent more than 10 tickets last week": the sent ones, in the week in which they were sent."""
    if not fragment.acted or len(fragment.metrics) != 1:
        return fragment
    plain = fragment.metrics[0]
    name, left = _of_just_these(plain, fragment.filters, model)
    if name is None or name == plain:
        return fragment
    bounds = [replace(one, metric=name) if one.metric == plain else one for one in fragment.bounds]
    return replace(fragment, metrics=[name], filters=left, bounds=bounds, time_dimension=None)


def name_done_at(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "Who *resolved* the most incidents": the count that goes by that moment. Raises DoesNotCompose where several do
    or none does."""
    if fragment.done_at is None:
        return fragment
    names = fragment.metrics or _counts(fragment, model)
    keys = [f.dimension for f in fragment.filters if f.operator == "in" and model.identifies(f.dimension)]
    if not names and len(keys) == 1 and fragment.who:  # "who resolved INC0002120"
        names = [one.name for one in (model.count_metric(model.home(keys[0]) or ""),) if one is not None]
    if len(names) != 1 or not model.counts_rows(names[0]):
        raise DoesNotCompose("what was done then is not counted")
    metric = model.metrics[names[0]]
    if model.time_dimension(metric) == fragment.done_at:
        return fragment
    found = [
        one.name
        for one in model.metrics.values()
        if one.table == metric.table and one.actor and model.time_dimension(one) == fragment.done_at
    ]
    if model.selects(names[0]) or len(found) != 1:
        raise DoesNotCompose("what was done then is not counted")
    actor = model.metrics[found[0]].actor
    if fragment.who and keys and fragment.order is None and actor is not None:
        return replace(fragment, metrics=names, rows=[], columns=[*fragment.columns, actor], who=False)
    return replace(fragment, metrics=found, rows=[])


def name_actor(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "Who sent the most tickets": those who do what is counted, as the metric of just these rows names them."""
    if not fragment.who:
        return fragment
    names = fragment.metrics or _counts(fragment, model)
    name, left = _of_just_these(names[0], fragment.filters, model) if len(names) == 1 else (None, [])
    actor = model.metrics[name].actor if name is not None else None
    if name is None or actor is None or fragment.order is None or fragment.shapes or fragment.groups:
        raise DoesNotCompose("in what role is not said")
    somebody = Filter(actor, "not_null")
    return replace(fragment, groups=[actor], metrics=[name], rows=[], filters=[*left, somebody])


def _of_just_these(name: str, filters: list[Filter], model: SemanticModel) -> tuple[str | None, list[Filter]]:
    """The metric that has an actor and looks at just the rows that this one counts under these filters: whoever "sent"
    tickets is told by the sent ones, which belong to the period in which they were sent."""
    metric = model.metrics[name]
    if metric.actor is not None or not model.counts_rows(name):
        return name, filters
    acted = [
        other.name
        for other in model.metrics.values()
        if other.actor and other.table == metric.table and model.counts_rows(other.name)
    ]
    for some in (filters, *([one] for one in filters)):  # "sent … by email": the channel stays a filter
        said, left = spelled_conditions(name, some, model)
        found = [other for other in acted if spelled_conditions(other, (), model)[0] == said]
        if len(found) == 1:
            return found[0], [*left, *(one for one in filters if one not in some)]
    return None, list(filters)


def _counts(fragment: Fragment, model: SemanticModel) -> list[str]:
    counts = [model.count_metric(row) for row in fragment.rows]
    return [count.name for count in counts if count is not None]


def _of_groups(fragment: Fragment, model: SemanticModel) -> Fragment:
    dimension = fragment.groups[0]
    table = _owner(fragment, model)
    if table is None:
        return fragment
    # Only what happened has a reason: its top reasons are the most frequent ones. "Top customers" may be anything.
    place = model.place(dimension, table)
    happened = fragment.limit is not None and place is not None and place.column.only_where is not None
    if fragment.frequent or happened or "share" in fragment.shapes or fragment.by_change is not None:
        count = model.count_metric(table)
        if count is None:
            return fragment
        whole = [name for name, one in model.metrics.items() if one.default_dimension == dimension
                 and one.table == table and model.counts_rows(name) and model.is_whole(name)]  # fmt: skip
        if count.default_dimension != dimension and len(whole) == 1:
            count = model.metrics[whole[0]]  # the most popular tool is called most: its errors are no use of it
        only = place.column.only_where if place is not None and not place.hops else None
        just = [
            name for name in model.metrics if only and model.selects(name) and _counts_just(name, table, only, model)
        ]
        if len(just) == 1:
            count = model.metrics[just[0]]  # an error message is that of a failed task
        said = Filter(dimension, "not_null")  # no reason is none of the reasons
        return replace(fragment, metrics=[count.name], filters=[*fragment.filters, said])
    found = model.durations(None) if fragment.order in _LASTING else _priced(None, model) if fragment.priced else []
    allowed = [name for name in found if model.allows(model.metrics[name], dimension)]
    own = model.tables[table].duration_metric if fragment.order in _LASTING else None
    if len(allowed) > 1 and own in allowed:  # "which step is the slowest"
        allowed = [own]
    return replace(fragment, metrics=allowed) if len(allowed) == 1 else fragment


def _counts_just(name: str, table: str, condition: str, model: SemanticModel) -> bool:
    """Whether a metric counts the rows of a table under this condition, all of them and at the usual time."""
    metric = model.metrics[name]
    if metric.table != table or not model.counts_rows(name) or model.distinct_dimension(name) or metric.parameters:
        return False
    usual = model.time_dimension(metric) == model.table_time(table)
    return usual and read_conditions(metric.filter) == read_conditions(condition)


def _owner(fragment: Fragment, model: SemanticModel) -> str | None:
    """The one table that a dimension is at home in."""
    owners = [table for table, _ in model.dimensions.get(fragment.groups[0], ())]
    if fragment.contexts:
        owners = [table for table in owners if table in fragment.contexts]
    return owners[0] if len(owners) == 1 else None if fragment.contexts else model.main_table(fragment.groups[0])


def _of_rows(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "The 5 most expensive chats": single rows by the number that each has."""
    counted = [name for name in fragment.metrics if model.counts_rows(name)]
    if (
        fragment.unsaid
        or not (fragment.priced or fragment.order in _LASTING)
        or fragment.groups
        or counted != fragment.metrics
        or len({*fragment.metrics, *fragment.rows}) != 1
    ):
        return fragment
    table = fragment.rows[0] if fragment.rows else model.metric_table(model.metrics[counted[0]])
    narrowed = [name for name in counted if model.selects(name)]
    if not fragment.priced and any(model.waiting_since(name) for name in narrowed):
        return fragment
    found = _priced(table, model) if fragment.priced else model.durations(table)
    values = {model.row_value(name) for name in found}
    if len(values) != 1:
        if fragment.priced:
            raise DoesNotCompose("by which cost is not said")
        return fragment
    limit = fragment.limit
    if limit is None and not fragment.singular and fragment.shapes == {"list"}:
        limit = _SHOWN  # "show the most expensive chats"
    return replace(fragment, metrics=found[:1], rows=[table], within=[*fragment.within, *narrowed], limit=limit)


def _priced(table: str | None, model: SemanticModel) -> list[str]:
    """Metrics of a table, or of any, in money that are measured of each row."""
    return [
        name
        for name, metric in model.metrics.items()
        if metric.unit in _MONEY and table in (None, metric.table) and model.row_value(name) is not None
    ]
