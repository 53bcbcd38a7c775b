"""A question that nobody waits for any more stops, on the server too, and is kept as such."""

from __future__ import annotations

import threading

import psycopg
import pytest

from dash.ask import Dash
from dash.errors import Cancelled, DashError
from dash.records import Viewer
from dash.settings import Limits
from dash.steps.execute import execute
from tests.database.harness import checked, eventually, run, running

SLOW = "SELECT count(*) FROM generate_series(1, 4000000000)"


def test_a_running_query_is_stopped_on_the_server(dash: Dash) -> None:
    wanted = threading.Event()
    ended: list[DashError] = []

    def query() -> None:
        try:
            limits = Limits(statement_timeout_seconds=120)
            execute(checked(SLOW), dash.database, limits=limits, zone="UTC", viewer=Viewer(), cancelled=wanted.is_set)
        except DashError as error:
            ended.append(error)

    thread = threading.Thread(target=query)
    thread.start()
    assert eventually(lambda: running(dash.database) == 1)
    wanted.set()
    thread.join(30)
    assert [type(error) for error in ended] == [Cancelled]
    assert eventually(lambda: running(dash.database) == 0)
    assert run(dash.database, "SELECT 1").rows == ((1,),)


def test_a_question_that_waits_for_a_lock_ends_as_cancelled_and_can_be_asked_again(dash: Dash) -> None:
    wanted = threading.Event()

    def step(name: str, _seconds: float) -> None:
        if name == "execute":
            threading.Timer(0.3, wanted.set).start()

    question = "How many tickets are there?"
    with psycopg.connect(dash.database.owner_dsn()) as connection:
        connection.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        answer = dash.ask(question, on_step=step, cancelled=wanted.is_set)
        connection.rollback()
    assert answer.outcome == "cancelled"
    assert answer.run_id is not None
    kept = dash.runs.get(answer.run_id)
    assert kept.outcome == "cancelled"
    assert kept.answer is not None
    assert kept.answer["headline"] == "Stopped before the answer was ready, as you asked."
    assert [entry.outcome for entry in dash.runs.audit(outcome="cancelled", limit=1)] == ["cancelled"]
    assert dash.ask(question, thread_id=answer.thread_id).outcome == "answered"


def test_a_question_cancelled_before_its_turn_runs_nothing(dash: Dash) -> None:
    answer = dash.ask("Сколько всего тикетов?", cancelled=lambda: True)
    assert (answer.outcome, answer.sql) == ("cancelled", None)
    assert answer.run_id is not None
    assert [entry.queries for entry in dash.runs.audit(outcome="cancelled", limit=1)] == [[]]


def test_a_follow_up_leans_on_the_turn_before_the_cancelled_one(dash: Dash) -> None:
    first = dash.ask("How many tickets last month?")
    dash.ask("split that by category", thread_id=first.thread_id, cancelled=lambda: True)
    split = dash.ask("split that by channel", thread_id=first.thread_id)
    assert split.outcome == "answered"
    assert sum(row[1] for row in split.rows) == first.rows[0][0]


@pytest.mark.parametrize("language", ["en", "ru", "es", "fr", "he"])
def test_every_language_can_say_it(dash: Dash, language: str) -> None:
    assert dash.reader.languages[language].messages["cancelled"]
