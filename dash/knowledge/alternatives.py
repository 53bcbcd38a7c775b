"""Phrases with alternatives, as people write them in `knowledge/`: "(not|not yet) ready for (auto-send|automation)" is
four phrases, "chat(s|)" two. Parentheses do not nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

_PARTS = re.compile(r"\(([^()]*)\)|([^()]+)|(.)", re.DOTALL)


def expand_phrases(phrases: Iterable[str]) -> list[str]:
    """The phrases with those that hold alternatives written out. Raises ValueError as `expand_phrase` does."""
    return [way for phrase in phrases for way in expand_phrase(phrase)]


def expand_phrase(phrase: str) -> list[str]:
    """All phrases that one with alternatives stands for, in their order, spaces left by an empty choice closed.

    Raises ValueError for a parenthesis without its other half, and for parentheses inside of parentheses.
    """
    choices: list[list[str]] = []
    for inside, plain, stray in _PARTS.findall(phrase):
        if stray:
            raise ValueError(f"{phrase!r}: a parenthesis without its other half")
        choices.append([plain] if plain else inside.split("|"))
    return list(dict.fromkeys(" ".join("".join(chosen).split()) for chosen in product(*choices)))
