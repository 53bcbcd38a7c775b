"""Loading: the database holds what was generated, behind the documented schema, and either all of it or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from dash.database import Database
from dash.demo import demo_present, ensure_demo, generate, load_demo
from dash.demo.load import SCHEMA_FILE
from dash.demo.rows import COLUMNS
from dash.errors import DatabaseUnavailable, UserError

UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STRUCTURE = """
    SELECT 'column', attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod), attnotnull::text,
           (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'support'::regnamespace AND relkind = 'r' AND attnum > 0
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname::text, contype::text, convalidated::text,
           pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'support'::regnamespace
    UNION ALL
    SELECT 'index', tablename, indexname, '', '', indexdef FROM pg_indexes WHERE schemaname = 'support'
    ORDER BY 1, 2, 3
"""


def fetch(database: Database, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.owner_dsn()) as connection:
        return connection.execute(query.encode()).fetchall()


def execute(database: Database, script: str) -> None:
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        connection.execute(script.encode())


@pytest.fixture
def empty_database(fresh_database: Database) -> Database:
    """A database in which nobody has loaded anything."""
    execute(fresh_database, "DROP SCHEMA support CASCADE")
    return fresh_database


def test_the_database_holds_exactly_what_was_generated(database: Database) -> None:
    generated: dict[str, list[tuple[str, ...]]] = {table: [] for table in COLUMNS}
    for batch in generate(3_000, 7, 540, UNTIL):
        for table, rows in batch.rows.items():
            generated[table] += [tuple(map(spelled, row)) for row in rows]
    with psycopg.connect(database.owner_dsn()) as connection:
        connection.execute("SET timezone = 'UTC'")
        for table, columns in COLUMNS.items():
            found = connection.execute(f"SELECT {', '.join(columns)} FROM support.{table}".encode()).fetchall()
            assert sorted(tuple(map(spelled, row)) for row in found) == sorted(generated[table]), table


def spelled(cell: object) -> str:
    """One spelling for a value that Python and PostgreSQL write differently."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S.") + f"{cell.microsecond // 1000:03}+00"
    if isinstance(cell, list):
        return "{" + ",".join(cell) + "}"
    if isinstance(cell, str) and cell.startswith('{"'):
        cell = json.loads(cell)
    if isinstance(cell, dict):
        return json.dumps(cell, sort_keys=True)
    return str(cell)


def test_the_schema_is_the_documented_one_although_keys_were_taken_off_for_the_load(empty_database: Database) -> None:
    execute(empty_database, SCHEMA_FILE.read_text(encoding="utf-8"))
    documented = fetch(empty_database, STRUCTURE)
    execute(empty_database, "DROP SCHEMA support CASCADE")
    load_demo(empty_database, tickets=50, until=UNTIL, days=30)
    assert fetch(empty_database, STRUCTURE) == documented


def test_the_report_counts_the_rows_and_progress_reaches_its_end(empty_database: Database) -> None:
    seen: list[tuple[int, int, str]] = []
    report = load_demo(empty_database, tickets=2_500, until=UNTIL, days=30, progress=lambda *step: seen.append(step))
    for table, count in report.rows.items():
        assert fetch(empty_database, f"SELECT count(*) FROM support.{table}") == [(count,)]
    assert report.rows["support_threads_data"] == report.tickets == 2_500
    assert (2_500, 2_500, "tickets") in seen
    assert seen[-1][0] == seen[-1][1]
    assert all(done <= total for done, total, _ in seen)


def test_statistics_are_there_for_the_planner(database: Database) -> None:
    never = fetch(
        database,
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'support'::regnamespace AND relkind = 'r' AND reltuples <= 0",
    )
    assert never == []


