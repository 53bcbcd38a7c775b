"""`dash eval` as people and build machines run it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from dash.database import Database
from dash.settings import REPOSITORY
from tests.cli.conftest import environment_for

Command = Callable[..., "subprocess.CompletedProcess[str]"]
AS_OF = ("--now", "2026-11-20T12:00:00+00:00")
SMALL = (*AS_OF, "--seed", "3", "--tickets", "300")
ONCE = (*AS_OF, "--one-data-set")


@pytest.fixture
def evaluate(database: Database, tmp_path: Path) -> Iterator[Command]:
    """`dash eval …` on the shared demo data, in a process of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-X", "utf8", "-m", "dash", "eval", *arguments]
        environment = environment_for(database, tmp_path)
        return subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, encoding="utf-8", timeout=180, check=False
        )

    yield run
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        name = connection.info.dbname
        rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (f"{name}_evals_",))
        for (sibling,) in rows.fetchall():
            connection.execute(f'DROP DATABASE "{sibling}"'.encode())


def cases(folder: Path, *facts: Mapping[str, object]) -> str:
    path = folder / "mine.jsonl"
    path.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in facts), encoding="utf-8")
    return str(path)


RIGHT = {
    "id": "right",
    "question": "Сколько тикетов по каналам?",
    "kind": "answerable",
    "sql": "SELECT channel, count(*) FROM support.support_threads_data GROUP BY 1",
    "ordered": False,
    "also_accept": [],
}
WRONG = {"id": "lucky", "question": "How many tickets are there?", "kind": "answerable", "sql": "SELECT 3000"}


def test_cases_that_are_right_on_both_data_sets_end_with_0(evaluate: Command) -> None:
    arguments = (*SMALL, "--id", "product-01", "--id", "unanswerable-en-0*")
    first = evaluate(*arguments)
    assert first.returncode == 0, first.stderr
    assert "Loading the second data set" in first.stderr
    assert "Coverage at zero wrong: 100.0 % (1 of 1" in first.stdout
    assert "RS(10): 100.0" in first.stdout
    assert "0 of 1 shown answers wrong, 0.00 %; at 95 % confidence at most 95.00 %" in first.stdout
    assert "second data set as of 2026-11-20 12:00 UTC" in first.stdout
    again = evaluate(*arguments)
    assert "Loading" not in again.stderr
    assert again.stdout == first.stdout


def test_a_chance_match_ends_with_1_and_shows_both_queries(evaluate: Command, tmp_path: Path) -> None:
    path = cases(tmp_path, RIGHT, WRONG)
    assert evaluate("--jsonl", path, *ONCE).returncode == 0
    result = evaluate("--jsonl", path, *SMALL)
    assert result.returncode == 1
    assert "wrong: lucky (answerable): How many tickets are there?" in result.stdout
    assert "answer: 1 row: 300\n" in result.stdout
    assert "COUNT(*)" in result.stdout
    assert "expected: 1 row: 3000\n      SELECT 3000\n" in result.stdout
    assert "Coverage at zero wrong: none, 1 wrong" in result.stdout
    assert "RS(10): -450.0" in result.stdout


def test_json_gives_everything_about_each_case_and_nothing_else_on_standard_output(
    evaluate: Command, tmp_path: Path
) -> None:
    result = evaluate("--jsonl", cases(tmp_path, RIGHT, {**WRONG, "comment": "?"}), "--json", *ONCE)
    document = json.loads(result.stdout)
    assert result.returncode == 0
    assert [case["score"] for case in document["cases"]] == ["correct", "correct"]
    assert [case["language"] for case in document["cases"]] == ["ru", "en"]
    assert document["cases"][0]["understood"][0].keys() == {"words", "meaning", "kind", "source"}
    assert "comment" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "kinds", "languages"),
    [
        (("--tag", "follow-up"), {"answerable"}, {"en", "ru"}),
        (("--language", "ru", "--kind", "unanswerable"), {"unanswerable"}, {"ru"}),
        (("--id", "product-03"), {"answerable"}, {"ru"}),
    ],
)
def test_filters_narrow_each_other(
    evaluate: Command, arguments: tuple[str, ...], kinds: set[str], languages: set[str]
) -> None:
    document = json.loads(evaluate(*ONCE, *arguments, "--json", "--quiet").stdout)
    assert {case["kind"] for case in document["cases"]} == kinds
    assert {case["language"] for case in document["cases"]} <= languages


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--id", "nothing-such"), 1, "None of "),
        (("--jsonl", "/nowhere/mine.jsonl"), 1, "cannot be read"),
        (("--now", "yesterday"), 2, "is not a time"),
        (("--kind", "maybe"), 2, "maybe"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_never_0(
    evaluate: Command, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = evaluate("--one-data-set", *arguments)
    assert result.returncode == code
    assert words in result.stderr and "Traceback" not in result.stderr
    assert result.stdout == ""


def test_expected_sql_that_does_not_run_is_an_error_of_the_case(evaluate: Command, tmp_path: Path) -> None:
    result = evaluate("--jsonl", cases(tmp_path, {**RIGHT, "sql": "SELECT chanel FROM support.nothing"}), *ONCE)
    assert result.returncode == 1
    assert "error: right" in result.stdout and "The expected SQL does not run" in result.stdout


def test_without_a_moment_each_data_set_is_asked_where_it_ends(evaluate: Command, tmp_path: Path) -> None:
    today = "created_at >= date_trunc('day', now()) AND created_at < now()"
    sql = f"SELECT count(*) FROM support.support_threads_data WHERE {today}"
    path = cases(tmp_path, {**WRONG, "question": "How many tickets came in today?", "sql": sql})
    result = evaluate("--jsonl", path, "--tickets", "300", "--json", "--quiet")
    document = json.loads(result.stdout)
    assert result.returncode == 0
    first, second = (each["now"] for each in document["data_sets"])
    assert second.endswith(":00:00+00:00") and second <= first
