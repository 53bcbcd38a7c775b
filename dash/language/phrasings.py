"""Phrases of the knowledge as people wrote them, with their alternatives: "(what|which) (share|part) of chats".

A few thousand of them stand for more than a hundred thousand phrases, and writing all out would cost seconds at every
start. So a phrasing is cut into cells, one behind the other, of which each has one or more ways to be said, and only
those of its phrases are written out whose words a question has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

from dash.knowledge.alternatives import cells_of, expand_phrase
from dash.language.entries import Entry
from dash.language.tokens import Phrase

Keys = tuple[str, ...]
"""What a word is matched by, at least one of them."""

_ACROSS = frozenset('0123456789"“”„«»')
"""Signs that join what a blank divides: 1 000, «a quoted text»."""
_OPEN = ("'", "’")
"""What ends a word that goes on in the next one: «d'»."""


class Word(NamedTuple):
    """A word of a phrasing. `keys` are what a question's words match it by; an `idle` one says nothing by itself."""

    form: str
    stem: str
    keys: Keys
    idle: bool


class Way(NamedTuple):
    """One way to say a cell; it may be empty."""

    phrase: Phrase
    words: tuple[Word, ...]

    @property
    def idle(self) -> bool:
        """Whether it says nothing by itself, so that it is cut off at the edge of a phrase."""
        return all(word.idle for word in self.words)

    def said_with(self, keys: Set[str]) -> bool:
        """Whether a question with these keys may have all its words that say something."""
        return all(word.idle or not keys.isdisjoint(word.keys) for word in self.words)

    def all_in(self, keys: Set[str]) -> bool:
        """Whether a question with these keys may have all its words."""
        return all(not keys.isdisjoint(word.keys) for word in self.words)


@dataclass(frozen=True, eq=False)
class Phrasing:
    """Phrases with one meaning. `entry` is what each of them is, as yet without words."""

    entry: Entry
    cells: tuple[tuple[Way, ...], ...]

    def anchors(self, frequency: Mapping[str, int]) -> list[Word]:
        """Words of which a question must have one for any of the phrases to be in it: as rare ones as there are."""

        def often(word: Word) -> int:
            return frequency[word.stem]

        sure = [
            [min((word for word in way.words if not word.idle), key=often) for way in cell]
            for cell in self.cells
            if not any(way.idle for way in cell)
        ]
        return min(sure, key=lambda words: sum(map(often, words)), default=list(self.words))

    @cached_property
    def _sure(self) -> tuple[int, int]:
        """The first and the last cell that says something whichever way it is said."""
        sure = [i for i, cell in enumerate(self.cells) if not any(way.idle for way in cell)]
        return (sure[0], sure[-1]) if sure else (len(self.cells), -1)

    @property
    def words(self) -> Iterator[Word]:
        """Every word of every phrase."""
        return (word for cell in self.cells for way in cell for word in way.words)

    def said_alone(self) -> Iterator[Word]:
        """The words that are a phrase by themselves, when those that say nothing are cut off."""
        for i, cell in enumerate(self.cells):
            if all(any(way.idle for way in other) for j, other in enumerate(self.cells) if j != i):
                for way in cell:
                    said = [word for word in way.words if not word.idle]
                    if len(said) == 1:
                        yield said[0]

    def lengths(self) -> Iterator[tuple[Word, int]]:
        """Each word that says something, and how many of these the shortest phrase with it has."""
        told = [[sum(not word.idle for word in way.words) for way in cell] for cell in self.cells]
        least = [min(cell) for cell in told]
        for i, cell in enumerate(self.cells):
            for way, own in zip(cell, told[i], strict=True):
                length = sum(least) - least[i] + own
                yield from ((word, length) for word in way.words if not word.idle)

    def fits(self, keys: Set[str]) -> bool:
        """Whether a question with these keys may have one of the phrases."""
        return all(any(way.said_with(keys) for way in cell) for cell in self.cells)

    @cached_property
    def keys(self) -> frozenset[str]:
        """All that its words are matched by. Of a question's keys only these decide which phrases are written out."""
        return frozenset(key for word in self.words for key in word.keys)

    def written_out(self, keys: Set[str]) -> Iterator[Entry]:
        """The phrases that a question with these keys may have, each as an entry. Words at the edges that say nothing
        may be missing in it: whoever cuts them off decides."""
        first, last = self._sure
        ways = [
            [way for way in cell if way.said_with(keys) and (not first < i < last or way.all_in(keys))]
            for i, cell in enumerate(self.cells)
        ]
        for chosen in product(*ways):
            yield self._entry(chosen)

    def _entry(self, ways: tuple[Way, ...]) -> Entry:
        said = [way for way in ways if way.words]
        if len(said) == 1:
            phrase = said[0].phrase
            return replace(
                self.entry, forms=phrase.forms, stems=phrase.stems, written=phrase.written, apart=phrase.apart
            )
        apart, place, sign = set[int](), 0, False
        for way in ways:
            if place and way.words and (sign or way.phrase.opens):
                apart.add(place)
            apart |= {place + inside for inside in way.phrase.apart}
            sign = way.phrase.closes or (sign and not way.words)
            place += len(way.words)
        return replace(
            self.entry,
            forms=tuple(form for way in said for form in way.phrase.forms),
            stems=tuple(stem for way in said for stem in way.phrase.stems),
            written=tuple(word for way in said for word in way.phrase.written),
            apart=frozenset(apart),
        )


def phrasing_of(text: str, entry: Entry, read: Callable[[str, str], Way]) -> Phrasing | None:
    """A phrase of a file, `read` giving the way that a text is in a language; None if there is no word in it."""
    texts = cells_of(text)
    if not _ACROSS.isdisjoint(text) or any(way.endswith(_OPEN) for cell in texts for way in cell):
        texts = [expand_phrase(text)]
    cells = [tuple(read(way, entry.language) for way in cell) for cell in texts]
    said = any(way.words for cell in cells for way in cell)
    return Phrasing(entry, tuple(cells)) if said else None
