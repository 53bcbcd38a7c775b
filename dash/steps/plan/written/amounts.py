"""Numbers of a question as bounds and limits of a query: which number, in which unit, compared in which direction."""

from __future__ import annotations

from collections.abc import Iterator

from dash.language.reader import Reader
from dash.records import SemanticQuery, Threshold, Unconfirmed
from dash.semantics.measures import SECONDS
from dash.steps.plan.written.findings import Finding
from dash.steps.plan.written.marks import Mark, Marks

_OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_OLDER = {"older": "gt"}
_UNITS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
_USUAL_LIMIT = 10
"""Of a "top" that says no number, as the composed planner takes it."""


def amounts(query: SemanticQuery, marks: Marks, reader: Reader) -> Iterator[Finding]:
    """Bounds and limits that are not owed to the question, and numbers of it that are not where they belong."""
    yield from _bounds(query, marks, reader)
    yield from _limit(query, marks, reader)
    for number in marks.of("number"):
        yield from _place(number, query, marks, reader)


def _bounds(query: SemanticQuery, marks: Marks, reader: Reader) -> Iterator[Finding]:
    before = marks.previous
    kept = {*before.bounds} if before is not None else set()
    for bound in query.each:
        if reader.model.row_value(bound.metric) is None:
            yield Finding("bound", f"No single row has a {bound.metric}; bound it for each_group.")
    for bound in query.bounds:
        if bound in kept:
            continue
        number = next((one for one in marks.of("number") if _is(bound, one, marks, reader)), None)
        if number is None:
            yield Finding(
                "bound", f"The question has no number {bound.value:g} to bound {bound.metric} by; leave it out."
            )
            continue
        comparator = marks.beside(number, "comparator", "more")
        if comparator is None:
            if not marks.explains("bound"):
                yield Finding("bound", f"The question does not bound anything by {number.words}.")
            continue
        signs = _signs(comparator, marks)
        if bound.operator not in signs:
            yield Finding("bound", f"{comparator.words!r} is the other way round: {bound.metric} {bound.operator}.")


def _signs(comparator: Mark, marks: Marks) -> set[str]:
    said = {_OLDER.get(meaning, meaning) for kind in ("comparator", "more") for meaning in comparator.meanings(kind)}
    return {_OPPOSITE[sign] for sign in said if sign in _OPPOSITE} if comparator in marks.denied else said


def _is(bound: Threshold, number: Mark, marks: Marks, reader: Reader) -> bool:
    """Whether a bound has this number, counted in the unit of its metric where the question names one."""
    return any(bound.value == _in_unit(float(value), number, bound.metric, marks, reader)
               for value in number.meanings("number"))  # fmt: skip


def _in_unit(value: float, number: Mark, metric: str, marks: Marks, reader: Reader) -> float | None:
    unit = marks.beside(number, "unit")
    theirs = SECONDS.get(reader.model.metrics[metric].unit)
    if unit is None or unit.start != number.end:
        return value
    if theirs is None:
        return None  # "2 days" bounds no count
    seconds = next((_UNITS[name] for name in unit.meanings("unit") if name in _UNITS), None)
    return value * seconds / float(theirs) if seconds is not None else None


def _limit(query: SemanticQuery, marks: Marks, reader: Reader) -> Iterator[Finding]:
    limit = query.limit
    if limit is None:
        return
    numbers = {
        value for one in marks.of("number") if not _bounds_something(one, marks) for value in one.meanings("number")
    }
    if marks.of("limit"):
        numbers.add(_USUAL_LIMIT)
    if _ranks(marks, reader):
        numbers.add(1)
    before = marks.previous.limit if marks.previous is not None else None
    if limit not in numbers and limit != before and not marks.explains("limit"):
        yield Finding("limit", f"The question does not ask for {limit} rows; set limit to null.", Unconfirmed("limit"))


def _ranks(marks: Marks, reader: Reader) -> bool:
    """Whether one of many may be meant: by a word that ranks, or, after "which", by one that the model explains."""
    unknown = [mark for mark in marks.all if mark.explained in reader.model.metrics]
    return bool(marks.of("order", "limit", "more") or marks.explains("order") or (marks.of("which") and unknown))


def _bounds_something(number: Mark, marks: Marks) -> bool:
    return marks.beside(number, "comparator", "more") is not None


def _place(number: Mark, query: SemanticQuery, marks: Marks, reader: Reader) -> Iterator[Finding]:
    """A number of the question that is not in the query, or not where its words put it."""
    values = [float(value) for value in number.meanings("number")]
    ranks = marks.beside(number, "limit", "order") is not None
    bounded = any(_is(bound, number, marks, reader) for bound in query.bounds)
    if not values or (values == [1.0] and not number.words.isdigit()):
        return  # "which one"
    if _bounds_something(number, marks):
        if not bounded:
            yield Finding("number", f"number {values[0]:g}: the question bounds something by it, so it is a bound.")
    elif ranks:
        if query.limit not in values:
            yield Finding("number", f"number {values[0]:g}: it says how many are wanted, so it is the limit.")
    else:
        filtered = {float(v) for f in query.filters for v in f.values if isinstance(v, int | float)}
        if not bounded and query.limit not in values and not filtered & set(values):
            yield Finding("number", f"number {values[0]:g} of the question is not in the query.")
