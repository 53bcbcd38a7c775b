"""Two results of one query beside each other, rows matched by what tells them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dash.records import Column
from dash.shown.cells import is_number

_EXACT = 1e-9


@dataclass(frozen=True)
class CellChange:
    """One number (or other cell) that is not the same after a step. `group` tells its row from the others; `kind` is
    changed, added (a row that was not there) or gone."""

    kind: Literal["changed", "added", "gone"]
    group: Mapping[str, Any]
    column: Column | None = None
    then: Any = None
    now: Any = None


def compare(
    columns: Sequence[Column],
    compared: Sequence[Column],
    before: Sequence[Sequence[Any]],
    after: Sequence[Sequence[Any]],
) -> tuple[CellChange, ...]:
    """The cells of `compared` columns that differ between two results, rows matched by what tells them apart."""
    keys = _keys(columns, before, after)
    places = {column.name: index for index, column in enumerate(columns)}
    old, new = _by_key(before, keys), _by_key(after, keys)
    changes: list[CellChange] = []
    for key, row in old.items():
        group = {columns[index].name: row[index] for index in keys}
        if key not in new:
            changes.append(CellChange("gone", group))
            continue
        for column in compared:
            then, now = row[places[column.name]], new[key][places[column.name]]
            if not _same(then, now):
                changes.append(CellChange("changed", group, column, then, now))
    for key, row in new.items():
        if key not in old:
            changes.append(CellChange("added", {columns[index].name: row[index] for index in keys}))
    return tuple(changes)


def _keys(columns: Sequence[Column], before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]]) -> list[int]:
    """The columns that tell rows apart: the groups, or for a list its first column that never repeats."""
    groups = [index for index, column in enumerate(columns) if column.role in ("time", "dimension")]
    if groups or (len(before) <= 1 and len(after) <= 1):
        return groups
    for index in range(len(columns)):
        if all(len({repr(row[index]) for row in rows}) == len(rows) for rows in (before, after)):
            return [index]
    return list(range(len(columns)))


def _by_key(rows: Sequence[Sequence[Any]], keys: Sequence[int]) -> dict[str, Sequence[Any]]:
    return {repr([row[index] for index in keys]): row for row in rows}


def _same(then: Any, now: Any) -> bool:
    if is_number(then) and is_number(now):
        return bool(abs(then - now) <= _EXACT * max(abs(then), abs(now), 1.0))
    return bool(then == now)
