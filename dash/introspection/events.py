"""Logs in which a thing has a row for each event and its final values repeat on every row.

Counting such rows counts events and not things, and adding up a repeated value counts it again and again. A log is
found by the whole rows of some things: columns that never change within a thing, others that do, and one that tells
which row is the last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from dash.introspection.columns import names_things
from dash.introspection.names import words_of
from dash.introspection.profile import ColumnProfile, EventLog

THINGS = 400
ROWS = 20_000
_LEAST_REPEATED = 1.3
_MOST_REPEATED = 500.0
_LEAST_CONSTANT = 2
_SURE = 0.995
_MOST_SHAPES = 3
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ORDERING = (
    "updated",
    "modified",
    "changed",
    "changes",
    "mod",
    "version",
    "sequence",
    "seq",
    "revision",
    "position",
    "occurred",
    "event",
    "step",
    "at",
)


def possible_keys(columns: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Columns whose values could be things with several rows, the likeliest first: those whose names say so, and then
    texts, whose values may (`are_codes`) where nobody knows the language of the names."""
    found = [
        column
        for column in columns
        if column.kind in ("text", "number")
        and column.text_kept is None
        and not column.free_text
        and not column.unique
        and column.null_share < 0.01
        and (names_things(column.name) or (column.kind == "text" and not column.personal))
        and column.distinct > 20
        and column.rows / column.distinct < _MOST_REPEATED
    ]
    return sorted(found, key=lambda column: (not names_things(column.name), -column.distinct))[:3]


def are_codes(values: Sequence[str]) -> bool:
    """Whether values are numbers that people gave to things, by their look: all of one shape, with digits and without
    blanks, as "ZGL/2026/00017" and "T-17"."""
    shapes = {_LETTERS.sub("a", _DIGITS.sub("0", value)) for value in values}
    return bool(values) and len(shapes) <= _MOST_SHAPES and all("0" in shape and " " not in shape for shape in shapes)


def read_event_log(
    key: ColumnProfile, columns: Sequence[ColumnProfile], rows: Sequence[Sequence[str | None]]
) -> EventLog | None:
    """The log that whole rows of some things show; None where their rows are no more than rows of a thing's parts.

    `rows` hold the key first and then `columns`."""
    things = [list(group) for _, group in groupby(sorted(rows, key=lambda row: row[0] or ""), key=lambda row: row[0])]
    several = [thing for thing in things if len(thing) > 1]
    if not things or len(rows) / len(things) < _LEAST_REPEATED or len(several) < 5:
        return None
    constant: list[ColumnProfile] = []
    changing: list[ColumnProfile] = []
    for place, column in enumerate(columns, start=1):
        if column.name == key.name or column.constant:
            continue
        same = sum(len({row[place] for row in thing}) == 1 for thing in several) / len(several)
        (constant if same >= _SURE else changing).append(column)
    times = [column for column in constant if column.real_kind == "time"]
    if len(constant) < _LEAST_CONSTANT or not times or not changing:
        return None
    order = _order(changing, {column.name: place for place, column in enumerate(columns, start=1)}, several)
    if not order:
        return None
    return EventLog(
        key.name, order, tuple(c.name for c in constant), tuple(c.name for c in changing), len(things), len(rows)
    )


def _order(
    changing: Sequence[ColumnProfile], places: Mapping[str, int], things: Sequence[Sequence[Sequence[str | None]]]
) -> tuple[str, ...]:
    """The columns by which a thing's last row is told: a counter or moment that differs between its rows."""
    told: list[tuple[float, int, str]] = []
    for column in changing:
        if column.real_kind not in ("time", "number") or column.null_share > 0.01 or column.stand_ins:
            continue
        place = places[column.name]
        differs = sum(len({row[place] for row in thing}) == len(thing) for thing in things) / len(things)
        words = words_of(column.name)
        likely = next((rank for rank, word in enumerate(_ORDERING) if word in words), len(_ORDERING))
        told.append((-round(differs, 2), likely, column.name))
    told.sort()
    if not told or told[0][0] > -0.5:
        return ()
    best = told[0]
    if best[0] <= -_SURE:
        return (best[2],)
    second = next((one for one in told[1:] if one[0] <= -0.3), None)
    return (best[2], second[2]) if second else (best[2],)
