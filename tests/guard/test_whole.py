# ruff: noqa: E501
"""Guard, executor and database together: attacks change nothing, and masked values tell nothing."""

from __future__ import annotations

import random

import psycopg
import pytest

from dash.database import Database
from dash.errors import DashError, QueryRejected
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
