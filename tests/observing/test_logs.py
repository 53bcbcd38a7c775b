"""The log of a serving process: lines with their run, and no text of a database in them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dash.database import Database
from dash.settings import REPOSITORY
from tests.cli.conftest import environment_for

SERVES = """
import logging
from dash.ask import Dash
from dash.logs import configure_logs, logged_as
from dash.settings import Settings, wants_traces
settings = Settings.from_env()
configure_logs(settings.logs, traces=wants_traces())
with Dash.open(settings) as dash:
    dash.ask("Show stuck tickets")
    dash.reader.ground = None
    dash.ask("Show stuck tickets of ann@example.com")
    with logged_as("run-1"):
        logging.getLogger("sqlalchemy").warning("A pool is full.")
        try:
            try:
                raise ValueError('invalid input: "ann@example.com"')
            except ValueError as error:
                raise RuntimeError("it broke for ann@example.com") from error
        except RuntimeError:
            logging.getLogger("dash.somewhere").exception("Something broke.")
    logging.getLogger("mcp.server").info("Tool 'ask' failed: ann@example.com")
"""


def log_of(database: Database, home: Path, **variables: str) -> str:
    """What a process writes to standard error that serves a question well, one badly, and logs a fault."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SERVES],
        cwd=REPOSITORY,
        env=environment_for(database, home) | variables,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return done.stderr.decode()


def test_as_json_each_line_is_an_object_with_its_run_and_no_data(database: Database, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in log_of(database, tmp_path, DASH_LOGS="json").splitlines()]
    told = {line["event"]: line for line in lines}
    assert told["answered"]["provenance"] == "vetted" and told["answered"]["milliseconds"] > 0
    assert len(told["answered"]["run_id"]) == 16 and told["answered"]["level"] == "info"
    fault = told["A question met a fault of ours."]
    assert fault["level"] == "error" and fault["run_id"] == told["error"]["run_id"] != told["answered"]["run_id"]
    assert fault["trace"][0].startswith("TypeError in ")
    assert told["A pool is full."]["run_id"] == "run-1"
    assert [each.split(" ")[0] for each in told["Something broke."]["trace"]] == ["RuntimeError", "ValueError"]
    assert all(line["timestamp"].endswith("Z") and line["logger"] for line in lines)
    assert "ann@example.com" not in json.dumps(lines)


@pytest.mark.parametrize(("variables", "heard"), [({}, False), ({"DASH_LOG_LEVEL": "info"}, True)])
def test_people_see_what_went_wrong_and_questions_only_when_they_want_to(
    database: Database, tmp_path: Path, variables: dict[str, str], heard: bool
) -> None:
    text = log_of(database, tmp_path, **variables)
    assert "Something broke." in text and "A question met a fault of ours." in text
    assert ("answered" in text) is heard and "ann@example.com" not in text


def test_whoever_looks_for_a_fault_sees_the_messages_too(database: Database, tmp_path: Path) -> None:
    assert "it broke for ann@example.com" in log_of(database, tmp_path, DASH_LOGS="json", DASH_DEBUG="1")


QUIET = """
from dash.ask import Dash
from dash.settings import Settings
with Dash.open(Settings.from_env()) as dash:
    dash.reader.ground = None
    print(dash.ask("Show stuck tickets").outcome)
"""


def test_a_command_on_a_terminal_shows_the_answer_and_no_trace(database: Database, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", QUIET],
        cwd=REPOSITORY,
        env=environment_for(database, tmp_path),
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == (b"error\n", b"")
