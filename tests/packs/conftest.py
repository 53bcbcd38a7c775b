"""A database and a project for each pack, made once: by the pack's schema, generated rows, and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dash.database import Database
from dash.database.locks import FileLock
from tests.foreign.conftest import VARIABLE, ProjectFolder, clean_environment, run_dash
from tests.packs import agno_dash, chatwoot, zendesk

READER = "pack_reader"
"""A login that only reads; SQL of `changed` makes it where a test wants it."""

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
def make(server: Database, run_folder: Path) -> Make:
    """Make a database and a project of a pack, each once for all workers; `changed` is SQL that is run in the database
    before, `reader` lets a login in that only reads. Both go with the run's server and folder."""

    def _make(pack: str, label: str = "", changed: str = "", *, staff: bool = True, reader: bool = False) -> Packed:
        name = f"pack_{pack}{label}"
        url, folder, told = _url(server, name), run_folder / name, run_folder / f"{name}.txt"
        password = f"{READER}:r3ader" if reader else ""
        environment = clean_environment(run_folder / f"{name}-home", _url(server, name, password))
        with FileLock(run_folder / f"{name}.lock", patience_seconds=600):
            if not told.exists():
                with psycopg.connect(server.owner_dsn(), autocommit=True) as connection:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                BUILDERS[pack](url)
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(changed.encode())
                names = ("--staff-names",) if staff else ()
                made = run_dash(environment, "init", str(folder), "--pack", pack, "--url-from", VARIABLE, *names)
                assert made.returncode == 0, made.stderr
                told.write_text(made.stdout, encoding="utf-8")
        return Packed(pack, ProjectFolder(folder, environment), told.read_text(encoding="utf-8"))

    return _make


def _url(server: Database, name: str, login: str = "") -> str:
    parts = psycopg.conninfo.conninfo_to_dict(server.owner_dsn())
    login = login or f"{parts['user']}:{parts['password']}"
    return f"postgresql://{login}@{parts['host']}:{parts['port']}/{name}"


@pytest.fixture(scope="session", params=sorted(BUILDERS))
def packed(request: pytest.FixtureRequest, make: Make) -> Packed:
    """Each pack on a database that has all of it."""
    return make(request.param)
