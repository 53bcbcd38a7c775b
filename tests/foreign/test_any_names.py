"""Names in any alphabet and case, reserved words, types of somebody's own, and times as numbers."""

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


@pytest.fixture(scope="module")
def odd(server: Database, run_folder: Path) -> Iterator[ProjectFolder]:
    """A project about a database with such names."""
    name = f"odd_{os.getpid()}"
    with database_of(server, name) as url:
        run_script(url, Path(__file__).parent / "any_names.sql")
        environment = clean_environment(run_folder / f"odd-home-{os.getpid()}", url)
        folder = run_folder / f"odd-{os.getpid()}"
        made = run_dash(environment, "init", str(folder), "--url-from", VARIABLE, "--zone", "Europe/Moscow")
        assert made.returncode == 0, made.stderr
        assert "wéird.name: left out" in made.stdout
        yield ProjectFolder(folder, environment)


@pytest.fixture(scope="module")
def dash(odd: ProjectFolder) -> Iterator[Dash]:
    """The product on its draft."""
    with odd.open() as opened:
        yield opened


def test_the_draft_has_no_fault(odd: ProjectFolder) -> None:
    checked = odd.run("check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Сколько заявок открыто сейчас?", 540),
        ("Заявки по каналам", {"почта": 300, "чат": 300, "телефон": 300}),
        ("Open tickets by priority", {"1": 135, "2": 135, "3": 135, "4": 135}),
        ("Время решения", 24.0),
        ("Доля решённых по группам", {f"Линия {n}": 40.0 for n in (1, 2, 3)}),
        # The times have no zone and are Moscow's; read as UTC, a fifth one of the evening before would be of this day.
        ("Сколько заявок создано 1 ноября 2026?", 4),
        ("Number of orders by group", {f"g{n}": 125 for n in range(4)}),
    ],
)
def test_it_answers_with_what_is_true(dash: Dash, question: str, expected: Any) -> None:
    answer = dash.ask(question, now=NOW)
    assert answer.outcome == "answered", answer.headline
    number = next(place for place, column in enumerate(answer.columns) if column.role == "metric")
    if isinstance(expected, dict):
        assert {str(row[0]): row[number] for row in answer.rows} == pytest.approx(expected)
    else:
        assert answer.rows[0][number] == pytest.approx(expected)


def test_who_the_customers_are_is_in_no_file(odd: ProjectFolder) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in odd.folder.rglob("*") if path.is_file())
    assert "Иван" not in text
    assert "не работает вот такая" not in text
    for secret in ("sk-canary", "77000", "1977", "4977", "PETRA", "Petra"):
        assert secret not in text
    assert "API Key" in (odd.folder / "profile.json").read_text(encoding="utf-8"), "that it is there is no secret"
    assert "API Key" not in "".join(path.read_text("utf-8") for path in (odd.folder / "knowledge").rglob("*.json"))
