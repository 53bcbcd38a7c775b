"""The attack corpus against role, transaction, protocol and limits alone: what the guard would miss must change nothing.

Everything that an attack could want is there: a table of secrets, a column nobody may read, a view, a function and an
operator of somebody else, a sequence, a running question of another person. Two kinds of server: one that is ours alone,
where Dash also takes the server's dangerous functions away, and one that other programs share, which keeps them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from dash.database import Database
from dash.errors import QueryFailed
from dash.knowledge import Knowledge
from dash.records import Question, Result, Viewer
from dash.runs import Runs
from dash.settings import Limits, Settings
from dash.threads import Threads
from tests.conftest import DEMO, NOW, cloned, in_database
from tests.database.harness import drop_role, eventually, owner, run, running
from tests.guard.attacks import ATTACKS

ON_EVERY_VERSION = True
T = "support.support_threads_data"
CANARY = "canary-5c1f7e"
# What no answer and no message may hold: planted secrets, password hashes, the machine's files, the server's folder.
FORBIDDEN = (CANARY, "SCRAM-SHA-256", "root:x:", "postgres/data", "/usr/lib/postgresql")
TIGHT = Limits(rows=100, result_bytes=100_000, statement_timeout_seconds=0.5, lock_timeout_seconds=0.2)
# For a machine that has other things to do: it tells a query that was stopped from one that never is.
GRACE_SECONDS = 60.0

PLANTED = f"""
CREATE TABLE support.secrets (word text);
INSERT INTO support.secrets VALUES ('{CANARY}');
ALTER TABLE {T} ADD secret text DEFAULT '{CANARY}';
CREATE VIEW support.my_view AS SELECT word FROM support.secrets;
CREATE MATERIALIZED VIEW v AS SELECT word FROM support.secrets;
CREATE TABLE support.marks (mark text);
CREATE FUNCTION public.my_function(int) RETURNS int LANGUAGE sql SECURITY DEFINER
    AS 'INSERT INTO support.marks VALUES (''called'') RETURNING 1';
CREATE FUNCTION support.do_anything() RETURNS text LANGUAGE sql SECURITY DEFINER
    AS 'INSERT INTO support.marks VALUES (''called''); SELECT word FROM support.secrets';
CREATE PROCEDURE public.do_it() LANGUAGE sql AS 'INSERT INTO support.marks VALUES (''called'')';
CREATE FUNCTION public.compare(int, int) RETURNS boolean LANGUAGE sql SECURITY DEFINER
    AS 'INSERT INTO support.marks VALUES (''called''); SELECT true';
CREATE OPERATOR public.=%= (LEFTARG = int, RIGHTARG = int, FUNCTION = public.compare);
CREATE SEQUENCE support.some_seq;
CREATE SEQUENCE public.s;
"""
STATE = """
SELECT 'class', count(*)::text, md5(string_agg(concat(oid, relname, relowner, relacl, relrowsecurity), ',' ORDER BY oid)) FROM pg_class
    WHERE relnamespace::regnamespace::text !~ '^pg_(toast|temp)'
UNION ALL SELECT 'column', count(*)::text, md5(string_agg(concat(attrelid, attname, attacl), ',' ORDER BY attrelid, attnum)) FROM pg_attribute
    WHERE attrelid::regclass::text !~ '^pg_(toast|temp)'
UNION ALL SELECT 'function', count(*)::text, md5(string_agg(concat(oid, proowner, proacl IS NULL, acl), ',' ORDER BY oid))
    FROM pg_proc CROSS JOIN LATERAL (SELECT string_agg(concat(entry), ' ' ORDER BY entry) AS acl FROM aclexplode(proacl) entry
        -- Not those of the roles that a test beside this one makes and drops.
        WHERE entry.grantee = 0 OR entry.grantee IN (SELECT oid FROM pg_roles WHERE rolname ~ '^dash' OR rolname = current_user)) acl
