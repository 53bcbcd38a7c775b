"""Answers as files for a spreadsheet: what a stranger wrote in a ticket must not become a formula there.

A text cell that a spreadsheet would take for a formula gets a leading apostrophe, and every text that holds any
program's separator is quoted, so that no part of it can become a cell of its own. Numbers stay numbers, also negative
ones and also when they arrive as text, because a sum over the column must still work.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

# Excel, LibreOffice and Google Sheets begin a formula with these; the last four are their full-width twins.
_FORMULA_STARTS = "=+-@＝＋－＠"
# Spreadsheets drop these before they look at the first character, e.g. "\t=1+1" or "\ufeff=1+1".
_SKIPPED = " \t\r\n\v\f\u00a0\ufeff\u200b\x00"
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")  # "-12.5"
_SEPARATORS = re.compile(r'[,;\t|"\r\n]')


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A header line and one line per row, comma separated, in RFC 4180's quoting, each line ended by a line feed.

    Cells are what `Answer.rows` holds: None becomes an empty cell, a list its items joined by a comma, an object JSON.
    """
    lines = [",".join(_quoted(_harmless(name)) for name in columns)]
    lines += [",".join(_cell(value) for value in row) for row in rows]
    return "".join(line + "\n" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return _quoted(_harmless(", ".join("" if item is None else str(item) for item in value)))
    if isinstance(value, dict):
        return _quoted(_harmless(json.dumps(value, ensure_ascii=False)))
    return _quoted(_harmless(str(value)))


def _harmless(text: str) -> str:
    seen = text.lstrip(_SKIPPED)
    starts_formula = seen[:1] in _FORMULA_STARTS and seen != ""
    if text[:1] in ("\t", "\r") or (starts_formula and not _PLAIN_NUMBER.fullmatch(text)):
        return "'" + text
    return text


def _quoted(text: str) -> str:
    if _SEPARATORS.search(text) or text != text.strip(" "):
        return '"' + text.replace('"', '""') + '"'
    return text
