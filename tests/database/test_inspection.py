"""Doctor and grant: every way in which a reader can do too much is found, and the SQL that is given mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from dash.database import Database, inspect, reader_script, run_reader_script
from dash.database.inspection import about_reader, about_version, about_way, is_local
from dash.errors import DatabaseUnavailable, EnvironmentProblem
from dash.knowledge import Knowledge
from tests.database.harness import drop_role, owner, run, url_of

ON_EVERY_VERSION = True
pytestmark = pytest.mark.usefixtures("roles_turn")
TICKETS = "support.support_threads_data"

TAMPERED = [
    ("ALTER ROLE {r} SUPERUSER", "role", "superuser"),
    ("ALTER ROLE {r} CREATEROLE", "role", "create roles"),
    ("ALTER ROLE {r} CREATEDB", "role", "create databases"),
    ("ALTER ROLE {r} REPLICATION", "role", "replicate"),
    ("ALTER ROLE {r} BYPASSRLS", "role", "row-level security"),
    ("GRANT pg_read_all_data TO {r}", "memberships", "pg_read_all_data"),
    ("GRANT pg_read_server_files TO {r}", "memberships", "pg_read_server_files"),
    ("CREATE TABLE support.own (a int); ALTER TABLE support.own OWNER TO {r}", "ownership", "table support.own"),
    ("ALTER SCHEMA support OWNER TO {r}", "ownership", "schema support"),
    ("CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION own() OWNER TO {r}", "ownership", "own()"),
    ("GRANT TEMPORARY ON DATABASE {d} TO PUBLIC", "database", "temporary"),
    ("GRANT CREATE ON DATABASE {d} TO {r}", "database", "schemas"),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", "schemas", "public"),
    ("GRANT CREATE ON SCHEMA support TO {r}", "schemas", "support"),
    ("GRANT UPDATE ON support.sessions TO {r}", "writing", "support.sessions"),
    ("GRANT UPDATE (thread_id) ON support.sessions TO PUBLIC", "writing", "support.sessions"),
    ("GRANT TRIGGER ON support.sessions TO {r}", "writing", "support.sessions"),
    ("CREATE SEQUENCE support.numbers; GRANT USAGE ON SEQUENCE support.numbers TO {r}", "writing", "support.numbers"),
    ("CREATE TABLE support.pay (a int); GRANT SELECT ON support.pay TO {r}", "reading", "a of support.pay"),
    ("CREATE TABLE pay (a int, b int); GRANT SELECT ON pay TO PUBLIC", "reading", "a, b of public.pay"),
    ("ALTER TABLE support.sessions ADD pin text; GRANT SELECT ON support.sessions TO {r}", "reading", "pin of support.sess"),
    ("GRANT USAGE ON SCHEMA dash TO {r}; GRANT SELECT ON dash.runs TO {r}", "reading", "dash.runs"),
    ("CREATE MATERIALIZED VIEW support.copy AS SELECT 1 AS a; GRANT SELECT ON support.copy TO {r}", "reading", "support.copy"),
    ("REVOKE SELECT ON support.sessions FROM {r}; REVOKE SELECT (thread_id) ON support.sessions FROM {r}", "missing", "sess"),
    ("REVOKE USAGE ON SCHEMA support FROM {r}", "missing", "support.support_dialogs"),
    ("CREATE FUNCTION support.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "functions", "support.f()"),
    ("CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "functions", "f()"),
    ("CREATE PROCEDURE support.p() LANGUAGE sql AS 'SELECT 1'", "functions", "support.p()"),
    ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {r}", "server_functions", "pg_read_file(text)"),
    ("GRANT EXECUTE ON FUNCTION pg_ls_logdir() TO PUBLIC", "server_functions", "pg_ls_logdir()"),
    ("GRANT SELECT ON pg_authid TO {r}", "server_functions", "pg_authid"),
    ("GRANT SELECT (rolpassword) ON pg_authid TO {r}", "server_functions", "pg_authid"),
    ("ALTER DEFAULT PRIVILEGES IN SCHEMA support GRANT SELECT ON TABLES TO {r}", "defaults", "SELECT on new tables"),
    ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", "defaults", "new tables"),
    ("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {r}", "defaults", "new schemas"),
    ("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO {r}", "defaults", "new functions"),
    ("ALTER ROLE {r} SET standard_conforming_strings = off", "settings", "standard_conforming_strings"),
    ("ALTER DATABASE {d} SET standard_conforming_strings = off", "settings", "standard_conforming_strings"),
    ("ALTER ROLE {r} SET default_transaction_read_only = off", "settings", "read_only"),
    ("ALTER ROLE {r} SET statement_timeout = 0", "settings", "statement_timeout"),
    ("ALTER ROLE {r} IN DATABASE {d} SET search_path = evil", "settings", "search_path"),
    ("ALTER ROLE {r} SET dash.viewer = 'boss'", "settings", "dash.viewer"),
    ("GRANT SET ON PARAMETER log_statement TO {r}", "parameters", "log_statement"),
    ("CREATE FOREIGN DATA WRAPPER way; GRANT USAGE ON FOREIGN DATA WRAPPER way TO {r}", "foreign_servers", "wrapper way"),
    ("CREATE FOREIGN DATA WRAPPER way; CREATE SERVER away FOREIGN DATA WRAPPER way; "
     "GRANT USAGE ON FOREIGN SERVER away TO PUBLIC", "foreign_servers", "server away"),
    ("SELECT lo_create(77); GRANT SELECT ON LARGE OBJECT 77 TO {r}", "large_objects", "large object 77"),
    ("ALTER TABLE support.sessions ENABLE ROW LEVEL SECURITY; "
     "GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO {r}", "viewers", "set_config"),
]  # fmt: skip


@pytest.fixture
def tampered(fresh_database: Database, knowledge: Knowledge, worker_id: str) -> Iterator[_Patient]:
    """A reader of one's own, as `dash grant` sets it up, to be given what it should not have."""
    role = f"reader_of_{worker_id}"
    with owner(fresh_database) as connection:
        connection.execute(reader_script(role, knowledge.allowed()).encode())
        yield _Patient(connection, role, knowledge.allowed())
        drop_role(connection, role)


