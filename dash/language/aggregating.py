"""Queries that count and measure: metrics, groups, parts of a whole, order and limit."""

from __future__ import annotations

from dataclasses import replace

from dash.language.bounds import apply_bounds, older_than, thresholds
from dash.language.fragment import EXTREMES, NATURAL, Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.sharing import governed, rate_of_pair, rate_of_value, require_part, share_of
from dash.records import Comparison, Filter, MetricUse, Order, SemanticQuery, Window
from dash.records.semantic_query import Grain
from dash.semantics.fragments import read_aggregate, reaggregate
from dash.semantics.metrics import DURATIONS
from dash.semantics.model import SemanticModel


def aggregate_query(
    fragment: Fragment,
    model: SemanticModel,
    window: Window | None,
    comparison: Comparison | None,
    grain: Grain | None,
) -> SemanticQuery:
    """A query over groups of rows. Raises DoesNotCompose."""
    fragment = _how_often(fragment, model)
    uses, filters, left = apply_bounds(fragment, model, _uses(fragment, model))
    _require_groups(fragment)
    if fragment.funnel:
        return _funnel_query(fragment, model, uses, filters, left, window)
    if "duration" in fragment.shapes and any(model.metrics[use.name].unit not in DURATIONS for use in uses):
        raise DoesNotCompose("how long is a question about a duration")
    if fragment.running and grain is None:
        raise DoesNotCompose("over what it adds up is not said")
    if fragment.against_average and not fragment.groups:
        raise DoesNotCompose("what is set beside the average is not said")
    if "count" in fragment.shapes and any(model.metrics[use.name].unit in ("percent", "score") for use in uses):
        raise Doubtful("a rate or a score is not how many")
    timed = fragment.unit or fragment.unit_said or fragment.aggregation  # «сколько в среднем проходит до решения»
    if "count" in fragment.shapes and not timed and _averages(uses, model):
        raise Doubtful("how long is not how many")
    if fragment.of_them:
        require_part(fragment, model, uses)
    else:
        uses, fragment = rate_of_pair(fragment, model, uses, filters)
        uses, fragment = governed(fragment, model, uses, filters)
        uses, filters, fragment = rate_of_value(fragment, model, uses, filters)
    share = share_of(fragment, model, uses, filters)
    if share is not None:
        uses, filters = share.uses, share.filters
    groups = list(fragment.groups)
    said = {*groups, *(condition.dimension for condition in filters)}
    for use in uses:
        needed = model.metrics[use.name].always_by
        if needed is not None and needed not in said and grain is None:
            groups.append(needed)
    if (
        "compare" in fragment.shapes
        and comparison is None
        and any(fragment.said.get(d, 0) > 1 for d in fragment.bundled)
    ):
        raise DoesNotCompose("several values together are not one side of a comparison")
    if "compare" in fragment.shapes and comparison is None and not groups:
        several = [f.dimension for f in filters if len(f.values) > 1 and f.operator == "in"]
        # "gpt-5.2 vs sonnet on retention": retention is one word for two values, and no side of it.
        apart = [dimension for dimension in several if fragment.said.get(dimension, 0) > 1]
        if not apart and fragment.bundled & {*several}:  # "the difference between open and stuck tickets"
            raise Doubtful("several values together are not one side of a comparison")
        groups += apart or several
    if not groups and grain is None and share is None:
        groups += _each_listed(fragment, model, uses)
    elif share is None and comparison is None and not (fragment.order or fragment.limit or fragment.bounds):
        # "Failed and done tasks *by model*": told by one thing, they are told by the other too; they add up if wanted.
        wanted = {f.dimension for f in filters if f.operator == "in"} & fragment.listed - {*fragment.bundled}
        groups += [one for one in fragment.said if one in wanted and one not in groups and not fragment.both]
    uses, bounded = thresholds(left, fragment, model, uses)
    order, limit = order_of(fragment, model, uses, groups, grain)
    return SemanticQuery(
        metrics=tuple(uses),
        dimensions=tuple(groups),
        grain=grain,
        filters=tuple(filters),
        within=tuple(share.within if share is not None else fragment.within),
        window=older_than(fragment, window),
        time_dimension=fragment.time_dimension,
        comparison=comparison,
        having=(*fragment.having, *bounded),
        each=() if share is not None and share.each else tuple(fragment.each),
        count_groups=fragment.count_groups,
        running=fragment.running,
        growth="change" in fragment.shapes and grain is not None and comparison is None,
        against_average=fragment.against_average,
        share=share is not None,
        numerator=share.numerator if share is not None else (),
        numerator_metric=share.metric if share is not None else None,
        numerator_each=share.each if share is not None else (),
        counted=share is not None and fragment.of_them and "count" in fragment.shapes,
        order=order,
        limit=limit,
    )


