"""Bulk loading: one connection, one transaction, rows in by COPY.

Whoever is killed in the middle leaves nothing behind, because nothing is committed before `bulk_load` ends without an
error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from dash.database.failures import is_lost, query_failed
from dash.errors import DatabaseUnavailable, EnvironmentProblem, UserError

_BLOCK_CHARACTERS = 1 << 17
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_DISK_FULL = "53100"
_NO_RIGHT = "42501"
_STILL_NEEDED = "2BP01"


class BulkLoad:
    """The one transaction. Only `bulk_load` makes it."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def execute_script(self, script: str) -> None:
        """Run one or several statements without parameters."""
        self._connection.execute(script.encode())

    def fetch(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a small query; `values` fill its `%s` in order."""
        return self._connection.execute(query.encode(), values or None).fetchall()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever the block does is undone at its end, and the transaction goes on."""
        with self._connection.transaction(force_rollback=True):
            yield

    def copy_rows(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[str | int | bool | None]],
        *,
        frozen: bool = False,
    ) -> None:
        """Append rows to `schema.table`. Cells are text as PostgreSQL reads it, integers, booleans or None for NULL.

        `frozen` writes rows that need no later vacuum; allowed only for tables made in this transaction.
        """
        statement = sql.SQL("COPY {} ({}) FROM STDIN" + (" (FREEZE)" if frozen else "")).format(
            sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for block in _blocks(rows):
                copy.write(block)


@contextmanager
def bulk_load(dsn: str) -> Iterator[BulkLoad]:
    """Connect as the owner and commit at the end, or roll everything back on any error.

    Raises DatabaseUnavailable when the server cannot be reached or goes away, EnvironmentProblem when its disk is
    full, UserError when the login lacks the right or when something else needs what would be dropped, and QueryFailed
    for whatever else it refuses.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=15, client_encoding="UTF8") as connection:
            yield BulkLoad(connection)
    except psycopg.Error as error:
        if error.sqlstate == _DISK_FULL:
            raise EnvironmentProblem("The database's disk is full; free some space and load again.") from error
        if error.sqlstate == _NO_RIGHT:
            raise UserError("This login may not create what is loaded; use one that owns the database.") from error
        if error.sqlstate == _STILL_NEEDED:
            # Names of objects, no values: "view reports.weekly depends on table support.conversations".
            needing = (error.diag.message_detail or "").replace("\n", ", ")
            raise UserError(f"Nothing was replaced, because something else needs what is there: {needing}.") from error
        if isinstance(error, psycopg.OperationalError) and is_lost(error.sqlstate):
            raise DatabaseUnavailable(
                "The database cannot be reached or went away; start it and load again."
            ) from error
        raise query_failed(error.sqlstate, str(error)) from error


def _blocks(rows: Iterable[Sequence[str | int | bool | None]]) -> Iterator[str]:
    lines: list[str] = []
    size = 0
    for row in rows:
        line = "\t".join([_cell(cell) for cell in row])
        lines.append(line)
        size += len(line)
        if size > _BLOCK_CHARACTERS:
            yield "\n".join(lines) + "\n"
            lines, size = [], 0
    if lines:
        yield "\n".join(lines) + "\n"


def _cell(cell: str | int | bool | None) -> str:
    if cell is None:
        return "\\N"
    return cell.translate(_ESCAPES) if isinstance(cell, str) else str(cell)