def test_data_that_is_there_is_not_overwritten_unless_told_to(fresh_database: Database) -> None:
    before = fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data")
    with pytest.raises(UserError, match="already"):
        load_demo(fresh_database, tickets=30, until=UNTIL)
    assert fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data") == before
    load_demo(fresh_database, tickets=30, until=UNTIL, replace=True)
    assert fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data") == [(30,)]
    assert fetch(fresh_database, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'support%'") == [("support",)]


THINGS = {
    "a table": "CREATE TABLE support.calls AS SELECT 1 AS id",
    "a view": "CREATE VIEW support.calls AS SELECT 1 AS id",
    "a function": "CREATE FUNCTION support.calls() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a type": "CREATE TYPE support.kind AS ENUM ('call')",
    "a sequence": "CREATE SEQUENCE support.numbers",
    "a collation": 'CREATE COLLATION support.calls FROM "C"',
    "the same tables without a row": SCHEMA_FILE.read_text(encoding="utf-8").replace("CREATE SCHEMA support;", ""),
}
HOLDS = """
    SELECT classid, objid FROM pg_depend
    WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'support'::regnamespace ORDER BY 1, 2
"""


@pytest.mark.parametrize("thing", THINGS)
def test_a_schema_of_that_name_that_somebody_else_made_is_left_alone(empty_database: Database, thing: str) -> None:
    execute(empty_database, f"CREATE SCHEMA support; {THINGS[thing]}")
    before = fetch(empty_database, HOLDS)
    for replace in (False, True):
        with pytest.raises(UserError, match="Dash did not make"):
            load_demo(empty_database, tickets=30, until=UNTIL, replace=replace)
    assert ensure_demo(empty_database, tickets=30, until=UNTIL) is None
    assert fetch(empty_database, HOLDS) == before != []


def test_on_our_own_server_data_of_before_there_was_a_mark_is_ours_and_other_tables_are_not(
    fresh_database: Database,
) -> None:
    execute(fresh_database, "COMMENT ON SCHEMA support IS NULL")
    with pytest.raises(UserError, match="Dash did not make"):
        load_demo(fresh_database, tickets=30, until=UNTIL, replace=True)
    with pytest.raises(UserError, match="already"):
        load_demo(fresh_database, tickets=30, until=UNTIL, own_server=True)
    load_demo(fresh_database, tickets=30, until=UNTIL, own_server=True, replace=True)
    assert fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data") == [(30,)]
    execute(fresh_database, "COMMENT ON SCHEMA support IS NULL; ALTER TABLE support.conversations ADD note text")
    with pytest.raises(UserError, match="Dash did not make"):
        load_demo(fresh_database, tickets=31, until=UNTIL, own_server=True, replace=True)
    assert fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data") == [(30,)]


@pytest.mark.parametrize(
    "needing",
    [
        "CREATE SCHEMA reports; CREATE VIEW reports.weekly AS SELECT * FROM support.conversations",
        "CREATE VIEW support.weekly AS SELECT * FROM support.conversations",
        "CREATE TABLE support.weekly (id int)",
    ],
)
def test_what_others_built_on_the_demo_data_is_named_and_not_dropped(fresh_database: Database, needing: str) -> None:
    execute(fresh_database, needing)
    steps: list[object] = []
    with pytest.raises(UserError, match=r"weekly depends on"):
        load_demo(fresh_database, tickets=30, until=UNTIL, replace=True, progress=lambda *step: steps.append(step))
    assert steps == [(0, 30, "tickets")]
    assert fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data") == [(3_000,)]
    assert fetch(fresh_database, "SELECT count(*) FROM pg_class WHERE relname = 'weekly'") == [(1,)]
    assert fetch(fresh_database, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'support%'") == [("support",)]


def test_a_login_without_the_right_is_told_so(empty_database: Database) -> None:
    name = f"guest_{os.getpid()}"
    execute(empty_database, f"CREATE ROLE {name} LOGIN PASSWORD 'guest'")

    class Guest:
        def owner_dsn(self) -> str:
            return psycopg.conninfo.make_conninfo(empty_database.owner_dsn(), user=name, password="guest")

    try:
        with pytest.raises(UserError, match="may not create"):
            load_demo(Guest(), tickets=30, until=UNTIL)
    finally:
        execute(empty_database, f"DROP ROLE {name}")


def test_an_empty_schema_is_filled(empty_database: Database) -> None:
    execute(empty_database, "CREATE SCHEMA support")
    assert not demo_present(empty_database)
    load_demo(empty_database, tickets=30, until=UNTIL)
    assert demo_present(empty_database)


def test_an_error_in_the_middle_leaves_no_half_of_it(empty_database: Database) -> None:
    def interrupt(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(empty_database, tickets=3_000, until=UNTIL, progress=interrupt)
    assert fetch(empty_database, "SELECT to_regnamespace('support') IS NULL") == [(True,)]
    assert not demo_present(empty_database)


def test_a_kill_in_the_middle_leaves_no_half_of_it(empty_database: Database) -> None:
    program = textwrap.dedent(
        """
        import os, signal, sys
        from datetime import UTC, datetime
        from dash.demo import load_demo

        class Server:
            def owner_dsn(self):
                return sys.stdin.read()

        def die(done, total, what):
            if what == "indices":
                os.kill(os.getpid(), signal.SIGKILL)

        load_demo(Server(), tickets=500, until=datetime(2026, 11, 20, tzinfo=UTC), progress=die)
        """
    )
    killed = subprocess.run([sys.executable, "-c", program], input=empty_database.owner_dsn(), text=True, check=False)
    assert killed.returncode < 0
    assert not demo_present(empty_database)
    load_demo(empty_database, tickets=30, until=UNTIL)


def test_of_two_programs_that_start_at_once_one_loads(empty_database: Database) -> None:
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: ensure_demo(empty_database, tickets=400, until=UNTIL), range(2)))
    assert sorted(report is None for report in reports) == [False, True]
    assert fetch(empty_database, "SELECT count(*) FROM support.support_threads_data") == [(400,)]


def test_readers_see_the_old_data_until_the_new_is_whole(fresh_database: Database) -> None:
    counts: set[int] = set()

    def look(done: int, total: int, what: str) -> None:
        if done < total or what == "tickets":
            counts.update(row[0] for row in fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data"))

    load_demo(fresh_database, tickets=200, until=UNTIL, replace=True, progress=look)
    assert counts == {3_000}
    assert fetch(fresh_database, "SELECT count(*) FROM support.support_threads_data") == [(200,)]


def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    class Nowhere:
        def owner_dsn(self) -> str:
            return "host=127.0.0.1 port=1 user=nobody dbname=nothing"

    with pytest.raises(DatabaseUnavailable, match="start it"):
        demo_present(Nowhere())


@pytest.fixture(scope="module")
def odd_texts() -> Iterator[list[str]]:
    """Texts that a careless writer of COPY lines would break."""
    yield ["tab\there", "line\nbreak", "back\\slash", "\\N", "\\.", "cr\rhere", "", "quote'\"", "שלום", "a\\tb"]


def test_every_text_arrives_as_it_was(fresh_database: Database, odd_texts: list[str]) -> None:
    from dash.database.copy import bulk_load

    with bulk_load(fresh_database.owner_dsn()) as load:
        load.execute_script("CREATE TABLE support.odd (position integer, body text)")
        load.copy_rows("support.odd", ("position", "body"), list(enumerate([*odd_texts, None])))
    found = fetch(fresh_database, "SELECT body FROM support.odd ORDER BY position")
    assert [row[0] for row in found] == [*odd_texts, None]
