"""A log of events whose names nobody here understands: it is known by its values, and a person says the rest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.drafting.asking import NONE
from dash.drafting.reviewing import Review
from dash.introspection.events import are_codes
from tests.foreign.conftest import VARIABLE, ProjectFolder, clean_environment, database_of, run_dash

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SQL = """
    CREATE SCHEMA obsluga;
    CREATE TABLE obsluga.dziennik (
      lp bigserial PRIMARY KEY, nr_zgloszenia text, zdarzenie text, czas_zdarzenia timestamptz, stan text, waga text,
      kanal text, "rodzaj sprawy" text, ocena int, data_zgloszenia timestamptz, data_zamkniecia timestamptz
    );
    INSERT INTO obsluga.dziennik (nr_zgloszenia, zdarzenie, czas_zdarzenia, stan, waga, kanal, "rodzaj sprawy", ocena,
      data_zgloszenia, data_zamkniecia)
    SELECT 'ZGL/2026/' || lpad(n::text, 5, '0'), (ARRAY['utworzenie', 'przydzielenie', 'zmiana stanu'])[e],
      d + e * interval '2 hours', (ARRAY['nowe', 'w toku', CASE n % 3 WHEN 0 THEN 'w toku' ELSE 'zamknięte' END])[e],
      (ARRAY['niska', 'zwykła', 'wysoka', 'krytyczna'])[1 + n % 4], (ARRAY['telefon', 'czat'])[1 + n % 2],
      (ARRAY['rachunek', 'router', 'umowa'])[1 + n % 5 % 3], CASE WHEN e = 3 THEN 1 + n % 5 END,
      d, CASE WHEN e = 3 AND n % 3 <> 0 THEN d + interval '6 hours' END
    FROM generate_series(1, 300) AS n, generate_series(1, 3) AS e,
      LATERAL (SELECT timestamptz '2026-11-19 12:00+00' - n * interval '7 hours' AS d) AS begun
    ORDER BY n, e;
"""
SAID = {
    "tickets": ["obsluga.dziennik"], "opened": ["data_zgloszenia"], "resolved": ["data_zamkniecia"],
    "status": ["stan"], "closed_values": ["zamknięte"], "priority": ["waga"], "channel": ["kanal"],
    "category": ["rodzaj sprawy"], "satisfaction": ["ocena"],
}  # fmt: skip


@pytest.fixture(scope="module")
def strange(server: Database, run_folder: Path) -> Iterator[tuple[ProjectFolder, str]]:
    """A project about it, and what `dash init` said."""
    name = f"strange_{os.getpid()}"
    with database_of(server, name) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL.encode())
        environment = clean_environment(run_folder / f"{name}-home", url)
        made = run_dash(environment, "init", str(run_folder / name), "--url-from", VARIABLE)
        assert made.returncode == 0, made.stderr
        yield ProjectFolder(run_folder / name, environment), made.stdout


@pytest.fixture(scope="module")
def dash(strange: tuple[ProjectFolder, str]) -> Iterator[Dash]:
    """The product after the interview."""
    project, _ = strange
    review = Review.open(project.settings())
    assert review.count <= 20
    asked_about = set()
    while (asked := review.next(())) is not None:
        asked_about.add(asked.name)
        chosen = tuple(SAID.get(asked.name, ()))
        assert {*chosen} <= {*asked.choices}, asked
        review.answer(asked, chosen or tuple(one for one in asked.proposed if one != NONE))
    assert asked_about >= SAID.keys()
    review.write()
    with project.open() as opened:
        yield opened


def test_a_log_is_known_by_its_rows_where_no_name_tells(strange: tuple[ProjectFolder, str]) -> None:
    assert "a log: nr_zgloszenia has several rows" in strange[1]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many tickets do we have?", 300),
        ("How many tickets are open?", 100),
        ("Average resolution time", 6.0),
        ("Tickets by channel", {"telefon": 150, "czat": 150}),
        ("Open tickets by priority", {"niska": 25, "zwykła": 25, "wysoka": 25, "krytyczna": 25}),
        ("How many krytyczna tickets?", 75),
        ("Сколько открытых тикетов?", 100),
    ],
)
def test_what_a_person_said_is_answered_of_tickets_and_not_of_events(dash: Dash, question: str, expected: Any) -> None:
    answer = dash.ask(question, now=NOW)
    assert answer.outcome == "answered", answer.headline
    found = dict(answer.rows) if isinstance(expected, dict) else answer.rows[0][0]
    assert found == (expected if isinstance(expected, dict) else pytest.approx(expected))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["ZGL/2026/00017", "ZGL/2025/00001"], True),
        (["T-1", "T-22", "B-3"], True),
        (["00017", "3"], True),
        (["Globex", "Initech"], False),
        (["Order 17", "Order 18"], False),
        (["a1b", "1ab2", "2c", "d3-4", "x"], False),
        ([], False),
    ],
)
def test_codes_are_told_from_names(values: Sequence[str], expected: bool) -> None:
    assert are_codes(values) is expected
