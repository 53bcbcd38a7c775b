"""Slots → a SemanticQuery that the compiler can compile, or the reason why it is not a whole question.

Here the governed model decides: which rows a noun and a metric share, which metric a superlative orders, what a bound
bounds, whether rows are counted or listed. What the model does not allow does not become a query.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import cast

from dash.knowledge.formats import MetricFile
from dash.language.fragment import Bound, DoesNotCompose, Fragment
from dash.records import Comparison, Filter, MetricUse, Moment, Order, SemanticQuery, Threshold, Window
from dash.records.semantic_query import Grain
from dash.semantics.fragments import is_additive, read_aggregate, reaggregate
from dash.semantics.model import SemanticModel
from dash.semantics.moments import resolve

_ROW_ORDERS = {"oldest": False, "newest": True}
_DURATIONS = ("hours", "minutes", "seconds", "milliseconds")
_UNIT_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168}


class Incomplete(DoesNotCompose):
    """Slots without a subject: no metric and no rows. A follow-up if there is a turn before it."""


def finish(fragment: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """A whole query from its slots. Raises Incomplete or DoesNotCompose."""
    if not fragment.metrics and not fragment.rows:
        fragment = replace(fragment, rows=_looked_up(fragment, model))
    if not fragment.metrics and not fragment.rows:
        fragment = replace(fragment, rows=_implied_rows(fragment, model))
    if not fragment.metrics and not fragment.rows:
        raise Incomplete("the question does not say what to count or measure")
    fragment = _absorb_rows(fragment, model)
    fragment = _waiting_time(fragment, model)
    window, comparison = _windows(fragment, model, now, zone)
    if _is_list(fragment, model):
        query = _list_query(fragment, model, window)
    else:
        grain = _grain(fragment, window, now, zone)
        query = _aggregate_query(fragment, model, window, comparison, grain)
    validate(query, model)
    return query


def _absorb_rows(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "tickets" beside a metric of tickets says nothing new; beside nothing it is the count of tickets."""
    metrics = list(fragment.metrics)
    tables = [model.metric_table(model.metrics[name]) for name in metrics]
    for row in fragment.rows:
        count = model.count_metric(row)
        if row in tables:
            continue
        if any(model.reaches(table, row) for table in tables):
            # "Messages on a ticket" may well mean per ticket; a rate or an average cannot.
            if any(_is_count(name, model) for name in metrics):
                raise DoesNotCompose(f"whether for each of {row} is not said")
            continue
        if tables and any(b.row == row for b in fragment.bounds):
            continue
        if tables:
            raise DoesNotCompose(f"{row} is not what the metric is about")
        if count is None:
            raise DoesNotCompose(f"rows of {row} have no count")
        if count.name not in metrics:
            metrics.append(count.name)
    return replace(fragment, metrics=metrics)


def rows_to_metrics(rows: list[str], model: SemanticModel) -> list[str]:
    """The metrics that count these tables' rows. Raises DoesNotCompose when one has none."""
    counts = [model.count_metric(row) if row in model.tables else None for row in rows]
    if not all(counts):
        raise DoesNotCompose("these rows have no count")
    return [count.name for count in counts if count]


def _looked_up(fragment: Fragment, model: SemanticModel) -> list[str]:
    """A bare identifier ("T-000123") asks for the row that it identifies."""
    tables = {model.home(f.dimension) if f.operator == "in" and model.identifies(f.dimension) else None
              for f in fragment.filters}  # fmt: skip
    if len(tables) != 1 or fragment.groups or fragment.shapes - {"list"}:
        return []
    return [table for table in tables if table is not None]


def _implied_rows(fragment: Fragment, model: SemanticModel) -> list[str]:
    """ "Cancellations last month": values alone, with a period or a "how many", count the rows they describe."""
    asked = "count" in fragment.shapes or fragment.windows
    tables = {model.main_table(f.dimension) for f in fragment.filters}
    table = tables.pop() if asked and len(tables) == 1 and not fragment.follow_up and not fragment.only else None
    count = model.count_metric(table) if table is not None else None
    # Only what rows are usually told apart by: "cancellations" are tickets, "rejected" may be many things.
    usual = count is not None and all(f.dimension == count.default_dimension for f in fragment.filters)
    return [table] if table is not None and usual else []


