"""The words of one question with all that matching needs of them, worked out once."""

from __future__ import annotations

from collections.abc import Sequence

from dash.language.detect import active_with
from dash.language.lexicon import Lexicon
from dash.language.tokens import normalize, places_apart
from dash.records import Token

_TYPO_SCORE = 82
_SHORT = 4
"""Letters of a word in which two may have changed places, and nothing else: "opne"."""


class Words:
    """Forms, stems and uses of the words, by their places. `skippable` says nothing of the data, `corrections` are the
    trie keys of what a misspelled word may be."""

    def __init__(
        self,
        lexicon: Lexicon,
        tokens: Sequence[Token],
        spoken: frozenset[str],
        skippable: list[bool],
        corrects: bool,
    ) -> None:
        self.tokens = tokens
        self.spoken = spoken
        self.active = active_with(spoken)
        # More than one character between two words is punctuation, and no phrase goes on behind it.
        self.apart = places_apart(tokens)
        self.forms = [normalize(token.text) for token in tokens]
        self.stems = [lexicon.stems(token) for token in tokens]
        self.skippable = skippable
        held = [lexicon.is_listed("holds", form, spoken) for form in self.forms]
        passive = [lexicon.is_listed("passive", form, spoken) for form in (*self.forms[1:], "")][: len(held)]
        self.holds = [holds and not been for holds, been in zip(held, passive, strict=True)]  # "have been open"
        self.limits = [lexicon.is_listed("limits", form, spoken) for form in self.forms]
        found = zip(self.forms, self.stems, strict=True)
        self.aggregations = [lexicon.aggregation(form, stems, spoken) for form, stems in found]
        self.corrections = {i: c for i in range(len(tokens)) if corrects and (c := self._correct(i, lexicon))}
        self.phrases = lexicon.phrases({key for keys in (*self.stems, *self.corrections.values()) for key in keys})

    def _correct(self, i: int, lexicon: Lexicon) -> dict[str, str]:
        """Trie keys of the words that a misspelled word may be, each with the word that comes nearest; none for words
        that are known or short."""
        form = self.forms[i]
        if self.tokens[i].kind != "word" or len(form) < _SHORT or self.skippable[i]:
            return {}
        if lexicon.knows(form, self.stems[i], self.active):
            return {}
        if len(form) == _SHORT:
            return self._turned(form, lexicon)
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import OSA

        targets = lexicon.typo_targets(self.active)
        matches = process.extract(form, targets.keys(), scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE, limit=3)
        near = [word for word, _, _ in matches if word[0] == form[0] and OSA.distance(word, form) <= 1 + len(form) // 9]
        return {targets[word]: word for word in reversed(near)}

    def _turned(self, form: str, lexicon: Lexicon) -> dict[str, str]:
        """The trie key of the one word of which two letters behind the first have changed places."""
        targets = lexicon.typo_targets(self.active)
        turned = {form[:i] + form[i + 1] + form[i] + form[i + 2 :] for i in range(1, len(form) - 1)}
        found = [word for word in turned if word in targets]
        return {targets[found[0]]: found[0]} if len(found) == 1 else {}
