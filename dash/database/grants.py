"""What the reader may read: exactly the columns that the knowledge allows.

Rights are compared with the catalogue and changed only where they differ, so a start with nothing to do costs three
small queries and takes no lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from dash.database.connections import Connection
from dash.database.roles import function_commands, try_to, verbatim
from dash.database.statements import statement
from dash.errors import EnvironmentProblem


def grant(owner: Connection, reader: str, allowed: Mapping[str, tuple[str, ...]]) -> None:
    """Give `reader` SELECT on exactly these columns of those relations that exist, and take everything else.

    Raises EnvironmentProblem, with the command, when the tables are somebody else's and the reader cannot read them.
    """
    wanted = _existing(owner, reader, allowed)
    try:
        _make_equal(owner, reader, wanted)
    except psycopg.errors.InsufficientPrivilege as error:
        _require_readable(owner, reader, wanted, error)
    for command in function_commands(owner, _callable(owner, reader)):
        try_to(owner, command)


def _existing(owner: Connection, reader: str, allowed: Mapping[str, tuple[str, ...]]) -> set[tuple[str, str, str]]:
    facts: dict[str, Any] = {"reader": reader, "relations": list(allowed)}
    existing: dict[tuple[str, str], set[str]] = {}
    for schema, relation, column in owner.execute(statement("existing_columns"), facts).fetchall():
        existing.setdefault((schema, relation), set()).add(column)
    return {
        (schema, relation, column)
        for (schema, relation), columns in existing.items()
        for column in allowed[f"{schema}.{relation}"]
        if column in columns
    }


def _make_equal(owner: Connection, reader: str, wanted: set[tuple[str, str, str]]) -> None:
    granted, whole, schemas = set(), [], set()
    for kind, schema, relation, column in owner.execute(statement("reader_grants"), {"reader": reader}).fetchall():
        if kind == "column":
            granted.add((schema, relation, column))
        elif kind == "relation":
            whole.append((schema, relation))
        else:
            schemas.add(schema)
    role = sql.Identifier(reader)
    with owner.transaction():
        for schema, relation in whole:
            owner.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(schema, relation), role))
            granted = {entry for entry in granted if entry[:2] != (schema, relation)}
        _columns(owner, "REVOKE SELECT ({}) ON {} FROM {}", granted - wanted, role)
        _columns(owner, "GRANT SELECT ({}) ON {} TO {}", wanted - granted, role)
        needed = {schema for schema, _, _ in wanted}
        for schema in sorted(needed - schemas):
            owner.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(schema), role))
        for schema in sorted(schemas - needed):
            owner.execute(sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(sql.Identifier(schema), role))


def _require_readable(
    owner: Connection, reader: str, wanted: set[tuple[str, str, str]], refusal: psycopg.Error
) -> None:
    """The tables belong to somebody else: that is fine if that one has let the reader in already."""
    schemas, relations, columns = (list(part) for part in zip(*sorted(wanted), strict=True)) if wanted else ([], [], [])
    facts = {"reader": reader, "schemas": schemas, "relations": relations, "columns": columns}
    unreadable = [name for (name,) in owner.execute(statement("unreadable_relations"), facts).fetchall()]
    if unreadable:
        inside = ", ".join(sorted({name.split(".", 1)[0] for name in unreadable}))
        raise EnvironmentProblem(
            f"The login of DASH_DATABASE_URL may not let {reader} read {len(unreadable)} of the known tables; "
            f"let their owner do it: GRANT USAGE ON SCHEMA {inside} TO {reader}; "
            f"GRANT SELECT ON {', '.join(unreadable)} TO {reader};"
        ) from refusal


def _callable(owner: Connection, reader: str) -> list[str]:
    return [name for (name,) in owner.execute(statement("callable_functions"), {"reader": reader}).fetchall()]


def _columns(owner: Connection, template: str, entries: set[tuple[str, str, str]], role: sql.Identifier) -> None:
    grouped: dict[tuple[str, str], list[str]] = {}
    for schema, relation, column in sorted(entries):
        grouped.setdefault((schema, relation), []).append(column)
    for (schema, relation), columns in grouped.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        owner.execute(verbatim(template).format(names, sql.Identifier(schema, relation), role))
