"""Threads and runs: what a person typed is there afterwards, whatever happened in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash.database import Database
from dash.errors import NotFoundError
from dash.records import Answer, Question, Viewer
from dash.runs import Runs, storable
from dash.settings import Settings
from dash.threads import Threads
from tests.database.harness import Program, owner, server_process

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def question(text: str, name: str = "ann") -> Question:
    return Question(text=text, now=NOW, zone="Europe/Berlin", viewer=Viewer(name=name))


def answer(text: str, **more: object) -> Answer:
    return Answer(outcome="answered", question=text, language="en", headline="42 tickets", **more)  # type: ignore[arg-type]


def test_a_thread_is_its_questions_in_order_with_their_answers(database: Database) -> None:
    threads, runs = Threads(database), Runs(database)
    thread = threads.start("order")
    first = runs.begin(question("How many?"), thread)
    runs.finish(first, answer("How many?", rows=((1, "a"),)), {"plan": {"sql": "SELECT 1"}})
    second = runs.begin(question("А за февраль?"), thread)
    turns = threads.turns(thread)
    assert [turn.question for turn in turns] == ["How many?", "А за февраль?"]
    assert [turn.outcome for turn in turns] == ["answered", None]
    assert turns[0].answer is not None
    assert turns[0].answer["rows"] == [[1, "a"]]
    assert turns[0].record == {"plan": {"sql": "SELECT 1"}}
    assert turns[0].now == NOW
    assert (turns[0].asked_by, turns[0].zone) == ("ann", "Europe/Berlin")
    assert runs.get(second) == turns[1]


def test_the_list_shows_ones_own_threads_last_used_first(database: Database) -> None:
    threads, runs = Threads(database), Runs(database)
    older, newer, other = threads.start("lists"), threads.start("lists"), threads.start("somebody else")
    runs.begin(question("First question"), newer)
    runs.begin(question("Older thread, asked later"), older)
    runs.begin(question("Hidden"), other)
    runs.begin(question("And again"), older)
    listed = threads.list("lists")
    assert [(thread.id, thread.title, thread.turns) for thread in listed] == [
        (older, "Older thread, asked later", 2),
        (newer, "First question", 1),
    ]
    assert listed[0].last_asked_at is not None
    assert threads.list("lists", limit=1) == listed[:1]
    assert threads.list("nobody") == ()


def test_the_last_title_counts(database: Database) -> None:
    threads = Threads(database)
    thread = threads.start("titles")
    threads.rename(thread, "One")
    threads.rename(thread, "Two")
    assert [summary.title for summary in threads.list("titles")] == ["Two"]


def test_what_does_not_exist_is_said(database: Database) -> None:
    threads, runs = Threads(database), Runs(database)
    for attempt in (
        lambda: threads.turns("no such thread"),
        lambda: threads.turns("\x00"),
        lambda: threads.rename("no such thread", "x"),
        lambda: runs.begin(question("x"), "no such thread"),
        lambda: runs.finish("no such run", answer("x"), {}),
        lambda: runs.get("no such run"),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_what_belongs_to_somebody_else_is_as_if_it_did_not_exist(database: Database) -> None:
    threads, runs = Threads(database), Runs(database)
    thread = threads.start("ann")
    run_id = runs.begin(question("how many"), thread, owner="ann")
    runs.finish(run_id, answer("how many", choices=("a", "b")), {"attempt": 1})
    for attempt in (
        lambda: threads.turns(thread, owner="bob"),
        lambda: threads.turns(threads.start("ann"), owner="bob"),
        lambda: threads.latest_turn(thread, owner="bob"),
        lambda: threads.latest_choices(thread, owner="bob"),
        lambda: threads.rename(thread, "mine", owner="bob"),
        lambda: runs.begin(question("x", "bob"), thread, owner="bob"),
        lambda: runs.get(run_id, owner="bob"),
        lambda: runs.get(run_id, owner=""),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    for asker in ("ann", None):
        threads.rename(thread, f"for {asker}", owner=asker)
        assert [turn.run_id for turn in threads.turns(thread, owner=asker)] == [run_id]
        assert threads.latest_turn(thread, owner=asker)
        assert threads.latest_choices(thread, owner=asker).choices == ("a", "b")
        assert runs.get(run_id, owner=asker).question == "how many"


def test_an_empty_thread_opens(database: Database) -> None:
    threads = Threads(database)
    assert threads.turns(threads.start("empty")) == ()


def test_the_first_outcome_of_a_run_stays(database: Database) -> None:
    threads, runs = Threads(database), Runs(database)
    run_id = runs.begin(question("x"), threads.start("first"))
    runs.finish(run_id, answer("x"), {"attempt": 1})
    runs.finish(run_id, answer("x"), {"attempt": 2})
    assert runs.get(run_id).record == {"attempt": 1}


@pytest.mark.parametrize("table", ["threads", "thread_titles", "runs", "run_outcomes"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_history_is_only_ever_added_to(database: Database, table: str, change: str) -> None:
    column = "run_id" if table in ("runs", "run_outcomes") else "thread_id"
    with owner(database) as connection, pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        connection.execute(change.format(f"dash.{table}", column, column).encode())


def test_what_python_holds_and_json_does_not_is_kept_readably(database: Database) -> None:
    @dataclass(frozen=True)
    class Step:
        took: float
        values: tuple[object, ...]

    runs = Runs(database)
    run_id = runs.begin(question("x"), Threads(database).start("json"))
    record = {
        "step": Step(0.5, (Decimal("1.50"), Decimal(7), NOW, date(2026, 1, 2), None, True)),
        "odd": [float("nan"), float("inf"), b"x", {1: "number as key"}],
        "text": "NUL \x00, half a pair \ud800, 🙂, שלום",
    }
    runs.finish(run_id, answer("x", rows=((Decimal("2.5"), NOW),)), record)
    kept = runs.get(run_id)
    assert kept.record == {
        "step": {"took": 0.5, "values": [1.5, 7, "2026-11-20T12:00:00+00:00", "2026-01-02", None, True]},
        "odd": ["nan", "inf", "b'x'", {"1": "number as key"}],
        "text": "NUL ␀, half a pair ?, 🙂, שלום",
    }
    assert kept.answer is not None
    assert kept.answer["rows"] == [[2.5, "2026-11-20T12:00:00+00:00"]]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None), max_size=200))
def test_whatever_is_typed_is_kept(database: Database, text: str) -> None:
    threads, runs = Threads(database), Runs(database)
    run_id = runs.begin(question(text), threads.start("typed"))
    assert runs.get(run_id).question == storable(text)


def test_a_question_of_ten_thousand_characters_is_kept_whole(database: Database) -> None:
    runs = Runs(database)
    run_id = runs.begin(question("ы" * 10_000), Threads(database).start("long"))
    assert runs.get(run_id).question == "ы" * 10_000


def test_a_question_survives_a_kill_of_the_program_and_of_the_server(home: Path) -> None:
    program = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from dash.database import Database
from dash.records import Question
from dash.runs import Runs
from dash.settings import Settings
from dash.threads import Threads
database = Database.open(Settings(home=Path(sys.argv[1])))
thread = Threads(database).start("ann")
run_id = Runs(database).begin(Question("What was I asking?", datetime.now(UTC)), thread)
print("asked", thread, run_id, flush=True)
sys.stdin.readline()
"""
    asking = Program(home, program=program)
    _, thread, run_id = asking.says("asked").split()
    asking.kill()
    server = server_process(home)
    assert server is not None
    server.kill()
    server.wait(10)
    with Database.open(Settings(home=home)) as database:
        (turn,) = Threads(database).turns(thread)
        assert (turn.run_id, turn.question, turn.outcome) == (run_id, "What was I asking?", None)
        Runs(database).begin(question("And now?"), thread)
        assert [summary.turns for summary in Threads(database).list("ann")] == [2]
