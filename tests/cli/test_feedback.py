"""`dash feedback` from a terminal: the same as the thumbs on the page."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from dash.database import Database
from tests.cli.conftest import Run

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(dash: Run, fresh_database: Database) -> Command:
    """`dash` on a copy of the data."""
    url = fresh_database.settings.database_url
    assert url

    def run(*arguments: str) -> tuple[int, str, str]:
        done = dash(*arguments, DASH_DATABASE_URL=url)
        return done.returncode, done.stdout, done.stderr

    return run


def test_an_answer_is_judged_corrected_and_asked_again_as_it_was_meant(command: Command) -> None:
    run = json.loads(command("ask", "How many tickets are there?", "--json")[1])["run_id"]
    assert command("feedback", run, "--good") == (0, "", "Noted.\n")
    code, _, said = command("feedback", run, "--right", "412", "--note", "The report says so.")
    assert (code, "it waits as definition-" in said) == (0, True)
    (learning,) = json.loads(command("learnings", "list", "--json")[1])
    assert learning["status"] == "candidate"
    assert "is 412. The report says so." in learning["learned"]
    code, answer, _ = command("feedback", run, "--meant", "How many chats are there?")
    assert (code, "chats" in answer) == (0, True)


def test_what_is_asked_for_wrongly_or_of_nothing_is_said(command: Command) -> None:
    assert command("feedback", "nothing", "--good")[0] == 1
    assert command("feedback", "nothing")[0] == 2
    assert command("feedback", "nothing", "--good", "--bad")[0] == 2
    assert command("feedback", "nothing", "--right", "1", "--meant", "x")[0] == 2
