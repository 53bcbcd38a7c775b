"""How many tokens a text takes at most, counted without any model's vocabulary.

Every byte that is no digit is a third of a token, and every digit a token of its own. English takes about four
characters a token in the vocabularies of today and SQL or JSON three; Cyrillic and Hebrew letters are two bytes and
rarely more than half a token; small models take digits one by one. So the count is above what a server will report,
which keeps a budget that is stated in these tokens on the safe side.
"""

from __future__ import annotations

_BYTES_PER_TOKEN = 3


def count_tokens(text: str) -> int:
    """An upper estimate for `text`."""
    digits = sum(character.isdigit() for character in text)
    return digits - (-(len(text.encode("utf-8", "replace")) - digits) // _BYTES_PER_TOKEN)
