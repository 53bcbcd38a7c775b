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
    {"filler", "greeting", "follow_up", "conjunction", "which", "vague", "refer", "by", "fine_unit", "unit", "now"}
    | {"than", "sort", "occurrence", "both", "more"}
)
"""Kinds of words that say nothing of data where nothing else does."""
_NAMES = frozenset({"metric", "row", "dimension", "value"})
_ASKED = frozenset({("shape", "count"), ("shape", "list"), ("shape", "share")})
_COVERING = frozenset({"value", "greeting", "filler"})
_HARMLESS_SHAPES = frozenset({"list", "count", "compare", "often"})


@dataclass(frozen=True)
class Breaks:
    """Where clauses may begin and end, by token position. `ends`: a sign that ends a sentence stands before the token ·
    `asked`: and it is a question mark · `commas`: a comma or a dash does · `leads`: a word that leads from a reason to
    a question ("so") · `turns`: where several words do ("and I'd like to see"), whatever stands before them ·
    `reasons`: one that begins a reason ("since") · `persons`: words for those who ask · `wishes`: words by which they
    say what they are after ("I need VIPs"), which may well be a condition · `whether`: words of an open question
    ("whether"), in which "not" denies nothing."""

    ends: frozenset[int]
    asked: frozenset[int]
    commas: frozenset[int]
    leads: frozenset[int]
    turns: frozenset[int]
    reasons: frozenset[int]
    persons: frozenset[int]
    wishes: frozenset[int]
    whether: frozenset[int]


def asides(tokens: Sequence[Token], spans: Sequence[Span], skippable: Sequence[bool], breaks: Breaks) -> Iterator[Span]:
    """Spans of clauses that may be left out, one for each way to do so."""
    spans = [span for span in spans if not all(skippable[i] for i in range(span.start, span.end))]
    count = len(tokens)
    for start, end in _clauses(count, breaks):
        inside = [span for span in spans if span.start < end and span.end > start]
        rest = [span for span in spans if span.end <= start or span.start >= end]
        if end - 1 in breaks.leads or (end < count and end not in breaks.asked):
            # a topic that this data says nothing about is what the question is not
            inside = [span for span in inside if span.kind != "unanswerable"]
        if any(start <= i < end for i in breaks.whether):
            inside = [span for span in inside if span.kind != "negation"]
        if _asks(inside, rest):
            continue
        said = {token.stem for i, token in enumerate(tokens) if not start <= i < end}
        inside = [
            span
            for span in inside
            if span.kind not in _NAMES or not all(tokens[i].stem in said for i in range(span.start, span.end))
        ]
        if rest and not _restricts(inside, rest) and not any(span.kind == "refer" for span in rest):
            label = " ".join(token.text for token in tokens[start:end])
            yield Span(start, end, KIND, KIND, _COST, label, "")


def _clauses(count: int, breaks: Breaks) -> Iterator[tuple[int, int]]:
    """Stretches before the question and behind it that are about those who ask, or lead up to it."""
    for place in range(1, count):
        leads = breaks.leads if place in breaks.ends | breaks.commas else breaks.turns
        behind = place
        while behind in leads:
            behind += 1
        if behind > place and place - 1 not in leads:
            if not any(i in breaks.wishes for i in range(place)):
                yield 0, behind
            continue
        if place not in breaks.ends | breaks.commas:
            continue
        if (place in breaks.ends or 0 in breaks.reasons) and _is_personal(range(place), breaks):
            yield 0, place
        if {place, place + 1} & breaks.persons and _is_personal(range(place, count), breaks):
            yield place, count


def _is_personal(clause: range, breaks: Breaks) -> bool:
    return any(i in breaks.persons for i in clause) and not any(i in breaks.wishes for i in clause)


def _asks(inside: Sequence[Span], rest: Sequence[Span]) -> bool:
    """Whether a clause is a question of its own, also about what is named again: "how many are open and I need to know
    how many are open on email"."""
    named = any(span.kind in ("metric", "row") for span in inside) or _restricts(inside, rest)
    return named and any((one.kind, one.meaning) in _ASKED for one in inside)


def _restricts(inside: Sequence[Span], rest: Sequence[Span]) -> bool:
    """Whether something in a clause says which rows, and is not said again in the rest. Words that can be read so that
    they do not ("cancellations", of which the rest names all) do not."""
    harmless = [span for span in inside if _is_harmless(span, inside, rest)]
    covering = [span for span in harmless if span.kind in _COVERING]
    return any(
        span not in harmless and not any(one.start <= span.start and span.end <= one.end for one in covering)
        for span in inside
    )


def _is_harmless(span: Span, inside: Sequence[Span], rest: Sequence[Span]) -> bool:
    kind = span.kind.rstrip("?")
    if kind in _HARMLESS or kind.startswith("time_"):
        return True
    if any((one.kind, repr(one.meaning)) == (kind, repr(span.meaning)) for one in rest):
        return True
    match kind:
        case "shape":
            return span.meaning in _HARMLESS_SHAPES
        case "time":  # "we released it on Monday. How many came in last week?"
            return any(one.kind == "time" for one in rest)
        case "comparator":  # "it got less"
            return not any(one.kind == "number" for one in inside)
        case "value":  # "that Mondays kill us, so break it down by weekday"
            told = any(one.kind in ("dimension", "grain") and one.meaning == span.meaning[0] for one in rest)
            return told or _is_among(span, rest)
        case "dimension":  # "we are changing the model, so what did the chats cost?"
            return not any(one.kind == "by" and one.end == span.start for one in inside)
        case _:
            return False


def _is_among(span: Span, rest: Sequence[Span]) -> bool:
    """Whether the values of a span are among those that the rest names by a word for all of them."""
    name, values = span.meaning
    return any(one.kind == "value" and one.meaning[0] == name and set(values) <= set(one.meaning[1]) for one in rest)
