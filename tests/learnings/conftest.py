"""Learnings are tried on the real database: a copy for each module, and where decisions are made one for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.records import Answer
from dash.settings import Settings
from tests.conftest import cloned

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared(
    server: Database, settings: Settings, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dash]:
    """Dash over a copy of the data that the tests of one module share."""
    with cloned(server, settings, template) as database:
        here = replace(database.settings, learnings=tmp_path_factory.mktemp("learnings") / "learnings")
        with Dash.open(here, clock=lambda: NOW) as opened:
            yield opened


@pytest.fixture
def own(fresh_database: Database, tmp_path: Path) -> Iterator[Dash]:
    """Dash over a copy of the data for one test alone."""
    with Dash.open(replace(fresh_database.settings, learnings=tmp_path / "learnings"), clock=lambda: NOW) as opened:
        yield opened


def ask_all(dash: Dash, *turns: str) -> list[Answer]:
    """The turns of one thread."""
    answers: list[Answer] = []
    for turn in turns:
        answers.append(dash.ask(turn, thread_id=answers[-1].thread_id if answers else None))
    return answers
