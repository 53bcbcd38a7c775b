"""What is certain about a question that no planner understood as a whole: the parts of it that were understood.

Each value, period, number, metric and dimension that reading found has to come back in whatever a model proposes; each
word that reading did not find has to be explained by the model. So a model can add an understanding, never lose one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dash.language.reader import Read, Reader
from dash.records import Grounding, Question, SemanticQuery, Span, Window
from dash.records.semantic_query import Scalar
from dash.steps.plan.asking import goes_on


@dataclass(frozen=True)
class Found:
    """Words that reading took for something: `span` in the cheapest cover, `others` all that they may mean as well."""

    words: str
    span: Span
    others: tuple[Span, ...]

    def meanings(self, kind: str) -> list[Any]:
        """What the words mean as this kind of thing."""
        return [span.meaning for span in self.others if span.kind == kind]


@dataclass(frozen=True)
class Facts:
    """The parts of one question, in the order of its words; `spans` are all that any of its words may mean,
    `places` where its unknown words stand (tokens [start, end) and text), `previous` the query of the turn before where
    the question goes on from it."""

    found: tuple[Found, ...]
    unknown: tuple[str, ...]
    read: Read
    spans: tuple[Span, ...] = ()
    previous: SemanticQuery | None = None
    places: tuple[tuple[int, int, str], ...] = ()

    def of(self, kind: str) -> list[Found]:
        """Those whose words mean a thing of this kind first of all."""
        return [one for one in self.found if one.span.kind == kind]

    @property
    def windows(self) -> tuple[Window, ...]:
        """The periods of the question, each once."""
        return tuple(dict.fromkeys(one.span.meaning for one in self.of("time")))

    @property
    def periods(self) -> dict[str, Window]:
        """The periods by the name under which SQL has them: period, period_2 …"""
        return {"period" if i == 1 else f"period_{i}": window for i, window in enumerate(self.windows, start=1)}

    @property
    def numbers(self) -> tuple[tuple[str, float], ...]:
        """Numbers that are written in figures and are no part of a period: "at least 5"."""
        written = [one for one in self.of("number") if self.read.tokens[one.span.start].kind == "number"]
        return tuple((one.words, float(one.span.meaning)) for one in written)

    @property
    def values(self) -> tuple[tuple[str, tuple[tuple[str, tuple[Scalar, ...]], ...]], ...]:
        """Values: the words, and (dimension, values) for each thing that they may be."""
        return tuple((one.words, tuple(one.meanings("value"))) for one in self.of("value"))


def find_facts(question: Question, grounding: Grounding, reader: Reader) -> Facts:
    """The parts of a question. A value that was only guessed from a misspelled word counts as a word to explain."""
    read = reader.read(question.text, grounding.tokens, grounding.spans, question.now, question.zone)
    cover = read.best_cover
    if cover is None:
        return Facts((), (), read, grounding.spans)
    sure = [span for span in cover.spans if not span.kind.endswith("?")]
    guessed = [span for span in cover.spans if span.kind.endswith("?")]
    found = tuple(Found(_words(question, read, span), span, _alike(span, grounding.spans)) for span in sure)
    places = [(i, i + 1, read.tokens[i].text) for i in cover.unknown]
    places += [(span.start, span.end, _words(question, read, span)) for span in guessed]
    unknown = dict.fromkeys(text for _, _, text in places)
    turn = question.previous if goes_on(sure, grounding.spans) else None
    previous = turn.semantic_query if turn is not None else None
    return Facts(found, tuple(unknown), read, grounding.spans, previous, tuple(places))


def _alike(span: Span, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Everything that the same words may mean, the reading that won first."""
    same = [other for other in spans if (other.start, other.end) == (span.start, span.end) and other != span]
    return (span, *(other for other in same if not other.kind.endswith("?")))


def _words(question: Question, read: Read, span: Span) -> str:
    tokens: Sequence[Any] = read.tokens
    return question.text[tokens[span.start].start : tokens[span.end - 1].end]
