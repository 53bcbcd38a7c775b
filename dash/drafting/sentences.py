"""What the interview says, in the language of the surface that leads it: sentences of asking.yaml with their places
filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Phrase:
    """A sentence of asking.yaml with what fills its places; a place may hold a word for each language."""

    name: str
    slots: Mapping[str, Any] = field(default_factory=dict)

    def said(self, part: str, language: str) -> str:
        """It in a language; in English where there is none."""
        slots = {name: _in(value, language) for name, value in self.slots.items()}
        return _in(_words()[part][self.name], language).format(**slots)


def choice_word(choice: str, language: str) -> str:
    """A choice that is a word and no name of the database."""
    return _in(_words()["choices"][choice], language)


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(
        Path(__file__).with_name("asking.yaml").read_text(encoding="utf-8")
    )
    return words


def _in(said: Any, language: str) -> str:
    return str(said.get(language) or said["en"]) if isinstance(said, Mapping) else str(said)
