"""What several turns have told one by one, told together: "tickets in October", "and in September", *"what is the
difference"*; "retention tickets", "and shipping", *"both by channel"*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dash.language.fragment import Doubtful, Fragment
from dash.records import ComparedSide, Comparison, MetricUse, SemanticQuery
from dash.semantics.model import SemanticModel
from dash.semantics.moments import resolve

_MOST = 6


def chain(told: Sequence[SemanticQuery], latest: SemanticQuery, now: datetime, zone: str) -> tuple[SemanticQuery, ...]:
    """The queries that a turn after `latest` may mean by "both" and "them": those that were told one after another and
    differ from it in one thing alone, oldest first."""
    for start in range(max(0, len(told) - _MOST), len(told)):
        if together((*told[start:], latest), now, zone) is not None:
            return tuple(told[start:])
    return ()


def together(queries: Sequence[SemanticQuery], now: datetime, zone: str) -> SemanticQuery | None:
    """One query that tells what all of these told, where they differ in one thing alone: in the value of one condition,
    in the period (two of them), or in what is told. None for any others."""
    first, last = queries[0], queries[-1]
    if any(one.comparison or one.shape == "list" or one.count_groups or one.is_parted for one in queries):
        return None
    if all(replace(one, window=None) == replace(first, window=None) for one in queries):
        return _of_two_periods(queries, now, zone)
    if all(replace(one, metrics=()) == replace(first, metrics=()) for one in queries):
        told = tuple(dict.fromkeys(use for one in queries for use in one.metrics))
        return replace(last, metrics=told, order=None, limit=None)
    if all(replace(one, filters=()) == replace(first, filters=()) for one in queries):
        return _of_values(queries)
    return None


def _of_two_periods(queries: Sequence[SemanticQuery], now: datetime, zone: str) -> SemanticQuery | None:
    former, current = queries[0], queries[-1]
    if len(queries) != 2 or former.grain is not None or former == current:
        return None
    edges = [edge for one in queries if one.window for edge in (one.window.start, one.window.end)]
    starts = [resolve(one.window.start, now, zone) for one in queries if one.window and one.window.start]
    if len(edges) != 4 or None in edges:
        return None
    if starts[1] < starts[0]:
        former, current = current, former
    return replace(current, comparison=Comparison("window", former.window))


def _of_values(queries: Sequence[SemanticQuery]) -> SemanticQuery | None:
    """Each value a group of its own; two names of several values each are two sides."""
    last = queries[-1]
    kept = {one for one in last.filters if all(one in other.filters for other in queries)}
    own = [[one for one in query.filters if one not in kept] for query in queries]
    if any(len(one) != 1 or one[0].operator != "in" for one in own):
        return None
    conditions = [one[0] for one in own]
    if len({one.dimension for one in conditions}) > 1:
        return None
    rest = tuple(one for one in last.filters if one in kept)
    if all(len(one.values) == 1 for one in conditions):
        dimension = conditions[0].dimension
        values = tuple(dict.fromkeys(one.values[0] for one in conditions))
        groups = tuple(dict.fromkeys((*last.dimensions, dimension)))
        every = replace(conditions[0], values=values)
        return replace(last, filters=(*rest, every), dimensions=groups, order=None, limit=None)
    if len(conditions) != 2 or {*conditions[0].values} & {*conditions[1].values}:
        return None
    sides = Comparison("sides", sides=(ComparedSide(conditions[0]), ComparedSide(conditions[1])))
    return replace(last, filters=rest, comparison=sides, order=None)


def means_all(fragment: Fragment, every: SemanticQuery) -> bool:
    """Whether a turn speaks of several that were told before, and not of the last of them: "both by channel", "compare
    them", "what is the difference"; of two periods also "how did it change"."""
    own = fragment.metrics or fragment.rows or fragment.filters or fragment.windows or fragment.sides
    other = fragment.earlier or fragment.contexts or fragment.mentioned or fragment.against_average
    if own or other or fragment.aggregation:
        return False
    changed = "change" in fragment.shapes and every.comparison is not None and not every.sides
    return fragment.both or "compare" in fragment.shapes or changed


def only_sets_beside(fragment: Fragment) -> bool:
    """Whether that is all it says."""
    bare = Fragment(
        shapes=fragment.shapes & {"compare", "change", "count", "list"},
        refers=fragment.refers,
        follow_up=fragment.follow_up,
        both=fragment.both,
        which=fragment.which,
    )
    return replace(fragment, said={}) == bare


def part_of(previous: SemanticQuery, fragment: Fragment, model: SemanticModel) -> SemanticQuery | None:
    """ "How many urgent tickets are stuck", and then "what share of *all open ones* is that": what was counted, as a
    part of what the turn names. None for any other turn; raises Doubtful where the one is no part of the other."""
    if not asks_what_part(fragment, model) or len(previous.metrics) != 1 or previous.shape == "list":
        return None
    (part,), whole = previous.metrics, fragment.metrics[0]
    plain = replace(previous, metrics=(), filters=(), window=None, each=(), time_dimension=None) == SemanticQuery()
    if not plain or not model.counts_rows(part.name) or not model.same_rows(part.name, whole):
        return None
    times = {model.time_dimension(model.metrics[name], previous.time_dimension) for name in (part.name, whole)}
    inside = part.name == whole or not model.metrics[whole].filter or model.narrows(part.name, whole)
    if not inside or (previous.window is not None and len(times) > 1):
        raise Doubtful("whether these are a part of those is not known")
    if part.name == whole and not (previous.filters or previous.each):
        raise Doubtful("that is all of them")
    return replace(
        previous,
        metrics=(MetricUse(whole),),
        filters=(),
        each=(),
        share=True,
        numerator=previous.filters,
        numerator_metric=part.name if part.name != whole else None,
        numerator_each=previous.each,
    )


def asks_what_part(fragment: Fragment, model: SemanticModel) -> bool:
    """Whether a turn names a whole and no part of it: "what share of all tickets is that"."""
    bare = Fragment(
        metrics=fragment.metrics, shapes=fragment.shapes, refers=fragment.refers, follow_up=fragment.follow_up
    )
    said = replace(fragment, said={}, brief=set(), which=False, singular=False, which_value=False) == bare
    shares = {"share"} <= fragment.shapes <= {"share", "count"}
    return said and shares and len(fragment.metrics) == 1 and model.counts_rows(fragment.metrics[0])
