"""A chosen clarification teaches the word that was asked about: first as a candidate, then, activated, to everyone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dash.ask import Dash
from dash.database import Database

from .conftest import NOW


def _ask_all(dash: Dash, *turns: str):  # type: ignore[no-untyped-def]
    answers, thread = [], None
    for turn in turns:
        answers.append(dash.ask(turn, thread_id=thread))
        thread = answers[-1].thread_id
    return answers


@pytest.fixture
def dash(fresh_database: Database, tmp_path):  # type: ignore[no-untyped-def]
    settings = replace(fresh_database.settings, learnings=tmp_path / "learnings")
    with Dash.open(settings, clock=lambda: NOW) as opened:
        yield opened


def test_show(dash: Dash) -> None:
    for turns in (
        ("How many shiping tickets last week?", "1"),
        ("How many quokka tickets last week?", "How many shipping tickets last week?"),
        ("How many tickets by chanell last week?", "1"),
        ("how much does it cost", "2"),
        ("How many kvetches last week?", "How many tickets last week?"),
        ("Сколько тикетов по шипингу за неделю?", "1"),
    ):
        first, second = _ask_all(dash, *turns)
        print(turns, "|", first.outcome, first.headline, first.choices, "|", second.outcome, second.question)
    for each in dash.learnings.all():
        print(each)