UNION ALL SELECT 'schema', count(*)::text, md5(string_agg(concat(oid, nspname, nspacl), ',' ORDER BY oid)) FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
UNION ALL SELECT 'role', rolname, concat(r) FROM pg_roles r WHERE rolname ~ '^(dash|dash_reader)$'
UNION ALL SELECT 'stored setting', '', concat(s) FROM pg_db_role_setting s
    WHERE setrole = 'dash_reader'::regrole OR setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'server setting', name, concat(setting, applied) FROM pg_file_settings
UNION ALL SELECT 'large object', '', count(*)::text FROM pg_largeobject_metadata
UNION ALL SELECT 'extension', extname, '' FROM pg_extension
UNION ALL SELECT 'slot', slot_name::text, '' FROM pg_replication_slots
UNION ALL SELECT 'prepared', gid, '' FROM pg_prepared_xacts
UNION ALL SELECT 'lock', l.mode, l.locktype FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE a.usename = 'dash_reader' AND a.datname = current_database()
UNION ALL SELECT 'sequence', schemaname || '.' || sequencename, last_value::text FROM pg_sequences
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Target:
    """A database full of things to steal and to break. `ours_alone`: the server's dangerous functions are taken away."""

    database: Database
    ours_alone: bool

    def state(self) -> tuple[Any, ...]:
        """Everything that must be the same after an attack."""
        with owner(self.database) as connection:
            state: list[Any] = connection.execute(STATE).fetchall()
            tables = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('support', 'dash', 'public')"
            for (table,) in connection.execute(tables).fetchall():
                rows = f"SELECT count(*), max(xmin::text::int8), max(xmax::text::int8), max(ctid) FROM {table}"
                state.append((table, connection.execute(rows.encode()).fetchone()))
        return tuple(state)


def _number(kind: str) -> int:
    return int(kind.split()[0])  # "19 bombs"


@pytest.fixture(scope="session")
def alone(server: Database, settings: Settings, template: str, knowledge: Knowledge) -> Iterator[Target]:
    with cloned(server, settings, template) as database:
        _plant(database, knowledge)
        yield Target(database, ours_alone=True)


