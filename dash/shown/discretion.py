"""What looks like somebody's address or telephone number is hidden wherever other people's questions are listed."""

from __future__ import annotations

import re

from dash.records.query import MASK

_ADDRESS = re.compile(r"[^\s'\"<>@,;:()]+@[\w.-]*\w")  # lead@example.com
_TELEPHONE = re.compile(r"(?<![\w.-])\+?(?:\d[ ()./]{0,2}){8,}\d(?![\w-])")  # +49 (30) 1234567


def discreet(words: str) -> str:
    """`words` without what looks like an e-mail address or a telephone number."""
    return _TELEPHONE.sub(MASK, _ADDRESS.sub(MASK, words))
