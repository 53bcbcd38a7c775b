"""What a question adds: "by assignee, *including* the unassigned", «неназначенные *тоже*».

It leaves no row out, so read as a condition it would be the opposite of what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash.language.fragment import Doubtful
from dash.language.signs import Signs
from dash.records import Span
from dash.semantics.model import SemanticModel

_CONDITIONS = frozenset({"metric", "value", "negation", "context", "row"})


def without_added(spans: Sequence[Span], model: SemanticModel, signs: Signs) -> list[Span]:
    """The spans without those that add the rows that have no group, which is shown as any other. Raises Doubtful where
    something else is added."""
    if not (signs.including or signs.too):
        return list(spans)
    kept = []
    for place, span in enumerate(spans):
        inside = span.kind in _CONDITIONS and signs.including & {*range(span.start, span.end)}
        reached = span.kind == "time" and span.start - 1 in signs.including  # "up to and *including* yesterday"
        if inside or reached:
            raise Doubtful(f"whether {span.label} is added or meant alone is not said", place)
        if span.kind not in _CONDITIONS or not _is_added(spans, place, signs):
            kept.append(span)
        elif _is_measured(span, model):
            kept.append(span)  # "and the response rate *too*": one more number
        elif place == 0 or not _has_no_group(span, spans, model):
            raise Doubtful(f"whether {span.label} is added or meant alone is not said", place)
    return kept


def _is_added(spans: Sequence[Span], place: int, signs: Signs) -> bool:
    span = spans[place]
    before = spans[place - 1].end if place else 0
    return bool(signs.including & {*range(before, span.start)}) or span.end in signs.too


def _is_measured(span: Span, model: SemanticModel) -> bool:
    """Whether this is a number of its own, and no condition that rows may pass."""
    return span.kind == "metric" and not model.selects(span.meaning)


def _has_no_group(span: Span, spans: Sequence[Span], model: SemanticModel) -> bool:
    """Whether these are the rows without a value of what the question groups by: the unassigned, by assignee."""
    if span.kind != "metric":
        return False
    return model.absent_dimension(span.meaning) in {one.meaning for one in spans if one.kind == "dimension"}
