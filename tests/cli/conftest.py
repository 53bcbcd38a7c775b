"""The command line in processes of its own, against a database with demo data that every such test shares."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dash.database import Database
from dash.settings import REPOSITORY

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def dash(tmp_path: Path) -> Run:
    """`dash("ask", "…")` in a process without any database of its own; keyword arguments are DASH_* variables."""

    def run(
        *arguments: str, stdin: str | bytes | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DASH_", "COLUMNS"))}
        environment = kept | {"DASH_HOME": str(tmp_path / "home")} | settings
        command = [sys.executable, "-X", "utf8", "-m", "dash", *arguments]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            command, cwd=REPOSITORY, env=environment, input=data, capture_output=True, timeout=120, check=False
        )
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def dash_with_data(dash: Run, database: Database) -> Run:
    """`dash`, on the shared demo data, at the moment where that data ends."""
    url = database.settings.database_url
    assert url

    def run(*arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
        return dash(*arguments, DASH_DATABASE_URL=url, **options)

    return run
