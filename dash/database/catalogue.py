"""What a foreign database says and shows of itself: its catalogue, and samples of its rows, bounded in time and size.

This is for the profile that a project begins with, before anything is described, so no guard can know what is allowed:
every statement here is our own, made of the catalogue's names alone, in a READ ONLY transaction with a time limit
(`Database.looking`). A statement that takes too long or is not allowed gives None and costs nothing else.
Values come as text, as PostgreSQL writes them, so that no value of any type can fail to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from dash.database.connections import Connection
from dash.database.statements import statement

T = TypeVar("T")

LONGEST_TEXT = 200
"""Characters of a value that are looked at."""


@dataclass(frozen=True)
class CatalogueColumn:
    """A column. `type` is its type's name, or what its domain stands for; `foreign_type` that it is no built-in one."""

    name: str
    type: str
    domain: bool
    foreign_type: bool
    required: bool
    comment: str | None


@dataclass(frozen=True)
class Reference:
    """A declared foreign key: our columns, and the relation and columns that they refer to."""

    columns: tuple[str, ...]
    to: tuple[str, str]
    their_columns: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """A table, view or foreign table. `estimate` is the planner's number of rows, below zero where it has none."""

    schema: str
    name: str
    kind: str
    samples: bool
    estimate: float
    comment: str | None
    readable: bool
    columns: tuple[CatalogueColumn, ...] = ()
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def full_name(self) -> str:
        """Schema and name, as knowledge files name a table."""
        return f"{self.schema}.{self.name}"


def read_relations(connection: Connection, hidden: Sequence[str]) -> list[Relation]:
    """Every relation that can be asked about, outside the schemas `hidden`."""
    facts = {"hidden": list(hidden)}
    columns: dict[tuple[str, str], list[CatalogueColumn]] = {}
    for schema, name, *column in connection.execute(statement("catalogue/columns"), facts).fetchall():
        columns.setdefault((schema, name), []).append(CatalogueColumn(*column))
    keys: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for schema, name, *key in connection.execute(statement("catalogue/keys"), facts).fetchall():
        keys.setdefault((schema, name), []).append(tuple(key))
    found = []
    for row in connection.execute(statement("catalogue/relations"), facts).fetchall():
        own = keys.get((row[0], row[1]), [])
        found.append(
            replace(
                Relation(*row),
                columns=tuple(columns.get((row[0], row[1]), ())),
                primary_key=next((tuple(key[1]) for key in own if key[0] == "primary"), ()),
                unique=tuple(tuple(key[1]) for key in own if key[0] != "foreign" and key[1]),
                references=tuple(
                    Reference(tuple(key[1]), (key[2], key[3]), tuple(key[4])) for key in own if key[0] == "foreign"
                ),
            )
        )
    return found


def sample_rows(
    connection: Connection, relation: Relation, columns: Sequence[CatalogueColumn], most: int
) -> list[tuple[str | None, ...]] | None:
    """About `most` rows as text, from all over the table where it can be sampled; None where it cannot be read."""
    source = sql.Identifier(relation.schema, relation.name)
    part: sql.Composable = source
    if relation.samples and relation.estimate > most * 2:
        percent = min(100.0, 100.0 * most * 1.3 / relation.estimate)
        part = sql.SQL("{} TABLESAMPLE SYSTEM ({}) REPEATABLE (7)").format(source, sql.Literal(percent))
    query = sql.SQL("SELECT {} FROM {} LIMIT {}")
    listed = sql.SQL(", ").join(_as_text(column) for column in columns)
    rows = _tried(connection, lambda: connection.execute(query.format(listed, part, sql.Literal(most))).fetchall())
    if not rows and part is not source:  # few large blocks, of which none was drawn
        return _tried(
            connection, lambda: connection.execute(query.format(listed, source, sql.Literal(most))).fetchall()
        )
    return rows


def count_rows(connection: Connection, relation: Relation) -> int | None:
    """How many rows there are, counted."""
    query = sql.SQL("SELECT COUNT(*) FROM {}").format(sql.Identifier(relation.schema, relation.name))
    found = _tried(connection, lambda: connection.execute(query).fetchone())
    return int(found[0]) if found else None


def common_values(
    connection: Connection, relation: Relation, column: CatalogueColumn, most: int
) -> list[tuple[str | None, int]] | None:
    """Every value with its number of rows, the commonest first, over all rows; cut to `most`."""
    query = sql.SQL("SELECT {}, COUNT(*) FROM {} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {}").format(
        _as_text(column), sql.Identifier(relation.schema, relation.name), sql.Literal(most)
    )
    return _tried(connection, lambda: connection.execute(query).fetchall())


def is_unique(connection: Connection, relation: Relation, column: CatalogueColumn) -> bool | None:
    """Whether no two rows share a value of a column, over all rows."""
    query = sql.SQL("SELECT COUNT({0}) = COUNT(DISTINCT {0}) FROM {1}").format(
        sql.Identifier(column.name), sql.Identifier(relation.schema, relation.name)
    )
    found = _tried(connection, lambda: connection.execute(query).fetchone())
    return bool(found[0]) if found else None


def count_known(
    connection: Connection, relation: Relation, column: CatalogueColumn, values: Sequence[str]
) -> int | None:
    """How many of these values a column has."""
    query = sql.SQL("SELECT COUNT(DISTINCT {0}) FROM {1} WHERE {0} = ANY(%s)").format(
        sql.SQL("CAST({} AS text)").format(sql.Identifier(column.name)),
        sql.Identifier(relation.schema, relation.name),
    )
    found = _tried(connection, lambda: connection.execute(query, (list(values),)).fetchone())
    return int(found[0]) if found else None


def rows_having(
    connection: Connection,
    relation: Relation,
    key: CatalogueColumn,
    values: Sequence[str],
    columns: Sequence[CatalogueColumn],
    most: int,
) -> list[tuple[str | None, ...]] | None:
    """All rows of these values of a key, the key first."""
    query = sql.SQL("SELECT {}, {} FROM {} WHERE CAST({} AS text) = ANY(%s) LIMIT {}").format(
        _as_text(key),
        sql.SQL(", ").join(_as_text(column) for column in columns),
        sql.Identifier(relation.schema, relation.name),
        sql.Identifier(key.name),
        sql.Literal(most),
    )
    return _tried(connection, lambda: connection.execute(query, (list(values),)).fetchall())


def _as_text(column: CatalogueColumn) -> sql.Composable:
    return sql.SQL("left(CAST({} AS text), {})").format(sql.Identifier(column.name), sql.Literal(LONGEST_TEXT))


def _tried(connection: Connection, run: Callable[[], T]) -> T | None:
    """What a statement gives; None where it was stopped or refused, and the transaction goes on."""
    with _forgiven(connection):
        return run()
    return None


@contextmanager
def _forgiven(connection: Connection) -> Iterator[None]:
    try:
        with connection.transaction():
            yield
    except (
        psycopg.errors.QueryCanceled,
        psycopg.errors.LockNotAvailable,
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.DataError,
        psycopg.errors.FeatureNotSupported,
        psycopg.errors.ObjectNotInPrerequisiteState,
        psycopg.errors.ProgrammingError,
        psycopg.errors.FdwError,
    ):
        return
