"""Row-level security: policies know who asks, a query cannot say that it is somebody else, and hidden is not absent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dash.database import Database
from dash.errors import QueryFailed
from dash.records import CheckedQuery, Result, Viewer
from dash.records.query import _SEAL
from dash.settings import Limits
from tests.database.harness import checked, owner, run
from tests.guard.checking import rejection

ON_EVERY_VERSION = True
NOTES = "support.notes"
WHO = "SELECT current_setting('dash.viewer', true)"


@pytest.fixture
def notes(fresh_database: Database) -> Iterator[Database]:
    """Notes that only their reader may see, and a view of them."""
    with owner(fresh_database) as connection:
        connection.execute(
            """CREATE TABLE support.notes (reader text, body text);
               INSERT INTO support.notes VALUES ('ann', 'for ann'), ('ann', 'also'), ('bob', 'for bob');
               ALTER TABLE support.notes ENABLE ROW LEVEL SECURITY;
               CREATE POLICY own ON support.notes USING (reader = current_setting('dash.viewer', true));
               CREATE VIEW support.bodies AS SELECT body FROM support.notes;
               CREATE VIEW support.lengths AS SELECT length(body) AS length FROM support.bodies;
               CREATE TABLE support.open (a int)"""
        )
    fresh_database.grant_reader(
        {NOTES: ("reader", "body"), "support.bodies": ("body",), "support.lengths": ("length",), "support.open": ("a",)}
    )
    yield fresh_database


def ask(database: Database, sql: str, viewer: str, *relations: str) -> Result:
    query = CheckedQuery(_SEAL, text=sql, values=(), relations=relations, personal_columns=(), reviewed=True)
    return database.run(query, limits=Limits(), zone="UTC", viewer=Viewer(viewer))


def test_each_viewer_sees_the_rows_that_the_policy_gives(notes: Database) -> None:
    sql = f"SELECT body FROM {NOTES} ORDER BY body"
    assert ask(notes, sql, "ann", NOTES).rows == (("also",), ("for ann",))
    assert ask(notes, sql, "bob", NOTES).rows == (("for bob",),)
    assert ask(notes, sql, "eve", NOTES).rows == ()
    assert ask(notes, sql, "", NOTES).rows == ()


@pytest.mark.parametrize(
    ("relation", "restricted"),
    [(NOTES, True), ("support.bodies", True), ("support.lengths", True), ("support.open", False)],
)  # fmt: skip
def test_a_result_says_whether_there_may_be_rows_that_the_viewer_does_not_see(
    notes: Database, relation: str, restricted: bool
) -> None:
    assert ask(notes, f"SELECT count(*) FROM {relation}", "eve", relation).restricted is restricted


def test_a_policy_that_comes_later_is_noticed(notes: Database) -> None:
    assert not ask(notes, "SELECT a FROM support.open", "eve", "support.open").restricted
    with owner(notes) as connection:
        connection.execute("ALTER TABLE support.open ENABLE ROW LEVEL SECURITY")
    notes.grant_reader({"support.open": ("a",)})
    assert ask(notes, "SELECT a FROM support.open", "eve", "support.open").restricted


@pytest.mark.parametrize(
    "name", ["o'brien", "a\\'; RESET ALL; --", "Ann ö 阿", "", "x" * 5000, "%s $1 :name", "a\nb\x01", "E'\\x'"]
)
@pytest.mark.parametrize("strings", ["on", "off"])
def test_the_name_arrives_as_it_is(fresh_database: Database, name: str, strings: str) -> None:
    with owner(fresh_database) as connection:
        database = connection.info.dbname
        connection.execute(f"ALTER DATABASE {database} SET standard_conforming_strings = {strings}".encode())
        connection.execute(f"ALTER DATABASE {database} SET backslash_quote = on".encode())
    with Database.open(fresh_database.settings) as again:
        assert run(again, WHO, viewer=Viewer(name)).rows == ((name,),)


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800"])
def test_a_name_that_would_have_to_be_changed_is_refused(database: Database, name: str) -> None:
    with pytest.raises(QueryFailed, match="DASH_USER"):
        run(database, "SELECT 1", viewer=Viewer(name))
    assert run(database, WHO, viewer=Viewer("ann")).rows == (("ann",),)


@pytest.mark.parametrize(
    "sql",
    [
        "SET dash.viewer = 'ann'",
        "SET LOCAL dash.viewer = 'ann'",
        "SET SESSION dash.viewer = 'ann'",
        "RESET dash.viewer",
        "RESET ALL",
        "DISCARD ALL",
        "ALTER ROLE dash_reader SET dash.viewer = 'ann'",
        "SELECT set_config('dash.viewer', 'ann', false)",
        f"WITH s AS MATERIALIZED (SELECT set_config('dash.viewer', 'ann', true)) SELECT body FROM {NOTES}, s",
        f"SELECT body FROM {NOTES} WHERE set_config('dash.viewer', 'ann', true) = 'ann'",
        "UPDATE pg_settings SET setting = 'ann' WHERE name = 'dash.viewer'",
        "DO $$ BEGIN PERFORM set_config('dash.viewer', 'ann', false); END $$",
        "SET ROLE dash",
    ],
)
def test_a_query_cannot_say_that_it_is_somebody_else(notes: Database, sql: str) -> None:
    """The guard rejects it; without the guard, one statement changes nothing for itself and nothing for the next."""
    assert rejection(sql)
    try:
        assert "for ann" not in repr(ask(notes, sql, "bob", NOTES).rows)
    except QueryFailed as failure:
        assert "for ann" not in failure.message
    assert ask(notes, f"SELECT body FROM {NOTES}", "bob", NOTES).rows == (("for bob",),)
    assert run(notes, WHO, viewer=Viewer("bob")).rows == (("bob",),)


@pytest.mark.parametrize(
    "sql", [WHO, "SELECT pg_catalog.current_setting('dash.viewer')", "SHOW dash.viewer", "SELECT * FROM pg_settings"]
)
def test_a_query_cannot_read_who_asks(sql: str) -> None:
    assert rejection(sql)


def test_who_asked_before_is_forgotten(notes: Database) -> None:
    ask(notes, "SELECT 1", "ann")
    assert run(notes, WHO, viewer=Viewer("")).rows == (("",),)
    notes.explain(checked(f"SELECT body FROM {NOTES}"), limits=Limits(), zone="UTC")
    with owner(notes) as connection:
        assert connection.execute(WHO).fetchone() == (None,)
