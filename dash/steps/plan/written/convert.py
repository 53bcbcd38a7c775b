"""A model's answer → a SemanticQuery, strictly, and the proof that it leaves nothing of the question out.

`Unfit` says what is wrong in words for the model that is asked again. It names what reading found and what the model
said, and never anything of the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from dash.language.fragment import DoesNotCompose
from dash.language.reader import Reader
from dash.language.validity import validate
from dash.records import Comparison, Filter, MetricUse, Order, SemanticQuery, Span, Threshold, Unconfirmed
from dash.records.semantic_query import Scalar
from dash.steps.plan.written.answers import FIELDS, NOTHING, Word, words_of
from dash.steps.plan.written.facts import Facts, Found
from dash.steps.plan.written.marks import find_marks, says
from dash.steps.plan.written.owed import unowed, used_names
from dash.steps.plan.written.shelf import Shelf

_LONGEST_MEANING = 200
_ADDRESS = re.compile(r"://|\bwww\.|\]\s*\(", re.IGNORECASE)  # http://…, [x](…)
_SIGNS = {">": "gt", ">=": "ge", "<": "lt", "<=": "le"}


class Unfit(Exception):
    """An answer that cannot be used; `reason` goes back to the model."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Meant:
    """A proposed query with the model's explanation of each word that reading did not know, and what of the query is
    not owed to the question."""

    query: SemanticQuery
    words: tuple[Word, ...]
    unconfirmed: tuple[Unconfirmed, ...] = ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Words that the model took to say nothing."""
        return tuple(word.words for word in self.words if word.meaning == NOTHING)


def read_answer(answer: BaseModel, shelf: Shelf, facts: Facts, reader: Reader, *, last: bool) -> Meant:
    """The query that an answer proposes. Raises Unfit; where it is the `last` answer, what only divides or shortens it
    is no reason to."""
    said: Any = answer
    query = _timed(_query(said, shelf, reader), facts, reader)
    try:
        validate(query, reader.model)
    except DoesNotCompose as failure:
        raise Unfit(f"The parts do not fit together: {failure.reason}.") from None
    words = explained(words_of(said), facts.unknown)
    _require_names(words, query, said, shelf)
    missing = list(_missing(query, facts, reader))
    findings = list(dict.fromkeys(unowed(query, find_marks(facts, words, shelf), reader)))
    wrong = [finding.reason for finding in findings if finding.keeps_back or not last]
    if missing:
        wrong = ["Not in the query, though the question says it: " + "; ".join(missing) + ".", *wrong]
    if wrong:
        raise Unfit(" ".join(wrong))
    return Meant(query, words, tuple(finding.unconfirmed for finding in findings if finding.unconfirmed is not None))


def _timed(query: SemanticQuery, facts: Facts, reader: Reader) -> SemanticQuery:
    """A period is of the moments that the question names ("sent last week"), which an answer cannot say."""
    if (query.window is None and query.grain is None) or query.time_dimension is not None:
        return query
    named = list(dict.fromkeys(name for one in facts.of("dimension") for name in one.meanings("dimension")))
    times = [name for name in named if any(c.role == "time" for _, c in reader.model.dimensions.get(name, ()))]
    if len(times) != 1 or times[0] in query.dimensions or times[0] == _time_of(query, reader):
        return query
    return replace(query, time_dimension=times[0])


def _time_of(query: SemanticQuery, reader: Reader) -> str | None:
    """The moments by which the rows of a query belong to its period."""
    name = query.metrics[0].name if query.metrics else query.rows_of or ""
    metric = reader.model.metrics.get(name)
    return reader.model.time_dimension(metric, query.time_dimension) if metric is not None else None


def explained(words: Iterable[Word], unknown: Iterable[str]) -> tuple[Word, ...]:
    """The explanations of the unknown words; raises Unfit when one has none."""
    given = list(words)
    found: dict[str, Word] = {}
    for one in unknown:
        match = next((word for word in given if says(word.words, one)), None)
        if match is None or not match.meaning.strip():
            raise Unfit(f"The word {one!r} is not explained in words.")
        if len(match.meaning) > _LONGEST_MEANING or not match.meaning.isprintable() or _ADDRESS.search(match.meaning):
            raise Unfit(f"The word {one!r} is not explained in one short line without addresses.")
        found[match.words] = match
    return tuple(found.values())


def _query(said: Any, shelf: Shelf, reader: Reader) -> SemanticQuery:
    metrics = tuple(dict.fromkeys(metric.value for metric in said.metrics))
    if not metrics:
        raise Unfit("metrics is empty: name what is counted or measured.")
    filters = [*_filters(said.only, "in", shelf), *_filters(said.without, "not_in", shelf)]
    window = shelf.periods.get(said.period.value) if said.period is not None else None
    limit = said.limit
    if limit is not None and not 1 <= limit <= 1000:
        raise Unfit("limit must be from 1 to 1000, or null.")
    if said.list_rows:
        if len(metrics) != 1 or not reader.model.counts_rows(metrics[0]):
            raise Unfit("list_rows lists the rows that one counting metric counts; name that one metric.")
        if said.split_by or said.step or said.order or said.share or said.compare_before:
            raise Unfit("list_rows goes with no split_by, step, order, share or comparison.")
        each = _bounds(said, "each_row")
        return SemanticQuery("list", rows_of=metrics[0], filters=tuple(filters), window=window, each=each, limit=limit)
    uses = tuple(MetricUse(name, said.aggregation if i == 0 else None) for i, name in enumerate(metrics))
    order = Order(metrics[0], said.order == "highest") if said.order else None
    if limit is not None and order is None:
        raise Unfit("limit needs an order: highest or lowest.")
    if order is not None and not said.split_by and not said.step:
        raise Unfit("order needs split_by: which groups are ordered.")
    return SemanticQuery(
        metrics=uses,
        dimensions=tuple(dict.fromkeys(dimension.value for dimension in said.split_by)),
        grain=said.step,
        filters=tuple(filters),
        window=window,
        comparison=Comparison("previous") if said.compare_before else None,
        having=_bounds(said, "each_group"),
        each=_bounds(said, "each_row"),
        share=said.share,
        order=order,
        limit=limit,
    )


def _filters(conditions: Iterable[Any], operator: Any, shelf: Shelf) -> Iterator[Filter]:
    grouped: dict[str, list[Scalar]] = {}
    for condition in conditions:
        if condition.value not in shelf.conditions:
            raise Unfit(f"{condition.value!r} is no listed condition.")
        dimension, value = shelf.conditions[condition.value]
        grouped.setdefault(dimension, []).append(value)
    for dimension, values in grouped.items():
        yield Filter(dimension, operator, tuple(dict.fromkeys(values)))


def _bounds(said: Any, of: str) -> tuple[Threshold, ...]:
    return tuple(
        Threshold(bound.metric.value, _SIGNS[bound.sign], bound.value)  # type: ignore[arg-type]
        for bound in getattr(said, "bounds", ())
        if bound.of == of
    )


def _require_names(words: Iterable[Word], query: SemanticQuery, said: Any, shelf: Shelf) -> None:
    """Every explanation must be of something that is in the query."""
    used = used_names(query) | {name for name, what in shelf.conditions.items() if _has_value(query, *what)}
    present = {
        "period": query.window is not None,
        "order": query.order is not None,
        "limit": query.limit is not None,
        "bound": bool(query.bounds),
        "step": query.grain is not None,
        "share": query.share,
        "list": query.shape == "list",
        "comparison": query.comparison is not None,
        "aggregation": any(use.aggregation for use in query.metrics),
    }
    for word in words:
        if word.meaning in FIELDS and present[word.meaning]:
            continue
        if word.meaning != NOTHING and word.meaning not in used:
            raise Unfit(f"{word.words!r} is explained as {word.meaning!r}, which is not in the query.")


def _has_value(query: SemanticQuery, dimension: str, value: Scalar) -> bool:
    return any(f.dimension == dimension and value in f.values for f in query.conditions)


# what the question says and the query does not


def _missing(query: SemanticQuery, facts: Facts, reader: Reader) -> Iterator[str]:
    for one in facts.found:
        if one.span.kind in ("value", "metric", "dimension") and not any(is_used(s, query, reader) for s in one.others):
            yield f"{one.span.kind} {_name(one)}"
        if one.span.kind == "time" and query.window not in one.meanings("time"):
            yield f"period {one.span.meaning.phrase}"
        if one.span.kind == "grain" and one.span.meaning not in (query.grain, *query.dimensions):
            yield f"step {one.span.meaning}"
    if facts.previous is not None:
        yield from _forgotten(query, facts.previous, facts)


def _forgotten(query: SemanticQuery, before: SemanticQuery, facts: Facts) -> Iterator[str]:
    """What the question before said and this one, which goes on from it, does not change."""
    if before.window is not None and not facts.windows and query.window != before.window:
        yield f"period {before.window.phrase} of the question before"
    changed = {name for one in facts.found for name, _ in one.meanings("value")}
    for part in before.filters:
        if part.dimension not in changed and part not in query.filters:
            yield f"condition on {part.dimension} of the question before"
    names = {use.name for use in before.metrics} | ({before.rows_of} if before.rows_of else set())
    named = any(one.meanings("metric") or one.meanings("row") for one in facts.found)
    if not named and not facts.unknown and not names & used_names(query):
        yield f"metric {sorted(names)[0]} of the question before"


def is_used(span: Span, query: SemanticQuery, reader: Reader) -> bool:
    """Whether a query has what these words may mean."""
    if span.kind == "value":
        dimension, values = span.meaning
        return all(_has_value(query, dimension, value) for value in values)
    if span.kind in ("metric", "dimension"):
        return span.meaning in used_names(query) or (
            span.kind == "dimension" and span.meaning == _time_of(query, reader)
        )
    if span.kind == "row":
        return any(
            reader.model.metric_table(reader.model.metrics[name]) == span.meaning
            for name in used_names(query)
            if name in reader.model.metrics
        )
    return span.kind == "time" and span.meaning == query.window


def _name(one: Found) -> str:
    if one.span.kind == "value":
        dimension, values = one.span.meaning
        return " and ".join(f"{dimension}={value}" for value in values)
    return str(one.span.meaning)
