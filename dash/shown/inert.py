"""Words of strangers on their way to a chat or an assistant, whose reader takes some signs for markup: links, pictures
that are fetched, mentions, HTML, formatting. The signs become ones that look alike and mean nothing, so that the words
stay readable where markup is read and where it is not; a backslash would be seen wherever it is not.
"""

from __future__ import annotations

import re

# Controls but tab and line feed; zero-width and direction marks; the tag letters and variation selectors in which
# whole sentences are hidden. Joiners (U+200C, U+200D) stay: Persian and families of emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e01ef]"
)
_ALIKE = str.maketrans(
    {"@": "＠", "<": "‹", ">": "›", "[": "［", "]": "］", "|": "¦", "*": "∗", "`": "ˋ", "~": "∼", "\\": "∖"}
)
_SLASHES = ":⁄⁄"  # chats make links of what looks like one
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)
_UNDERSCORE = re.compile(r"(?<!\w)_+|_+(?!\w)")  # "_so_", and not "status_changed_at"
_LIST = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")  # "1. so"
_OPENING = str.maketrans({"#": "＃", "-": "‐", "+": "＋", "=": "＝"})
# A dot, or a sign that is read as one, that makes an address of what stands around it: "evil.com", "пример.рф".
_DOT = re.compile(r"(?<=[^\s.])[.\u2024\u3002\uff0e\uff61](?=[^\W\d_]{2})")
_NUMBERS = re.compile(r"\b(\d{1,3})\.(\d{1,3}\.\d{1,3}\.\d{1,3})\b")  # 10.0.0.1
# What begins an address without slashes, and is no word before a colon: "mailto:ann", "tel:123".
_SCHEME = re.compile(r"\b(https?|ftp|mailto|tel|sms|tg|slack|javascript|data|file):(?=\S)", re.IGNORECASE)


def visible_signs(text: str) -> str:
    """The text without signs that nobody sees: what hides in an ordinary sentence and steers whoever reads it."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))


def inert(words: str) -> str:
    """The words on one line, as text and nothing else wherever they are shown."""
    line = " ".join(visible_signs(words).split()).translate(_ALIKE)
    line = line.replace("://", _SLASHES)
    line = _WWW.sub(lambda found: f"{found[0][:-1]}․", line)
    line = _UNDERSCORE.sub(lambda found: "＿" * len(found[0]), line)
    line = _LIST.sub(lambda found: found[1] + ("․" if found[2] == "." else "）"), line)
    opening = len(line) - len(line.lstrip("#-+="))
    return line[:opening].translate(_OPENING) + line[opening:]


def unlinked(words: str) -> str:
    """The words without anything that chats and mail programs make a link of: "evil.com" is "evil(.)com"."""
    line = _SCHEME.sub(r"\1(:)", words.replace("://", _SLASHES))
    return _DOT.sub("(.)", _NUMBERS.sub(r"\1(.)\2", line))


def plain(words: str) -> str:
    """The words on one line, as text that is no markup and makes no link."""
    return unlinked(inert(words))
