"""A query proven safe, and what it returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dash.errors import InternalError

MASK = "•••"
"""What stands in the place of a value that is not shown."""

Shape = Mapping[str, Mapping[str, str | None]]
"""Relation → column → type name, None for a column that is not there."""

_SEAL = object()


class CheckedQuery:
    """SQL that `dash.steps.guard` has proven to be one read-only query over what it may read.

    `text` is exactly what was checked and exactly what runs, with PostgreSQL's own `$1 …` placeholders; `values` are
    bound to them in that order. Only the guard can make one (`seal` below is private to it; a test reads the source
    of the whole package to prove that nobody else touches it).
    """

    __slots__ = ("outputs", "personal_columns", "relations", "reviewed", "shape", "text", "values")

    text: str
    values: tuple[Any, ...]
    relations: tuple[str, ...]
    personal_columns: tuple[str, ...]
    reviewed: bool
    outputs: tuple[str, ...] | None
    shape: Shape

    def __init__(
        self,
        seal: object,
        *,
        text: str,
        values: Sequence[Any],
        relations: Sequence[str],
        personal_columns: Sequence[str],
        reviewed: bool,
        outputs: Sequence[str] | None = None,
        shape: Shape = MappingProxyType({}),
    ) -> None:
        """`personal_columns` are output columns to mask; `reviewed` False asks for a cost bound (model-written SQL);
        `outputs` are the names that must come back, in any order, where all of them are known beforehand;
        `shape` is what its tables' columns were when it was checked, and must be when it runs."""
        if seal is not _SEAL:
            raise InternalError("Only the guard can make a CheckedQuery.")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "values", tuple(values))
        object.__setattr__(self, "relations", tuple(relations))
        object.__setattr__(self, "personal_columns", tuple(personal_columns))
        object.__setattr__(self, "reviewed", reviewed)
        object.__setattr__(self, "outputs", None if outputs is None else tuple(outputs))
        object.__setattr__(self, "shape", shape)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A CheckedQuery does not change.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("A CheckedQuery does not change.")

    def __reduce__(self) -> str:
        raise TypeError("A CheckedQuery is not pickled: it would leave the guard's hands.")


@dataclass(frozen=True)
class ResultColumn:
    """Name and PostgreSQL type name (`int8`, `numeric`, `timestamptz`, `text` …) of one output column."""

    name: str
    type: str


@dataclass(frozen=True)
class Result:
    """Rows in the order of the database. `truncated` names the cap that cut them ("rows", "bytes") or is None.

    `restricted` says that the database has row-level security for something that was read, so there may be rows that
    this viewer does not see and that no number here counts.
    """

    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: str | None = None
    duration_ms: float = 0.0
    masked: tuple[str, ...] = ()
    restricted: bool = False
