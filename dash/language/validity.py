"""Whether a finished query says something: what the compiler could not honour, what no row can be, and what nobody is
shown is no reading at all.
"""

from __future__ import annotations

from dash.language.contradicting import (
    bounds_its_part,
    contradicts,
    decides,
    never_measured,
    never_there,
    picks_by,
    says_twice,
    told_only_of,
)
from dash.language.fragment import DoesNotCompose, Doubtful
from dash.language.sameness import spelled_conditions
from dash.records import ComparedSide, SemanticQuery, Threshold
from dash.semantics.fragments import is_additive, read_conditions
from dash.semantics.model import SemanticModel

BOUNDS = frozenset({"gt", "ge", "lt", "le"})


def validate(query: SemanticQuery, model: SemanticModel, *, only: bool = False) -> None:
    """Whatever the compiler could not honour, or nobody is shown, is no reading at all."""
    if any(model.is_personal(dimension) for dimension in query.dimensions):
        raise DoesNotCompose("what nobody is shown is no group")
    beside = query.comparison is not None and not query.sides
    if beside and (query.having or query.grain or query.is_parted):
        raise DoesNotCompose("a comparison of periods goes with no bound, trend or part")
    if query.of_each is not None:
        _validate_of_each(query)
    if query.sides:
        _validate_sides(query, model)
    names = [use.name for use in query.metrics] or ([query.rows_of] if query.rows_of else [])
    if says_twice(query, names, model):
        raise DoesNotCompose("a condition says what the period says")
    for name in names:
        metric = model.metrics[name]
        counted = (model.distinct_dimension(name), model.key(model.metric_table(metric)))
        if any(f.operator == "is_null" and f.dimension in counted for f in query.filters):
            raise DoesNotCompose(f"{name} counts what is not there")  # "customers without tickets"
        if counted[0] is not None and only and query.within:
            raise Doubtful("that all of theirs are such is not said")  # "customers who have only open tickets"
        if counted[0] is not None and any(f.operator == "is_null" for f in query.filters):
            raise Doubtful(
                "whether none of their rows has it or one has not is not said"
            )  # "customers who never rated"
        wanted = [*query.dimensions, *(f.dimension for f in query.conditions)]
        if any(not model.same_rows(name, other) for other in query.within):
            raise DoesNotCompose(f"{name} is about other rows")
        for one in (name, *query.within):
            if any(contradicts(model.metrics[one], f, model) for f in query.filters):
                raise DoesNotCompose(f"no row of {one} passes the other conditions")
        measured = model.measured_dimension(name)
        if any(f.dimension == measured and f.operator == "in" and len(f.values) == 1 for f in query.filters):
            raise DoesNotCompose(f"{name} of equal ones is no number")  # "1-star ratings" are counted
        defining = [f for f in query.conditions if decides(metric, f.dimension, model)]
        measured_ones = [f for f in defining if f.operator == "in" and model.measured_by(f.dimension) is not None]
        if measured_ones or any(f.operator in BOUNDS for f in defining):
            raise DoesNotCompose(f"{name} is all of such rows")  # the share of rated tickets with a csat below 3
        if defining:
            raise Doubtful(f"{name} is defined by that itself")
        if any(never_measured(metric, bound, query.filters, model) for bound in query.each):
            raise DoesNotCompose(f"nothing is measured of the rows of {name}")  # "chats active for over an hour"
        if model.row_value(name) is not None and never_measured(
            metric, Threshold(name, "ge", None), query.filters, model
        ):
            raise DoesNotCompose(f"nothing is measured of the rows of {name}")  # "the longest *running* task"
        if any(bounds_its_part(metric, bound, model) for bound in query.each):
            raise DoesNotCompose(f"{name} is all of such rows")  # "the share of sent tickets over 2 days"
        parts = [metric, *(model.metrics[one] for one in (query.numerator_metric, *query.within) if one)]
        things = [one for one in query.dimensions if model.identifies(one)]
        if any(decides(part, thing, model) or picks_by(part, thing, model) for part in parts for thing in things):
            raise Doubtful(f"{name} is all or nothing for each of these")
        if any(told_only_of(metric, dimension, model) for dimension in query.dimensions):
            raise Doubtful(f"{name} is all or nothing in each of these groups")
        if any(_tells_of(thing, other, model) for thing in things for other in query.dimensions if other != thing):
            raise DoesNotCompose("a thing and what it is are no two groups")  # "which category costs most per ticket"
        single = model.counts_rows(name) or model.distinct_dimension(name)
        own = model.key(model.metric_table(metric)) if single else None
        if own is not None and own in query.dimensions and not query.count_groups:
            raise DoesNotCompose(f"each of {own} is one")
        rows = model.key(model.metric_table(metric))
        if rows in query.dimensions and query.having and model.row_value(name) is not None:
            raise DoesNotCompose(f"each of {rows} has one {name}")  # "share of tickets that took more than 2 days"
        if rows is not None and rows in query.dimensions and query.dimensions[1:]:
            raise DoesNotCompose(f"each of {rows} is in one of the other groups")  # "for each channel, tickets …"
        for dimension in wanted:
            if never_there(metric, dimension, model):
                raise DoesNotCompose(f"rows of {name} have no {dimension}")
            if not model.allows(metric, dimension):
                raise DoesNotCompose(f"{name} knows no {dimension}")
        table = model.metric_table(metric)
        if query.time_dimension and model.place(query.time_dimension, table) is None:
            raise DoesNotCompose(f"{name} knows no {query.time_dimension}")
        timed = query.window is not None and (query.window.start or query.window.end)
        time = model.time_dimension(metric, query.time_dimension)
        if (timed or query.grain) and time is None:
            raise DoesNotCompose(f"{name} has no time")
        if timed and any(f.operator == "is_null" and f.dimension == time for f in query.filters):
            raise Doubtful("whether never or not in that time is meant is not said")  # "not updated since May"
        if query.share and query.dimensions and metric.unit == "percent":
            raise DoesNotCompose(f"{name} has no shares")
        if query.share and query.dimensions and not query.is_parted and not is_additive(metric.calculation):
            raise DoesNotCompose(f"parts of {name} do not add up to a whole")