def _waiting_time(fragment: Fragment, model: SemanticModel) -> Fragment:
    """A rolling period beside a metric with a waiting time fills it: "stuck in the last 24 hours" says how long."""
    if len(fragment.windows) != 1 or len(fragment.metrics) != 1:
        return fragment
    window = fragment.windows[0]
    hours = rolling_hours(window)
    parameters = model.metrics[fragment.metrics[0]].parameters
    if hours is None or not any(parameter.unit == "hours" for parameter in parameters.values()):
        return fragment
    bound = Bound("gt", hours, 0, unit="hour", metric=fragment.metrics[0])
    return replace(fragment, windows=[], bounds=[*fragment.bounds, bound])


def _additive(fragment: Fragment, model: SemanticModel) -> bool:
    """Whether two periods could just as well be meant as one: counts add up, rates can only be set side by side."""
    return any(is_additive(model.metrics[name].calculation) for name in fragment.metrics)


def rolling_hours(window: Window) -> float | None:
    """How many hours before now a rolling window begins; None for calendar windows."""
    if window.end != Moment() or window.start is None or window.start.truncate or window.start.at:
        return None
    return -window.start.shift if window.start.unit == "hour" else None


def _windows(
    fragment: Fragment, model: SemanticModel, now: datetime, zone: str
) -> tuple[Window | None, Comparison | None]:
    windows = fragment.windows
    if len(windows) > 2:
        raise DoesNotCompose("more than two periods")
    if len(windows) == 2:
        side_by_side = fragment.paired and not _additive(fragment, model)
        compared = bool(fragment.shapes & {"compare", "change"}) or side_by_side
        if not compared:
            raise DoesNotCompose("two periods, and nothing says that they are compared")
        current, earlier = windows
        if any(edge is None for window in windows for edge in (window.start, window.end)):
            raise DoesNotCompose("only periods with both ends can be compared")
        assert current.start is not None
        assert earlier.start is not None
        if resolve(current.start, now, zone) < resolve(earlier.start, now, zone):
            current, earlier = earlier, current
        return current, Comparison("window", earlier)
    window = windows[0] if windows else None
    if fragment.earlier:
        if window is None or window.previous_start is None:
            raise DoesNotCompose("before what is not said")
        return window, Comparison("previous")
    if "change" in fragment.shapes or ("compare" in fragment.shapes and not _compares_values(fragment)):
        if window is None or window.previous_start is None:
            raise DoesNotCompose("there is no period to compare")
        if fragment.grain is None:
            return window, Comparison("previous")
    return window, None


def _compares_values(fragment: Fragment) -> bool:
    return any(len(f.values) > 1 and f.operator == "in" for f in fragment.filters) or len(fragment.metrics) > 1


def _is_list(fragment: Fragment, model: SemanticModel) -> bool:
    """Rows are listed when somebody says "show" (or "which tickets") and names countable rows and no grouping."""
    if fragment.columns:
        return True
    if fragment.groups or fragment.grain or fragment.shapes & {"count", "share", "trend", "compare", "change"}:
        return False
    if fragment.shapes & {"breakdown"} or len(fragment.metrics) != 1 or fragment.aggregation:
        return False
    if not _is_count(fragment.metrics[0], model):
        return False
    if fragment.order in (*_ROW_ORDERS, "slowest", "fastest"):
        return True
    return "list" in fragment.shapes or fragment.which or _looks_up(fragment, model)


def _looks_up(fragment: Fragment, model: SemanticModel) -> bool:
    return any(
        column.role == "entity" and f.operator == "in"
        for f in fragment.filters
        for _, column in model.dimensions.get(f.dimension, ())
    )


def _is_count(name: str, model: SemanticModel) -> bool:
    metric = model.metrics[name]
    aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
    return aggregate is not None and aggregate.function == "COUNT" and aggregate.argument == "*"


