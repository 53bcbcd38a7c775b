"""Whose the schema is that bears the demo data's name, so that only our own is ever replaced.

A comment on the schema says that we made it. One without it that holds anything at all, be it only a view, is
somebody else's.
"""

from __future__ import annotations

from enum import Enum

from dash.database.copy import BulkLoad
from dash.demo.rows import COLUMNS

SCHEMA = "support"
TABLES = frozenset(f"{SCHEMA}.{table}" for table in COLUMNS)
MARK = "Demo data of Dash; it is replaced as a whole by: dash demo load --replace"


class Standing(Enum):
    """What is there before a load."""

    FREE = "no such schema, or one without anything in it, or ours without a row"
    FILLED = "our data"
    FOREIGN = "something that we did not make"


def standing(load: BulkLoad, schema_script: str, *, own_server: bool) -> Standing:
    """What the schema is now.

    On our `own_server`, the embedded one, a schema of exactly the shape that `schema_script` makes is ours without the
    mark too: it may have been made before there was one.
    """
    if not load.fetch(_HOLDS_ANYTHING)[0][0]:
        return Standing.FREE
    ours = load.fetch(_MARK)[0][0] == MARK or (own_server and _has_our_shape(load, schema_script))
    if not ours:
        return Standing.FOREIGN
    return Standing.FILLED if any(_has_rows(load, table) for table in _own_tables(load, SCHEMA)) else Standing.FREE


def mark(load: BulkLoad) -> None:
    """Say on the schema that it is ours."""
    load.execute_script(f"COMMENT ON SCHEMA {SCHEMA} IS '{MARK}'")


def drop(load: BulkLoad, schema: str) -> None:
    """Drop our tables and the schema around them, and nothing else: whatever depends on them makes this fail."""
    tables = _own_tables(load, schema)
    if tables:
        load.execute_script(f"DROP TABLE {', '.join(tables)} RESTRICT")
    load.execute_script(f"DROP SCHEMA IF EXISTS {schema} RESTRICT")


def _own_tables(load: BulkLoad, schema: str) -> list[str]:
    found = load.fetch(_TABLES, schema, list(COLUMNS))
    return [f"{schema}.{table}" for (table,) in found]


def _has_rows(load: BulkLoad, table: str) -> bool:
    return bool(load.fetch(f"SELECT EXISTS (SELECT FROM {table})")[0][0])


def _has_our_shape(load: BulkLoad, schema_script: str) -> bool:
    found = load.fetch(_SHAPE)
    with load.undone():
        load.execute_script(f"ALTER SCHEMA {SCHEMA} RENAME TO {SCHEMA}_compared")
        load.execute_script(schema_script)
        return load.fetch(_SHAPE) == found


# Whatever stands in a schema depends on it: relations, types, functions, operators and the rest.
_HOLDS_ANYTHING = """
    SELECT EXISTS (
        SELECT FROM pg_depend
        WHERE refclassid = 'pg_namespace'::regclass AND refobjid = to_regnamespace('support')::oid
    )
"""
_MARK = "SELECT obj_description(to_regnamespace('support')::oid, 'pg_namespace')"
_TABLES = """
    SELECT relname::text FROM pg_class
    WHERE relnamespace = to_regnamespace(%s) AND relkind = 'r' AND relname = ANY (%s)
    ORDER BY 1
"""
_SHAPE = """
    SELECT 'object', classid::regclass::text, coalesce(relname, objid::text), relkind::text, ''
    FROM pg_depend LEFT JOIN pg_class ON classid = 'pg_class'::regclass AND pg_class.oid = objid
    WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'support'::regnamespace
    UNION ALL
    SELECT 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull::text
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'support'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'constraint', relname, conname, contype::text, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE connamespace = 'support'::regnamespace
    ORDER BY 1, 2, 3, 4, 5
"""
