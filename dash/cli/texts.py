"""The few words that the command line adds to an answer, in the language of the question; they are in `texts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("texts.yaml")


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, Mapping[str, str | Mapping[str, str]]]:
    import yaml

    entries: dict[str, dict[str, str | dict[str, str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return entries


def text(name: str, language: str, number: int | None = None) -> str:
    """The words for `name`, in English when the language has none; of a number the plural form that it takes."""
    words = _entries().get(name, {})
    spoken = language if language in words else "en"
    found = words.get(spoken) or name
    if isinstance(found, str):
        return found
    from babel import Locale

    return found.get(Locale.parse(spoken).plural_form(number or 0)) or found["other"]
