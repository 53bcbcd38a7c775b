"""Slots → a SemanticQuery that the compiler can compile, or the reason why it is not a whole question.

Here the governed model decides: which rows a noun and a metric share, which metric a superlative orders, what a bound
bounds, whether rows are counted or listed. What the model does not allow does not become a query.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dash.language.aggregating import aggregate_query
from dash.language.bounds import waiting_time
from dash.language.contradicting import never_both
from dash.language.first_of_each import require_one_ranking, told_of_each
from dash.language.fragment import DoesNotCompose, Doubtful, Fragment
from dash.language.implying import imply, name_actor, name_done, name_done_at, spread
from dash.language.listing import is_list, list_query
from dash.language.things import bound_each, count_things, name_times, told_values
from dash.language.timing import compares_buckets, grain_of, hours_of_the_day, paced, windows_of
from dash.language.validity import require_owner, validate
from dash.records import Comparison, Filter, SemanticQuery
from dash.semantics.fragments import read_conditions
from dash.semantics.model import SemanticModel

_DAYS = 7


class Incomplete(DoesNotCompose):
    """Slots without a subject: no metric and no rows. A follow-up if there is a turn before it."""


class NothingToCompare(Incomplete, Doubtful):
    """A comparison without a measure: a follow-up, or a question back; never something else."""


def finish(fragment: Fragment, model: SemanticModel, now: datetime, zone: str) -> SemanticQuery:
    """A whole query from its slots. Raises Incomplete or DoesNotCompose."""
    fragment = count_things(bound_each(name_times(fragment, model), model), model)
    if _asks_about_one(fragment, model):  # "what status is T-000123 in?"
        fragment = replace(fragment, columns=[*fragment.columns, *fragment.groups], groups=[])
    if not fragment.metrics and not fragment.rows:
        fragment = replace(fragment, rows=_looked_up(fragment, model))
    if not fragment.metrics and not fragment.rows:
        fragment = replace(fragment, rows=_implied_rows(fragment, model))
    fragment = name_done_at(name_done(fragment, model), model)
    fragment = name_actor(imply(spread(fragment, model), model), model)
    if not fragment.metrics and not fragment.rows:
        fragment = replace(fragment, metrics=_implied_by_column(fragment, model))
    if not fragment.metrics and not fragment.rows and "compare" in fragment.shapes:
        raise NothingToCompare("the question does not say what is compared")
    if not fragment.metrics and not fragment.rows:
        raise Incomplete("the question does not say what to count or measure")
    fragment = _share_head(_absorb_rows(fragment, model), model)
    _require_contexts(fragment, model)
    _require_present(fragment, model)
    _require_number(fragment, model)
    _require_sense(fragment, model)
    fragment = _at_their_moment(waiting_time(fragment, model), model)
    if (fragment.grain, True) in {("day", "weekday" in fragment.groups), ("hour", "hour_of_day" in fragment.groups)}:
        raise Doubtful("whether each day or each weekday is meant is not said")
    if fragment.grain is not None and compares_buckets(fragment):
        fragment = replace(fragment, grain=None)
    fragment = paced(fragment)
    window, comparison = windows_of(fragment, model, now, zone)
    if fragment.sides:
        if comparison is not None:
            raise DoesNotCompose("two sides and two periods")
        comparison = Comparison("sides", sides=fragment.sides)
    if hours_of_the_day(fragment, window, now, zone):
        fragment = replace(fragment, grain=None, groups=[*fragment.groups, "hour_of_day"])
    if fragment.of_each is not None and (is_list(fragment, model) or comparison is not None):
        raise Doubtful("what comes first of each is not said")
    if is_list(fragment, model):
        query = list_query(fragment, model, window)
    else:
        grain = grain_of(fragment, window, now, zone)
        query = aggregate_query(fragment, model, window, comparison, grain)
        if fragment.sorted and not (query.dimensions or query.grain):
            raise Incomplete("what is sorted is not said")
        if fragment.of_each is not None:
            query = told_of_each(query, fragment.of_each)
        require_one_ranking(query, fragment)
    query = told_values(_canonical(query, model), model)
    if any(f.dimension == "weekday" and f.operator == "in" and len({*f.values}) == _DAYS for f in query.filters):
        raise Doubtful("every day of the week is no condition")  # "on weekdays and weekends": the one against the other
    require_owner(query, fragment.brief, model)
    validate(query, model, only=fragment.only)
    return query


def _canonical(query: SemanticQuery, model: SemanticModel) -> SemanticQuery:
    """ "Tickets, unidentified" and "unidentified tickets" are one query: all rows of a table that another count narrows
    are the rows of that count."""
    if (
        query.share
        and query.numerator_metric
        and not (query.dimensions or query.within or query.numerator or query.numerator_each)
    ):
        whole = model.count_metric(model.metric_table(model.metrics[query.numerator_metric]))
        if whole is not None and [use.name for use in query.metrics] == [whole.name]:
            return replace(
                query, metrics=(replace(query.metrics[0], name=query.numerator_metric),), numerator_metric=None
            )
    query = _without_truisms(query, model)
    name = query.rows_of if query.shape == "list" else (query.metrics[0].name if len(query.metrics) == 1 else None)
    if name is None or name not in model.metrics or not query.within or query.share or query.metrics[1:]:
        return query
    counts = model.counts_rows(name) and not model.metrics[name].filter
    narrowing = query.within[0]
    if not counts or model.metrics[narrowing].parameters or (query.metrics and query.metrics[0].aggregation):
        return query
    if query.shape == "list":
        return replace(query, rows_of=narrowing, within=query.within[1:])
    use = replace(query.metrics[0], name=narrowing)
    having = tuple(replace(t, metric=narrowing) if t.metric == name else t for t in query.having)
    order = replace(query.order, by=narrowing) if query.order and query.order.by == name else query.order
    return replace(query, metrics=(use,), within=query.within[1:], having=having, order=order)


def _without_truisms(query: SemanticQuery, model: SemanticModel) -> SemanticQuery:
    """The query without conditions that each row passes: that it has what every row has."""
    names = {*(use.name for use in query.metrics), query.rows_of}
    tables = {model.metric_table(metric) for name, metric in model.metrics.items() if name in names}

    def says_nothing(condition: Filter) -> bool:
        places = [model.place(condition.dimension, table) for table in tables]
        known = all(place is not None and not place.hops and place.column.never_null for place in places)
        return condition.operator == "not_null" and bool(places) and known

    kept = tuple(condition for condition in query.filters if not says_nothing(condition))
    return replace(query, filters=kept) if len(kept) < len(query.filters) else query


def _absorb_rows(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "tickets" beside a metric of tickets says nothing new; beside nothing it is the count of tickets."""
    metrics = list(fragment.metrics)
    tables = [model.metric_table(model.metrics[name]) for name in metrics]
    for row in fragment.rows:
        count = model.count_metric(row)
        if row in tables:
            continue
        if any(model.reaches(table, row) for table in tables):
            # "Messages on a ticket", "tickets with messages" may well mean per ticket; a rate or an average cannot.
            missing = any(
                f.operator in ("not_in", "is_null") for f in fragment.filters
            )  # "tickets with no agent messages"
            if (row in fragment.owning_rows or missing) and any(model.counts_rows(name) for name in metrics):
                raise Doubtful(f"whether for each of {row} is not said")
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


