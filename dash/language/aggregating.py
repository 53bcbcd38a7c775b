"""Queries that count and measure: metrics, groups, parts of a whole, order and limit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dash.language.bounds import apply_bounds, older_than, thresholds
from dash.language.fragment import EXTREMES, NATURAL, Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.sameness import spelled_conditions
from dash.records import Comparison, Filter, MetricUse, Order, SemanticQuery, Threshold, Window
from dash.records.semantic_query import Grain
from dash.semantics.fragments import read_aggregate, read_conditions, reaggregate
from dash.semantics.model import DURATIONS, SemanticModel

_NO_WHOLE = "of what the share is taken is not said"


@dataclass(frozen=True)
class _Share:
    """A share that is asked for: the part, and what is left for the whole."""

    uses: list[MetricUse]
    within: list[str]
    filters: list[Filter]
    numerator: tuple[Filter, ...] = ()
    metric: str | None = None
    each: tuple[Threshold, ...] = ()


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
        _require_part(fragment, model, uses)
    else:
        uses, fragment = _rate_of_pair(fragment, model, uses, filters)
        uses = _governed(fragment, model, uses, filters)
        uses, filters, fragment = _rate_of_value(fragment, model, uses, filters)
    share = _share(fragment, model, uses, filters)
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


def _rate_of_value(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]
) -> tuple[list[MetricUse], list[Filter], Fragment]:
    """ "What share of chats was abandoned", said by the value: the rate that is defined for the count of just
    these rows, which may have another whole."""
    said = [*fragment.part, *filters]
    rate = model.rate_of(fragment.part_metric) if fragment.part_metric else None
    alone = len(uses) == 1 and not model.selects(uses[0].name) and not (fragment.part or fragment.within)
    if rate is not None and "share" in fragment.shapes and alone and (fragment.every or not fragment.groups):
        return [MetricUse(rate)], filters, replace(fragment, part_metric=None)  # "what share of them *was escalated*"
    plain = not (fragment.groups or fragment.within or fragment.part_metric or uses[1:])
    if "share" not in fragment.shapes or not plain or not said or not model.counts_rows(uses[0].name):
        return uses, filters, fragment
    if fragment.part and len(said) > 1:
        return uses, filters, fragment
    name, rest = uses[0].name, said[:-1]  # "what share of claude's comparisons *was a tie*": the last is the part
    conditions, left = spelled_conditions(name, said[-1:], model)
    for metric in model.metrics.values() if not left and not model.selects(name) else ():
        same = model.same_rows(metric.name, name) and model.counts_rows(metric.name)
        rate = model.rate_of(metric.name) if same and read_conditions(metric.filter) == conditions else None
        if rate is not None:
            return [MetricUse(rate)], rest, replace(fragment, part=[])
    return uses, filters, fragment


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
    return [replace(use, unit=f"{fragment.unit}s") for use in uses] if fragment.unit else uses


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


def _share(fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]) -> _Share | None:
    """What part of what whole, when a share is asked for; of two possible wholes none is guessed."""
    predicated = fragment.part_metric is not None or bool(fragment.part)
    if "share" not in fragment.shapes or all(model.metrics[use.name].unit == "percent" for use in uses):
        if predicated:
            raise Doubtful(_NO_WHOLE)
        return None
    if any(bound.operator == "older" for bound in fragment.bounds):
        raise Doubtful(_NO_WHOLE)  # "what percentage of open tickets is older than a week"
    if any(map(model.identifies, fragment.groups)) and (fragment.bounds or fragment.having):
        raise Doubtful(_NO_WHOLE)  # "share of tickets with more than 3 messages"
    if any(map(model.is_array, fragment.groups)):
        raise Doubtful("one row is in several of these groups, so that their shares are of no whole")
    if predicated:
        return _predicated_share(fragment, model, uses, filters)
    used = model.metrics[uses[0].name].always_by if len(uses) == 1 else None
    if used is not None and model.is_array(used) and [f.dimension for f in filters] == [used] and not fragment.within:
        whole = model.count_metric(model.metric_table(model.metrics[uses[0].name]))
        if whole is None or fragment.groups:
            raise Doubtful(_NO_WHOLE)
        return _Share([MetricUse(whole.name)], [], [], numerator=tuple(filters))  # "share of chats that used an agent"
    if fragment.each:
        return _bounded_share(fragment, model, uses, filters)
    if fragment.within:
        return _Share(uses, [], filters, metric=_part(fragment, model))
    if fragment.groups:
        named = [f for f in filters if f.operator == "not_null" and f.dimension in fragment.groups]
        part = [f for f in filters if f not in named]
        if len(part) == 1 and fragment.every and all(not model.selects(use.name) for use in uses):
            return _Share(uses, [], named, numerator=tuple(part))  # "for each channel, what share has no country"
        selected = [use.name for use in uses if model.selects(use.name)]
        if (filters or selected) and "breakdown" not in fragment.shapes:
            whole = (
                model.count_metric(model.metric_table(model.metrics[selected[0]]))
                if len(uses) == 1 and selected
                else None
            )
            if fragment.every and whole is not None and not part:
                return _Share([MetricUse(whole.name)], [], named, metric=selected[0])  # "% unassigned per category"
            raise Doubtful("whether of each group or of the whole is not said")
        return _Share(uses, [], filters)
    if not filters and not all(model.selects(use.name) for use in uses):
        raise DoesNotCompose("what part is meant is not said")
    if len(filters) > 1 or (filters and any(model.selects(use.name) for use in uses)):
        raise Doubtful(_NO_WHOLE)
    return _Share(uses, [], [], numerator=tuple(filters))


def _bounded_share(fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]) -> _Share:
    """ "What share of scored comparisons has a penalty above 50": the bound is the part. Rows of which nothing was
    measured are below no bound, and whether they belong to the whole has to be said."""
    if len(uses) != 1 or len(fragment.each) != 1 or (fragment.groups and not fragment.every):
        raise Doubtful(_NO_WHOLE)
    if not model.always_measured(uses[0].name, fragment.each[0].metric, tuple(fragment.within)):
        raise Doubtful("whether those of which it is not known belong to the whole is not said")
    return _Share(uses, fragment.within, filters, each=tuple(fragment.each))


def _rate_of_pair(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]
) -> tuple[list[MetricUse], Fragment]:
    """ "What percent of closed chats went to a person": the rate that is defined as the one count over the other."""
    plain = not (fragment.groups or fragment.part or fragment.part_metric or filters)
    if "share" not in fragment.shapes or not plain or not len(uses) == len(fragment.within) == 1:
        return uses, fragment
    pair = (uses[0].name, fragment.within[0])
    known = [rate for rate in map(model.rate_within, pair, reversed(pair)) if rate is not None]
    return ([MetricUse(known[0])], replace(fragment, within=[])) if len(known) == 1 else (uses, fragment)


def _governed(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]
) -> list[MetricUse]:
    """ "What share of chats is escalated": the rate that the knowledge defines for it, where it defines one."""
    predicated = fragment.part_metric is not None or fragment.part or fragment.within
    if "share" not in fragment.shapes or predicated or len(uses) != 1:
        return uses
    rate = model.rate_of(uses[0].name)
    if rate is None:
        return uses
    if fragment.groups and not fragment.every:
        raise Doubtful("whether of each group or of the whole is not said")
    return [MetricUse(rate)] if not filters else uses


def _predicated_share(fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]) -> _Share:
    """ "What share of open tickets *are stuck*": of all rows that the first counts, those that the second says."""
    within = list(fragment.within)
    if any(model.selects(use.name) for use in uses):
        whole = model.count_metric(model.metric_table(model.metrics[uses[0].name]))
        if len(uses) != 1 or whole is None:
            raise Doubtful(_NO_WHOLE)
        within.append(uses[0].name)
        uses = [MetricUse(whole.name)]
    return _Share(uses, within, filters, numerator=tuple(fragment.part), metric=fragment.part_metric)


def _require_part(fragment: Fragment, model: SemanticModel, uses: list[MetricUse]) -> None:
    """ "How many came, and how many of them were sent" are two numbers, of rows and of some of them."""
    parts = len(fragment.part) + (fragment.part_metric is not None)
    if parts != 1 or len(uses) != 1 or not model.counts_rows(uses[0].name) or fragment.groups or fragment.grain:
        raise Doubtful("how many of what was named are meant is not said")


def _part(fragment: Fragment, model: SemanticModel) -> str:
    """ "What share of tickets are unidentified": the part, where the whole is all rows of the table."""
    whole = fragment.metrics[0]
    if len(fragment.within) != 1 or len(fragment.metrics) != 1 or model.selects(whole) or not model.counts_rows(whole):
        raise Doubtful(_NO_WHOLE)
    return fragment.within[0]


def _extreme(fragment: Fragment, uses: list[MetricUse], model: SemanticModel) -> bool:
    """ "The longest time to send", "the highest" of no group in particular, is the longest single one."""
    if fragment.groups or len(uses) != 1 or fragment.order not in EXTREMES or fragment.limit is not None:
        return False
    if fragment.frequent or fragment.which_value or fragment.grain is not None:
        return False  # "which score is most common"
    metric = model.metrics[uses[0].name]
    lasts = fragment.order in ("slowest", "fastest")
    measured = model.row_value(uses[0].name) is not None and (metric.unit in DURATIONS or not lasts)
    return measured and reaggregate(metric.calculation or "", "max") is not None


def use_of(name: str, fragment: Fragment, model: SemanticModel) -> MetricUse:
    """The metric, under another aggregation if the question asks for one that it does not have already."""
    wanted = fragment.aggregation
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
