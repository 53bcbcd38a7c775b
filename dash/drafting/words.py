"""One phrase, one meaning: whoever needs a phrase most has it, and nobody else is proposed with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dash.introspection.names import plural, words_of
from dash.knowledge.alternatives import expand_phrases

_MOST_SHARED = 3


class Claims:
    """Phrases that are taken, by language."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(languages)
        self._taken: dict[str, set[str]] = {}
        self._shared: dict[str, int] = {}

    def may_share(self, phrase: str) -> bool:
        """Whether one more table may call a column so, though the phrase means something already: reading finds the one
        that a question can mean among a few, and of hundreds of tables each may have a status."""
        if not any(phrase.lower() in taken for taken in self._taken.values()):
            return True
        self._shared[phrase.lower()] = self._shared.get(phrase.lower(), 0) + 1
        return self._shared[phrase.lower()] <= _MOST_SHARED

    def take(self, words: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        """Those of the phrases that are still free, in the languages of the project; they are taken now."""
        found: dict[str, list[str]] = {}
        for language in self.languages:
            taken = self._taken.setdefault(language, set())
            free: list[str] = []
            for phrase in dict.fromkeys(words.get(language, ())):
                spelled = expand_phrases([phrase.lower()])
                left = [one for one in spelled if one not in taken]
                free += [phrase] if len(left) == len(spelled) else left
                taken.update(left)
            if free:
                found[language] = free
        return found


def said(name: str) -> str:
    """A name as people say it: "Assignment Group" → assignment group."""
    return " ".join(words_of(name))


def label_of(name: str) -> str:
    """A name as a heading: assignment_group → Assignment group."""
    text = said(name) or name
    return text[:1].upper() + text[1:]


def name_words(name: str) -> list[str]:
    """A column's own name as a phrase, and its plural."""
    text = said(name)
    return [text, *([plural(text)] if plural(text) != text else [])] if text else []


def in_languages(texts: Mapping[str, str], languages: Iterable[str]) -> dict[str, str]:
    """Texts in the languages of the project."""
    return {language: texts[language] for language in languages if language in texts}


def in_languages_lists(words: Mapping[str, list[str]], languages: Iterable[str]) -> dict[str, list[str]]:
    """The lists of the project's languages."""
    return {code: words[code] for code in languages if code in words}
