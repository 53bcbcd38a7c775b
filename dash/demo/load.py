"""Loads the demo data in one transaction, so that there is either all of it or none, also after a kill in the middle.

The tables are made by `schema.sql` as it stands; then everything that slows COPY down (foreign keys, unique keys,
indices) is taken off and put back after the rows, from PostgreSQL's own definitions of it. Readers of older demo data
see that until the moment of the commit. What we did not make is never dropped (standing.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

from dash.database.copy import BulkLoad, bulk_load
from dash.demo.generate import generate
from dash.demo.moments import as_datetime, milliseconds
from dash.demo.rows import COLUMNS
from dash.demo.standing import SCHEMA, Standing, drop, mark, standing
from dash.errors import UserError

SCHEMA_FILE = Path(__file__).with_name("schema.sql")
_LOCK = 7_205_759_403
"""Advisory lock: two programs that start at once load one after the other."""

Progress = Callable[[int, int, str], None]


class OwnedDatabase(Protocol):
    """What is asked of the database: how to connect as the owner of its schemas."""

    def owner_dsn(self) -> str:
        """A connection string with the right to create schemas."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was loaded: rows per table, and how long it took."""

    tickets: int
    seed: int
    days: int
    until: datetime
    rows: Mapping[str, int]
    seconds: float


def silent(done: int, total: int, what: str) -> None:
    """A progress callback that says nothing."""


def demo_present(database: OwnedDatabase) -> bool:
    """Whether schema `support` holds any ticket."""
    with bulk_load(database.owner_dsn()) as load:
        return _holds_tickets(load)


def load_demo(
    database: OwnedDatabase,
    *,
    tickets: int = 20_000,
    seed: int = 7,
    days: int = 540,
    until: datetime,
    progress: Progress = silent,
    replace: bool = False,
    own_server: bool = False,
) -> LoadReport:
    """Make schema `support` and fill it; what was granted on an older one must be granted again. `replace` drops older
    demo data. `own_server` says that it is the embedded server (standing.py).

    `progress(done, total, what)` is called after every batch ("tickets") and step ("indices"). Raises UserError if
    there is data already and `replace` is False, if the schema of that name is not ours, if something outside of ours
    depends on it, or if a number makes no sense.
    """
    with _turn(database, own_server=own_server) as (load, found):
        if found is Standing.FOREIGN:
            raise UserError(
                f"The database has a schema {SCHEMA} that Dash did not make; nothing was changed. Load the demo data "
                f"into another database, or rename that schema first: ALTER SCHEMA {SCHEMA} RENAME TO …"
            )
        if found is Standing.FILLED and not replace:
            raise UserError("There is support data already; say that it is to be replaced if you want to load it anew.")
        return _load(load, tickets, seed, days, until, progress)


def ensure_demo(
    database: OwnedDatabase,
    *,
    tickets: int = 20_000,
    seed: int = 7,
    days: int = 540,
    until: datetime,
    progress: Progress = silent,
    own_server: bool = False,
) -> LoadReport | None:
    """`load_demo` unless there is data already, whoever's it is, then None; of several programs that call this at once,
    one loads and the others wait.
    """
    with _turn(database, own_server=own_server) as (load, found):
        return _load(load, tickets, seed, days, until, progress) if found is Standing.FREE else None


@contextmanager
def _turn(database: OwnedDatabase, *, own_server: bool) -> Iterator[tuple[BulkLoad, Standing]]:
    with bulk_load(database.owner_dsn()) as load:
        load.fetch("SELECT pg_advisory_xact_lock(%s)::text", _LOCK)
        yield load, standing(load, _schema_script(), own_server=own_server)


def _load(load: BulkLoad, tickets: int, seed: int, days: int, until: datetime, progress: Progress) -> LoadReport:
    started = monotonic()
    batches = generate(tickets, seed, days, until)
    counts = dict.fromkeys(COLUMNS, 0)
    progress(0, tickets, "tickets")
    replaced = _set_aside(load)
    load.execute_script(_schema_script())
    mark(load)
    postponed = _take_off_keys(load)
    done = 0
    for batch in batches:
        for table, rows in batch.rows.items():
            if rows:
                load.copy_rows(f"{SCHEMA}.{table}", COLUMNS[table], rows, frozen=True)
                counts[table] += len(rows)
        done += batch.tickets
        progress(done, tickets, "tickets")
    _put_back(load, postponed, replaced, progress)
    return LoadReport(
        tickets, seed, days, as_datetime(milliseconds(until)).astimezone(UTC), counts, monotonic() - started
    )


def _schema_script() -> str:
    return SCHEMA_FILE.read_text(encoding="utf-8")


def _holds_tickets(load: BulkLoad) -> bool:
    if load.fetch("SELECT to_regclass('support.support_threads_data') IS NULL")[0][0]:
        return False
    return bool(load.fetch("SELECT EXISTS (SELECT FROM support.support_threads_data)")[0][0])


def _set_aside(load: BulkLoad) -> str | None:
    """Rename an older schema, whose new name comes back: who reads it goes on reading until we commit."""
    if load.fetch("SELECT to_regnamespace('support') IS NULL")[0][0]:
        return None
    # Tried before the work is done: it fails when anything else depends on what is replaced.
    with load.undone():
        drop(load, SCHEMA)
    name = f"{SCHEMA}_replaced_{secrets.token_hex(4)}"
    load.execute_script(f"ALTER SCHEMA {SCHEMA} RENAME TO {name}")
    return name


_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'support'::regnamespace AND contype IN ('p', 'u', 'f')
    ORDER BY array_position('{p,u,f}'::"char"[], contype), conrelid::regclass::text, conname
"""
_INDICES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'support'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY 1
"""


def _take_off_keys(load: BulkLoad) -> tuple[str, ...]:
    """Drop keys and indices; gives back the statements that make them again, in an order that works."""
    keys, indices = load.fetch(_KEYS), load.fetch(_INDICES)
    for table, name, _ in reversed(keys):
        load.execute_script(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indices:
        load.execute_script(f"DROP INDEX {name}")
    again = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys]
    foreign = [statement for statement in again if " FOREIGN KEY " in statement]
    unique = [statement for statement in again if statement not in foreign]
    return (*unique, *(definition for _, definition in indices), *foreign)


def _put_back(load: BulkLoad, statements: tuple[str, ...], replaced: str | None, progress: Progress) -> None:
    load.execute_script("SET LOCAL maintenance_work_mem = '256MB'")
    total = len(statements) + len(COLUMNS)
    for done, statement in enumerate(statements):
        progress(done, total, "indices")
        load.execute_script(statement)
    for done, table in enumerate(COLUMNS, len(statements)):
        progress(done, total, "indices")
        load.execute_script(f"ANALYZE {SCHEMA}.{table}")
    if replaced is not None:
        drop(load, replaced)
    progress(total, total, "indices")
