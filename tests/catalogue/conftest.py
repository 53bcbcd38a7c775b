"""The catalogue on the shipped knowledge and the real database; what is tried is recorded in a copy of the data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.settings import Settings
from tests.conftest import cloned

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def dash(server: Database, settings: Settings, template: str) -> Iterator[Dash]:
    """Dash over a copy of the data that the tests of one module share."""
    with (
        cloned(server, settings, template) as database,
        Dash.open(database.settings, clock=lambda: NOW) as opened,
    ):
        yield opened
