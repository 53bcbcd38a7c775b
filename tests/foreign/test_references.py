"""States, priorities and groups that are tables of their own, and ratings that lie beside the tickets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dash.ask import Dash
from dash.database import Database
from tests.foreign.conftest import VARIABLE, ProjectFolder, clean_environment, database_of, run_dash, run_script

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBERS = range(1, 701)
DONE = [n for n in NUMBERS if n % 5 == 3]  # in state 4, closed


@pytest.fixture(scope="module")
def dash(server: Database, run_folder: Path) -> Iterator[Dash]:
    """The product on the draft of such a database."""
    name = f"states_{os.getpid()}"
    with database_of(server, name) as url:
        run_script(url, Path(__file__).parent / "states.sql")
        environment = clean_environment(run_folder / f"states-home-{os.getpid()}", url)
        project = ProjectFolder(run_folder / f"states-{os.getpid()}", environment)
        made = run_dash(environment, "init", str(project.folder), "--url-from", VARIABLE)
        assert made.returncode == 0, made.stderr
        checked = project.run("check")
        assert checked.returncode == 0, checked.stdout
        with project.open() as opened:
            yield opened


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many tickets are open?", 700 - len(DONE)),
        ("Open tickets by state", dict.fromkeys(("new", "open", "pending reminder", "merged"), 140)),
        ("How many high priority tickets are open?", sum(n % 3 == 2 and n % 5 != 3 for n in NUMBERS)),
        ("Open tickets by group", {name: sum(n % 3 == place and n % 5 != 3 for n in NUMBERS)
                                   for place, name in enumerate(("Users", "Second level", "Sales"))}),
        ("Average resolution time", 10.0),
        ("First response time", 0.5),
        ("CSAT", 3.0),
        ("How many customers opened tickets in May?", 107),
    ],
)  # fmt: skip
def test_they_are_asked_by_name(dash: Dash, question: str, expected: Any) -> None:
    answer = dash.ask(question, now=NOW)
    assert answer.outcome == "answered", answer.headline
    number = next(place for place, column in enumerate(answer.columns) if column.role == "metric")
    if isinstance(expected, dict):
        assert {row[0]: row[number] for row in answer.rows} == expected
    else:
        assert answer.rows[0][number] == pytest.approx(expected)
