"""The whole product on two data sets: the shared demo data, and a small second set beside a clone of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.evals import DataSet
from dash.evals.second import SecondData, open_second

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = SecondData(NOW, seed=11, tickets=1500)


@pytest.fixture(scope="session")
def dash(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, its clock at the end of the data."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def second(dash: Dash) -> Iterator[DataSet]:
    """The second data set."""
    with open_second(dash, SECOND) as opened:
        yield DataSet("second", opened, NOW)