@pytest.fixture(scope="session")
def shared(server: Database, settings: Settings, knowledge: Knowledge, worker_id: str) -> Iterator[Target]:
    from dash.demo.load import load_demo

    name = f"shared_{worker_id}"
    with owner(server) as connection:
        connection.execute(f"CREATE ROLE program_{name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        try:
            with Database.open(in_database(settings, server, name)) as database:
                load_demo(database, progress=lambda *_: None, **{**DEMO, "tickets": 300})
                _plant(database, knowledge)
                yield Target(database, ours_alone=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            drop_role(connection, f"program_{name}")


@pytest.fixture(scope="session", params=["ours alone", "shared with other programs"])
def target(request: pytest.FixtureRequest, server_version: str) -> Target:
    found: Target = request.getfixturevalue("alone" if request.param == "ours alone" else "shared")
    return found


def _plant(database: Database, knowledge: Knowledge) -> None:
    with owner(database) as connection:
        connection.execute(PLANTED.encode())
    thread = Threads(database).start("somebody")
    Runs(database).begin(Question(CANARY, NOW), thread)
    database.grant_reader(knowledge.allowed())


ANSWERED = {
    1: "an empty statement is none, and who ends or begins a transaction in one statement has no second one",
    2: "settings can be read, and set for a transaction that is over then",
    6: "a plan of a query that it may run",
    7: "a block of PL/pgSQL, a name to listen to, a prepared statement: all of it gone with the transaction or the reset",
    8: "on a shared server a large object, gone with the transaction",
    9: "the server's own address",
    10: "on a shared server a lock, gone with the reset; sleeping is stopped by the timeout",
    11: "numbers of transactions and processes; on a shared server a message in the write-ahead log, which is no change",
    13: "on a shared server XML of what it may read anyway",
    14: "names of tables, columns, roles and settings: the catalogue is open to everybody on every PostgreSQL",
    15: "whether something of a name exists, and how a view is defined",
    16: "functions and operators of the server itself",
    17: "the same queries in other quotes",
    18: "samples of what it may read; EXISTS does not run what it selects",
    19: "what ends within the timeout and the memory of one process",
    20: "what the server's own parser reads quickly",
    21: "empty statements; ANALYZE leaves out what it has no right to",
    22: "the listed columns, in ways in which the guard cannot say which",
}
"""Of these classes some attack gets an answer from these layers alone, and why that is none that was wanted."""


@pytest.mark.parametrize("kind", [kind for kind in ATTACKS if _number(kind) != 19])
def test_an_attack_that_the_guard_would_miss_changes_and_reveals_nothing(target: Target, kind: str) -> None:
    before = target.state()
    answered = []
    for sql in ATTACKS[kind]:
        result = _attack(target.database, sql)
        if result is not None:
            answered.append(sql)
    assert eventually(lambda: target.state() == before), set(target.state()) ^ set(before)
    assert _number(kind) in ANSWERED or not answered, answered
    assert run(target.database, "SELECT 1").rows == ((1,),)


def test_bombs_are_stopped_by_time_and_memory(alone: Target) -> None:
    """Not at the moment of the timeout: while the server copies a value of a gigabyte it does not look up."""
    before = alone.state()
    for kind in ATTACKS:
        if _number(kind) == 19:
            for sql in ATTACKS[kind]:
                _attack(alone.database, sql, replace(TIGHT, statement_timeout_seconds=0.3))
    assert eventually(lambda: running(alone.database) == 0, seconds=60)
    assert alone.state() == before


def test_values_that_double_and_double_fail_for_memory_and_not_the_server(alone: Target) -> None:
    steps = ", ".join(f"a{i} AS (SELECT s || s AS s FROM a{i - 1})" for i in range(1, 40))
    doubling = f"WITH a0 AS (SELECT repeat('x', 1000) AS s), {steps} SELECT length(s) FROM a39"
    many = "SELECT " + ", ".join(f"length(repeat('{letter}', 500000000) || '!')" for letter in "abcdefghij")
    for sql in (doubling, many):
        with pytest.raises(QueryFailed):
            run(alone.database, sql, limits=Limits(statement_timeout_seconds=20))
    assert run(alone.database, "SELECT 1").rows == ((1,),)


def test_sleeping_is_bounded_by_the_timeout_where_the_function_cannot_be_taken_away(shared: Target) -> None:
    with pytest.raises(QueryFailed) as failure:
        run(shared.database, "SELECT pg_sleep(30)", limits=TIGHT)
    assert failure.value.sqlstate == "57014"


def test_a_setting_that_a_query_changes_is_back_for_the_next_one(target: Target) -> None:
    names = ("transaction_read_only", "default_transaction_read_only", "statement_timeout", "dash.viewer", "role")
    show = "SELECT " + ", ".join(f"current_setting('{name}', true)" for name in names)
    before = run(target.database, show, viewer=Viewer("ann")).rows
    assert before[0][3] == "ann"
    for name in names:
        for sql in (
            f"SELECT set_config('{name}', '0', false)",
            f"UPDATE pg_settings SET setting = '0' WHERE name = '{name}'",
            f"SET {name} = '0'",
            f"SET SESSION {name} = '0'",
        ):
            _attack(target.database, sql)
            assert run(target.database, show, viewer=Viewer("ann")).rows == before, sql


def test_a_notification_is_never_sent(target: Target) -> None:
    with owner(target.database) as connection:
        connection.execute("LISTEN news")
        _attack(target.database, "SELECT pg_notify('news', 'secret')")
        _attack(target.database, "NOTIFY news, 'secret'")
        assert list(connection.notifies(timeout=0.5)) == []


def _attack(database: Database, sql: str, limits: Limits = TIGHT) -> Result | None:
    """What it got. Fails when that took longer than it may or holds anything forbidden."""
    began = time.monotonic()
    result = None
    try:
        result = run(database, sql, limits=limits)
        said = repr(result.rows)
    except QueryFailed as failure:
        said = failure.message
    assert time.monotonic() - began < limits.statement_timeout_seconds + GRACE_SECONDS, sql
    assert not [word for word in FORBIDDEN if word in said], sql
    return result
