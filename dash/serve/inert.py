"""Text without the signs that nobody sees: what hides in an ordinary sentence and steers whoever reads it."""

from __future__ import annotations

import re

# Controls but tab and line feed; zero-width and direction marks; the tag letters and variation selectors in which
# whole sentences are hidden. Joiners (U+200C, U+200D) stay: Persian and families of emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e01ef]"
)


def visible_signs(text: str) -> str:
    """The text without signs that nobody sees."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))