def _list_query(fragment: Fragment, model: SemanticModel, window: Window | None) -> SemanticQuery:
    name = fragment.metrics[0]
    order = None
    if fragment.order in _ROW_ORDERS:
        time = model.time_dimension(model.metrics[name], fragment.time_dimension)
        if time is None:
            raise DoesNotCompose("these rows have no time")
        order = Order(time, descending=_ROW_ORDERS[fragment.order])
    elif fragment.order is not None:
        raise DoesNotCompose("by what the rows are ordered is not said")
    uses, filters, left = _apply_bounds(fragment, model, [MetricUse(name)])
    if left or fragment.unit or fragment.part or fragment.part_metric:
        raise DoesNotCompose("a condition of the question does not fit single rows")
    return SemanticQuery(
        shape="list",
        rows_of=name,
        metrics=tuple(uses) if uses[0].parameters else (),
        filters=tuple(filters),
        within=tuple(fragment.within),
        columns=_columns(fragment, model),
        window=_older(fragment, window),
        time_dimension=fragment.time_dimension,
        order=order,
        limit=1 if fragment.limit is None and fragment.singular and order else fragment.limit,
    )


def _columns(fragment: Fragment, model: SemanticModel) -> tuple[str, ...]:
    """ "Status of T-000123": the identifier and what was asked about it. Nobody is shown personal columns that way."""
    if not fragment.columns:
        return ()
    for name in fragment.columns:
        if model.is_hidden(name):
            raise DoesNotCompose(f"{name} is not shown")
    keys = [f.dimension for f in fragment.filters if model.identifies(f.dimension)]
    return tuple(dict.fromkeys([*keys, *fragment.columns]))


def _aggregate_query(
    fragment: Fragment,
    model: SemanticModel,
    window: Window | None,
    comparison: Comparison | None,
    grain: Grain | None,
) -> SemanticQuery:
    uses = [_use(name, fragment, model) for name in fragment.metrics]
    if fragment.grain is None and _extreme(fragment, uses, model):
        uses = [replace(uses[0], aggregation="max" if fragment.order == "slowest" else "min")]
    uses, filters, left = _apply_bounds(fragment, model, uses)
    if fragment.unit:
        uses = [replace(use, unit=f"{fragment.unit}s") for use in uses]
    if "breakdown" in fragment.shapes and not fragment.groups and fragment.grain is None:
        raise DoesNotCompose("by what it is broken down is not said")
    if fragment.order_by and not fragment.groups and fragment.grain is None:
        raise DoesNotCompose("what is ordered is not said")
    groups = list(fragment.groups)
    numerator: tuple[Filter, ...] = ()
    share = "share" in fragment.shapes and not all(model.metrics[u.name].unit == "percent" for u in uses)
    part = fragment.part_metric
    if (part or fragment.part) and not share:
        raise DoesNotCompose("of what the share is taken is not said")
    if share and fragment.within and part is None and not fragment.part:
        part = _part(fragment, model)
        fragment = replace(fragment, within=[])
    parted = part is not None or bool(fragment.part)
    if share and groups and filters and not parted and "breakdown" not in fragment.shapes:
        raise DoesNotCompose("whether of each group or of the whole is not said")
    if parted and any(model.selects(use.name) for use in uses):
        # "Share of open tickets that are stuck": of all rows that the first counts.
        whole = [model.count_metric(model.metric_table(model.metrics[use.name])) for use in uses]
        if len(uses) != 1 or whole[0] is None:
            raise DoesNotCompose("of what the share is taken is not said")
        fragment = replace(fragment, within=[*fragment.within, uses[0].name])
        uses = [MetricUse(whole[0].name)]
    if parted:
        numerator = tuple(fragment.part)
    elif share and not groups and part is None:
        if any(model.selects(use.name) for use in uses) and filters:
            raise DoesNotCompose("of what the share is taken is not said")
        numerator, filters = tuple(filters), []
        if len(numerator) > 1:
            raise DoesNotCompose("of what the share is taken is not said")
    if "compare" in fragment.shapes and comparison is None and not groups:
        groups += [f.dimension for f in filters if len(f.values) > 1 and f.operator == "in"]
    order, limit = _order(fragment, model, uses, groups, grain)
    window = _older(fragment, window)
    return SemanticQuery(
        metrics=tuple(uses),
        dimensions=tuple(groups),
        grain=grain,
        filters=tuple(filters),
        within=tuple(fragment.within),
        window=window,
        time_dimension=fragment.time_dimension,
        comparison=comparison,
        having=tuple(_having(left, fragment, model, uses)),
        share=share,
        numerator=numerator,
        numerator_metric=part,
        order=order,
        limit=limit,
    )