def _at_their_moment(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "CSAT of tickets sent in October": the period is that of the sending, as it is when just these are counted."""
    if not fragment.windows or fragment.time_dimension is not None:
        return fragment
    usual = {model.time_dimension(model.metrics[name]) for name in fragment.metrics}
    for name in fragment.within:
        own = model.time_dimension(model.metrics[name])
        if own == model.table_time(model.metric_table(model.metrics[name])):
            continue  # it has no moment of its own: "of those *sent* in October, what share had nobody assigned"
        if own is not None and own not in usual:
            if name not in fragment.moments:  # "csat in October of sent tickets"
                raise Doubtful(f"whether the period is that of {own} is not said")
            return replace(fragment, time_dimension=own)
    return fragment


def _share_head(fragment: Fragment, model: SemanticModel) -> Fragment:
    """ "Escalation and abandonment rates": one word for a rate, which is told of each of them."""
    rates = {model.metrics[name].table for name in fragment.metrics if model.metrics[name].unit == "percent"}
    heads = {name: model.rate_of(name) for name in fragment.headless if model.metrics[name].table in rates}
    return replace(
        fragment,
        metrics=[heads.get(name) or name for name in fragment.metrics],
        headless=fragment.headless - {*heads},
    )


def _require_contexts(fragment: Fragment, model: SemanticModel) -> None:
    """ "In the pipeline" is true of what looks there."""
    tables = {model.metric_table(model.metrics[name]) for name in fragment.metrics}
    for place in fragment.contexts:
        if place not in tables:
            raise DoesNotCompose(f"{place} is not where the metric looks")
    if fragment.replaces:
        raise Incomplete("what is replaced was not said before")
    if fragment.dropped:
        raise Incomplete("by what it was split was not said before")
    if fragment.elided is not None:
        raise Incomplete("of which length that period is was not said")


def _require_sense(fragment: Fragment, model: SemanticModel) -> None:
    """ "CSAT of assigned and of unassigned tickets" is none of both; the average of sent ones is no number of them."""
    named = (*fragment.within, *fragment.metrics)
    if any(model.same_rows(a, b) and model.excludes(a, b) for a in fragment.within for b in named):
        raise Doubtful("no row is both, and how they are set against each other is not said")
    if any(model.same_rows(a, b) and never_both(a, b, model) for a in fragment.within for b in named):
        raise DoesNotCompose("no row is both")  # "errors of tool calls"
    things = [*fragment.groups, fragment.counted or "", *(model.distinct_dimension(n) or "" for n in fragment.metrics)]
    if fragment.both and (any(map(model.identifies, things)) or len(fragment.windows) > 1 or fragment.several):
        raise Doubtful("whether each of them has both is not said")  # "customers who wrote by both email and chat"
    if fragment.several - {*fragment.groups} and not fragment.shapes & {"compare", "change"}:
        raise Doubtful("whether rows that have both or one of them are meant is not said")
    measured = any(not model.counts_rows(name) for name in fragment.metrics)
    counted = [b.metric for b in fragment.bounds if b.value is None and b.metric is not None and b.row is None]
    if measured and any(model.counts_rows(name) for name in counted):
        raise Doubtful("of what the average is taken is not said")


def _require_number(fragment: Fragment, model: SemanticModel) -> None:
    """ "Show the messages of ticket T-000123" is no average over that one ticket, whatever phrase sounds like it."""
    one = any(model.identifies(f.dimension) and f.operator == "in" for f in fragment.filters)
    ratios = [name for name in fragment.metrics if not model.counts_rows(name) and model.row_value(name) is None]
    if "list" in fragment.shapes and one and ratios:
        raise Doubtful("whether the rows or a number of them is wanted is not said")


def _require_present(fragment: Fragment, model: SemanticModel) -> None:
    """ "How many chats right now" are not all that there ever were: now is a time for a state, and for nothing else."""
    if not fragment.now:
        return
    states = (
        fragment.within or fragment.each or any(f.operator in ("in", "not_in", "is_null") for f in fragment.filters)
    )
    if fragment.windows or not (states or any(model.metrics[name].present_state for name in fragment.metrics)):
        raise Doubtful("what is so now is not said")


def rows_to_metrics(rows: list[str], model: SemanticModel) -> list[str]:
    """The metrics that count these tables' rows. Raises DoesNotCompose when one has none."""
    counts = [model.count_metric(row) if row in model.tables else None for row in rows]
    if not all(counts):
        raise DoesNotCompose("these rows have no count")
    return [count.name for count in counts if count]


def _asks_about_one(fragment: Fragment, model: SemanticModel) -> bool:
    subject = fragment.metrics or fragment.rows or fragment.order or fragment.shapes - {"list"}
    return not subject and any(f.operator == "in" and model.identifies(f.dimension) for f in fragment.filters)


def _looked_up(fragment: Fragment, model: SemanticModel) -> list[str]:
    """A bare identifier ("T-000123") asks for the row that it identifies."""
    tables = {model.home(f.dimension) if f.operator == "in" and model.identifies(f.dimension) else None
              for f in fragment.filters}  # fmt: skip
    if len(tables) != 1 or fragment.groups or fragment.shapes - {"list"}:
        return []
    return [table for table in tables if table is not None]


def _implied_rows(fragment: Fragment, model: SemanticModel) -> list[str]:
    """ "Cancellations last month": values alone, with a period or a "how many", count the rows they describe; a funnel
    is of the rows that pass stages."""
    staged = [table for table in model.tables if model.funnel_of(table) is not None]
    if fragment.funnel and len(staged) == 1 and not fragment.follow_up:
        return staged
    asked = (
        ("count" in fragment.shapes or fragment.windows)
        and not fragment.shapes - {"count", "list", "compare"}
        and not fragment.topical
    )
    tables = {model.main_table(f.dimension) for f in fragment.filters}
    table = tables.pop() if asked and len(tables) == 1 and not fragment.follow_up and not fragment.only else None
    count = model.count_metric(table) if table is not None else None
    # Only what rows are usually told apart by: "cancellations" are tickets, "rejected" may be many things.
    usual = count is not None and all(f.dimension == count.default_dimension for f in fragment.filters)
    return [table] if table is not None and usual else []


def _implied_by_column(fragment: Fragment, model: SemanticModel) -> list[str]:
    """ "Why were chats escalated? Rank the reasons": only some rows have the column that is grouped by, and a metric
    counts just these."""
    if (
        len(fragment.groups) != 1
        or fragment.follow_up
        or fragment.filters
        or not fragment.sorted
        or fragment.shapes - {"count", "list", "share", "breakdown"}
    ):
        return []
    only = {column.only_where for _, column in model.dimensions.get(fragment.groups[0], ())}
    said = read_conditions(only.pop()) if len(only) == 1 else frozenset()
    found = [name for name in model.metrics if said and model.selects(name) and _says(model, name) == said]
    return found if len(found) == 1 else []


def _says(model: SemanticModel, name: str) -> frozenset[str]:
    return read_conditions(model.metrics[name].filter)
