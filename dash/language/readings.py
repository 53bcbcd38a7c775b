"""Ways to cover a question with spans, cheapest first.

Each span costs one, plus what its match costs; so one phrase of two words beats two words, an exact word beats a
corrected one. Function words cost next to nothing. A word that no span explains costs a lot and is remembered: a
reading with such a word is never answered, only used to ask a good question back.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from dash.records import SemanticQuery, Span, Token

UNKNOWN = 20.0
SKIPPED = 0.02
"""A function word left out costs a little, so that «с 1 октября» is "since", and not the day with a stray «с»."""
BEAM = 48
AMBIGUITY = 0.015
"""Two readings whose costs differ by less are equally good; then the product asks."""


@dataclass(frozen=True, order=True)
class Cover:
    """One way to read all words: spans in order of the text, and the positions of words that nothing explains."""

    cost: float
    spans: tuple[Span, ...]
    unknown: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """A cover that composes into a whole query."""

    cost: float
    query: SemanticQuery
    spans: tuple[Span, ...]


def covers(tokens: Sequence[Token], spans: Sequence[Span], skippable: Sequence[bool]) -> list[Cover]:
    """The cheapest ways to cover all tokens, cheapest first, at most `BEAM`."""
    starting: dict[int, list[Span]] = {}
    for span in spans:
        if not span.kind.startswith("time_"):
            starting.setdefault(span.start, []).append(span)
    count = len(tokens)
    best: list[list[tuple[float, int, tuple[Span, ...], tuple[int, ...]]]] = [[] for _ in range(count + 1)]
    best[0] = [(0.0, 0, (), ())]
    serial = 1
    for i in range(count):
        states = heapq.nsmallest(BEAM, best[i])
        best[i] = []
        for cost, _, chosen, unknown in states:
            for span in starting.get(i, ()):
                price = cost + 1.0 + span.cost + sum(1.0 + part.cost for part in span.inner)
                best[span.end].append((price, serial, (*chosen, span, *span.inner), unknown))
                serial += 1
            if skippable[i]:
                best[i + 1].append((cost + SKIPPED, serial, chosen, unknown))
            else:
                best[i + 1].append((cost + UNKNOWN, serial, chosen, (*unknown, i)))
            serial += 1
    return [Cover(cost, chosen, unknown) for cost, _, chosen, unknown in heapq.nsmallest(BEAM, best[count])]
