"""The sentences of messages, in the language of the target; they are in `words.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

_FILE = Path(__file__).with_name("words.yaml")


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, Mapping[str, str | Mapping[str, str]]]:
    import yaml

    entries: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return entries


def languages() -> frozenset[str]:
    """The languages in which every sentence can be said."""
    return frozenset.intersection(*(frozenset(entry) for entry in _entries().values()))


def say(name: str, language: str, *, count: Callable[[int], str] = str, **values: Any) -> str:
    """The sentence with its values, in English where the language has none. With `n` the plural form that it takes;
    `count` writes it."""
    entry = _entries()[name]
    spoken = language if language in entry else "en"
    template = entry[spoken]
    if isinstance(template, Mapping):
        form = Locale.parse(spoken).plural_form(int(values.get("n", 0)))
        template = template.get(form) or template["other"]
    if isinstance(values.get("n"), int):
        values["n"] = count(values["n"])
    return template.format(**values)
