"""Phrases with alternatives, as people write them in `knowledge/`: "(not|not yet) ready for (auto-send|automation)" is
four phrases, "chat(s|)" two. Parentheses do not nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

_PARTS = re.compile(r"\(([^()]*)\)|([^()]+)|(.)", re.DOTALL)
_BLANKS = re.compile(r"\s+")


def expand_phrases(phrases: Iterable[str]) -> list[str]:
    """The phrases with those that hold alternatives written out. Raises ValueError as `expand_phrase` does."""
    return [way for phrase in phrases for way in expand_phrase(phrase)]


def expand_phrase(phrase: str) -> list[str]:
    """All phrases that one with alternatives stands for, in their order, spaces left by an empty choice closed.

    Raises ValueError for a parenthesis without its other half, and for parentheses inside of parentheses.
    """
    if "(" not in phrase and ")" not in phrase:
        return [" ".join(phrase.split())]
    return _said([inside.split("|") if inside is not None else [plain] for inside, plain in _parts(phrase)])


def cells_of(phrase: str) -> list[list[str]]:
    """The phrase cut at the blanks outside of its parentheses, each part with its choices: "chat(s|) (of|in) a day" is
    chats or chat, of or in, a, day. One choice of each, with blanks between, is one of the expanded phrases.

    Raises ValueError as `expand_phrase` does.
    """
    cells: list[list[list[str]]] = [[]]
    for inside, plain in _parts(phrase):
        if inside is not None:
            cells[-1].append(inside.split("|"))
            continue
        first, *rest = _BLANKS.split(plain)
        cells[-1].append([first])
        cells += [[[piece]] for piece in rest]
    return [_said(cell) for cell in cells]


def _parts(phrase: str) -> Iterator[tuple[str | None, str]]:
    """What stands inside of parentheses, or outside of them, in order."""
    for match in _PARTS.finditer(phrase):
        inside, plain, stray = match.groups()
        if stray:
            raise ValueError(f"{phrase!r}: a parenthesis without its other half")
        yield inside, plain


def _said(choices: list[list[str]]) -> list[str]:
    return list(dict.fromkeys(" ".join("".join(chosen).split()) for chosen in product(*choices)))
