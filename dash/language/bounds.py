"""Numbers with comparators: conditions on rows, a metric's own parameter, thresholds on groups. None is left over."""

from __future__ import annotations

from dataclasses import replace

from dash.language.fragment import Bound, DoesNotCompose, Doubtful, Fragment
from dash.language.periods import Periods
from dash.language.things import in_unit_of
from dash.records import Filter, MetricUse, Moment, Threshold, Window
from dash.records.semantic_query import Unit
from dash.semantics.model import SemanticModel

_ABOVE, _BELOW = frozenset({"gt", "ge", "eq"}), frozenset({"lt", "le"})
_UNIT_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168}


def waiting_time(fragment: Fragment, model: SemanticModel) -> Fragment:
    """A length beside a metric with a waiting time fills it: "stuck for the last 24 hours". Of what was found in a
    period («застрявшие *за* последние 7 дней») nobody knows when it began."""
    if len(fragment.windows) != 1 or len(fragment.metrics) != 1:
        return fragment
    window = fragment.windows[0]
    hours = rolling_hours(window)
    parameters = model.metrics[fragment.metrics[0]].parameters
    if hours is None or not any(parameter.unit == "hours" for parameter in parameters.values()):
        return fragment
    if not fragment.held:
        raise Doubtful("whether it began in that time or has lasted so long is not said")
    bound = Bound("gt", hours, 0, unit="hour", metric=fragment.metrics[0])
    return replace(fragment, windows=[], bounds=[*fragment.bounds, bound])


def rolling_hours(window: Window) -> float | None:
    """How many hours before now a rolling window begins; None for calendar windows."""
    if window.end != Moment() or window.start is None or window.start.truncate or window.start.at:
        return None
    return -window.start.shift if window.start.unit == "hour" else None


def apply_bounds(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse]
) -> tuple[list[MetricUse], list[Filter], list[Bound]]:
    """Bounds on rows: a measure column, or the metric's own parameter ("stuck for more than 48 hours").

    Also returns the bounds that are left: on groups, if the question has any, and otherwise on nothing.
    """
    filters = list(fragment.filters)
    left = []
    for bound in fragment.bounds:
        if bound.operator == "older":
            continue
        if bound.value is None:
            left.append(bound)
        elif bound.dimension is not None and bound.metric is None and bound.unit is None:
            operator = "in" if bound.operator == "eq" else bound.operator
            filters.append(Filter(bound.dimension, operator, (_plain(bound.value),)))  # type: ignore[arg-type]
        elif bound.unit is not None and bound.metric is not None and model.metrics[bound.metric].parameters:
            if bound.metric not in [use.name for use in uses]:
                raise DoesNotCompose("what the number bounds is not part of the question")
            uses = [_with_parameter(use, bound, model) for use in uses]
        else:
            left.append(bound)
    return uses, filters, left


def older_than(fragment: Fragment, window: Window | None) -> Window | None:
    """ "Older than 3 days": begun before that moment."""
    ages = [bound for bound in fragment.bounds if bound.operator == "older"]
    if not ages:
        return window
    if len(ages) > 1 or window is not None or ages[0].unit not in _UNIT_HOURS:
        raise DoesNotCompose("how old is not said")
    assert ages[0].value is not None, "an age is a number"
    hours = ages[0].value * _UNIT_HOURS[ages[0].unit or ""]
    unit: Unit = "hour" if hours == int(hours) else "minute"
    count = hours if unit == "hour" else round(hours * 60, 6)
    if count != int(count):
        raise DoesNotCompose("an age is a whole number of minutes")
    return Periods.older(int(count), unit)


def _with_parameter(use: MetricUse, bound: Bound, model: SemanticModel) -> MetricUse:
    declared = model.metrics[use.name].parameters
    for name, parameter in declared.items():
        if parameter.unit == "hours" and bound.unit in _UNIT_HOURS and bound.operator in ("gt", "ge"):
            assert bound.value is not None, "an average bounds groups only"
            hours = bound.value * _UNIT_HOURS[bound.unit]
            if hours != int(hours):
                raise DoesNotCompose(f"{name} is a whole number of hours")
            return replace(use, parameters=((name, int(hours)),))
    if use.name == bound.metric:
        raise DoesNotCompose(f"{use.name} has no such bound")
    return use


def thresholds(
    left: list[Bound], fragment: Fragment, model: SemanticModel, uses: list[MetricUse]
) -> tuple[list[MetricUse], list[Threshold]]:
    """Bounds on a metric of each group: one that was asked for, or a count of the same rows, which then stands beside
    it ("the loss rate per category, only those with 20 comparisons or more"). Raises DoesNotCompose."""
    found: list[Threshold] = []
    for bound in left:
        name = bound.metric
        if bound.row is not None:
            count = model.count_metric(bound.row)
            name = count.name if count else None
        if name is None or not (fragment.groups or fragment.grain is not None):
            raise DoesNotCompose("a bound on a metric needs groups")
        apart_rows = [row for row in fragment.rows if row != model.metric_table(model.metrics[name])]
        if model.counts_rows(name) and any(model.key(row) not in fragment.groups for row in apart_rows):
            raise Doubtful("whether the group or each row is bounded is not said")  # "tickets with 5 messages by day"
        homes = {home for group in fragment.groups if (home := model.home(group)) and model.key(home) == group}
        apart = homes - {model.metric_table(model.metrics[name])}
        placed = fragment.time_dimension is not None  # by the moment of the things
        if (
            fragment.windows and not placed and any(model.table_time(home) for home in apart)
        ):  # "tickets from May with 5 messages"
            raise Doubtful("whether the things or what belongs to them are of that period is not said")
        if name not in [use.name for use in uses]:
            if not model.counts_rows(name) or not all(model.same_rows(name, use.name) for use in uses):
                raise DoesNotCompose("what the number bounds is not part of the question")
            if len(uses) == 1 and model.selects(uses[0].name) and not model.selects(name):
                raise Doubtful(
                    f"whether {name} or only these are bounded is not said"
                )  # "who sent more than 10 tickets"
            uses = [*uses, MetricUse(name)]
        if bound.operator == "eq" and bound.value == 0 and model.counts_rows(name):
            raise DoesNotCompose("groups without any are not shown")
        value = None if bound.value is None else in_unit_of(bound, name, model)
        if value is not None and 0 < value < 1 and model.metrics[name].unit == "percent" and not bound.percent:
            raise Doubtful("whether a fraction or percent are meant is not said")  # "a resolution rate above 0.8"
        rated = model.rated_by(name)
        if rated is not None and value is not None and not bound.percent and rated[0] <= value <= rated[1]:
            raise Doubtful("whether the share or what is measured is bounded is not said")  # «доля с оценкой ниже 3»
        ends = model.range_of(model.measured_dimension(name) or "")
        if value is not None and ends and not ends[0] <= value <= ends[1]:
            raise DoesNotCompose(f"{name} is never {bound.value:g}")  # "20 ratings" are no average of 20
        way = _BELOW if bound.operator in _BELOW else _ABOVE
        if any(one.metric == name and one.operator in way for one in found):
            # "more than 10 tickets more than once", "more than 2 tickets and at least one rated 1"
            raise Doubtful(f"two bounds of {name}")
        found.append(Threshold(name, bound.operator, value))  # type: ignore[arg-type]
    return uses, found


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value
