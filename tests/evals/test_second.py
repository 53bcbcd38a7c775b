"""The second data set: made once, whole or not at all, and used again for as long as it would come out the same."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.database.siblings import _MARK, KEPT, ensure_sibling
from dash.errors import EnvironmentProblem
from dash.evals.second import SecondData, can_be_made, open_second
from dash.knowledge import load_knowledge
from dash.settings import Settings

from .conftest import NOW

SMALL = SecondData(NOW, seed=5, tickets=30, days=30)
KEY = "0123456789ab"


def siblings(database: Database) -> list[str]:
    name = psycopg.conninfo.conninfo_to_dict(database.owner_dsn())["dbname"]
    with psycopg.connect(database.owner_dsn()) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s ORDER BY oid",
            (f"{name}_", name),
        ).fetchall()
    return [row[0] for row in rows]


def drop(database: Database) -> None:
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        for name in siblings(database):
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def make(database: Database, ending: str, mark: str | None = None) -> str:
    """A database beside this one, of whoever has that mark."""
    name = f"{psycopg.conninfo.conninfo_to_dict(database.owner_dsn())['dbname']}_{ending}"
    as_owner(database, f'CREATE DATABASE "{name}"')
    if mark:
        as_owner(database, f"""COMMENT ON DATABASE "{name}" IS '{mark}'""")
    return name


def as_owner(database: Database, command: str) -> None:
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        connection.execute(command.encode())


def nothing(_: Settings) -> None:
    return


def test_it_is_loaded_once_and_used_again(fresh_database: Database) -> None:
    said: list[str] = []
    with Dash.open(fresh_database.settings) as first:
        with open_second(first, SMALL, said.append) as second:
            answer = second.ask("How many tickets are there?", now=NOW)
            assert answer.rows == ((30,),)
        assert any("Loading the second data set" in line for line in said)
        assert said[0].startswith("Creating the database ")
        assert first.ask("How many tickets are there?", now=NOW).rows == ((3000,),)
        said.clear()
        with open_second(first, SMALL, said.append):
            pass
        assert said == []
    assert len(siblings(fresh_database)) == 1
    drop(fresh_database)


def test_it_is_another_one_when_anything_that_makes_it_differs() -> None:
    others = [
        replace(SMALL, seed=6),
        replace(SMALL, tickets=31),
        replace(SMALL, days=31),
        replace(SMALL, until=NOW + timedelta(seconds=1)),
    ]
    assert len({SMALL.key, *(other.key for other in others)}) == 5
    assert replace(SMALL, until=NOW.astimezone()).key == SMALL.key


def test_one_that_could_not_be_filled_leaves_nothing_behind(fresh_database: Database) -> None:
    def fail(settings: Settings) -> None:
        with Database.open(settings):
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        ensure_sibling(fresh_database, "trial", KEY, fail)
    assert siblings(fresh_database) == []


def test_half_of_one_from_a_killed_program_is_made_anew(fresh_database: Database) -> None:
    half = make(fresh_database, f"trial_{KEY}_half", _MARK)
    filled: list[Settings] = []
    ensure_sibling(fresh_database, "trial", KEY, filled.append)
    assert len(filled) == 1
    assert siblings(fresh_database) == [half.removesuffix("_half")]
    drop(fresh_database)


@pytest.mark.parametrize("ending", [KEY, f"{KEY}_half"])
def test_a_database_of_that_name_that_somebody_else_made_is_neither_used_nor_dropped(
    fresh_database: Database, ending: str
) -> None:
    theirs = make(fresh_database, f"trial_{ending}")
    with pytest.raises(EnvironmentProblem, match="Dash did not make"):
        ensure_sibling(fresh_database, "trial", KEY, nothing)
    assert siblings(fresh_database) == [theirs]
    drop(fresh_database)


def test_old_ones_go_when_new_ones_come_but_not_while_they_are_used(fresh_database: Database) -> None:
    keys = [f"{number:012x}" for number in range(6)]
    oldest = ensure_sibling(fresh_database, "trial", keys[0], nothing)
    assert oldest.database_url
    with psycopg.connect(oldest.database_url):
        for key in keys[1:5]:
            ensure_sibling(fresh_database, "trial", key, nothing)
        kept = [name.rsplit("_", 1)[1] for name in siblings(fresh_database)]
        assert kept == [keys[0], keys[3], keys[4]]
    ensure_sibling(fresh_database, "trial", keys[5], nothing)
    assert len(siblings(fresh_database)) == KEPT
    drop(fresh_database)


def test_databases_of_like_names_that_are_not_ours_stay(fresh_database: Database) -> None:
    theirs = [
        make(fresh_database, f"trial_{'a' * 12}"),
        make(fresh_database, f"trial_{'a' * 11}", _MARK),
        make(fresh_database, "trial_archive", _MARK),
    ]
    for number in range(4):
        ensure_sibling(fresh_database, "trial", f"{number:012x}", nothing)
    assert set(theirs) < set(siblings(fresh_database))
    drop(fresh_database)


def test_a_login_that_may_not_create_databases_is_told_so(fresh_database: Database) -> None:
    name = f"guest_{os.getpid()}"
    as_owner(fresh_database, f"CREATE ROLE {name} LOGIN PASSWORD 'guest'")
    # Opening a database takes this from everybody; who owns the database got it back.
    as_owner(fresh_database, f"GRANT EXECUTE ON FUNCTION pg_advisory_lock(int, int) TO {name}")
    said: list[str] = []
    try:
        with Database.open(fresh_database.settings) as database:
            database.owner_dsn = lambda: psycopg.conninfo.make_conninfo(  # type: ignore[method-assign]
                fresh_database.owner_dsn(), user=name, password="guest"
            )
            with pytest.raises(EnvironmentProblem, match="may not create a second database"):
                ensure_sibling(database, "trial", KEY, nothing, said.append)
        assert [line.startswith("Creating the database ") for line in said] == [True]
        assert siblings(fresh_database) == []
    finally:
        as_owner(fresh_database, f"DROP OWNED BY {name}; DROP ROLE {name}")


def test_there_is_none_for_tables_that_demo_data_does_not_have(dash: Dash) -> None:
    assert can_be_made(dash)
    knowledge = load_knowledge(dash.settings.knowledge)
    table = next(iter(knowledge.tables.values()))
    wider = replace(knowledge, tables={**knowledge.tables, "sales.orders": table})
    stranger = Dash(dash.settings, dash.database, wider, lambda: NOW)
    assert not can_be_made(stranger)
