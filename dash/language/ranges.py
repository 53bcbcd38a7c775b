"""Ranges of numbers in a question: "between 20 and 50", "from 2 to 5 hours", "3-5 messages". Both ends belong to it.

A period that has the numbers is none ("between 1 and 5 October"); two numbers with no more than "and" between them are
two numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from dash.records import Span

RANGE = "range"
_OPENING = frozenset({"time_between", "time_opening", "time_since"})
_JOINING = "time_range_and"


def range_spans(spans: Sequence[Span], dashed: AbstractSet[int]) -> Iterator[Span]:
    """Every range that is named. `dashed` are the tokens behind a dash; the periods must be among `spans`."""
    by_start: dict[int, list[Span]] = {}
    for span in spans:
        by_start.setdefault(span.start, []).append(span)
    dated = {i for span in spans if span.kind == "time" for i in range(span.start, span.end)}
    for low in (span for span in spans if span.kind == "number"):
        opening = min((s.start for s in spans if s.kind in _OPENING and s.end == low.start), default=None)
        for joint in _joints(low.end, by_start, dashed, opened=opening is not None):
            for high in by_start.get(joint, ()):
                if high.kind != "number" or not low.meaning < high.meaning or {low.start, high.start} & dated:
                    continue
                start = low.start if opening is None else opening
                yield Span(start, high.end, RANGE, (low.meaning, high.meaning), 0.0, f"{low.label}–{high.label}", "")


def _joints(place: int, by_start: dict[int, list[Span]], dashed: AbstractSet[int], *, opened: bool) -> Iterator[int]:
    """Where the second number may stand; "and" leads to it only where the first one was opened ("between")."""
    if place in dashed:
        yield place
    here = by_start.get(place, ())
    if opened or all(span.kind != "conjunction" for span in here):
        yield from (span.end for span in here if span.kind == _JOINING)


def ends_of(span: Span) -> Sequence[Span]:
    """A range is read as its lower end, a comparator with its number, which keeps the upper one."""
    if span.kind != RANGE:
        return (span,)
    low, high = span.meaning
    number = replace(span, start=span.start + 1, kind="number", meaning=low, label=f"{low:g}", upper=float(high))
    return (replace(span, end=span.start + 1, kind="comparator", meaning="ge"), number)
