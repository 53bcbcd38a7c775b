"""A forgiving search over the catalogue: any language, any inflection, half a word, a slip of the finger.

Each word of the query looks for words of the entries with its stem, then for words that it begins, then for words that
are spelled like it. An entry that has all of them comes before one that has some, and names before descriptions.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dash.catalogue.entries import Catalogue, Entry, Kind
from dash.language.tokens import normalize, stem_word

LONGEST_QUERY = 200
_STRONG, _WEAK = 3.0, 1.0
_SAME_WORD, _BEGINS, _ALIKE = 0.9, 0.6, 0.5
_FIELDS = {"name": 2.0, "column": 0.8}
_ENDING = 2
"""Letters by which another form of the same word may be longer."""
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_BEGINNING, _SHORTEST_SLIP = 2, 4
_LIKENESS = 78
_MOST_SLIPS = 12


@dataclass(frozen=True)
class Hit:
    """An entry that was found. `field` and `words` say by what, where that is not its name."""

    entry: Entry
    weight: float
    field: str = ""
    words: str = ""


class CatalogueSearch:
    """An index over one catalogue. Built once; a search costs the words of the query."""

    def __init__(self, catalogue: Catalogue, idle: Collection[str] = ()) -> None:
        """`idle` are words that say nothing by themselves ("the", "по"), normalized."""
        self.catalogue = catalogue
        self._idle = frozenset(idle)
        # word → address → (weight, field, text); words are stemmed when they are asked, which is seldom
        self._postings: dict[str, dict[str, tuple[float, str, str]]] = defaultdict(dict)
        for entry in catalogue.entries.values():
            self._add(entry, entry.strong, _STRONG)
            self._add(entry, entry.weak, _WEAK)
        self._sorted = sorted(self._postings)

    def find(self, query: str, kinds: Collection[Kind] = ()) -> tuple[Hit, ...]:
        """What fits a query, best first; everything in its order when the query says nothing."""
        asked = [(form, stem_word(form)) for form in _words(query[:LONGEST_QUERY]) if form not in self._idle]
        if not asked:
            return tuple(Hit(entry, 0.0) for entry in self.catalogue.entries.values() if _is_of(entry, kinds))
        found: dict[str, tuple[int, float, str, str]] = {}
        for form, stem in asked:
            for address, (weight, field, text) in self._matches(form, stem).items():
                count, total, first_field, first_text = found.get(address, (0, 0.0, field, text))
                found[address] = (count + 1, total + weight, first_field, first_text)
        most = max((count for count, *_ in found.values()), default=0)
        hits = [
            Hit(self.catalogue.entries[address], weight + 100.0 * count, "" if field == "name" else field, text)
            for address, (count, weight, field, text) in found.items()
            # Half of what was typed is too little, when something has all of it.
            if count == most and _is_of(self.catalogue.entries[address], kinds)
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.weight, hit.entry.name)))

    def _matches(self, form: str, stem: str) -> dict[str, tuple[float, str, str]]:
        """Entries that a word speaks for: itself, by its stem, as a beginning, else by likeness."""
        best: dict[str, tuple[float, str, str]] = {}
        self._take(best, form, 1.0)
        # The stem of "categories" ends in the i that "category" does not have.
        beginning = stem.removesuffix("i") if len(stem) > _SHORTEST_SLIP else stem
        for known in self._beginning(min(beginning, form, key=len)):
            longer = known.startswith(form) or len(known) <= len(form) + _ENDING
            self._take(best, known, _SAME_WORD if longer and known.startswith(beginning) else _BEGINS)
        if not best and len(form) >= _SHORTEST_SLIP:
            for known, likeness in self._alike(form):
                self._take(best, known, _ALIKE * likeness / 100)
        return best

    def _take(self, best: dict[str, tuple[float, str, str]], form: str, quality: float) -> None:
        posting: Mapping[str, tuple[float, str, str]] = self._postings.get(form, {})
        rarity = math.log(1 + len(self.catalogue.entries) / max(1, len(posting)))
        for address, (weight, field, text) in posting.items():
            scored = weight * quality * rarity
            if address not in best or scored > best[address][0]:
                best[address] = (scored, field, text)

    def _beginning(self, form: str) -> Iterator[str]:
        if len(form) < _SHORTEST_BEGINNING:
            return
        for index in range(bisect_left(self._sorted, form), len(self._sorted)):
            if not self._sorted[index].startswith(form):
                return
            yield self._sorted[index]

    def _alike(self, form: str) -> list[tuple[str, float]]:
        from rapidfuzz import fuzz, process

        found = process.extract(form, self._sorted, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=_MOST_SLIPS)
        return [(known, likeness) for known, likeness, _ in found]

    def _add(self, entry: Entry, texts: tuple[tuple[str, str], ...], weight: float) -> None:
        for field, text in texts:
            words = _words(text)
            # A word of a short text says more about it than one of a long one.
            scored = weight * _FIELDS.get(field, 1.0) / (1 + math.log(max(1, len(words))) / 3)
            for form in words:
                known = self._postings[form].get(entry.address)
                if known is None or scored > known[0]:
                    self._postings[form][entry.address] = (scored, field, text)


def _is_of(entry: Entry, kinds: Collection[Kind]) -> bool:
    return not kinds or entry.kind in kinds


def _words(text: str) -> list[str]:
    """The words and numbers of a text; a name's parts are words: csat_by_category, support.sessions."""
    return [normalize(word) for word in _WORD.findall(text)]
