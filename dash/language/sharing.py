"""Shares: what part of what whole a question asks for, and the rates that the knowledge defines for them. Of two
possible wholes none is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.sameness import spelled_conditions
from dash.language.validity import BOUNDS
from dash.records import Filter, MetricUse, Threshold
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel

_NO_WHOLE = "of what the share is taken is not said"


@dataclass(frozen=True)
class Share:
    """A share that is asked for: the part, and what is left for the whole."""

    uses: list[MetricUse]
    within: list[str]
    filters: list[Filter]
    numerator: tuple[Filter, ...] = ()
    metric: str | None = None
    each: tuple[Threshold, ...] = ()


def rate_of_value(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]
) -> tuple[list[MetricUse], list[Filter], Fragment]:
    """ "What share of chats was abandoned", said by the value: the rate that is defined for the count of just
    these rows, which may have another whole."""
    said = [*fragment.part, *filters]
    rate = model.rate_of(fragment.part_metric) if fragment.part_metric else None
    alone = len(uses) == 1 and not model.selects(uses[0].name) and not (fragment.part or fragment.within)
    if rate is not None and "share" in fragment.shapes and alone and (fragment.every or not fragment.groups):
        part, fragment = fragment.part_metric or "", replace(fragment, part_metric=None)
        uses, fragment = _told_as(rate, part, fragment)
        return uses, filters, fragment  # "what share of them *was escalated*"
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
            uses, fragment = _told_as(rate, metric.name, replace(fragment, part=[]))
            return uses, rest, fragment
    return uses, filters, fragment


def share_of(fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]) -> Share | None:
    """What part of what whole, when a share is asked for; of two possible wholes none is guessed."""
    predicated = fragment.part_metric is not None or bool(fragment.part)
    if "share" not in fragment.shapes or all(model.metrics[use.name].unit == "percent" for use in uses):
        if predicated:
            raise Doubtful(_NO_WHOLE)
        return None
    if fragment.sides:
        if predicated or filters or fragment.within or fragment.each or any(model.selects(use.name) for use in uses):
            raise Doubtful(_NO_WHOLE)  # "what share of urgent tickets, weekends vs weekdays"
        if fragment.groups or fragment.grain:
            raise Doubtful(_NO_WHOLE)  # "with and without an agent by month in percent"
        return Share(uses, [], [])
    if "compare" in fragment.shapes and any(f.operator == "in" and len(f.values) > 1 for f in filters):
        raise Doubtful(_NO_WHOLE)  # "percentage of failed vs done tasks"
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
        return Share([MetricUse(whole.name)], [], [], numerator=tuple(filters))  # "share of chats that used an agent"
    if fragment.each:
        return _bounded_share(fragment, model, uses, filters)
    if fragment.within:
        return Share(uses, [], filters, metric=_part(fragment, model))
    if fragment.groups:
        named = [f for f in filters if f.operator == "not_null" and f.dimension in fragment.groups]
        part = [f for f in filters if f not in named]
        if "breakdown" not in fragment.shapes and not fragment.every:
            _require_each(fragment, model, [f.dimension for f in part])
        of_each = _is_bound(part, uses, model) or not any(model.selects(use.name) for use in uses)
        if len(part) == 1 and "breakdown" not in fragment.shapes and of_each:
            return Share(uses, [], named, numerator=tuple(part))  # "share of urgent tickets by channel": of each
        selected = [use.name for use in uses if model.selects(use.name)]
        if (filters or selected) and "breakdown" not in fragment.shapes:
            whole = (
                model.count_metric(model.metric_table(model.metrics[selected[0]]))
                if len(uses) == 1 and selected
                else None
            )
            if whole is not None and not part:
                return Share([MetricUse(whole.name)], [], named, metric=selected[0])  # "% unassigned per category"
            raise Doubtful("whether of each group or of the whole is not said")
        return Share(uses, [], filters)
    if not filters and not all(model.selects(use.name) for use in uses):
        raise DoesNotCompose("what part is meant is not said")
    narrowed = bool(filters) and any(model.selects(use.name) for use in uses)
    if len(filters) > 1 or (narrowed and not _is_bound(filters, uses, model)):
        raise Doubtful(_NO_WHOLE)
    return Share(uses, [], [], numerator=tuple(filters))


def _is_bound(filters: list[Filter], uses: list[MetricUse], model: SemanticModel) -> bool:
    """ "The share of rated tickets *with a csat below 3*", "of 1 or 2": a bound on what all of them have, which is the
    part."""
    if len(filters) != 1 or len(uses) != 1 or filters[0].operator not in {*BOUNDS, "in"}:
        return False
    measure = model.measured_by(filters[0].dimension)
    return measure is not None and model.always_measured(uses[0].name, measure)


def _require_each(fragment: Fragment, model: SemanticModel, said: list[str]) -> None:
    """ "The share of urgent tickets by language" is that of each language. Of what somebody holds, or of what is split
    by the same that it is limited by, it may be of the whole."""
    people = any(map(model.acts, fragment.groups)) and (said or any(map(model.selects, fragment.metrics)))
    state = any(model.metrics[name].present_state for name in fragment.metrics)  # "share of open tickets by channel"
    if people or state or {*said} & {*fragment.groups}:
        raise Doubtful("whether of each group or of the whole is not said")


def _bounded_share(fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]) -> Share:
    """ "What share of scored comparisons has a penalty above 50": the bound is the part. Rows of which nothing was
    measured are below no bound, and whether they belong to the whole has to be said."""
    if len(uses) != 1 or len(fragment.each) != 1 or (fragment.groups and "breakdown" in fragment.shapes):
        raise Doubtful(_NO_WHOLE)
    if fragment.groups and not fragment.every:  # "by tool": of the calls of each
        _require_each(fragment, model, [one.dimension for one in filters])
    if not model.always_measured(uses[0].name, fragment.each[0].metric, tuple(fragment.within)):
        raise Doubtful("whether those of which it is not known belong to the whole is not said")
    return Share(uses, fragment.within, filters, each=tuple(fragment.each))


def rate_of_pair(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]
) -> tuple[list[MetricUse], Fragment]:
    """ "What percent of closed chats went to a person": the rate that is defined as the one count over the other."""
    plain = not (fragment.groups or fragment.part or fragment.part_metric or filters)
    if "share" not in fragment.shapes or not plain or not len(uses) == len(fragment.within) == 1:
        return uses, fragment
    pair = (uses[0].name, fragment.within[0])
    known = {part: model.rate_within(part, whole) for part, whole in (pair, pair[::-1])}
    rates = [(part, rate) for part, rate in known.items() if rate is not None]
    return _told_as(rates[0][1], rates[0][0], replace(fragment, within=[])) if len(rates) == 1 else (uses, fragment)


def _told_as(rate: str, part: str, fragment: Fragment) -> tuple[list[MetricUse], Fragment]:
    """The rate that is defined for a part; "*how many* were escalated, and what percentage is that" asks for the number
    of the part as well."""
    if "count" not in fragment.shapes:
        return [MetricUse(rate)], fragment
    return [MetricUse(part), MetricUse(rate)], replace(fragment, shapes=fragment.shapes - {"share"})


def governed(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]
) -> tuple[list[MetricUse], Fragment]:
    """ "What share of chats is escalated": the rate that the knowledge defines for it, where it defines one."""
    predicated = fragment.part_metric is not None or fragment.part or fragment.within or fragment.each
    if "share" not in fragment.shapes or predicated or len(uses) != 1 or "breakdown" in fragment.shapes:
        return uses, fragment
    rate = model.rate_of(uses[0].name)
    if rate is None:
        return uses, fragment
    if any(map(model.acts, fragment.groups)) and not fragment.every:  # "what % of chats are escalated by agent"
        raise Doubtful("whether somebody did it or it is told by each is not said")
    return (uses, fragment) if filters else _told_as(rate, uses[0].name, fragment)


def _predicated_share(fragment: Fragment, model: SemanticModel, uses: list[MetricUse], filters: list[Filter]) -> Share:
    """ "What share of open tickets *are stuck*": of all rows that the first counts, those that the second says."""
    within = list(fragment.within)
    if any(model.selects(use.name) for use in uses):
        whole = model.count_metric(model.metric_table(model.metrics[uses[0].name]))
        if len(uses) != 1 or whole is None:
            raise Doubtful(_NO_WHOLE)
        within.append(uses[0].name)
        uses = [MetricUse(whole.name)]
    return Share(uses, within, filters, numerator=tuple(fragment.part), metric=fragment.part_metric)


def require_part(fragment: Fragment, model: SemanticModel, uses: list[MetricUse]) -> None:
    """ "How many came, and how many of them were sent" are two numbers, of rows and of some of them."""
    parts = len(fragment.part) + (fragment.part_metric is not None)
    if not parts and (fragment.groups or fragment.grain):
        raise DoesNotCompose("which of them are meant is not said")
    if parts != 1 or len(uses) != 1 or not model.counts_rows(uses[0].name):
        raise Doubtful("how many of what was named are meant is not said")


def _part(fragment: Fragment, model: SemanticModel) -> str:
    """ "What share of tickets are unidentified": the part, where the whole is all rows of the table."""
    whole = fragment.metrics[0]
    if len(fragment.within) != 1 or len(fragment.metrics) != 1 or model.selects(whole) or not model.counts_rows(whole):
        raise Doubtful(_NO_WHOLE)
    return fragment.within[0]
