"""The last look at a query before it is a reading: every number and every value that the question names is in it.

The rules that fill the slots are many, and each of them leaves things out where another says them already. A slot that
one of them loses would be an answer to another question; here it is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from math import isclose
from re import findall
from typing import Any

from dash.language.fragment import DoesNotCompose
from dash.language.ranges import RANGE
from dash.records import SemanticQuery, Span
from dash.semantics.model import SemanticModel

_FACTORS = (1.0, 60.0, 3_600.0, 24.0, 168.0, 1_440.0, 10_080.0, 86_400.0, 604_800.0, 7.0, 1_000.0, 1_000_000.0)
"""What a number is told in may be another unit than that of the metric: 3 days are 72 hours."""


def require_all_said(spans: Sequence[Span], query: SemanticQuery, model: SemanticModel) -> None:
    """Raises DoesNotCompose for a number or a value of a cover that its query has lost. One may be said by a singular
    ("the one oldest ticket"), and a value by a metric of just those rows."""
    leaves = list(_leaves(query))
    numbers = [one for one in leaves if isinstance(one, float)]
    names = {one for one in leaves if isinstance(one, str)}
    for span in spans:
        if span.kind in ("number", RANGE):
            said = span.meaning if isinstance(span.meaning, tuple) else (span.meaning,)
            missing = [one for one in said if isinstance(one, int | float) and one != 1]
            if not all(any(_is_told_by(float(one), other) for other in numbers) for one in missing):
                raise DoesNotCompose(f"{span.label} has no place")
        elif span.kind == "value":
            dimension, values = span.meaning
            kept = dimension in names and any(one in names or one in numbers for one in values)
            if not kept and not _in_metric(span, query, model):
                raise DoesNotCompose(f"{span.label} has no place")


def taken_away(span: Span, previous: SemanticQuery, query: SemanticQuery) -> bool:
    """Whether a value was one of several that the turn before named, of which a turn leaves only the others."""
    if span.kind != "value":
        return False
    dimension, values = span.meaning
    before, after = (
        {value for one in each.filters if (one.dimension, one.operator) == (dimension, "in") for value in one.values}
        for each in (previous, query)
    )
    return {*values} <= before and bool(after) and after == before - {*values}


def _leaves(part: Any) -> Iterator[float | str]:
    """The numbers and names in a query, those in the name of a period among them ("last_n_days:7")."""
    if is_dataclass(part):
        for each in fields(part):
            yield from _leaves(getattr(part, each.name))
    elif isinstance(part, tuple | list):
        for one in part:
            yield from _leaves(one)
    elif isinstance(part, Mapping):
        yield from _leaves(tuple(part.values()))
    elif isinstance(part, bool) or part is None:
        return
    elif isinstance(part, int | float):
        yield abs(float(part))
    elif isinstance(part, str | date | datetime):
        yield str(part)
        yield from (float(digits) for digits in findall(r"\d+(?:\.\d+)?", str(part)))


def _is_told_by(said: float, known: float) -> bool:
    return any(isclose(said * factor, known) or isclose(said, known * factor) for factor in _FACTORS)


def _in_metric(span: Span, query: SemanticQuery, model: SemanticModel) -> bool:
    """Whether a metric of the query is one of just the rows that the value names: escalated conversations."""
    others = [name for name in (query.rows_of, query.numerator_metric) if name is not None]
    names = [*(use.name for use in query.metrics), *query.within, *others]
    metrics = [model.metrics[name] for name in names]
    said = " ".join(f"{one.name} {one.filter} {one.numerator} {one.denominator}" for one in metrics).lower()
    words = set(findall(r"[^\W_]+", said))
    return any(str(value).partition("_")[0].lower() in words for value in span.meaning[1])
