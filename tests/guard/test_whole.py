# ruff: noqa: E501
"""Guard, executor and database together: attacks change nothing, and masked values tell nothing."""

from __future__ import annotations

import random

import psycopg
import pytest

from dash.database import Database
from dash.errors import DashError, QueryFailed, QueryRejected
from dash.records import CheckedQuery
from dash.settings import Limits
from dash.steps.execute import execute
from tests.guard.attacks import ATTACKS
from tests.guard.checking import ANYONE, TRUSTED, check
from tests.guard.ordinary import ORDINARY
from tests.guard.test_personal import FREE, MASKED, REFUSED

FINGERPRINT = """
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_largeobject_metadata),
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'), (SELECT count(*) FROM pg_roles),
       (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM support.support_threads_data t),
       (SELECT md5(string_agg(s::text, '' ORDER BY thread_id)) FROM support.sessions s)
"""

PLANTED = """
CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'stolen' $$;
CREATE FUNCTION public.round(float8, int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT -1.0 $$;
CREATE FUNCTION public.joined(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'stolen' $$;
CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = int, FUNCTION = public.joined);
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;
"""


def test_all_attacks_in_a_row_leave_the_database_as_it_was(database: Database) -> None:
    """What the guard rejects never runs; the connection that serves the next question is as good as new."""
    before = _fingerprint(database)
    for texts in ATTACKS.values():
        for sql in texts:
            with pytest.raises(QueryRejected):
                execute(check(sql, viewer=TRUSTED), database, limits=Limits(), zone="UTC", viewer=TRUSTED)
    assert _fingerprint(database) == before
    checked = check("SELECT count(*) FROM support.sessions")
    assert execute(checked, database, limits=Limits(), zone="UTC", viewer=ANYONE).rows[0][0] > 0


def test_what_may_not_be_seen_makes_no_difference(database: Database, fresh_database: Database) -> None:
    """Two databases that differ in personal values alone answer every accepted query of a viewer without the right
    with the same rows, the same masks and the same errors."""
    _exchange_personal_values(fresh_database)
    compared = 0
    texts = [sql for _, sql, _ in MASKED] + [sql for _, sql in (*FREE, *REFUSED, *ORDINARY)]
    texts += [_mixed(random.Random(seed), texts) for seed in range(300)]
    for sql in texts:
        if ":" in sql.replace("::", "") or "now()" in sql or "current_" in sql:
            continue
        try:
            checked = check(sql, {})
        except QueryRejected:
            continue
        here, there = (_seen(checked, each) for each in (database, fresh_database))
        if here is not None and there is not None and " LIMIT " not in sql and "row_number" not in sql:
            assert here == there, sql
            compared += 1
    assert compared > 100


def _seen(checked: CheckedQuery, database: Database) -> object:
    try:
        result = execute(checked, database, limits=Limits(), zone="UTC", viewer=ANYONE)
    except DashError as error:
        return type(error), error.message
    if result.truncated:
        return None  # which rows come first is the database's choice
    return result.columns, sorted(map(repr, result.rows))


def _mixed(dice: random.Random, texts: list[str]) -> str:
    """A text whose columns were exchanged, so that personal columns stand where nobody expected them."""
    words = dice.choice(texts).split(" ")
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(words))
        words[place] = dice.choice(["customer_email", "author_name", "lower(customer_email)", words[place], "id"])
    return " ".join(words)


def _exchange_personal_values(database: Database) -> None:
    """Every person gets another address, none twice, so that only the values differ."""
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        for table, column in (("support_threads_data", "customer_email"), ("support_dialogs", "author_name")):
            connection.execute(
                f"UPDATE support.{table} SET {column} = md5({column} || 'x') || '@example.org' WHERE {column} IS NOT NULL"
            )
            # The rows lie in the order of their ids again, as they were loaded.
            connection.execute(f"CLUSTER support.{table} USING {table}_pkey; ANALYZE support.{table}")


def _fingerprint(database: Database) -> object:
    with psycopg.connect(database.owner_dsn()) as connection:
        return connection.execute(FINGERPRINT).fetchone()


def test_a_function_of_somebody_else_never_stands_in_for_postgresqls(fresh_database: Database) -> None:
    """An overload that fits the argument types better, or an operator, in schema public, is not even looked at."""
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        connection.execute(PLANTED)
    assert _first_row(fresh_database, "SELECT round(csat_score::float8, 1) FROM support.support_threads_data") is None
    sql = "SELECT coalesce(max(csat_score), 0) ^ 2 > 0, lower('ABC'::varchar), 'a'::text || 1 FROM support.support_threads_data"
    assert _first_row(fresh_database, sql) == (True, "abc", "a1")
    assert _first_row(fresh_database, "SELECT 'a'::text || 1, lower('ABC'::varchar)") == ("a1", "abc")
    with psycopg.connect(fresh_database.owner_dsn()) as connection:
        connection.execute("SET search_path = public")
        assert connection.execute("SELECT lower('ABC'::varchar), 'a'::text || 1").fetchone() == ("stolen", "stolen")


def _first_row(database: Database, sql: str) -> tuple[object, ...] | None:
    """The first row, or None when PostgreSQL knows no such function."""
    try:
        return execute(check(sql), database, limits=Limits(), zone="UTC", viewer=ANYONE).rows[0]
    except QueryFailed as error:
        assert error.sqlstate == "42883"
        return None
