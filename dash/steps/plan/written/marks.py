"""The words of a question in their order, each with what it may mean, those that only the model explained among them.

A query is held against these marks in both directions: each of its parts is owed to some of them, and each of them is
in the query. What is denied is told here once, by place: a denial reaches the value, the word or the bound behind it,
and those that are joined to it; at the end of a question, the value before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dash.language.tokens import normalize
from dash.records import SemanticQuery, Span
from dash.records.semantic_query import Scalar
from dash.steps.plan.written.answers import Word
from dash.steps.plan.written.facts import Facts
from dash.steps.plan.written.shelf import Shelf

UNKNOWN = "unknown"
"""The kind of a word that reading did not know."""

Condition = tuple[str, Scalar]
"""A dimension and a value of it."""

_DENIED = frozenset({"value", UNKNOWN, "comparator", "metric"})
_PASSED = frozenset({"dimension", "row", "conjunction", "only", "by", "now", "follow_up"})
_BESIDE = frozenset({"unit", "than", "metric", "row", "dimension", "times", "occurrence", "aggregation"})
"""What may stand between a number and the word that says how it is meant."""


@dataclass(frozen=True)
class Mark:
    """Words at a place of the question. `spans` are all that they may mean; an unknown word has none and what the model
    says of it instead: a name, or the condition that it stands for."""

    start: int
    end: int
    words: str
    kind: str
    spans: tuple[Span, ...] = ()
    explained: str | None = None
    condition: Condition | None = None

    def meanings(self, kind: str) -> list[Any]:
        """What the words mean as this kind of thing."""
        return [span.meaning for span in self.spans if span.kind == kind]

    @property
    def conditions(self) -> list[tuple[Condition, ...]]:
        """The conditions that the words may be, each of which may be several values."""
        if self.condition is not None:
            return [(self.condition,)]
        return [tuple((dimension, value) for value in values) for dimension, values in self.meanings("value")]


@dataclass(frozen=True)
class Marks:
    """All marks of one question; `previous` is the query that it goes on from, `tables` those whose rows are named
    inside of longer words ("shipping *tickets*")."""

    all: tuple[Mark, ...]
    previous: SemanticQuery | None = None
    tables: frozenset[str] = frozenset()

    def of(self, *kinds: str) -> list[Mark]:
        """Those of these kinds, in the order of the words."""
        return [mark for mark in self.all if mark.kind in kinds]

    def says(self, kind: str, *meanings: str) -> bool:
        """Whether some words mean one of these things, as this kind."""
        return any(meaning in meanings for mark in self.all for meaning in mark.meanings(kind))

    def explains(self, name: str) -> bool:
        """Whether the model explains a word by this name."""
        return any(mark.explained == name for mark in self.all)

    @cached_property
    def denied(self) -> frozenset[Mark]:
        """What a word of denial reaches."""
        found: list[Mark] = []
        for place, mark in enumerate(self.all):
            if mark.kind == "negation":
                found += self._reached(place)
        return frozenset(found)

    @property
    def idle(self) -> list[Mark]:
        """Words of denial that reach nothing."""
        return [m for i, m in enumerate(self.all) if m.kind == "negation" and not self._reached(i)]

    def _reached(self, place: int) -> list[Mark]:
        behind = self.all[place + 1 :]
        for distance, mark in enumerate(behind):
            if mark.kind in _DENIED:
                return [mark, *self._joined(mark, behind[distance + 1 :])]
            if mark.kind not in _PASSED:
                break
        before = [mark for mark in self.all[:place] if mark.kind in ("value", UNKNOWN)]
        return before[-1:] if not any(mark.kind in _DENIED for mark in behind) else []

    @staticmethod
    def _joined(first: Mark, behind: Sequence[Mark]) -> Iterator[Mark]:
        """ "Not by email *or chat*": values of the same dimension with nothing but "or" between them."""
        dimensions = {part[0] for alternative in first.conditions for part in alternative}
        for mark in behind:
            alike = mark.kind == "value" and any(c[0] in dimensions for a in mark.conditions for c in a)
            if mark.kind != "conjunction" and not alike:
                return
            if alike:
                yield mark

    def beside(self, number: Mark, *kinds: str) -> Mark | None:
        """The nearest word of these kinds that a number stands beside: "*more than* 5", "5 *or more*", "*top* 5"."""
        place = self.all.index(number)
        found = []
        for step in (-1, 1):
            at = place + step
            while 0 <= at < len(self.all):
                mark = self.all[at]
                if mark.kind in kinds:
                    found.append((abs(at - place), mark))
                    break
                if mark.kind not in _BESIDE:
                    break
                at += step
        return min(found, key=lambda one: one[0])[1] if found else None


def find_marks(facts: Facts, words: Sequence[Word], shelf: Shelf) -> Marks:
    """The marks of a question whose unknown words the model has explained."""
    marks = [
        Mark(f.span.start, f.span.end, f.words, f.span.kind, f.others) for f in facts.found if not f.span.says_nothing
    ]
    for start, end, text in facts.places:
        meaning = meaning_of(text, words)
        condition = shelf.conditions.get(meaning) if meaning is not None else None
        marks.append(Mark(start, end, text, UNKNOWN, (), meaning, condition))
    tables = frozenset(span.meaning for span in facts.spans if span.kind == "row")
    return Marks(tuple(sorted(marks, key=lambda mark: mark.start)), facts.previous, tables)


def meaning_of(text: str, words: Sequence[Word]) -> str | None:
    """What the model says that an unknown word stands for."""
    return next((word.meaning for word in words if says(word.words, text)), None)


def says(written: str, wanted: str) -> bool:
    """Whether an explanation of several words is also one of this word."""
    words, one = normalize(written), normalize(wanted)
    return one == words or f" {one} " in f" {words} "
