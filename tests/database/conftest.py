"""State folders to break."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from dash.database import Database
from dash.settings import Settings
from tests.database.harness import Program, server_process

_homes = count(1)


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
