"""Replays of the shared demo data, and of a company with other tables and other names, made up here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.records import Viewer
from dash.replay import Replay
from tests.replay.shop import DATA, write_knowledge

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def replay(database: Database) -> Iterator[Replay]:
    """The shipped description on the demo data, for somebody who may not see personal data."""
    with Dash.open(database.settings, clock=lambda: NOW) as dash:
        yield Replay.open(dash, Viewer())


@pytest.fixture
def shop(fresh_database: Database, tmp_path: Path) -> Iterator[Replay]:
    """Another company: its tables, its words, its replay.yaml, and no code for it anywhere."""
    from dataclasses import replace

    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        connection.execute(DATA.encode())
    settings = replace(fresh_database.settings, knowledge=write_knowledge(tmp_path / "knowledge"))
    with Dash.open(settings, clock=lambda: NOW) as dash:
        yield Replay.open(dash, Viewer())