def _part(fragment: Fragment, model: SemanticModel) -> str:
    """ "What share of tickets are unidentified": the part, where the whole is all rows of the table."""
    whole = fragment.metrics[0]
    if len(fragment.within) != 1 or len(fragment.metrics) != 1 or model.selects(whole) or not _is_count(whole, model):
        raise DoesNotCompose("of what the share is taken is not said")
    return fragment.within[0]


def _extreme(fragment: Fragment, uses: list[MetricUse], model: SemanticModel) -> bool:
    """ "The longest time to send" of no group in particular is the longest single one."""
    if fragment.groups or len(uses) != 1 or fragment.order not in ("slowest", "fastest"):
        return False
    metric = model.metrics[uses[0].name]
    return metric.unit in _DURATIONS and reaggregate(metric.calculation or "", "max") is not None


def _use(name: str, fragment: Fragment, model: SemanticModel) -> MetricUse:
    """The metric, under another aggregation if the question asks for one that it does not have already."""
    wanted = fragment.aggregation
    if wanted is None:
        return MetricUse(name)
    metric = model.metrics[name]
    aggregate = read_aggregate(metric.calculation or "") if metric.numerator is None else None
    natural = {"AVG": "mean", "SUM": "sum", "COUNT": "sum"}.get(aggregate.function) if aggregate else "mean"
    if wanted == natural or (aggregate is None and wanted == "mean"):
        return MetricUse(name)
    if reaggregate(metric.calculation or "", wanted) is None:
        raise DoesNotCompose(f"{name} has no {wanted}")
    return MetricUse(name, aggregation=wanted)


