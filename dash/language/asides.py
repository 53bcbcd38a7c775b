"""Clauses that say why somebody asks, and nothing of what: "the CFO wants it tonight, so how many tickets came in?".

Such a clause is left out of the question as a whole, and only where that can drop no condition: it is a sentence about
those who ask ("I", "we") or leads up to the question ("so"), it denies nothing, and every word of data in it is said
again in what is left. A question that goes back to it ("how many does *it* have") needs it, and is not read without it.
The answer names what was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dash.records import Span, Token

KIND = "aside"
_COST = 0.1
_HARMLESS = frozenset(
    {"filler", "greeting", "follow_up", "conjunction", "which", "vague", "refer", "by", "fine_unit", "now"}
    | {"than", "sort", "occurrence", "both", "more"}
)
"""Kinds of words that say nothing of data where nothing else does."""
_HARMLESS_SHAPES = frozenset({"list", "count", "compare", "often"})


@dataclass(frozen=True)
class Breaks:
    """Where clauses may begin and end, by token position. `ends`: a sign that ends a sentence stands before the token ·
    `commas`: a comma or a dash does · `leads`: a word that leads from a reason to a question ("so") · `reasons`: one
    that begins a reason ("since") · `persons`: words for those who ask · `wishes`: words by which they say what they
    are after ("I need VIPs"), which may well be a condition."""

    ends: frozenset[int]
    commas: frozenset[int]
    leads: frozenset[int]
    reasons: frozenset[int]
    persons: frozenset[int]
    wishes: frozenset[int]


def asides(tokens: Sequence[Token], spans: Sequence[Span], skippable: Sequence[bool], breaks: Breaks) -> Iterator[Span]:
    """Spans of clauses that may be left out, one for each way to do so."""
    spans = [span for span in spans if not all(skippable[i] for i in range(span.start, span.end))]
    count = len(tokens)
    for start, end in _clauses(count, breaks):
        inside = [span for span in spans if span.start < end and span.end > start]
        rest = [span for span in spans if span.end <= start or span.start >= end]
        led = end - 1 in breaks.leads
        if led:  # a topic that this data says nothing about is what the question is not
            inside = [span for span in inside if span.kind != "unanswerable"]
        if rest and not _restricts(inside, rest) and not any(span.kind == "refer" for span in rest):
            label = " ".join(token.text for token in tokens[start:end])
            yield Span(start, end, KIND, KIND, _COST, label, "")


def _clauses(count: int, breaks: Breaks) -> Iterator[tuple[int, int]]:
    """Stretches before the question and behind it that are about those who ask, or lead up to it."""
    for place in range(1, count):
        if place not in breaks.ends | breaks.commas:
            continue
        behind = place
        while behind in breaks.leads:
            behind += 1
        if behind > place:
            yield 0, behind
        elif (place in breaks.ends or 0 in breaks.reasons) and _is_personal(range(place), breaks):
            yield 0, place
        if {place, place + 1} & breaks.persons and _is_personal(range(place, count), breaks):
            yield place, count


def _is_personal(clause: range, breaks: Breaks) -> bool:
    return any(i in breaks.persons for i in clause) and not any(i in breaks.wishes for i in clause)


def _restricts(inside: Sequence[Span], rest: Sequence[Span]) -> bool:
    """Whether something in a clause says which rows, and is not said again in the rest."""
    said = {(span.kind, repr(span.meaning)) for span in rest}
    told = {span.meaning for span in rest if span.kind in ("dimension", "grain")}
    for span in inside:
        kind = span.kind.rstrip("?")
        if kind in _HARMLESS or kind.startswith("time_") or (kind, repr(span.meaning)) in said:
            continue
        if kind == "shape" and span.meaning in _HARMLESS_SHAPES:
            continue
        if kind == "value" and span.meaning[0] in told:
            continue  # "that Mondays kill us, so break it down by weekday"
        if kind == "dimension" and not any(one.kind == "by" and one.end == span.start for one in inside):
            continue  # "we are changing the model, so what did the chats cost?"
        return True
    return False
