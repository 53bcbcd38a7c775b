"""What is said of one noun by two words: "tickets that are open *and unassigned*" are both, and no two numbers.

Before a noun the same words may be a number of each ("open and unassigned tickets"), and of what happened to rows each
has its own moment ("created and sent"): there the "and" stays, and whoever reads it asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.contradicting import never_both, picks_by
from dash.language.signs import Signs
from dash.records import Span
from dash.semantics.model import SemanticModel

_MAY_FOLLOW = frozenset({"now", "time", "by", "grain"})


def without_joints(spans: Sequence[Span], model: SemanticModel, signs: Signs) -> list[Span]:
    """The spans without an "and" that joins two things that one noun is."""
    return [span for place, span in enumerate(spans) if not _joins_predicates(spans, place, model, signs)]


def _joins_predicates(spans: Sequence[Span], place: int, model: SemanticModel, signs: Signs) -> bool:
    if (spans[place].kind, spans[place].meaning) != ("conjunction", "and") or not 1 < place < len(spans) - 1:
        return False
    if any((one.kind, one.meaning) == ("shape", "share") for one in spans):
        return False  # "what share is urgent and unassigned": of which rows would it be
    left, right = spans[place - 1], spans[place + 1]
    if place + 2 < len(spans) and spans[place + 2].kind not in _MAY_FOLLOW:
        return False
    first = place - 2
    said = bool({*range(left.start, left.end)} & signs.copulas)
    while first > 0 and spans[first].kind == "now":
        first, said = first - 1, True
    if left.kind == "metric" and left.start in signs.things and left.end - 1 not in signs.things:
        first, left = first + 1, replace(left, start=left.start + 1)  # "*tickets are open* and unassigned"
        table: str | None = model.metric_table(model.metrics[left.meaning])
    else:
        table = _rows(spans[first], model)
    said = said or any((one.kind, one.meaning) == ("shape", "count") for one in spans[:first])
    if table is None or not said or left.kind == right.kind == "value":
        return False
    return not _exclude(left, right, model) and all(_is_state(one, table, model, signs) for one in (left, right))


def _exclude(left: Span, right: Span, model: SemanticModel) -> bool:
    """Whether two states are of one column, so that no row has both: "resolved and escalated"."""
    names = [one.meaning for one in (left, right) if one.kind == "metric"]
    values = [one.meaning[0] for one in (left, right) if one.kind == "value"]
    if any(picks_by(model.metrics[name], value, model) for name in names for value in values):
        return True
    return len(names) > 1 and (model.excludes(names[0], names[1]) or never_both(names[0], names[1], model))


def _rows(noun: Span, model: SemanticModel) -> str | None:
    """The table of a noun that stands for all rows of one."""
    if noun.kind == "row":
        return str(noun.meaning)
    plain = noun.kind == "metric" and model.counts_rows(noun.meaning) and not model.selects(noun.meaning)
    return model.metric_table(model.metrics[noun.meaning]) if plain else None


def _is_state(span: Span, table: str, model: SemanticModel, signs: Signs) -> bool:
    """Whether a word says how rows of this table are, and neither names them nor says what happened to them."""
    if {*range(span.start, span.end)} & (signs.things | signs.past):
        return False
    if span.kind == "value":
        dimension, values = span.meaning
        place = model.place(dimension, table)
        return place is not None and not place.hops and model.moment_of(dimension, values) is None
    if span.kind != "metric" or not model.selects(span.meaning):
        return False
    metric = model.metrics[span.meaning]
    return model.metric_table(metric) == table and model.time_dimension(metric) == model.table_time(table)
