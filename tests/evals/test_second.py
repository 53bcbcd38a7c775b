"""The second data set: made once, whole or not at all, and used again for as long as it would come out the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.database.siblings import KEPT, ensure_sibling
from dash.evals.second import SecondData, can_be_made, open_second
from dash.knowledge import load_knowledge
from dash.settings import Settings

from .conftest import NOW

SMALL = SecondData(NOW, seed=5, tickets=30, days=30)


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


def test_it_is_loaded_once_and_used_again(fresh_database: Database) -> None:
    said: list[str] = []
    with Dash.open(fresh_database.settings) as first:
        with open_second(first, SMALL, said.append) as second:
            answer = second.ask("How many tickets are there?", now=NOW)
            assert answer.rows == ((30,),)
        assert any("Loading the second data set" in line for line in said)
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
        ensure_sibling(fresh_database, "trial", "a", fail)
    assert siblings(fresh_database) == []


def test_half_of_one_from_a_killed_program_is_made_anew(fresh_database: Database) -> None:
    name = psycopg.conninfo.conninfo_to_dict(fresh_database.owner_dsn())["dbname"]
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_trial_a_half".encode())
    filled: list[Settings] = []
    ensure_sibling(fresh_database, "trial", "a", filled.append)
    assert len(filled) == 1
    assert siblings(fresh_database) == [f"{name}_trial_a"]
    drop(fresh_database)


def test_old_ones_go_when_new_ones_come_but_not_while_they_are_used(fresh_database: Database) -> None:
    def nothing(_: Settings) -> None:
        return

    oldest = ensure_sibling(fresh_database, "trial", "a0", nothing)
    assert oldest.database_url
    with psycopg.connect(oldest.database_url):
        for number in range(1, 5):
            ensure_sibling(fresh_database, "trial", f"a{number}", nothing)
        kept = [name.rsplit("_", 1)[1] for name in siblings(fresh_database)]
        assert kept == ["a0", "a3", "a4"]
    ensure_sibling(fresh_database, "trial", "a5", nothing)
    assert len(siblings(fresh_database)) == KEPT
    drop(fresh_database)


def test_there_is_none_for_tables_that_demo_data_does_not_have(dash: Dash) -> None:
    assert can_be_made(dash)
    knowledge = load_knowledge(dash.settings.knowledge)
    table = next(iter(knowledge.tables.values()))
    wider = replace(knowledge, tables={**knowledge.tables, "sales.orders": table})
    stranger = Dash(dash.settings, dash.database, wider, lambda: NOW)
    assert not can_be_made(stranger)