def _apply_bounds(
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
        if bound.dimension is not None and bound.metric is None and bound.unit is None:
            filters.append(Filter(bound.dimension, bound.operator, (_plain(bound.value),)))  # type: ignore[arg-type]
        elif bound.unit is not None and bound.metric is not None:
            uses = [_with_parameter(use, bound, model) for use in uses]
        else:
            left.append(bound)
    return uses, filters, left


def _older(fragment: Fragment, window: Window | None) -> Window | None:
    """ "Older than 3 days": begun before that moment."""
    ages = [bound for bound in fragment.bounds if bound.operator == "older"]
    if not ages:
        return window
    if len(ages) > 1 or window is not None or ages[0].unit not in _UNIT_HOURS:
        raise DoesNotCompose("how old is not said")
    hours = ages[0].value * _UNIT_HOURS[ages[0].unit or ""]
    if hours != int(hours):
        raise DoesNotCompose("an age is a whole number of hours")
    return Window(None, Moment(shift=-int(hours), unit="hour"), f"older_than_hours:{int(hours)}")


def _with_parameter(use: MetricUse, bound: Bound, model: SemanticModel) -> MetricUse:
    declared = model.metrics[use.name].parameters
    for name, parameter in declared.items():
        if parameter.unit == "hours" and bound.unit in _UNIT_HOURS and bound.operator in ("gt", "ge"):
            hours = bound.value * _UNIT_HOURS[bound.unit]
            if hours != int(hours):
                raise DoesNotCompose(f"{name} is a whole number of hours")
            return replace(use, parameters=((name, int(hours)),))
    if use.name == bound.metric:
        raise DoesNotCompose(f"{use.name} has no such bound")
    return use


def _having(left: list[Bound], fragment: Fragment, model: SemanticModel, uses: list[MetricUse]) -> list[Threshold]:
    """Bounds on the metric of each group."""
    found = []
    for bound in left:
        name = bound.metric
        if bound.row is not None:
            count = model.count_metric(bound.row)
            name = count.name if count else None
        if bound.unit is not None or name not in [use.name for use in uses]:
            raise DoesNotCompose("what the number bounds is not part of the question")
        if not fragment.groups and fragment.grain is None:
            raise DoesNotCompose("a bound on a metric needs groups")
        found.append(Threshold(name, bound.operator, bound.value))  # type: ignore[arg-type]
    return found


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _grain(fragment: Fragment, window: Window | None, now: datetime, zone: str) -> Grain | None:
    """The grain that was named; a trend without one goes by hours, days, weeks or months after its length."""
    if fragment.grain is not None or "trend" not in fragment.shapes:
        return cast("Grain | None", fragment.grain)
    if window is None or window.start is None:
        return "month"
    end = resolve(window.end, now, zone) if window.end else now
    days = (end - resolve(window.start, now, zone)).days
    return "hour" if days < 2 else "day" if days <= 62 else "week" if days <= 124 else "month"


def _order(
    fragment: Fragment, model: SemanticModel, uses: list[MetricUse], groups: list[str], grain: str | None
) -> tuple[Order | None, int | None]:
    if fragment.order is None and fragment.order_by:
        return Order(fragment.order_by), fragment.limit
    if fragment.order is None or _extreme(fragment, uses, model):
        return None, fragment.limit
    if not groups and grain is None:
        raise DoesNotCompose("what is ranked is not said")
    name = fragment.order_by or uses[0].name
    metric = model.metrics[name]
    column = name
    for use in uses:
        if use.name == name and use.aggregation and use.aggregation != "mean":
            column = f"{use.aggregation}_{name}"
    if fragment.order in ("best", "worst"):
        if metric.better is None:
            raise DoesNotCompose(f"whether more {name} is better is not defined")
        descending = (metric.better == "higher") == (fragment.order == "best")
    elif fragment.order in ("slowest", "fastest"):
        if metric.unit not in _DURATIONS:
            raise DoesNotCompose(f"{name} is not a duration")
        descending = fragment.order == "slowest"
    elif fragment.order in ("highest", "lowest"):
        descending = fragment.order == "highest"
    else:
        raise DoesNotCompose("groups have no age")
    limit = fragment.limit
    if limit is None and fragment.singular:
        limit = 1
    return Order(column, descending), limit


def _decides(metric: MetricFile, dimension: str, model: SemanticModel) -> bool:
    """Whether a ratio is about this dimension: the escalation rate of abandoned chats is no number at all."""
    if metric.numerator is None or metric.numerator.filter is None:
        return False
    place = model.place(dimension, model.metric_table(metric))
    column = place.column.name if place is not None and not place.hops else None
    return column is not None and re.search(rf"\b{re.escape(column)}\b", metric.numerator.filter) is not None


def validate(query: SemanticQuery, model: SemanticModel) -> None:
    """Whatever the compiler could not honour is no reading at all."""
    if query.comparison is not None and (query.having or query.grain or query.numerator or query.numerator_metric):
        raise DoesNotCompose("a comparison of periods goes with no bound, trend or part")
    names = [use.name for use in query.metrics] or ([query.rows_of] if query.rows_of else [])
    for name in names:
        metric = model.metrics[name]
        wanted = [*query.dimensions, *(f.dimension for f in (*query.filters, *query.numerator))]
        if any(not model.same_rows(name, other) for other in query.within):
            raise DoesNotCompose(f"{name} is about other rows")
        if any(_decides(metric, f.dimension, model) for f in (*query.filters, *query.numerator)):
            raise DoesNotCompose(f"{name} is defined by that itself")
        for dimension in wanted:
            if not model.allows(metric, dimension):
                raise DoesNotCompose(f"{name} knows no {dimension}")
        table = model.metric_table(metric)
        if query.time_dimension and model.place(query.time_dimension, table) is None:
            raise DoesNotCompose(f"{name} knows no {query.time_dimension}")
        timed = query.window is not None and (query.window.start or query.window.end)
        if (timed or query.grain) and model.time_dimension(metric, query.time_dimension) is None:
            raise DoesNotCompose(f"{name} has no time")
        if query.share and query.dimensions and metric.unit == "percent":
            raise DoesNotCompose(f"{name} has no shares")
