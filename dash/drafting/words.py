"""One phrase, one meaning: whoever needs a phrase most has it, and nobody else is proposed with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dash.introspection.names import plural, words_of
from dash.knowledge.alternatives import expand_phrases


class Claims:
    """Phrases that are taken, by language."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(languages)
        self._taken: dict[str, set[str]] = {}

    def is_taken(self, phrase: str) -> bool:
        """Whether a phrase already means something, in any language."""
        return any(phrase.lower() in taken for taken in self._taken.values())

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
