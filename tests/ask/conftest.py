"""The whole product on the real database, shared where nothing is written but threads and runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dash.ask import Dash
from dash.database import Database

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def dash(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, its clock at the end of the data."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened
