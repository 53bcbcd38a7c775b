"""`dash ask` in processes of its own: what is printed where, and the exit code that a script can branch on."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dash.database import Database
from tests.cli.conftest import Run, environment_for

NOW = "--now=2026-11-20T12:00+00:00"
ANSWERED = "How many tickets were created last week?"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "answer-json.md"


def documented_keys(table: int) -> set[str]:
    """The first column of the document's tables: 0 the answer, 1 a column."""
    parts = DOCUMENT.read_text(encoding="utf-8").split("\n| key |")[1:]
    rows = parts[table].partition("\n\n")[0].splitlines()[2:]
    return {found[1] for row in rows if (found := re.match(r"\| `([a-z_]+)` \|", row))}


@pytest.mark.parametrize(
    ("question", "code", "outcome"),
    [
        (ANSWERED, 0, "answered"),
        ("Сколько тикетов было создано на прошлой неделе?", 0, "answered"),
        ("What was the cost last month?", 3, "clarification"),
        ("What was our revenue last month?", 4, "declined"),
        ("", 1, "error"),
    ],
)
def test_the_exit_code_is_the_outcome(dash_with_data: Run, question: str, code: int, outcome: str) -> None:
    result = dash_with_data("ask", NOW, "--json", question)
    assert (result.returncode, json.loads(result.stdout)["outcome"]) == (code, outcome), result.stdout


def test_the_json_has_exactly_the_documented_keys(dash_with_data: Run) -> None:
    answer = json.loads(dash_with_data("ask", NOW, "--json", "Tickets by channel last month").stdout)
    assert set(answer) == documented_keys(0)
    assert answer["columns"]
    assert all(set(column) == documented_keys(1) for column in answer["columns"])


def test_an_answer_on_paper_has_its_sentence_its_badge_and_no_colours(dash_with_data: Run) -> None:
    result = dash_with_data("ask", NOW, "Tickets by channel last month")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert re.search(r"\d", lines[0])
    assert any(line.startswith(("[vetted]", "[composed]")) for line in lines)
    assert "SELECT" not in result.stdout


def test_sql_is_shown_on_request_with_its_parameters(dash_with_data: Run) -> None:
    shown = dash_with_data("ask", NOW, "--sql", ANSWERED).stdout
    assert "SELECT" in shown
    assert re.search(r"^-- :\w+ = ", shown, flags=re.MULTILINE)


def test_csv_is_rows_and_nothing_else_and_equals_the_json(dash_with_data: Run) -> None:
    question = "Tickets by channel last month"
    answer = json.loads(dash_with_data("ask", NOW, "--json", question).stdout)
    result = dash_with_data("ask", NOW, "--csv", question)
    table = list(csv.reader(io.StringIO(result.stdout)))
    assert table[0] == [column["name"] for column in answer["columns"]]
    assert len(table) == len(answer["rows"]) + 1
    assert result.stderr == ""


def test_csv_of_what_is_not_answered_is_empty_and_the_reason_goes_to_standard_error(dash_with_data: Run) -> None:
    result = dash_with_data("ask", NOW, "--csv", "What was our revenue last month?")
    assert (result.returncode, result.stdout) == (4, "")
    assert result.stderr


def test_a_question_comes_from_standard_input_and_needs_no_quotes(dash_with_data: Run) -> None:
    first = json.loads(dash_with_data("ask", NOW, "--json", "-", stdin=f"{ANSWERED}\n").stdout)
    second = json.loads(dash_with_data("ask", NOW, "--json", *ANSWERED.split()).stdout)
    assert first["question"] == second["question"] == ANSWERED
    assert first["rows"] == second["rows"]


def test_standard_input_that_is_not_text_is_one_sentence(dash_with_data: Run) -> None:
    result = dash_with_data("ask", "-", stdin=b"\xff\xfe\x00")
    assert result.returncode == 1
    assert result.stderr == "The question is not UTF-8 text; save it as UTF-8 and try again.\n"


