"""`dash learnings` and `dash propose` from a terminal: a word from a choice to a file, and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dash.database import Database
from tests.cli.conftest import Run

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(dash: Run, fresh_database: Database, tmp_path: Path) -> Command:
    """`dash` on a copy of the data, with a learnings folder of its own."""
    url = fresh_database.settings.database_url
    assert url

    def run(*arguments: str) -> tuple[int, str, str]:
        done = dash(*arguments, DASH_DATABASE_URL=url, DASH_LEARNINGS=str(tmp_path / "learnings"))
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_word_goes_from_a_choice_through_a_trial_into_a_file_and_is_taken_back(
    command: Command, tmp_path: Path
) -> None:
    assert command("learnings", "list")[1].startswith("Nothing was learned yet")
    assert command("ask", "How many quokka tickets last month?")[0] == 4
    assert command("ask", "-c", "How many shipping tickets last month?")[0] == 0
    (listed,) = json.loads(command("learnings", "list", "--json")[1])
    assert (listed["status"], listed["wrong"], listed["seen"]) == ("candidate", "quokka", 1)
    name = listed["id"]

    code, said, _ = command("learnings", "activate", name, "--quiet", "--note", "said often")
    assert (code, said.splitlines()[-1]) == (0, f"{name} is active for everyone.")
    assert command("ask", "How many quokka tickets last month?")[0] == 0

    assert command("learnings", "export")[0] == 0
    (path,) = (tmp_path / "learnings").glob("*.yaml")
    assert path.name == f"{name}.yaml"
    assert command("learnings", "check", "--quiet")[0] == 0

    code, said, warned = command("learnings", "retire", name)
    assert code == 0 and "export" in warned
    shown = command("learnings", "show", name)[1]
    assert "activated by" in shown and "retired by" in shown and "said often" in shown


def test_what_does_not_exist_is_said_in_a_sentence(command: Command) -> None:
    for arguments in (("show", "x"), ("retire", "x"), ("note", "x", "no")):
        code, _, said = command("learnings", *arguments)
        assert code == 1
        assert "Traceback" not in said and said.strip()
    assert command("propose")[0] == 2
    assert command("propose", "x")[0] == 1
    assert command("propose", "--list")[0] == 0