def _tells_of(thing: str, dimension: str, model: SemanticModel) -> bool:
    """Whether a dimension says something of each single thing, so that the things are its groups already."""
    home = model.home(thing)
    return home is not None and any(table == home for table, _ in model.dimensions.get(dimension, ()))


def _validate_sides(query: SemanticQuery, model: SemanticModel) -> None:
    """Raises DoesNotCompose where the rows of a metric know nothing of the sides, Doubtful where all of them are on one
    side by the metric's own definition."""
    other = query.having or query.is_parted or query.running or query.growth or query.against_average or query.limit
    if other or query.funnel or query.count_groups or (query.order is not None and not query.dimensions):
        raise DoesNotCompose("two sides go with no bound, part, order or sum of them")
    if any(c.only_where for one in query.dimensions for _, c in model.dimensions.get(one, ())):
        raise Doubtful("not all rows have what it is told by")  # "escalated vs non-escalated chats by reason"
    told = {side.filter.dimension for side in query.sides if side.filter is not None}
    if any(one.dimension in told and one.operator != "not_null" for one in query.filters) or told & {*query.dimensions}:
        raise DoesNotCompose("a condition on what the sides are told apart by")
    for name in (use.name for use in query.metrics):
        if model.distinct_dimension(name) is not None:
            raise Doubtful(f"one of {name} may be on both sides")  # "customers with urgent tickets vs without"
        if query.share and not is_additive(model.metrics[name].calculation):
            raise DoesNotCompose(f"parts of {name} do not add up to a whole")
        if any(_is_on_one_side(name, side, model) for side in query.sides):
            raise Doubtful(f"{name} is all on one side")


def _is_on_one_side(name: str, side: ComparedSide, model: SemanticModel) -> bool:
    """Whether a metric is defined by what makes a side, so that the other one has nothing of it. Raises DoesNotCompose
    where its rows know nothing of the side."""
    metric = model.metrics[name]
    said = read_conditions(metric.filter)
    if side.within is not None:
        if not model.same_rows(name, side.within):
            raise DoesNotCompose(f"{name} is about other rows")
        conditions = read_conditions(model.metrics[side.within].filter)
        part = read_conditions(metric.numerator.filter) if metric.numerator is not None else frozenset()
        return conditions <= said or model.excludes(name, side.within) or bool(conditions & part)
    if side.filter is None:
        return False
    dimension = side.filter.dimension
    if not model.allows(metric, dimension):
        raise DoesNotCompose(f"{name} knows no {dimension}")
    conditions, left = spelled_conditions(name, [side.filter], model)
    spelled = not left and bool(conditions) and conditions <= said
    return spelled or decides(metric, dimension, model) or picks_by(metric, dimension, model)


def require_owner(query: SemanticQuery, brief: set[str], model: SemanticModel) -> None:
    """ "Errors in chats by *category*": the ticket's, or the error's, which only errors have? Raises DoesNotCompose for
    such a group that was named by one word (`brief`)."""
    for metric in (model.metrics[use.name] for use in query.metrics):
        table, said = model.metric_table(metric), read_conditions(metric.filter)
        for dimension in brief & {*query.dimensions}:
            place = model.place(dimension, table)
            if place is None or not place.hops or not said:
                continue
            names = {text.lower() for text in place.column.label.values()}
            for column in model.tables[table].table_columns:
                theirs = column.only_where is not None and read_conditions(column.only_where) <= said
                phrases = [phrase.split() for listed in column.synonyms.values() for phrase in listed]
                if theirs and any(len(words) > 1 and names & {*words} for words in phrases):
                    raise DoesNotCompose(f"whose {dimension} is meant is not said")


def _validate_of_each(query: SemanticQuery) -> None:
    """The first of each: of two groups, by what is told, and nothing else done with them."""
    ranked = query.order is not None and query.limit is not None and len(query.dimensions) == 2
    other = query.comparison or query.grain or query.having or query.share or query.count_groups or query.running
    if not ranked or query.of_each not in query.dimensions or other or query.growth or query.against_average:
        raise DoesNotCompose("what comes first of each is not said")
    if len(query.metrics) != 1:
        raise DoesNotCompose("by what it comes first is not said")
