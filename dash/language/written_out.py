"""The phrases of the knowledge that questions have had the words of, in a trie that grows with the questions.

Which phrases are in it never shows: a phrase is there before any question that has its words is read, and what it
looks like is decided by phrases that have no other words than its own, which are there as well by then.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace

from dash.language.entries import TERMS, Entry
from dash.language.phrasings import Phrasing
from dash.language.trie import Node

Words = tuple[tuple[str, ...], tuple[str, ...]]

_MOST_HEARD = 200_000
"""Sets of words that phrasings were heard with; with more than that the trie is begun anew."""


class WrittenOut:
    """The trie of phrases. Safe to read and to let grow from several threads at once.

    `variants` says by which stems an entry is found, `formal` are the words of form of all languages.
    """

    def __init__(
        self,
        phrasings: Sequence[Phrasing],
        is_function_word: Callable[[str, frozenset[str]], bool],
        variants: Callable[[Entry], Iterable[Entry]],
        formal: Set[tuple[str, ...]],
    ) -> None:
        self._phrasings = phrasings
        self._is_function_word = is_function_word
        self._variants = variants
        self._formal = formal
        self._growing = threading.Lock()
        self._anchors = _anchors(phrasings)
        self._begin()

    def __getstate__(self) -> dict[str, object]:
        """Without what questions have made of it, and without its lock."""
        kept = ("_phrasings", "_is_function_word", "_variants", "_formal", "_anchors")
        return {name: self.__dict__[name] for name in kept}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._growing = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._root = Node()
        self._heard: set[tuple[int, frozenset[str]]] = set()
        self._meanings: dict[Words, set[str]] = defaultdict(set)
        self._topical: set[tuple[Words, str]] = set()

    def having(self, keys: Set[str]) -> Node:
        """The root of a trie with every phrase whose words are all among the keys."""
        near = sorted({i for key in keys for i in self._anchors.get(key, ())})
        fitting = [i for i in near if self._phrasings[i].fits(keys)]
        heard = [(i, self._phrasings[i].keys & keys) for i in fitting]
        if all(one in self._heard for one in heard):
            return self._root
        with self._growing:
            if len(self._heard) > _MOST_HEARD:
                self._begin()
            new = [one for one in heard if one not in self._heard]
            self._grow([entry for i, _ in new for entry in self._phrasings[i].written_out(keys)], keys)
            self._heard.update(new)
            return self._root

    def _grow(self, written: Sequence[Entry], keys: Set[str]) -> None:
        for entry in written:
            for words in self._words(entry):
                self._meanings[words].add(repr(entry.meaning))
                if entry.topical:
                    self._topical.add((words, repr(entry.meaning)))
        for entry in written:
            meaning = repr(entry.meaning)
            if any((words, meaning) in self._topical for words in self._words(entry)):
                entry = replace(entry, topical=True)
            for variant in self._variants(self._without_edges(entry, meaning)):
                if all(stem in keys for stem in variant.stems):
                    self._root.add(variant.stems, variant)

    def _words(self, entry: Entry) -> list[Words]:
        """What two phrases of the same words have in common: they are found together, and spelled nearly alike."""
        return [(entry.stems, variant.stems) for variant in self._variants(entry)]

    def _without_edges(self, entry: Entry, meaning: str) -> Entry:
        """A phrase as it is looked for.

        Function words at its edges say nothing and are cut off, unless just they tell it from another meaning:
        "tickets sitting" are stuck, "tickets" are all. Nor may a word of form be all that is left, nor be the new edge:
        "since when" is a column, "since" is not; «tickets que quedan» are open, «tickets que» begins anything.
        """
        cut = self._cut(entry)
        edges = [cut.forms[i : i + 1 or None] for i in (0, -1) if cut.forms[i] != entry.forms[i]]
        on_form = cut.forms in self._formal or any(edge in self._formal for edge in edges)
        if cut is entry:
            return entry
        others = any(self._meanings.get(words, set()) - {meaning} for words in self._words(cut))
        return entry if on_form or others else cut

    def _cut(self, entry: Entry) -> Entry:
        """A phrase without the function words at its edges; inside they may mean something («тикетов на клиента»)."""
        spoken = frozenset({entry.language or TERMS, TERMS})
        content = [i for i, form in enumerate(entry.forms) if not self._is_function_word(form, spoken)]
        if not content or (entry.kind == "unanswerable" and len(content) == 1):  # "where is my order" is not "order"
            return entry
        kept = slice(content[0], content[-1] + 1)
        if kept == slice(0, len(entry.forms)):
            return entry
        apart = frozenset(place - kept.start for place in entry.apart if content[0] < place <= content[-1])
        return replace(
            entry, forms=entry.forms[kept], stems=entry.stems[kept], written=entry.written[kept], apart=apart
        )


def _anchors(phrasings: Sequence[Phrasing]) -> dict[str, list[int]]:
    """Words → the phrasings of which one phrase at least has them, few enough to look at all that a question names."""
    frequency: dict[str, int] = defaultdict(int)
    for phrasing in phrasings:
        for key in {word.stem for cell in phrasing.cells for way in cell for word in way.words}:
            frequency[key] += 1
    found: dict[str, list[int]] = defaultdict(list)
    for i, phrasing in enumerate(phrasings):
        for key in {key for word in phrasing.anchors(frequency) for key in word.keys}:
            found[key].append(i)
    return dict(found)
