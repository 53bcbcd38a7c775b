"""State folders to break."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from dash.database import Database
from dash.database.locks import FileLock
from dash.knowledge import Knowledge
from dash.settings import Settings
from tests.conftest import cloned, make_template
from tests.database.harness import Program, server_process
from tests.database.versions import EMBEDDED, POSTGRESQL_15, throwaway_cluster, versions

_homes = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of such a module, as far as they use the server of `server_version`, run on every version."""
    if getattr(metafunc.module, "ON_EVERY_VERSION", False) and "server_version" in metafunc.fixturenames:
        metafunc.parametrize("server_version", versions(), indirect=True, scope="session")


@pytest.fixture(scope="session")
def server_version(request: pytest.FixtureRequest) -> str:
    """Which server the fixtures below use; modules with `ON_EVERY_VERSION` run on each."""
    return str(getattr(request, "param", EMBEDDED))


@pytest.fixture(scope="session")
def postgresql_15(
    run_folder: Path, settings: Settings, embedded_server: Database, worker_id: str
) -> Iterator[Database]:
    """A server that somebody else runs, of the oldest version that is tested."""
    with (
        throwaway_cluster(run_folder / f"postgresql 15 of {worker_id}") as url,
        Database.open(replace(settings, database_url=url)) as database,
    ):
        yield database


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, server_version: str) -> Database:
    """The server of this version, with an empty database."""
    name = "postgresql_15" if server_version == POSTGRESQL_15 else "embedded_server"
    found: Database = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def template(server: Database, server_version: str, request: pytest.FixtureRequest) -> str:
    """The name of the database with demo data on that server."""
    name = "template_on_15" if server_version == POSTGRESQL_15 else "embedded_template"
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def template_on_15(postgresql_15: Database, settings: Settings, knowledge: Knowledge) -> str:
    return make_template(postgresql_15, settings, knowledge)


@pytest.fixture(scope="session")
def database(server: Database, settings: Settings, template: str) -> Iterator[Database]:
    """Demo data to read, on the server of this version."""
    with cloned(server, settings, template) as database:
        yield database


@pytest.fixture
def fresh_database(server: Database, settings: Settings, template: str) -> Iterator[Database]:
    """Demo data of one's own, on the server of this version."""
    with cloned(server, settings, template) as database:
        yield database


@pytest.fixture
def roles_turn(run_folder: Path) -> Iterator[None]:
    """Roles belong to the whole server: tests that make some, or count on those that are there, take turns."""
    with FileLock(run_folder / "roles.lock", patience_seconds=1200):
        yield


@pytest.fixture
def program(home: Path) -> Iterator[Callable[..., Program]]:
    """Start programs that end with the test."""
    started: list[Program] = []

    def start(**options: Any) -> Program:
        started.append(Program(home, **options))
        return started[-1]

    yield start
    for each in started:
        each.kill()


@pytest.fixture
def empty_home(run_folder: Path) -> Iterator[Path]:
    """A state folder that does not exist yet, with a space in its path."""
    yield from _home(run_folder)


@pytest.fixture
def home(run_folder: Path, seed: Path) -> Iterator[Path]:
    """A state folder whose database was used before and is stopped."""
    for home in _home(run_folder):
        subprocess.run(["cp", "-a", seed, home], check=True)
        yield home


@pytest.fixture(scope="session")
def seed(run_folder: Path, worker_id: str) -> Path:
    """A used and stopped state folder, to be copied: initdb and migrations take a second each time."""
    home = run_folder / f"seed of {worker_id}"
    with (
        Database.open(Settings(home=home)) as database,
        psycopg.connect(database.owner_dsn(), autocommit=True) as owner,
    ):
        owner.execute("ALTER SYSTEM SET fsync = off")
    return home


def _home(run_folder: Path) -> Iterator[Path]:
    home = run_folder / f"state folder {os.getpid()} {next(_homes)}"
    yield home
    if server := server_process(home):
        server.send_signal(signal.SIGQUIT)
        with suppress(psutil.TimeoutExpired):
            server.wait(10)
    shutil.rmtree(home, ignore_errors=True)
