"""One embedded PostgreSQL for the whole test run, however many workers; one template database with demo data.

Nothing is mocked: a test that wants to change data asks for `fresh_database`, a clone of the template that costs some
tens of milliseconds; everything else shares `database`. The last worker out stops the server, as the product itself
would, and the folder is removed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from dash.database import Database
from dash.database.locks import FileLock
from dash.knowledge import Knowledge, load_knowledge
from dash.language.reader import Reader
from dash.settings import REPOSITORY, Settings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DEMO: dict[str, Any] = {"tickets": 3000, "seed": 7, "days": 540, "until": NOW}
TEMPLATE = "demo_template"
READING = "reading.pickle"

_clones = count(1)


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of this test run that all xdist workers share and that the server's account can enter."""
    shared = os.environ.get("DASH_TEST_FOLDER")
    if shared is None:
        raise RuntimeError("pytest_configure makes the folder")
    yield Path(shared)


def pytest_configure(config: pytest.Config) -> None:
    """The controller, or the only process, makes the folder; workers inherit its name by the environment."""
    if "DASH_TEST_FOLDER" not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="dash-tests-"))
        folder.chmod(0o711)
        os.environ["DASH_TEST_FOLDER"] = str(folder)
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def settings(run_folder: Path) -> Settings:
    """Settings of the shared embedded server: its own state database, without demo data."""
    return Settings(home=run_folder / "home", knowledge=REPOSITORY / "knowledge", learnings=REPOSITORY / "learnings")


@pytest.fixture(scope="session")
def knowledge(settings: Settings) -> Knowledge:
    """The shipped knowledge."""
    return load_knowledge(settings.knowledge)


@pytest.fixture(scope="session")
def server(embedded_server: Database) -> Database:
    """The shared server."""
    return embedded_server


@pytest.fixture(scope="session")
def embedded_server(settings: Settings) -> Iterator[Database]:
    """The shared embedded server, held open for the session by every worker."""
    with Database.open(settings) as database:
        # These files are thrown away, so nothing has to wait for the disk.
        with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield database


@pytest.fixture(scope="session")
def template(embedded_template: str) -> str:
    """The name of the database with demo data on the shared server."""
    return embedded_template


@pytest.fixture(scope="session")
def embedded_template(embedded_server: Database, settings: Settings, knowledge: Knowledge) -> str:
    """The template database of the embedded server."""
    return make_template(embedded_server, settings, knowledge)


def make_template(server: Database, settings: Settings, knowledge: Knowledge) -> str:
    """The name of the template database of a server, made by whichever worker comes first."""
    turn = FileLock(settings.home / "template.lock", patience_seconds=600)
    with turn, psycopg.connect(server.owner_dsn(), autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone()
        if found is None:
            half = f"{TEMPLATE}_half"
            connection.execute(f"DROP DATABASE IF EXISTS {half}")
            connection.execute(f"CREATE DATABASE {half}")
            with Database.open(in_database(settings, server, half)) as database:
                _fill(database, knowledge)
            connection.execute(f"ALTER DATABASE {half} RENAME TO {TEMPLATE}")
    return TEMPLATE


@pytest.fixture(scope="session")
def database(server: Database, settings: Settings, template: str) -> Iterator[Database]:
    """Demo data to read. Shared: whoever writes anything but threads and runs asks for `fresh_database`."""
    with cloned(server, settings, template) as database:
        yield database


@pytest.fixture
def fresh_database(server: Database, settings: Settings, template: str) -> Iterator[Database]:
    """Demo data of one's own, to change at will. `fresh_database.settings` opens the same database again."""
    with cloned(server, settings, template) as database:
        yield database


def with_reading(settings: Settings, home: Path) -> None:
    """Give a state folder what reading the shipped knowledge needs, made once for the whole run: no test of anything
    else has to wait for it."""
    kept = settings.home / READING
    if not kept.exists():
        Reader(load_knowledge(settings.knowledge), settings.home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (home / READING).exists():
        shutil.copy2(kept, home / READING)


def in_database(settings: Settings, server: Database, name: str) -> Settings:
    """The same settings for another database of the shared server, reached as any server is: by a URL."""
    parts = psycopg.conninfo.conninfo_to_dict(server.owner_dsn())
    url = (
        f"postgresql://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{name}"
        "?options=-c%20search_path%3Dpublic"
    )
    return replace(settings, database_url=url)


class cloned:
    """`with cloned(server, settings, template) as database:` a copy of a template database, dropped at the end."""

    def __init__(self, server: Database, settings: Settings, template: str) -> None:
        self._server = server
        self._settings = settings
        self._template = template
        self._name = f"clone_{os.getpid()}_{next(_clones)}"

    def __enter__(self) -> Database:
        with FileLock(self._settings.home / "template.lock", patience_seconds=600):
            self._as_owner("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", self._name, self._template)
        self._database = Database.open(in_database(self._settings, self._server, self._name))
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._as_owner("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._name)

    def _as_owner(self, command: str, *names: str) -> None:
        with psycopg.connect(self._server.owner_dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


def _fill(database: Database, knowledge: Knowledge) -> None:
    from dash.demo.load import load_demo

    load_demo(database, progress=lambda *_: None, **DEMO)
    database.grant_reader(knowledge.allowed())