class _Patient:
    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], role: str, allowed: Any) -> None:
        self.connection, self.role, self._allowed = connection, role, allowed

    def does(self, sql: str) -> None:
        text = sql.format(r=self.role, d=self.connection.info.dbname)
        for command in text.split(";\n"):
            self.connection.execute(command.encode())

    def findings(self) -> list[tuple[str, str, str]]:
        return [(f.check, f.what, f.mend) for f in about_reader(self.connection, self.role, self._allowed)]


@pytest.mark.parametrize(("sql", "check", "words"), TAMPERED, ids=[case[0][:60] for case in TAMPERED])
def test_what_the_reader_should_not_have_is_found_and_mended(
    tampered: _Patient, sql: str, check: str, words: str
) -> None:
    assert tampered.findings() == []
    tampered.does(sql)
    found = tampered.findings()
    assert check in [name for name, what, _ in found if words in what], found
    for _ in range(2):
        # Giving a schema back takes its former owner's rights too, which the second look then finds missing.
        for _, _, mend in tampered.findings():
            tampered.connection.execute(mend.encode())
    assert tampered.findings() == []


def test_the_extensions_that_reach_out_are_found(tampered: _Patient) -> None:
    available = "SELECT FROM pg_available_extensions WHERE name = 'dblink'"
    if tampered.connection.execute(available).fetchone() is None:
        # The embedded server brings no such extension; a function that says it belongs to one is the same to us.
        tampered.does("CREATE FUNCTION support.dblink(text) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    else:
        tampered.does("CREATE EXTENSION dblink SCHEMA support")
    found = tampered.findings()
    assert {check for check, _, _ in found} <= {"functions", "foreign_servers"}
    assert any("dblink(text)" in what for _, what, _ in found)
    for _, _, mend in found:
        tampered.connection.execute(mend.encode())
    assert tampered.findings() == []


def test_what_everybody_loses_the_roles_that_are_there_keep(tampered: _Patient) -> None:
    connection = tampered.connection
    connection.execute(f"CREATE ROLE program_of_{tampered.role}".encode())
    try:
        tampered.does("GRANT TEMPORARY ON DATABASE {d} TO PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC")
        tampered.does("CREATE FUNCTION support.f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        for _, _, mend in tampered.findings():
            connection.execute(mend.encode())
        kept = connection.execute(
            """SELECT has_database_privilege(r, current_database(), 'TEMPORARY'),
                      has_schema_privilege(r, 'public', 'CREATE'), has_function_privilege(r, 'support.f()', 'EXECUTE')
               FROM (VALUES (%s), (%s)) AS who (r)""",
            (f"program_of_{tampered.role}", tampered.role),
        ).fetchall()
        assert kept == [(True, True, True), (False, False, False)]
    finally:
        drop_role(connection, f"program_of_{tampered.role}")


def test_a_role_that_is_not_there_is_a_finding(fresh_database: Database) -> None:
    with owner(fresh_database) as connection:
        found = list(about_reader(connection, "nobody_at_all", {}))
    assert [(one.check, one.what) for one in found] == [("role", "There is no role nobody_at_all")]


def test_what_dash_sets_up_by_itself_is_clean(fresh_database: Database, knowledge: Knowledge) -> None:
    found = inspect(fresh_database.settings, knowledge.allowed(), lambda _: None)
    assert found.findings == ()
    assert found.reader == "dash_reader"
    assert found.server_version.split(".")[0] in ("15", "18")


def test_nothing_is_changed_by_looking(fresh_database: Database, knowledge: Knowledge) -> None:
    with owner(fresh_database) as connection:
        connection.execute(f"GRANT TEMPORARY ON DATABASE {connection.info.dbname} TO PUBLIC".encode())
        for _ in range(2):
            found = inspect(fresh_database.settings, knowledge.allowed(), lambda _: None).findings
            assert [finding.check for finding in found] == ["database"]


def test_the_owner_as_reader_is_found_and_is_refused_at_start(fresh_database: Database, knowledge: Knowledge) -> None:
    settings = replace(fresh_database.settings, reader_url=fresh_database.settings.database_url)
    found = inspect(settings, knowledge.allowed(), lambda _: None).findings
    assert [finding.check for finding in found] == ["login", "role"] + ["role"] * (len(found) - 2)
    with pytest.raises(EnvironmentProblem, match="is a superuser"):
        Database.open(settings)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CREATE SCHEMA mine AUTHORIZATION {r}", "owns a schema"),
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION public.mine() OWNER TO {r}",
         "owns functions"),
        ("ALTER DATABASE {d} OWNER TO {r}", "owns the database"),
        ("ALTER ROLE {r} CREATEDB", "may create databases"),
        ("ALTER TABLE dash.runs OWNER TO {r}", "owns tables"),
        ("GRANT {o} TO {r}", "belongs to|owns tables"),
    ],
)  # fmt: skip
def test_an_owner_of_anything_is_refused_at_start(
    tampered: _Patient, fresh_database: Database, sql: str, words: str
) -> None:
    connection = tampered.connection
    connection.execute(f"ALTER ROLE {tampered.role} PASSWORD 'x'".encode())
    connection.execute(sql.format(r=tampered.role, d=connection.info.dbname, o=connection.info.user).encode())
    parts = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())
    settings = replace(fresh_database.settings, reader_url=url_of(parts, user=tampered.role, password="x"))
    try:
        with pytest.raises(EnvironmentProblem, match=words):
            Database.open(settings)
    finally:
        connection.execute(f"REASSIGN OWNED BY {tampered.role} TO {connection.info.user}".encode())