def test_a_follow_up_leans_on_its_thread_and_the_thread_opens_again(dash_with_data: Run) -> None:
    first = json.loads(dash_with_data("ask", NOW, "--json", ANSWERED).stdout)
    second = json.loads(dash_with_data("ask", NOW, "--json", "--continue", "split that by channel").stdout)
    assert second["outcome"] == "answered", second
    assert second["thread_id"] == first["thread_id"]
    assert len(second["rows"]) > 1
    opened = dash_with_data("thread", first["thread_id"])
    assert opened.returncode == 0
    assert opened.stdout.index(first["headline"]) < opened.stdout.index(second["headline"])
    stored = json.loads(dash_with_data("thread", "--json", first["thread_id"]).stdout)
    assert [turn["answer"]["rows"] for turn in stored] == [first["rows"], second["rows"]]
    assert first["thread_id"] in dash_with_data("threads").stdout


def test_a_run_record_shows_how_the_question_was_understood(dash_with_data: Run) -> None:
    answer = json.loads(dash_with_data("ask", NOW, "--json", ANSWERED).stdout)
    shown = dash_with_data("run", answer["run_id"]).stdout
    assert answer["headline"] in shown and "SELECT" in shown
    for understood in answer["understood"]:
        assert understood["words"] in shown
    record = json.loads(dash_with_data("run", "--json", answer["run_id"]).stdout)
    assert record["record"] and record["run_id"] == answer["run_id"]


def test_a_conversation_of_another_user_does_not_open(dash_with_data: Run) -> None:
    answer = json.loads(dash_with_data("ask", "--json", "how many tickets", DASH_USER="ann").stdout)
    for command, name in (("thread", answer["thread_id"]), ("run", answer["run_id"])):
        assert dash_with_data(command, name, DASH_USER="ann").returncode == 0
        refused = dash_with_data(command, name, DASH_USER="bob")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "somebody else" in refused.stderr


@pytest.mark.parametrize("command", ["thread", "run"])
def test_what_does_not_exist_is_one_sentence(dash_with_data: Run, command: str) -> None:
    result = dash_with_data(command, "nothing-of-this-name")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1


def test_now_and_zone_say_what_they_expect(dash_with_data: Run) -> None:
    result = dash_with_data("ask", "--now", "tomorrow", ANSWERED)
    assert result.returncode == 2 and "2026-01-31T09:30" in result.stderr
    result = dash_with_data("ask", "--zone", "Mars", ANSWERED)
    assert result.returncode == 1 and "--zone='Mars' is not a time zone" in result.stderr


def test_the_same_moment_in_another_zone_is_another_day(dash_with_data: Run) -> None:
    def today(zone: str) -> str:
        arguments = ("ask", "--now=2026-11-19T23:30+00:00", "--zone", zone, "--json", "How many tickets today?")
        return str(json.loads(dash_with_data(*arguments).stdout)["rows"])

    assert today("UTC") != today("Asia/Tokyo")


def test_a_database_that_is_down_is_still_one_json_object(dash: Run) -> None:
    result = dash("ask", "--json", ANSWERED, DASH_DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/nothing")
    answer = json.loads(result.stdout)
    assert (result.returncode, answer["outcome"], answer["question"]) == (1, "error", ANSWERED)
    assert set(answer) == documented_keys(0)
    assert "secret" not in result.stdout + result.stderr


def test_a_reader_that_goes_away_early_is_no_error(database: Database, tmp_path: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-m", "dash", "ask", NOW, "--json", "List tickets created last week"]
    process = subprocess.Popen(
        command, env=environment_for(database, tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    words = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert words == ""


def test_a_ticket_that_holds_terminal_codes_steers_nothing() -> None:
    from dash.cli.show import clean

    assert clean("a\x1b[2Jb\rc\u202ed\x9be\tf\ng") == "a\ufffd[2Jb c\ufffdd\ufffde f g"
