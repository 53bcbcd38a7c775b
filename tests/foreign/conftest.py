"""A foreign database, and a project about it that was made by the command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dash.ask import Dash, system_clock
from dash.database import Database
from dash.settings import REPOSITORY, Settings
from tests.foreign import second, world

VARIABLE = "HELPDESK_URL"


def clean_environment(home: Path, url: str) -> dict[str, str]:
    """This process's environment with no setting of Dash but these, and no language model."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DASH_", "OPENAI_"))}
    return kept | {"DASH_HOME": str(home), VARIABLE: url}


@dataclass(frozen=True)
class Foreign:
    """The database and what is true of it."""

    name: str
    url: str
    tickets: list[world.Ticket]
    server: Database


@dataclass(frozen=True)
class ProjectFolder:
    """A project about it."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`dash` with these arguments, in a process of its own."""
        return run_dash(self.environment, *arguments, "--project", str(self.folder), stdin=stdin)

    def settings(self) -> Settings:
        """Its settings, read as a surface reads them."""
        return Settings.from_env({**self.environment, "DASH_PROJECT": str(self.folder)})

    def open(self, clock: Callable[[], datetime] = system_clock) -> Dash:
        """The product on it."""
        return Dash.open(self.settings(), clock=clock)


def run_dash(environment: dict[str, str], *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command line in a process of its own."""
    command = [sys.executable, "-m", "dash", *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environment, input=stdin, capture_output=True, text=True, check=False
    )


@contextmanager
def database_of(server: Database, name: str) -> Iterator[str]:
    """An empty database on the run's server, for as long as the block lasts; gives its owner's URL."""
    with psycopg.connect(server.owner_dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = psycopg.conninfo.conninfo_to_dict(server.owner_dsn())
    yield f"postgresql://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{name}"
    with psycopg.connect(server.owner_dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def run_script(url: str, path: Path) -> None:
    """Fill a database by a file of SQL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(path.read_bytes())


@pytest.fixture(scope="session")
def foreign(server: Database) -> Iterator[Foreign]:
    """The database, made for this worker."""
    name = f"foreign_{os.getpid()}"
    with database_of(server, name) as url:
        yield Foreign(name, url, world.build(url), server)


@pytest.fixture(scope="session")
def reading(server: Database, run_folder: Path) -> Iterator[tuple[ProjectFolder, list[second.Ticket], str]]:
    """A project about the second database, whose login only reads; what is true of it; and its owner's URL."""
    name, role = f"second_{os.getpid()}", f"desk_reader_{os.getpid()}"
    with database_of(server, name) as owner:
        tickets = second.build(owner, role, "r3ader")
        url = f"postgresql://{role}:r3ader@{owner.rpartition('@')[2]}"
        folder = run_folder / f"second-{os.getpid()}"
        environment = clean_environment(run_folder / f"second-home-{os.getpid()}", url)
        made = run_dash(environment, "init", str(folder), "--url-from", VARIABLE)
        assert made.returncode == 0, made.stderr
        assert "its database is only read" in made.stdout
        # The role stays with the run's server: other tests' databases may have granted it something meanwhile.
        yield ProjectFolder(folder, environment), tickets, owner


@pytest.fixture(scope="session")
def project(foreign: Foreign, run_folder: Path) -> ProjectFolder:
    """A project of `dash init` that nobody has reviewed."""
    folder = run_folder / f"desk {os.getpid()}"
    environment = clean_environment(run_folder / f"foreign-home-{os.getpid()}", foreign.url)
    made = run_dash(environment, "init", str(folder), "--url-from", VARIABLE)
    assert made.returncode == 0, made.stderr
    return ProjectFolder(folder, environment)