def test_a_reader_that_does_not_get_in_is_a_finding(
    tampered: _Patient, fresh_database: Database, knowledge: Knowledge
) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())
    settings = replace(fresh_database.settings, reader_url=url_of(parts, user=tampered.role, password="wrong"))
    found = inspect(settings, knowledge.allowed(), lambda _: None)
    assert [(finding.check, finding.what) for finding in found.findings] == [
        ("login", f"The login of DASH_READER_URL does not get in as {tampered.role}")
    ]
    assert "wrong" not in str(found)


def test_a_server_that_is_not_there_is_one_sentence(fresh_database: Database) -> None:
    settings = replace(fresh_database.settings, database_url="postgresql://a:secret@127.0.0.1:1/b")
    with pytest.raises(DatabaseUnavailable, match="does not answer") as problem:
        inspect(settings, {}, lambda _: None)
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("/run/postgresql", True), ("", True),
     ("10.0.0.7", False), ("db.example.com", False), ("fe80::1", False), ("127.0.0.1.example.com", False)],
)  # fmt: skip
def test_an_open_connection_over_a_network_is_found(host: str, local: bool) -> None:
    assert is_local(host) is local
    found = [finding.check for finding in about_way(host, False, "DASH_DATABASE_URL")]
    assert found == ([] if local else ["tls"])
    assert list(about_way(host, True, "DASH_DATABASE_URL")) == []


