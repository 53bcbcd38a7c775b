"""Which languages a question is in: that of its sentence, and all whose words may stand in it.

Function and form words vote, because terms do not tell («resolution rate» in the middle of a Russian sentence). Only
words of the languages that are there are read, so that Spanish "no" or French "par" mean nothing in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash.knowledge.language import LanguageFile
from dash.language.entries import TERMS
from dash.language.tokens import normalize, script_of
from dash.records import Token

_TERM = 0.1
_AMONG_OTHERS = 2.0
"""Votes that another language than that of terms needs in a sentence of another script: «ai» alone is no French."""


class LanguageDetector:
    """Votes by function and form words; a tie goes to the language that the files list first."""

    def __init__(self, languages: Mapping[str, LanguageFile]) -> None:
        self._languages = languages
        self._words: dict[str, set[str]] = {}
        self._terms: dict[str, set[str]] = {}
        for code, language in languages.items():
            for word in language.function_words.split():
                self._words.setdefault(normalize(word), set()).add(code)

    def add_form_word(self, form: str, language: str) -> None:
        """A question, comparison, order or time word votes too."""
        self._words.setdefault(form, set()).add(language)

    def add_term_word(self, form: str, language: str) -> None:
        """A word of the knowledge decides between languages of one script that are equally likely otherwise."""
        if language:
            self._terms.setdefault(form, set()).add(language)

    def detect(self, tokens: Sequence[Token]) -> str | None:
        """The language of the sentence, None when no known script is in it."""
        votes = self._votes(tokens)
        return max(self._likeliest(votes, tokens), key=lambda code: votes[code], default=None)

    def active(self, tokens: Sequence[Token]) -> frozenset[str]:
        """Languages whose words are read: the likeliest of each script that occurs, and the one of terms."""
        return active_with(self.spoken(tokens))

    def spoken(self, tokens: Sequence[Token]) -> frozenset[str]:
        """Languages whose function and form words are read: English ones («plus») mean nothing in a French sentence."""
        return frozenset(self._likeliest(self._votes(tokens), tokens))

    def _likeliest(self, votes: Mapping[str, float], tokens: Sequence[Token]) -> list[str]:
        """One language for each script that occurs."""
        terms = dict.fromkeys(votes, 0.0)
        for token in tokens:
            for code in self._terms.get(normalize(token.text), ()) if token.kind == "word" else ():
                if code in terms:
                    terms[code] += _TERM
        best: dict[str, str] = {}
        for code in votes:
            script = self._languages[code].script
            if script not in best or votes[code] + terms[code] > votes[best[script]] + terms[best[script]]:
                best[script] = code
        if len(best) > 1 and TERMS in votes:
            own = best[self._languages[TERMS].script]
            if votes[own] < _AMONG_OTHERS:
                best[self._languages[TERMS].script] = TERMS
        return list(best.values())

    def _votes(self, tokens: Sequence[Token]) -> dict[str, float]:
        votes: dict[str, float] = {}
        for token in tokens:
            if token.kind != "word":
                continue
            script = script_of(token.text)
            for code, language in self._languages.items():
                if script == language.script:
                    # One hundredth for the script; English first, because its words are in every language's mouth.
                    votes[code] = votes.get(code, 0.0) + (0.012 if code == TERMS else 0.01)
            for code in self._words.get(normalize(token.text), ()):
                votes[code] = votes.get(code, 0.0) + 1.0
        return votes


def active_with(spoken: frozenset[str]) -> frozenset[str]:
    """The languages that are read beside those that are spoken: terms mean the same in all of them."""
    return spoken | {"", TERMS}
