"""The rows of one result, collected within a row cap and a byte cap, and the cap that cut them.

Masked cells are masked as they arrive and count as masks, so how many rows fit does not tell how long hidden
values are.
"""

from __future__ import annotations

from typing import Any

from psycopg import DataError, abc
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult

from dash.database.connections import Connection
from dash.database.metering import PORTION_BYTES
from dash.database.values import Lenient
from dash.records.query import MASK
from dash.settings import Limits


class Collector:
    """Takes pieces of a result as they arrive. `rows` are what fits; `truncated` is "rows", "bytes" or None.

    `hidden` are the positions of the columns whose values, but not whose NULLs, become the mask.
    """

    def __init__(
        self, connection: Connection, transformer: abc.Transformer, limits: Limits, hidden: frozenset[int] = frozenset()
    ) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.truncated: str | None = None
        self._connection = connection
        self._transformer = transformer
        self._limits = limits
        self._hidden = hidden
        self._size: int | None = None

    def add(self, answer: PGresult, arrived: int) -> None:
        """Keep what fits of a piece. `arrived` counts the bytes that were received so far, for the whole result."""
        if self.truncated or not answer.ntuples:
            return
        room = self._limits.rows - len(self.rows)
        if answer.ntuples > room:
            self.truncated = "rows"
        rows = self._masked(self._load(answer, min(answer.ntuples, room)))
        # Values take at least as many bytes on the way as here, so most results need no counting at all.
        if arrived > self._limits.result_bytes:
            if self._size is None:
                self._size = sum(map(_size, self.rows))
            rows = self._fitting(rows)
        self.rows += rows

    def enough(self, incomplete_bytes: int) -> bool:
        """Whether to stop reading; `incomplete_bytes` have arrived of a piece that is not complete yet."""
        # What arrived may hold the begin of the piece after it, up to a portion of the meter.
        if incomplete_bytes > self._limits.result_bytes + 2 * PORTION_BYTES:
            self.truncated = self.truncated or "bytes"
        return self.truncated is not None

    def _load(self, answer: PGresult, count: int) -> list[tuple[Any, ...]]:
        self._transformer.set_pgresult(answer, set_loaders=not self.rows)
        try:
            return self._transformer.load_rows(0, count, tuple)
        except (DataError, OverflowError, ValueError, RecursionError):
            lenient = Transformer(Lenient(self._connection))
            lenient.set_pgresult(answer)
            return lenient.load_rows(0, count, tuple)

    def _masked(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        if not self._hidden:
            return rows
        return [
            tuple(MASK if index in self._hidden and value is not None else value for index, value in enumerate(row))
            for row in rows
        ]

    def _fitting(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        assert self._size is not None
        for index, row in enumerate(rows):
            self._size += _size(row)
            if self._size > self._limits.result_bytes:
                self.truncated = "bytes"
                return rows[:index]
        return rows


def _size(row: tuple[Any, ...]) -> int:
    return sum(len(value.encode("utf-8", "replace")) if isinstance(value, str) else len(str(value)) for value in row)
