"""Conditions on things: on a single row ("tickets that took more than 48 hours to send"), and on what belongs to one
("customers who wrote more than 3 times"): then the things that pass are counted, not their rows.
"""

from __future__ import annotations

from dataclasses import replace

from dash.language.contradicting import picks_by
from dash.language.fragment import Bound, DoesNotCompose, Doubtful, Fragment
from dash.records import Filter, SemanticQuery, Threshold
from dash.semantics.fragments import is_additive
from dash.semantics.measures import SECONDS
from dash.semantics.model import SemanticModel

_UNITS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_AT_LEAST_ONE = frozenset({"gt", "ge"})
_COMPARED = {"in": "eq", "gt": "gt", "ge": "ge", "lt": "lt", "le": "le"}
_OF_SOME = frozenset({"gt", "ge", "eq"})


def name_times(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "More than 5 times": of what the things do, which is what their rows are counted by."""
    if not any(bound.times for bound in fragment.bounds):
        return fragment
    often = {name: model.repeated_dimension(name) for name in fragment.metrics}
    if len(often) == 1 and (measure := often[fragment.metrics[0]]) is not None:  # "reassigned three or more times"
        bounds = [replace(bound, times=False, dimension=measure) if bound.times else bound for bound in fragment.bounds]
        return replace(fragment, bounds=bounds)
    subject = next((name for name in fragment.metrics if model.distinct_dimension(name)), None)
    done = fragment.metrics[0] if fragment.groups and len(fragment.metrics) == 1 else None
    if done is not None and subject is None and model.counts_rows(done):  # "which step failed more than 10 times"
        bounds = [replace(bound, times=False, metric=done) if bound.times else bound for bound in fragment.bounds]
        return replace(fragment, bounds=bounds)
    thing = fragment.counted or (model.distinct_dimension(subject) if subject else None)
    if thing is None and len(fragment.groups) == 1:
        thing = fragment.groups[0]
    counting = model.distinct_metric(thing) if thing else None
    own = model.count_metric(model.metric_table(counting)) if counting else None
    if own is None:
        raise DoesNotCompose("how often what is done is not said")
    bounds = [replace(bound, times=False, metric=own.name) if bound.times else bound for bound in fragment.bounds]
    return replace(fragment, bounds=bounds, metrics=fragment.metrics or [own.name])


def bound_each(fragment: Fragment, model: SemanticModel) -> Fragment:
    """Bounds on what another metric than the asked ones averages are conditions on single rows."""
    each, left = list(fragment.each), []
    for bound in (_of_duration(one, fragment, model) for one in fragment.bounds):
        if _bounds_rows(bound, fragment, model):
            assert bound.metric is not None, "a bound on rows names what it bounds"
            value = in_unit_of(bound, bound.metric, model)
            each.append(Threshold(bound.metric, bound.operator, value))  # type: ignore[arg-type]
        else:
            left.append(bound)
    return replace(fragment, each=each, bounds=left)


def _of_duration(bound: Bound, fragment: Fragment, model: SemanticModel) -> Bound:
    """ "Chats longer than 30 minutes", "sent within 24 hours": a length of time that is not said of what."""
    if bound.unit is None or bound.operator == "older" or bound.dimension is not None or fragment.grain is not None:
        return bound
    rows = [bound.row] if bound.row is not None else fragment.rows
    counts = [bound.metric] if bound.metric is not None else [
        *fragment.metrics, *(count.name for row in rows if (count := model.count_metric(row)))
    ]  # fmt: skip
    if len(set(counts)) != 1 or not model.counts_rows(counts[0]) or model.metrics[counts[0]].parameters:
        return bound
    waiting = model.waiting_since(counts[0])
    metric = model.metrics[counts[0]]
    if metric.present_state or waiting is not None:  # "approvals waiting for more than 30 minutes"
        own = waiting in (None, model.time_dimension(metric)) and bound.operator in _AT_LEAST_ONE
        if own and any(picks_by(metric, one.dimension, model) for one in fragment.filters):
            raise DoesNotCompose("since when they are in that state is not said")  # "open in Draft Created for 2 days"
        return replace(bound, operator="older", metric=counts[0], row=None) if own else bound
    duration = model.duration_of(counts[0])
    return bound if duration is None else replace(bound, metric=duration, row=None)


def _bounds_rows(bound: Bound, fragment: Fragment, model: SemanticModel) -> bool:
    if bound.metric is None or bound.operator == "older" or bound.value is None or bound.metric in fragment.metrics:
        return False
    about = [*fragment.metrics, *(count.name for row in fragment.rows if (count := model.count_metric(row)))]
    return (
        model.row_value(bound.metric) is not None
        and not model.metrics[bound.metric].parameters
        and bool(about)
        and all(model.same_rows(bound.metric, name) for name in about)
    )


def in_unit_of(bound: Bound, name: str, model: SemanticModel) -> float:
    """The bound's number in the unit of a metric. Raises DoesNotCompose for units that do not fit."""
    assert bound.value is not None, "an average has no unit"
    metric = model.metrics[name]
    if bound.percent and metric.unit != "percent":
        raise DoesNotCompose(f"{name} is no percentage")
    if bound.unit is None:
        if metric.unit in SECONDS:
            raise Doubtful(f"the unit of {name} is not said")
        return bound.value
    if metric.unit not in SECONDS or bound.unit not in _UNITS:
        raise DoesNotCompose(f"{name} is not told in {bound.unit}s")
    return bound.value * _UNITS[bound.unit] / SECONDS[metric.unit]


def told_values(query: SemanticQuery, model: SemanticModel) -> SemanticQuery:
    """ "A csat of 5" is a value of its column, and "a penalty of 0" is what the metric makes of a column of text."""
    filters, each = [], []
    for bound in query.each:
        measure = model.measured_dimension(bound.metric)
        if bound.operator == "eq" and bound.value is not None and measure and model.is_numeric(measure):
            value = int(bound.value) if bound.value == int(bound.value) else bound.value
            filters.append(Filter(measure, "in", (value,)))
        else:
            each.append(bound)
    for condition in query.filters:
        if not model.is_measure(condition.dimension) or model.is_numeric(condition.dimension) or not condition.values:
            filters.append(condition)
            continue
        metric, operator = model.measured_by(condition.dimension), _COMPARED.get(condition.operator)
        if metric is None or operator is None or len(condition.values) > 1:
            raise DoesNotCompose(f"{condition.dimension} is not told by such values")
        each.append(Threshold(metric, operator, float(condition.values[0])))  # type: ignore[arg-type]
    if any(model.is_measure(part.dimension) and not model.is_numeric(part.dimension) for part in query.numerator):
        raise DoesNotCompose("a part is not told by such values")
    return _all_rows(replace(query, filters=tuple(filters), each=tuple(each)), model)


def _all_rows(query: SemanticQuery, model: SemanticModel) -> SemanticQuery:
    """ "Ratings of 5" are the rows with a 5: that they have one goes without saying."""
    name = query.metrics[0].name if len(query.metrics) == 1 else None
    scored = model.present_dimension(name) if name is not None else None
    told = any(f.dimension == scored and f.values and f.operator != "not_in" for f in query.filters)
    if name is None or not told or query.share or query.order or query.having:
        return query
    whole = model.count_metric(model.metric_table(model.metrics[name]))
    if whole is None or model.time_dimension(whole) != model.time_dimension(model.metrics[name]):
        return query
    return replace(query, metrics=(replace(query.metrics[0], name=whole.name),))


def count_things(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "How many customers have more than 3 tickets": groups of the tickets by customer, and how many they are."""
    counts = (
        fragment.numbered
        or "count" in fragment.shapes
        or any(model.distinct_dimension(name) for name in fragment.metrics)
    )
    if fragment.groups or fragment.grain is not None or fragment.shapes - {"count", "list"}:
        return _placed(fragment, model)
    found = _belongings(fragment, model)
    asked = fragment.which or "list" in fragment.shapes  # "tickets with failed tasks": how many, or which?
    if not counts and (not asked or found is None or found[1] is None or model.same_rows(found[1], found[2])):
        return fragment
    if found is None:
        if fragment.counted is not None:
            raise DoesNotCompose(f"how many of {fragment.counted} is another question than which")
        return fragment
    thing, subject, name, bounds = found
    bound = bounds[0]
    if bound.operator not in _OF_SOME or bound.value is None or bound.value < (0 if bound.operator == "gt" else 1):
        raise DoesNotCompose("things without any are not counted")
    other = subject is not None and not model.same_rows(subject, name)
    moment = fragment.time_dimension
    if other and fragment.windows:
        moment = _begun(thing, subject, name, model) if moment is None else None
        if moment is None:
            raise Doubtful("whether the things or what belongs to them are of that period is not said")
    within = [subject] if subject is not None and model.selects(subject) else []
    if other and within:
        raise DoesNotCompose(f"{subject} is about other rows")
    return replace(
        fragment,
        metrics=[name],
        rows=[],
        groups=[thing],
        columns=[column for column in fragment.columns if column != thing],  # it is told anyway
        counted=None,
        count_groups=counts,
        shapes=fragment.shapes - {"list"},
        having=[Threshold(name, one.operator, one.value) for one in bounds],  # type: ignore[arg-type]
        within=[*fragment.within, *within],
        time_dimension=moment,
        bounds=[one for one in fragment.bounds if all(one is not other for other in bounds)],
    )


def _placed(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "Tickets with at least 3 messages last month", one by one: the period is that of the tickets, too."""
    bounded = {name for bound in fragment.bounds if (name := _counted_by(bound, model)) is not None}
    things = fragment.groups[0] if len(fragment.groups) == 1 else None
    home = model.home(things) if things is not None else None
    count = model.count_metric(home) if home is not None else None
    if not fragment.windows or fragment.time_dimension or fragment.grain or len(bounded) != 1 or count is None:
        return fragment
    return replace(fragment, time_dimension=_begun(things or "", count.name, bounded.pop(), model))


def _counted_by(bound: Bound, model: SemanticModel) -> str | None:
    """The metric that a bound is on, by its name or by the rows that it counts."""
    if bound.metric is not None or bound.row is None:
        return bound.metric
    count = model.count_metric(bound.row)
    return count.name if count is not None else None


def _begun(thing: str, subject: str | None, name: str, model: SemanticModel) -> str | None:
    """The moment that places things in a period, of which rows of their own are counted: a ticket belongs to the month
    in which it was created, whenever its messages were written. A customer has none."""
    metric = model.metrics[subject] if subject is not None else None
    if metric is None or model.distinct_dimension(metric.name) is not None:
        return None
    table = model.metric_table(metric)
    moment = model.time_dimension(metric)
    if model.key(table) != thing or moment is None or moment != model.table_time(table):
        return None
    place = model.place(moment, model.metric_table(model.metrics[name]))
    theirs = place is not None and place.hops and (table, place.column) in model.dimensions.get(moment, ())
    return moment if theirs else None


def _belongings(fragment: Fragment, model: SemanticModel) -> tuple[str, str | None, str, list[Bound]] | None:
    """The thing, the metric that counts it (if one does), the metric that is bounded, and its bound, or both of a
    range."""
    subject = next(iter(fragment.metrics), None)
    if subject is None and fragment.rows:
        count = model.count_metric(fragment.rows[0])
        subject = count.name if count else None
    thing = fragment.counted
    if thing is None and subject is not None and len(fragment.metrics) <= 1:
        thing = model.distinct_dimension(subject)
        if thing is None and model.counts_rows(subject):
            thing = model.key(model.metric_table(model.metrics[subject]))
    elif thing is not None:
        subject = None
    if thing is None:
        return None
    found = [(name, bound) for bound in fragment.bounds if (name := _bounded(bound, thing, subject, model))]
    bounds = [bound for _, bound in found]
    ranged = [bound.operator for bound in bounds] == ["ge", "le"] and bounds[0].position == bounds[1].position
    if not (len(found) == 1 or ranged) or len({name for name, _ in found}) != 1 or found[0][0] == subject:
        return None
    return thing, subject, found[0][0], bounds


def _bounded(bound: Bound, thing: str, subject: str | None, model: SemanticModel) -> str | None:
    """The metric that adds up what belongs to one thing, if this bounds it."""
    if bound.operator == "older" or bound.unit is not None or bound.percent:
        return None
    name = _counted_by(bound, model)
    if name is None or name == subject:
        return None
    rows = subject is not None and model.distinct_dimension(subject) is None
    if rows and subject and model.home(thing) != model.metric_table(model.metrics[subject]):
        return None  # the messages of the ticket that a chat is one of are not the chat's
    metric = model.metrics[name]
    return name if is_additive(metric.calculation) and model.allows(metric, thing) else None