def test_a_server_that_is_too_old_is_found() -> None:
    assert [finding.what for finding in about_version(130_014)] == [
        "The server is PostgreSQL 13, and Dash needs 14 or newer"
    ]
    assert list(about_version(140_000)) == []


def test_the_script_can_be_run_again_and_changes_nothing_then(tampered: _Patient, knowledge: Knowledge) -> None:
    rights = """
        WITH rights (kind, name, acl) AS (
            SELECT 'relation', oid::regclass::text, COALESCE(relacl, acldefault('r', relowner)) FROM pg_class
            UNION ALL SELECT 'column', attrelid || '.' || attname, attacl FROM pg_attribute
            UNION ALL SELECT 'schema', nspname, COALESCE(nspacl, acldefault('n', nspowner)) FROM pg_namespace
            UNION ALL SELECT 'database', datname, COALESCE(datacl, acldefault('d', datdba)) FROM pg_database
                      WHERE datname = current_database()
            UNION ALL SELECT 'function', oid::regprocedure::text, COALESCE(proacl, acldefault('f', proowner)) FROM pg_proc
        )
        SELECT kind, name, one.right::text FROM rights CROSS JOIN LATERAL unnest(acl) AS one ("right") ORDER BY 1, 2, 3"""
    before = tampered.connection.execute(rights).fetchall()
    tampered.connection.execute(reader_script(tampered.role, knowledge.allowed()).encode())
    assert tampered.connection.execute(rights).fetchall() == before


def test_the_reader_of_the_script_reads_the_list_and_nothing_else(
    tampered: _Patient, fresh_database: Database, knowledge: Knowledge
) -> None:
    tampered.connection.execute(f"ALTER ROLE {tampered.role} PASSWORD 'x'".encode())
    tampered.connection.execute("ALTER TABLE support.sessions ADD pin text")
    parts = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())
    settings = replace(fresh_database.settings, reader_url=url_of(parts, user=tampered.role, password="x"))
    with Database.open(settings) as database:
        assert run(database, f"SELECT count(status) FROM {TICKETS}").rows == ((3000,),)
    with psycopg.connect(settings.reader_url or "", autocommit=True) as reader:
        assert reader.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        for sql in ("SELECT pin FROM support.sessions", "SELECT * FROM dash.runs", "CREATE TEMP TABLE a (b int)"):
            with pytest.raises(psycopg.Error, match=r"permission denied|read-only"):
                reader.execute(sql.encode())


def test_an_owner_who_is_no_superuser_may_run_the_script(fresh_database: Database, worker_id: str) -> None:
    role, reader = f"modest_{worker_id}", f"modest_reader_{worker_id}"
    with owner(fresh_database) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN CREATEROLE PASSWORD 'x'".encode())
        connection.execute(f"ALTER DATABASE {connection.info.dbname} OWNER TO {role}".encode())
        connection.execute(
            f"ALTER SCHEMA support OWNER TO {role}; ALTER TABLE support.sessions OWNER TO {role}".encode()
        )
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        url = url_of(psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn()), user=role, password="x")
        allowed = {"support.sessions": ("thread_id",), "support.not_there": ("a",)}
        try:
            with psycopg.connect(url, autocommit=True) as modest:
                # Tables of others in the schema are not this one's to speak about.
                connection.execute(f"CREATE SCHEMA own AUTHORIZATION {role}".encode())
                modest.execute("CREATE TABLE own.sessions AS SELECT 'T-1' AS thread_id, 1 AS pin")
            for _ in range(2):
                assert run_reader_script(url, reader, {"own.sessions": ("thread_id",), **allowed}) == (
                    "support.not_there",
                )
            found = list(about_reader(connection, reader, {"own.sessions": ("thread_id",), **allowed}))
            assert found == []
        finally:
            drop_role(connection, reader)
            drop_role(connection, role)


def test_a_refusal_changes_nothing_and_says_why(tampered: _Patient, fresh_database: Database) -> None:
    tampered.does("GRANT pg_monitor TO {r}")
    url = fresh_database.settings.database_url
    assert url
    with pytest.raises(EnvironmentProblem, match=r"belongs to other roles.*Nothing was changed"):
        run_reader_script(url, tampered.role, {})
    for name in ("x'; DROP TABLE y; --", "", "a b", 'a"b', "$do$"):
        with pytest.raises(EnvironmentProblem, match="letters"):
            reader_script(name, {})
