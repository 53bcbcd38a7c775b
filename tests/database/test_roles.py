"""The reader: what its rights alone allow, and how they follow the knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from dash.database import Database
from dash.database.roles import reader_login
from dash.errors import EnvironmentProblem, QueryFailed
from dash.knowledge import Knowledge
from tests.database.harness import drop_role, owner, run, url_of

ON_EVERY_VERSION = True
pytestmark = pytest.mark.usefixtures("roles_turn")
TICKETS = "support.support_threads_data"


@pytest.fixture
def reader(database: Database) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The reader's login in a writable transaction and without limits: only the grants are left."""
    login = psycopg.conninfo.conninfo_to_dict(database.owner_dsn())
    with psycopg.connect(**reader_login(login, str(login["password"]))) as connection:
        connection.execute("SET TRANSACTION READ WRITE")
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO support.sessions SELECT * FROM support.sessions",
        "UPDATE support.support_threads_data SET subject = ''",
        "DELETE FROM support.sessions",
        "TRUNCATE support.sessions",
        "SELECT * FROM support.sessions FOR UPDATE",
        "CREATE TEMP TABLE mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TABLE support.mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT * FROM dash.runs",
        "SELECT * FROM dash.alembic_version",
        "INSERT INTO dash.threads (thread_id, owner) VALUES ('a', 'b')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT nextval('dash.runs_position_seq')",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_sleep(0)",
        "SELECT pg_logical_emit_message(true, 'a', 'b')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_ls_dir('.')",
        "ALTER TABLE support.sessions ADD COLUMN x int",
        "GRANT SELECT ON support.sessions TO PUBLIC",
    ],
)
def test_the_reader_can_only_select_even_without_a_read_only_transaction(
    reader: psycopg.Connection[tuple[Any, ...]], sql: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(sql.encode())


def test_the_reader_has_no_attribute_that_could_widen_its_rights(reader: psycopg.Connection[tuple[Any, ...]]) -> None:
    rights = reader.execute(
        """SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolinherit
           FROM pg_roles WHERE rolname = current_user"""
    ).fetchone()
    assert rights == (False, False, False, False, False)


def test_the_reader_reads_exactly_the_columns_of_the_knowledge(database: Database, knowledge: Knowledge) -> None:
    with owner(database) as connection:
        readable = connection.execute(
            """SELECT n.nspname || '.' || c.relname, a.attname
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
                 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                 AND has_column_privilege('dash_reader', c.oid, a.attnum, 'SELECT')"""
        ).fetchall()
    allowed = {(relation, column) for relation, columns in knowledge.allowed().items() for column in columns}
    assert set(readable) == allowed


def test_rights_follow_what_is_allowed_and_nothing_is_granted_twice(fresh_database: Database) -> None:
    everything = {name: tuple(columns) for name, columns in fresh_database.live_schema().items()}
    fresh_database.grant_reader(everything)
    assert run(fresh_database, f"SELECT count(*) FROM {TICKETS}").rows == ((3000,),)
    assert len(run(fresh_database, f"SELECT * FROM {TICKETS} LIMIT 1").rows) == 1

    fresh_database.grant_reader({TICKETS: ("thread_id", "status"), "support.not_there": ("a",)})
    assert len(run(fresh_database, f"SELECT thread_id, status FROM {TICKETS} LIMIT 2").rows) == 2
    for sql in (f"SELECT subject FROM {TICKETS}", f"SELECT * FROM {TICKETS}", "SELECT count(*) FROM support.sessions"):
        with pytest.raises(QueryFailed, match="no right to read"):
            run(fresh_database, sql)

    before = _acl_versions(fresh_database)
    fresh_database.grant_reader({TICKETS: ("thread_id", "status"), "support.not_there": ("a",)})
    assert _acl_versions(fresh_database) == before

    fresh_database.grant_reader({})
    with pytest.raises(QueryFailed, match="no right to read"):
        run(fresh_database, f"SELECT thread_id FROM {TICKETS}")


def test_a_grant_on_the_whole_table_by_somebody_else_is_narrowed(fresh_database: Database) -> None:
    with owner(fresh_database) as connection:
        connection.execute(f"GRANT ALL ON {TICKETS} TO dash_reader")
    fresh_database.grant_reader({TICKETS: ("thread_id",)})
    assert len(run(fresh_database, f"SELECT thread_id FROM {TICKETS} LIMIT 1").rows) == 1
    with pytest.raises(QueryFailed, match="no right to read"):
        run(fresh_database, f"SELECT subject FROM {TICKETS}")


def test_rights_come_back_after_the_tables_were_made_anew(fresh_database: Database) -> None:
    with owner(fresh_database) as connection:
        connection.execute("DROP TABLE support.sessions")
        connection.execute("CREATE TABLE support.sessions AS SELECT 'T-1'::text AS thread_id")
    fresh_database.grant_reader({"support.sessions": ("thread_id",)})
    assert run(fresh_database, "SELECT thread_id FROM support.sessions").rows == (("T-1",),)


def test_functions_of_the_database_are_taken_from_everybody_and_left_to_the_roles_that_are_there(
    fresh_database: Database,
) -> None:
    with owner(fresh_database) as connection:
        connection.execute("CREATE FUNCTION support.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
        connection.execute("CREATE ROLE program_of_the_company")
        try:
            fresh_database.grant_reader({"support.sessions": ("thread_id",)})
            rights = connection.execute(
                """SELECT has_function_privilege('dash_reader', 'support.f()', 'EXECUTE'),
                          has_function_privilege('program_of_the_company', 'support.f()', 'EXECUTE')"""
            ).fetchone()
        finally:
            drop_role(connection, "program_of_the_company")
    assert rights == (False, True)
    with pytest.raises(QueryFailed, match="no right"):
        run(fresh_database, "SELECT support.f()")


@pytest.mark.parametrize(
    ("attributes", "then", "words"),
    [
        ("SUPERUSER", "", "is a superuser"),
        ("CREATEROLE", "", "may create roles"),
        ("", "CREATE TABLE public.owned (a int); ALTER TABLE public.owned OWNER TO {}", "owns tables"),
        ("", "GRANT UPDATE ON support.sessions TO {}", "may change tables"),
        ("", "GRANT pg_write_all_data TO {}", "powerful role"),
    ],
)
def test_a_login_that_can_do_more_than_read_is_refused_as_reader(
    fresh_database: Database, attributes: str, then: str, words: str
) -> None:
    with owner(fresh_database) as connection:
        connection.execute(f"CREATE ROLE powerful LOGIN PASSWORD 'x' {attributes}".encode())
        try:
            connection.execute(then.format("powerful").encode())
            parts = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())
            settings = replace(fresh_database.settings, reader_url=url_of(parts, user="powerful", password="x"))
            with pytest.raises(EnvironmentProblem, match=words):
                Database.open(settings)
        finally:
            drop_role(connection, "powerful")


def test_a_reader_of_ones_own_is_used_and_gets_the_same_rights(fresh_database: Database) -> None:
    with owner(fresh_database) as connection:
        connection.execute("CREATE ROLE my_reader LOGIN PASSWORD 'x'")
        try:
            parts = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())
            settings = replace(fresh_database.settings, reader_url=url_of(parts, user="my_reader", password="x"))
            with Database.open(settings) as database:
                database.grant_reader({"support.sessions": ("thread_id",)})
                assert run(database, "SELECT current_user::text").rows == (("my_reader",),)
                assert len(run(database, "SELECT thread_id FROM support.sessions LIMIT 1").rows) == 1
                with pytest.raises(QueryFailed, match="no right"):
                    run(database, f"SELECT subject FROM {TICKETS}")
        finally:
            drop_role(connection, "my_reader")


def test_the_live_schema_names_relations_columns_and_types(database: Database) -> None:
    schema = database.live_schema()
    assert schema["support.conversations"]["agents_used"] == "text[]"
    assert schema[TICKETS]["created_at"] == "timestamptz"
    assert schema[TICKETS]["csat_score"] == "int2"
    assert not [name for name in schema if name.startswith(("dash.", "pg_", "information_schema."))]


def _acl_versions(database: Database) -> list[tuple[Any, ...]]:
    """Row versions of everything that a GRANT writes: equal means that nothing was written."""
    with owner(database) as connection:
        return connection.execute(
            """SELECT 'class', oid::text, xmin::text FROM pg_class WHERE relnamespace = 'support'::regnamespace
               UNION ALL SELECT 'schema', oid::text, xmin::text FROM pg_namespace
               UNION ALL SELECT 'column', attrelid::text || attnum, xmin::text FROM pg_attribute
                         WHERE attrelid = 'support.support_threads_data'::regclass
               ORDER BY 1, 2"""
        ).fetchall()
