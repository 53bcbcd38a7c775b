"""The desk over demo data of one's own, a clock that a test moves, and the support data to change as support does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.ops import StuckDesk
from dash.records import Viewer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = Viewer("ann@example.com", roles=frozenset({"ops"}), display="Ann")


class Clock:
    """Stands until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The product's clock."""
    return Clock()


@pytest.fixture
def desk(fresh_database: Database, clock: Clock) -> Iterator[StuckDesk]:
    """Ann's desk; nothing was checked yet."""
    with Dash.open(fresh_database.settings, clock=clock) as dash:
        yield StuckDesk.open(dash, ANN)


@pytest.fixture(scope="module")
def shared(database: Database) -> Iterator[StuckDesk]:
    """A desk over the shared demo data, for what changes nothing but checks."""
    with Dash.open(database.settings, clock=lambda: NOW) as dash:
        yield StuckDesk.open(dash, ANN)


def support(desk: StuckDesk, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Change or read the support data as its owner does."""
    with psycopg.connect(desk.dash.database.owner_dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []
