"""The command line as a whole: quick help, lazy commands, and errors as one sentence with an exit code."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

from dash.cli.main import COMMANDS
from tests.cli.conftest import Run


def test_help_names_every_command(dash: Run) -> None:
    result = dash("--help")
    assert result.returncode == 0
    for name, (_, help_line) in COMMANDS.items():
        assert name in result.stdout
        assert help_line.split()[0] in result.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom dash.cli.main import dash_group\n"
        "dash_group.main(['--help'], standalone_mode=False)\n"
        "heavy = {'sqlalchemy', 'psycopg', 'sqlglot', 'streamlit', 'plotly', 'pandas', 'numpy', 'pydantic', 'rich'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_line_in_the_table_is_the_commands_own(name: str) -> None:
    module, help_line = COMMANDS[name]
    command: click.Command = getattr(importlib.import_module(module), f"{name}_command")
    assert command.get_short_help_str(limit=100) == help_line


def test_an_unknown_command_is_a_usage_error(dash: Run) -> None:
    result = dash("aks", "how many tickets")
    assert result.returncode == 2
    assert "aks" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DASH_PORT": "x"}, "DASH_PORT='x' must be a number from 1 to 65535."),
        ({"DASH_TIMEZONE": "Mars"}, "DASH_TIMEZONE='Mars' is not a time zone; use a name such as Europe/Berlin."),
        ({"DASH_DATABASE_URL": "mysql://x"}, "DASH_DATABASE_URL must look like postgresql://"),
    ],
)
def test_a_wrong_setting_is_one_sentence(dash: Run, settings: dict[str, str], sentence: str) -> None:
    result = dash("threads", **settings)
    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


def test_a_stack_trace_is_shown_only_to_who_asks_for_it(dash: Run) -> None:
    assert "Traceback" not in dash("threads", DASH_PORT="x").stderr
    assert "Traceback" in dash("threads", DASH_PORT="x", DASH_DEBUG="1").stderr


def test_a_state_folder_that_is_a_file_is_one_sentence(dash: Run) -> None:
    result = dash("threads", DASH_HOME="/dev/null")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "DASH_HOME" in result.stderr


def test_a_server_that_does_not_answer_is_one_sentence(dash: Run) -> None:
    result = dash("threads", DASH_DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/nothing")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "secret" not in result.stderr
