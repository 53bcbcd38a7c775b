"""Names of tables and columns as words: `customerID`, `Customer ID` and `customer_id` say the same."""

from __future__ import annotations

import re

# customerID → customer, ID · SLAPolicy2 → SLA, Policy, 2 · Статус заявки → Статус, заявки
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")

_PLURALS = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("ss", "ss"), ("us", "us"),
            ("is", "is"), ("s", ""))  # fmt: skip


def listed(text: str) -> frozenset[str]:
    """The words of a list that is written as prose."""
    return frozenset(text.split())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


def plain_name(name: str) -> str:
    """A name that SQL reads back without quotes: "Ticket ID" → ticket_id. Letters of other alphabets stay."""
    plain = "_".join(words_of(name)) or "column"
    return f"n_{plain}" if plain[0].isdigit() else plain


def singular(word: str) -> str:
    """The singular of an English noun, by its ending; other words stay."""
    if not word.isascii() or len(word) < 4:
        return word
    for ending, instead in _PLURALS:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + instead
    return word


def plural(word: str) -> str:
    """The plural of an English noun, by its ending."""
    if not word.isascii() or word.endswith("s"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("x", "sh", "ch")) else "s")
