"""Two numbers with one noun: "*opened* and closed tickets", "tickets created vs *sent*", "*prompt* and completion
tokens".

The word that stands without its noun means what it means beside it. Of counts that is so only where the two are counted
by different moments, or one of them is a state of now: "resolved and escalated chats" are the chats of two values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dash.language.entries import Entry
from dash.language.lexicon import Lexicon
from dash.language.trie import child_nodes
from dash.language.words import Words
from dash.records import Span
from dash.semantics.model import SemanticModel

ELLIPTIC = 0.01
"""What it costs that a noun is not said twice."""


class Coordination:
    """Finds the words of one question that share the noun of a count beside them."""

    def __init__(self, lexicon: Lexicon, model: SemanticModel, words: Words) -> None:
        self._lexicon, self._model, self._words = lexicon, model, words

    def find(self, spans: Sequence[Span]) -> Iterator[Span]:
        """A count for each word that is joined to the words of another and needs the noun of that."""
        joins = {
            span.start: span.end
            for span in spans
            if (span.kind == "conjunction" and span.meaning == "and")
            or (span.kind, span.meaning) == ("shape", "compare")
        }
        if not joins:
            return
        nouns = {(span.start, span.end) for span in spans if span.kind in ("row", "metric")}
        for span in spans:
            if span.kind != "metric" or span.end - span.start < 2:
                continue
            counts = self._model.counts_rows(span.meaning)
            for join, behind in joins.items():
                if behind == span.start and not counts:
                    yield from self._sharing(self._before(join), tuple(range(span.start + 1, span.end)), span)
                elif behind == span.start and (span.end - 1, span.end) in nouns:
                    yield from self._sharing(self._before(join), (span.end - 1,), span)
                elif counts and join == self._next(span.end) and (span.start, span.start + 1) in nouns:
                    yield from self._sharing(self._next(behind), (span.start,), span)

    def _sharing(self, word: int | None, noun: tuple[int, ...], other: Span) -> Iterator[Span]:
        """What the word counts or measures with the noun of `other`, if that is a number of its own."""
        if word is None or word in range(other.start, other.end):
            return
        reached = [*self._reached((word, *noun)), *self._reached((*noun, word))]
        literal = any(same for same, _ in reached)  # "opened" is no form of "open" where it is a word of its own
        found = {entry.meaning: entry for same, entry in reached if same == literal and entry.kind == "metric"}
        for name, entry in found.items():
            if self._counted_apart(name, other.meaning):
                yield Span(word, word + 1, "metric", name, ELLIPTIC, entry.label, entry.source, elliptic=True)

    def _reached(self, places: tuple[int, ...]) -> Iterator[tuple[bool, Entry]]:
        """What these words say together, and whether that is to the letter."""
        words = self._words
        said = [place for place in places if not words.skippable[place]]
        seen = tuple(words.forms[place] for place in said)
        nodes = [self._lexicon.root, words.phrases]
        for place in said:
            nodes = [child for node in nodes for child in child_nodes(node, words.forms[place], words.stems[place])]
        for entry in (entry for node in nodes for entry in node.entries):
            if entry.language in words.active and self._lexicon.is_inflection(entry, seen, words.active):
                yield entry.forms == seen, entry

    def _counted_apart(self, one: str, other: str) -> bool:
        first, second = self._model.metrics[one], self._model.metrics[other]
        if one == other or first.table != second.table:
            return False
        if not self._model.counts_rows(one) or not self._model.counts_rows(other):
            return self._model.counts_rows(one) == self._model.counts_rows(other) and first.unit == second.unit
        moments = self._model.time_dimension(first), self._model.time_dimension(second)
        return moments[0] != moments[1] or first.present_state != second.present_state

    def _before(self, place: int) -> int | None:
        place -= 1
        while place > 0 and self._words.skippable[place]:
            place -= 1
        return place if place >= 0 and not self._words.skippable[place] else None

    def _next(self, place: int) -> int | None:
        while place < len(self._words.tokens) and self._words.skippable[place]:
            place += 1
        return place if place < len(self._words.tokens) else None
