"""What an array column holds, such as the tags of a ticket: its elements, and not the lists that they stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from dash.introspection.columns import MOST_VALUES
from dash.introspection.personal import why_personal
from dash.introspection.profile import ColumnProfile

_ELEMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}"]+)')  # {billing,"two words"}
_TEXTS = frozenset({"text[]", "varchar[]", "citext[]", "bpchar[]"})
_LONGEST = 40
_LEAST = 3
"""How many rows have an element at least: what stands in fewer may be somebody's own words, and is no group."""


def with_elements(column: ColumnProfile, cells: Sequence[str | None], *, complete: bool) -> ColumnProfile:
    """The profile with the elements as its values, where they are texts, few, short and not personal."""
    if column.personal or column.type not in _TEXTS:
        return column
    counted: Counter[str] = Counter()
    for cell in cells:
        counted.update({_text(*found.groups()) for found in _ELEMENT.finditer(cell or "") if found[0] != "NULL"})
    common = [(value, number) for value, number in counted.most_common() if number >= _LEAST]
    if not common or len(counted) > MOST_VALUES or max(map(len, counted)) > _LONGEST:
        return column
    if why_personal("", column.name, "text", counted, 0.0) is not None:
        return column
    shares = tuple((value, number / len(cells)) for value, number in common)
    return replace(column, values=shares, complete=complete and len(common) == len(counted), distinct=len(counted))


def _text(quoted: str | None, plain: str | None) -> str:
    return plain if plain is not None else re.sub(r"\\(.)", r"\1", quoted or "")
