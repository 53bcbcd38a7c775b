"""The command line in processes of its own, against a database with demo data that every such test shares."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

from dash.database import Database
from dash.settings import REPOSITORY
from tests.conftest import with_reading


class Run(Protocol):
    """`dash("ask", "…")` in a process of its own; keyword arguments are DASH_* variables."""

    def __call__(
        self, *arguments: str, stdin: str | bytes | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]: ...


def clean_environment(home: Path) -> dict[str, str]:
    """This process's environment with no setting of Dash but a state folder of its own, and no language model."""
    ours = ("DASH_", "OPENAI_", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"DASH_HOME": str(home / "home")}


def environment_for(database: Database, home: Path) -> dict[str, str]:
    """An environment in which `dash` uses the test's database."""
    url = database.settings.database_url
    assert url
    with_reading(database.settings, home / "home")
    return clean_environment(home) | {"DASH_DATABASE_URL": url}


@pytest.fixture
def dash(tmp_path: Path) -> Run:
    """`dash` without any database of its own."""

    def run(*arguments: str, stdin: str | bytes | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-X", "utf8", "-m", "dash", *arguments]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            command, cwd=REPOSITORY, env=clean_environment(tmp_path) | settings, input=data, capture_output=True,
            timeout=120, check=False,
        )  # fmt: skip
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def dash_with_data(dash: Run, database: Database, tmp_path: Path) -> Run:
    """`dash` on the shared demo data."""
    url = database.settings.database_url
    assert url
    with_reading(database.settings, tmp_path / "home")

    def run(*arguments: str, stdin: str | bytes | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        return dash(*arguments, stdin=stdin, DASH_DATABASE_URL=url, **settings)

    return run
