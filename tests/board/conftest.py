"""The board of the shipped knowledge over the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dash.ask import Dash
from dash.board import Board
from dash.database import Database
from dash.knowledge.board import BoardFile, load_board

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def dash(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, its clock at the end of the data."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def file(dash: Dash) -> BoardFile:
    """The shipped board."""
    board = load_board(dash.settings.knowledge)
    assert board is not None
    return board


class Seconds:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """The clock by which boards age."""
    return Seconds()


@pytest.fixture
def board(dash: Dash, file: BoardFile, seconds: Seconds) -> Iterator[Board]:
    """A board of one's own, with nothing kept."""
    opened = Board(dash, file, seconds=seconds)
    yield opened
    opened.close()


@pytest.fixture
def fresh(fresh_database: Database, file: BoardFile) -> Iterator[Board]:
    """A board over demo data of its own, which may be changed."""
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as opened:
        board = Board(opened, file)
        yield board
        board.close()
