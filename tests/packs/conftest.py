"""A database and a project for each pack, made once: by the pack's schema, generated rows, and the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dash.database import Database
from tests.foreign.conftest import VARIABLE, ProjectFolder, clean_environment, run_dash
from tests.packs import agno_dash, chatwoot, zendesk

BUILDERS: dict[str, Callable[[str], None]] = {
    "agno_dash": agno_dash.build,
    "chatwoot": chatwoot.build,
    "zendesk": zendesk.build,
}


@dataclass(frozen=True)
class Packed:
    """A project that began with a pack; `said` is what `dash init` told."""

    name: str
    project: ProjectFolder
    said: str


Make = Callable[..., Packed]


@pytest.fixture(scope="session")
def make(server: Database, run_folder: Path) -> Iterator[Make]:
    """Make a database and a project of a pack, each once; `changed` is SQL that is run in the database before."""
    made: dict[str, Packed] = {}

    def _make(pack: str, label: str = "", changed: str = "", staff: bool = True) -> Packed:
        name = f"pack_{pack}{label}_{os.getpid()}"
        if name in made:
            return made[name]
        with psycopg.connect(server.owner_dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = _url(server, name)
        BUILDERS[pack](url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(changed.encode())
        folder = run_folder / name
        environment = clean_environment(run_folder / f"{name}-home", url)
        arguments = (
            "init",
            str(folder),
            "--pack",
            pack,
            "--url-from",
            VARIABLE,
            *(("--staff-names",) if staff else ()),
        )
        told = run_dash(environment, *arguments)
        assert told.returncode == 0, told.stderr
        made[name] = Packed(pack, ProjectFolder(folder, environment), told.stdout)
        return made[name]

    yield _make
    with psycopg.connect(server.owner_dsn(), autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _url(server: Database, name: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(server.owner_dsn())
    return f"postgresql://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{name}"


@pytest.fixture(scope="session", params=sorted(BUILDERS))
def packed(request: pytest.FixtureRequest, make: Make) -> Packed:
    """Each pack on a database that has all of it."""
    return make(request.param)
