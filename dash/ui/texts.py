"""What the page says, in the reader's language; the words are data: a file for each page in `words/`.

Answers are not translated here: they come in the language of their question. So a page may be English around a
Russian answer, and both are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FALLBACK = "en"
_FOLDER = Path(__file__).with_name("words")


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, Mapping[str, str]]:
    import yaml

    entries: dict[str, dict[str, str]] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
        if twice := entries.keys() & found.keys():
            raise KeyError(f"{file.name} says again what another file says: {', '.join(sorted(twice))}")
        entries |= found
    return entries


def languages() -> Mapping[str, str]:
    """Language code → its own name, in the order of the switch."""
    return _entries()["languages"]


def preferred(locale: str | None) -> str:
    """The interface language for a browser's locale such as `ru-RU`; English when we do not speak it."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return code if code in languages() else FALLBACK


def text(name: str, language: str, **values: Any) -> str:
    """The text `name` in `language` with its {places} filled. Raises KeyError for a name that no file has."""
    entry = _entries()[name]
    words = entry.get(language, entry[FALLBACK])
    return words.format(**values) if values else words


def has_text(name: str) -> bool:
    """Whether a file says anything under that name."""
    return name in _entries()


def names_with(prefix: str) -> tuple[str, ...]:
    """The names of all texts that begin so."""
    return tuple(name for name in _entries() if name.startswith(prefix))


def step_text(step: str, language: str) -> str:
    """What a step of the main path is called; a step that we have no words for is shown by its name."""
    name = f"step_{step}"
    return text(name, language) if name in _entries() else step


def kind_text(kind: str, language: str) -> str:
    """What a kind of word ("metric", "time") is called; one that we have no words for is shown by its name."""
    name = f"kind_{kind}"
    return text(name, language) if name in _entries() else kind
