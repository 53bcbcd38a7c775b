"""Execution shows what the guard promised: the checked text's rows, with personal values masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import pytest

from dash.database import Database
from dash.errors import QueryRejected
from dash.records import MASK, Result, Viewer
from dash.settings import Limits
from dash.steps.execute import execute
from tests.guard.checking import ANYONE, TRUSTED, allowed, check
from tests.guard.ordinary import ORDINARY
from tests.guard.test_personal import MASKED, PARAMETERS


def run(database: Database, sql: str, viewer: Viewer = ANYONE, **parameters: object) -> Result:
    """Guard and executor together."""
    checked = check(sql, parameters, viewer)
    return execute(checked, database, limits=Limits(), zone="UTC", viewer=viewer)


@pytest.mark.parametrize(("sentence", "sql"), ORDINARY, ids=[case[0] for case in ORDINARY])
def test_an_ordinary_query_returns_what_psql_returns(database: Database, sentence: str, sql: str) -> None:
    """The same rows in the same order as on the owner's connection, when the query orders them; else the same set."""
    result = run(database, sql, TRUSTED)
    with psycopg.connect(database.owner_dsn(), cursor_factory=psycopg.RawCursor) as connection:
        connection.execute("SET timezone = 'UTC'; SET search_path = public")
        expected = connection.execute(sql).fetchall()
    if "now()" not in sql and "current_timestamp" not in sql and " LIMIT " not in sql:
        assert sorted(map(_comparable, result.rows)) == sorted(map(_comparable, expected))
    assert len(result.rows) == len(expected)
    assert result.masked == ()


@pytest.mark.parametrize(("sentence", "sql", "names"), MASKED, ids=[case[0] for case in MASKED])
def test_personal_values_come_back_masked(database: Database, sentence: str, sql: str, names: tuple[str, ...]) -> None:
    """Every cell of a masked column is the mask or NULL, and no address is anywhere in the rows."""
    parameters: dict[str, Any] = {key: value for key, value in PARAMETERS.items() if f":{key}" in sql}
    result = run(database, sql, **parameters)
    hidden = [index for index, column in enumerate(result.columns) if column.name in names]
    assert hidden
    assert set(result.masked) == set(names)
    assert {row[index] for row in result.rows for index in hidden} <= {MASK, None}


def test_no_address_is_shown_to_who_may_not_see_it(database: Database) -> None:
    """And to who may, all are."""
    sql = "SELECT * FROM support.support_threads_data WHERE customer_email IS NOT NULL ORDER BY id LIMIT 20"
    assert "@" not in "".join(str(row[allowed_index("customer_email")]) for row in run(database, sql).rows)
    shown = run(database, sql, TRUSTED)
    assert all("@" in row[allowed_index("customer_email")] for row in shown.rows)


def allowed_index(column: str) -> int:
    """The place of a column in the table, which the knowledge lists in order."""
    return allowed()["support.support_threads_data"].index(column)


def test_a_star_over_a_table_with_further_columns_shows_nothing(fresh_database: Database) -> None:
    """The knowledge lists what may be read; a column that was added later is not in it."""
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        connection.execute("ALTER TABLE support.sessions ADD secret text DEFAULT 'hidden'")
        connection.execute("GRANT SELECT ON support.sessions TO PUBLIC")
    for sql in ("SELECT * FROM support.sessions", "SELECT x.* FROM (SELECT * FROM support.sessions) x"):
        with pytest.raises(QueryRejected) as caught:
            run(fresh_database, sql)
        assert caught.value.rule == "star"
    assert run(fresh_database, "SELECT thread_id FROM support.sessions").rows


def test_times_come_back_in_the_zone_that_was_asked_for(database: Database) -> None:
    """Day borders are the zone's."""
    checked = check("SELECT date_trunc('day', TIMESTAMPTZ '2026-11-20 23:30:00+00') AS day")
    result = execute(checked, database, limits=Limits(), zone="Europe/Berlin", viewer=ANYONE)
    day = result.rows[0][0]
    assert isinstance(day, datetime)
    assert day.isoformat() == "2026-11-21T00:00:00+01:00"


def _comparable(row: tuple[object, ...]) -> str:
    return repr(tuple(round(cell, 6) if isinstance(cell, float) else cell for cell in row))