def _each_listed(fragment: Fragment, model: SemanticModel, uses: list[MetricUse]) -> list[str]:
    """ "The resolution rate of shipping and damage" are two rates: nobody adds them up, and one of both together would
    pass for each. Numbers of rows and sums add up; "or" asks for both together."""
    if not _averages(uses, model) and any(model.metrics[use.name].unit not in ("percent", "score") for use in uses):
        return []
    return [dimension for dimension in fragment.said if dimension in fragment.listed]


def _how_often(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "How often does it fail" asks for the rate that is defined for it, "how often is it called" how many times."""
    if "often" not in fragment.shapes or all(model.metrics[name].unit == "percent" for name in fragment.metrics):
        return fragment
    name = fragment.metrics[0]
    rate = model.rate_of(name)
    if len(fragment.metrics) == 1 and rate is not None:
        return replace(fragment, metrics=[rate])
    if len(fragment.metrics) > 1 or fragment.within or not (model.selects(name) and model.is_whole(name)):
        raise Doubtful("whether a number or a rate is meant is not said")
    return fragment


def _funnel_query(
    fragment: Fragment,
    model: SemanticModel,
    uses: list[MetricUse],
    filters: list[Filter],
    left: list[Bound],
    window: Window | None,
) -> SemanticQuery:
    """How many rows have reached each stage. Raises DoesNotCompose."""
    names = [use.name for use in uses]
    stages = model.funnel_of(model.metric_table(model.metrics[names[0]])) if names else None
    split = set(fragment.groups) - {stages}
    extra = left or split or fragment.grain or fragment.order or fragment.running or fragment.against_average
    if stages is None or len(names) != 1 or not model.counts_rows(names[0]) or extra:
        raise DoesNotCompose("a funnel counts the rows that reached each stage, and nothing else")
    filters = [f for f in filters if f.dimension != stages or {*f.values} != {*model.stages(stages)}]
    if any(f.dimension == stages for f in filters) or fragment.shapes - {
        "count",
        "list",
        "share",
        "breakdown",
        "trend",
    }:
        raise DoesNotCompose("a funnel has all its stages")
    return SemanticQuery(
        metrics=tuple(uses),
        dimensions=(stages,),
        filters=tuple(filters),
        within=tuple(fragment.within),
        each=tuple(fragment.each),
        window=window,
        time_dimension=fragment.time_dimension,
        funnel=True,
    )


def _averages(uses: list[MetricUse], model: SemanticModel) -> bool:
    """Whether an average duration is among the metrics."""
    return any(model.row_value(u.name) is not None and model.metrics[u.name].unit in DURATIONS for u in uses)


def _uses(fragment: Fragment, model: SemanticModel) -> list[MetricUse]:
    """The metrics with the aggregation and the unit that the question names."""
    uses = [use_of(name, fragment, model) for name in fragment.metrics]
    uses = [replace(use, parameters=fragment.parameters.get(use.name, ())) for use in uses]
    if fragment.ends or fragment.more_aggregations:
        uses = _several(fragment, uses, model)
    elif fragment.grain is None and _extreme(fragment, uses, model):
        uses = [replace(uses[0], aggregation=EXTREMES[fragment.order or ""])]
    if fragment.unit is None:
        return uses
    if len(uses) == 1:
        return [replace(uses[0], unit=f"{fragment.unit}s")]
    told = [model.metrics[use.name].unit in DURATIONS for use in uses]  # of calls and their duration only the second
    return [replace(use, unit=f"{fragment.unit}s") if one else use for use, one in zip(uses, told, strict=True)]


def _several(fragment: Fragment, uses: list[MetricUse], model: SemanticModel) -> list[MetricUse]:
    """ "Average and median time to send", "min and max": one metric under each of the aggregations."""
    ranked = fragment.order is not None and not fragment.ends
    if len(uses) != 1 or ranked or fragment.bounds or fragment.limit is not None or "share" in fragment.shapes:
        raise DoesNotCompose("several aggregations of what is not said")
    if fragment.ends and (fragment.groups or fragment.grain is not None or fragment.which):
        raise DoesNotCompose("two orders")
    if fragment.ends and model.row_value(uses[0].name) is None:
        raise DoesNotCompose("what is ranked is not said")
    wanted = [*([fragment.aggregation] if fragment.aggregation else []), *fragment.more_aggregations]
    wanted += [EXTREMES[end] for end in fragment.ends]
    each = [
        use_of(uses[0].name, replace(fragment, aggregation=None if one == NATURAL else one), model)
        for one in dict.fromkeys(wanted)
    ]
    return [replace(use, parameters=uses[0].parameters) for use in each]


def _require_groups(fragment: Fragment) -> None:
    """A breakdown or an order without anything that is broken down or ordered is half a question."""
    if fragment.groups or fragment.grain is not None:
        return
    if "breakdown" in fragment.shapes:
        raise DoesNotCompose("by what it is broken down is not said")
    if fragment.order_by:
        raise DoesNotCompose("what is ordered is not said")


def _extreme(fragment: Fragment, uses: list[MetricUse], model: SemanticModel) -> bool:
    """ "The longest time to send", "the highest" of no group in particular, is the longest single one."""
    if fragment.groups or len(uses) != 1 or fragment.order not in EXTREMES or fragment.limit is not None:
        return False
    if fragment.frequent or fragment.which_value or fragment.sorted or fragment.grain is not None:
        return False  # "which score is most common", "time to send, lowest first"
    metric = model.metrics[uses[0].name]
    lasts = fragment.order in ("slowest", "fastest")
    measured = model.row_value(uses[0].name) is not None and (metric.unit in DURATIONS or not lasts)
    return measured and reaggregate(metric.calculation or "", "max") is not None


def use_of(name: str, fragment: Fragment, model: SemanticModel) -> MetricUse:
    """The metric, under another aggregation if the question asks for one that it does not have already."""
    wanted = fragment.own_aggregations.get(name, fragment.aggregation)
    if wanted == "sum" and model.metrics[name].unit == "percent":
        wanted = None  # "the overall approval rate" is the rate
    if wanted is None:
        return MetricUse(name)
    metric = model.metrics[name]
    aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
    natural = {"AVG": "mean", "SUM": "sum", "COUNT": "sum"}.get(aggregate.function) if aggregate else "mean"
    if wanted == natural or (aggregate is None and wanted == "mean"):
        return MetricUse(name)
    if wanted == "mean" and natural == "sum" and fragment.grain is not None:
        raise Doubtful(f"whether {name} of each row or of each {fragment.grain} is averaged is not said")
    if wanted == "sum" and natural != "sum":
        raise Doubtful(f"a sum of {name} means nothing")
    if reaggregate(metric.calculation or "", wanted) is None:
        raise DoesNotCompose(f"{name} has no {wanted}")
    return MetricUse(name, aggregation=wanted)


def order_of(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], groups: list[str], grain: str | None
) -> tuple[Order | None, int | None]:
    """By what the groups are ordered and how many of them are wanted. Raises DoesNotCompose."""
    if fragment.by_change is not None:
        return _change_order(fragment, model, uses, groups, grain)
    if "change" in fragment.shapes and fragment.order in EXTREMES:
        raise Doubtful("whether the number or its change is ranked is not said")
    if fragment.order is None and fragment.order_by:
        return Order(fragment.order_by), fragment.limit
    if fragment.order is None or fragment.ends or _extreme(fragment, uses, model):
        return None, fragment.limit
    if not groups and grain is None:
        raise DoesNotCompose("what is ranked is not said")
    if fragment.aggregation == "sum" and fragment.limit is not None:
        raise Doubtful("whether each of them or all together is meant is not said")  # "the total of the 5 dearest"
    if fragment.priced and model.metrics[fragment.order_by or uses[0].name].unit != "usd":
        raise Doubtful("what costs so much is not said")  # "the most expensive chat by channel"
    name = fragment.order_by or uses[0].name
    metric = model.metrics[name]
    column = name
    for use in uses:
        if use.name == name and use.aggregation and use.aggregation != "mean":
            column = f"{use.aggregation}_{name}"
    if fragment.order in ("best", "worst"):
        if metric.better is None:
            raise Doubtful(f"whether more {name} is better is not defined")
        descending = (metric.better == "higher") == (fragment.order == "best")
    elif fragment.order in ("slowest", "fastest"):
        if metric.unit not in DURATIONS:
            raise DoesNotCompose(f"{name} is not a duration")
        descending = fragment.order == "slowest"
    elif fragment.order in ("highest", "lowest"):
        descending = fragment.order == "highest"
    else:
        raise DoesNotCompose("groups have no age")
    limit = fragment.limit
    if limit is None and fragment.singular and not fragment.sorted:
        limit = 1
    return Order(column, descending), limit


def _change_order(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], groups: list[str], grain: str | None
) -> tuple[Order, int | None]:
    """ "Which category grew the most": by the difference between the two periods, which the comparison adds."""
    if len(uses) != 1 or not groups or grain is not None or fragment.order is not None or uses[0].aggregation:
        raise Doubtful("what changed the most is not said")
    limit = fragment.limit
    if limit is None and fragment.singular and not fragment.sorted:
        limit = 1
    return Order(f"{uses[0].name}_change", descending=fragment.by_change is True), limit
