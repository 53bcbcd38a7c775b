"""Made-up rows on their way into the database of a pack: its schema as it is published, then every table at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from dash.settings import REPOSITORY


class Rows:
    """Rows by table, in the order in which tables get their first one."""

    def __init__(self) -> None:
        self._by_table: dict[str, list[tuple[Any, ...]]] = {}

    def add(self, table: str, *row: Any) -> None:
        """Add a row."""
        self._by_table.setdefault(table, []).append(row)

    def number(self, table: str, *row: Any) -> int:
        """Add a row whose id is the next one, and which stands first in it."""
        key = len(self._by_table.get(table, ())) + 1
        self.add(table, key, *row)
        return key

    def fill(self, dsn: str, pack: str, schema: str, columns: Mapping[str, str]) -> None:
        """Make the pack's tables in an empty database and put the rows into these columns of them."""
        with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute((REPOSITORY / "packs" / pack / "schema.sql").read_bytes())
            for table, rows in self._by_table.items():
                with cursor.copy(f"COPY {schema}.{table} ({columns[table]}) FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row(row)
            cursor.execute(b"ANALYZE")
