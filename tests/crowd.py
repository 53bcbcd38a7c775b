"""A million tickets for measurements, made once in a database of their own, and SQL run on them without our layers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg

from dash.database import Database
from dash.demo.load import SCHEMA_FILE
from dash.knowledge.placeholders import bind
from dash.records import PlannedQuery

_INDICES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'support'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
_FOREIGN = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
    FROM pg_constraint WHERE connamespace = 'support'::regnamespace AND contype = 'f'
"""


def make_crowd(database: Database, script: Path) -> None:
    """Make the data that a script describes, once; keys and indices come after the rows."""
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        made = connection.execute("SELECT to_regclass('support.crowd_is_ready') IS NOT NULL").fetchone()
        if made and made[0]:
            return
        print("Making a million tickets; this takes a minute or two and 1.5 GB, once.", flush=True)
        connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        connection.execute("DROP SCHEMA IF EXISTS support CASCADE")
        connection.execute(SCHEMA_FILE.read_bytes())
        for (statement,) in connection.execute(_FOREIGN).fetchall():
            connection.execute(statement.encode())
        indices = connection.execute(_INDICES).fetchall()
        for name, _ in indices:
            connection.execute(f"DROP INDEX {name}".encode())
        connection.execute(script.read_bytes())
        for _, definition in indices:
            connection.execute(definition.encode())
        connection.execute("VACUUM ANALYZE")
        connection.execute("CREATE TABLE support.crowd_is_ready ()")


def run_bare(bare: psycopg.Connection[Any], query: PlannedQuery) -> None:
    """The same text with the same values, without the guard, our limits and our records."""
    text, values = bind(query.sql, query.parameters)
    text = re.sub(r"\$(\d+)", r"%(v\1)s", text.replace("%", "%%"))
    bare.execute(text.encode(), {f"v{number}": value for number, value in enumerate(values, start=1)}).fetchall()
