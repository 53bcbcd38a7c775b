"""A turn after a ranking, or a bound, that told a few groups: about those, or about all?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dash.language.accounting import require_all_said
from dash.language.carrying import filters_of
from dash.language.fragment import DoesNotCompose, Fragment
from dash.language.reader import Reader
from dash.language.readings import Reading
from dash.records import Filter, SemanticQuery, Span
from dash.records.semantic_query import Scalar


def of_the_first(
    found: tuple[float, Fragment, tuple[Span, ...]],
    previous: SemanticQuery,
    first: Sequence[Scalar],
    merged: Callable[[SemanticQuery, Fragment], SemanticQuery],
    reader: Reader,
) -> list[Reading]:
    """What "by category there" may mean after "which country has the most tickets": of the `first` groups, which the
    answer named, and of all. A turn that says so ("how many *of those*") means the first. Nothing where only one of
    the two can be told."""
    cost, fragment, spans = found
    (dimension,) = previous.dimensions
    if reader.model.is_hidden(dimension):
        return []  # what strangers wrote becomes no condition, which other steps would pass on
    whole = replace(previous, limit=None, order=None, having=())
    kept = previous.dimensions if fragment.metrics and not fragment.groups and len(first) > 1 else ()
    few = replace(whole, dimensions=kept, filters=filters_of(previous.filters, [Filter(dimension, "in", tuple(first))]))
    readings: list[Reading] = []
    for before in (few,) if fragment.refers else (few, whole):
        try:
            query = merged(before, fragment)
            require_all_said([span for span in spans if not span.says_nothing], query, reader.model)
        except DoesNotCompose:
            continue
        readings.append(Reading(cost, query, spans))
    return readings if fragment.refers or len(readings) > 1 else []
