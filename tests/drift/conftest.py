"""The product on demo data of its own, which a test changes while it is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def dash(fresh_database: Database) -> Iterator[Dash]:
    """The product over demo data of its own, which is in use when it is changed."""
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def change(fresh_database: Database) -> Callable[[str], None]:
    """Runs a statement as the owner of the tables."""

    def run(statement: str) -> None:
        with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
            connection.execute(statement.encode())

    return run
