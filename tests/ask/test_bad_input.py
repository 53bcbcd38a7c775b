"""Whatever is typed and whatever breaks: a sentence that says what to do, nothing lost, the thread still opens."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import KnowledgeError
from dash.settings import Limits

from .conftest import NOW

CASES = [
    ("", "error", "Type a question"),
    ("   \n\t ", "error", "Type a question"),
    ("x" * 10_000, "error", "longer than"),
    ("tickets " * 1_500, "error", "longer than"),
    ("😀🎉🔥", "clarification", "no words"),
    ("17", "clarification", "no words"),
    ("???!!!", "clarification", "no words"),
    ("SELECT * FROM support.support_threads_data", "declined", "do not run SQL"),
    ("select 1; drop table support.support_threads_data from x", "declined", "do not run SQL"),
    ("'; DROP TABLE support_threads_data; --", "declined", ""),
    ("delete all sent tickets", "declined", "never change"),
    ("удали все отправленные тикеты", "declined", "ничего не меняю"),
    ("כמה פניות היו אתמול", "answered", "אתמול"),
    ("¿Cuántos tickets hubo ayer?", "answered", "ayer"),
    ("Combien de tickets hier ?", "answered", "hier"),
    ("昨日のチケットは何件ですか", "declined", "do not know this language"),
    ("what is our revenue this month", "declined", ""),
    ("how many tickets \x00 last week", "answered", "Tickets"),
    ("how many tickets \u202elast week", "answered", "Tickets"),
    ("HOW MANY TICKETS LAST WEEK???", "answered", "Tickets"),
    ("\ud83d tickets last week", "answered", "Tickets"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "outcome", "says"), CASES, ids=[repr(case[0][:30]) for case in CASES])
def test_odd_input_gets_a_sentence_and_its_thread_still_opens(dash: Dash, text: str, outcome: str, says: str) -> None:
    answer = dash.ask(text)
    assert (answer.outcome, says in answer.headline) == (outcome, True), answer.headline
    assert answer.thread_id
    turns = dash.threads.turns(answer.thread_id)
    assert [turn.outcome for turn in turns] == [outcome]
    follow_up = dash.ask("how many tickets last week", thread_id=answer.thread_id)
    assert follow_up.outcome == "answered"


def test_every_choice_that_is_offered_can_be_answered(dash: Dash) -> None:
    for question in ("how much does it cost", "quokkas", "сколько стоит", "compare this week with last week", "hello"):
        answer = dash.ask(question)
        assert answer.outcome in ("clarification", "declined")
        assert answer.choices
        for choice in answer.choices:
            assert dash.ask(choice).outcome == "answered", (question, choice)


def test_every_follow_up_that_is_offered_can_be_answered(dash: Dash) -> None:
    for question in ("how many tickets last week", "Какой resolution rate за январь?", "Show stuck tickets", "CSAT"):
        answer = dash.ask(question)
        assert answer.follow_ups
        for follow_up in answer.follow_ups:
            assert dash.ask(follow_up, thread_id=answer.thread_id).outcome == "answered", (question, follow_up)


def test_a_thread_that_does_not_exist_is_said(dash: Dash) -> None:
    answer = dash.ask("how many tickets last week", thread_id="0000000000000000")
    assert answer.outcome == "error"
    assert "does not exist" in answer.headline


def test_a_question_that_takes_too_long_is_stopped_and_said(fresh_database: Database) -> None:
    settings = replace(fresh_database.settings, limits=Limits(statement_timeout_seconds=0.1))
    with psycopg.connect(fresh_database.owner_dsn()) as blocker, Dash.open(settings, clock=lambda: NOW) as dash:
        blocker.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        answer = dash.ask("how many tickets last week")
        blocker.rollback()
        assert answer.outcome == "error"
        assert dash.ask("how many tickets last week", thread_id=answer.thread_id).outcome == "answered"


def test_a_database_that_disappears_in_mid_question_keeps_the_question(fresh_database: Database) -> None:
    with (
        psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as admin,
        Dash.open(fresh_database.settings, clock=lambda: NOW) as dash,
    ):
        thread = dash.ask("how many tickets last week").thread_id
        lock = psycopg.connect(fresh_database.owner_dsn())
        lock.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")

        def kill_everybody() -> None:
            waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            until = time.monotonic() + 60  # a busy machine takes a while until the question waits for the table
            while not admin.execute(waiting).fetchone() and time.monotonic() < until:
                time.sleep(0.05)
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        killer = threading.Thread(target=kill_everybody)
        killer.start()
        answer = dash.ask("how many tickets last month", thread_id=thread)
        killer.join()
        assert answer.outcome == "error"
        assert "database" in answer.headline.lower()
        turns = dash.threads.turns(thread or "")
        assert [turn.question for turn in turns] == ["how many tickets last week", "how many tickets last month"]
        assert dash.ask("how many tickets last month", thread_id=thread).outcome == "answered"


def test_a_killed_process_leaves_the_question_in_its_thread(fresh_database: Database, tmp_path: Path) -> None:
    program = tmp_path / "asker.py"
    program.write_text(
        "import sys, os\n"
        "from dash.ask import Dash\n"
        "from dataclasses import replace\n"
        "from dash.settings import Limits, Settings\n"
        "dash = Dash.open(replace(Settings.from_env(), limits=Limits(lock_timeout_seconds=60)))\n"
        "thread = dash.threads.start('local')\n"
        "print(thread, flush=True)\n"
        "dash.ask('how many tickets last week', thread_id=thread)\n"
    )
    with psycopg.connect(fresh_database.owner_dsn()) as blocker:
        blocker.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        url = fresh_database.settings.database_url or ""
        env = {
            **os.environ,
            "DASH_DATABASE_URL": url,
            "DASH_HOME": str(fresh_database.settings.home),
            "PYTHONPATH": ".",
        }
        child = subprocess.Popen([os.sys.executable, str(program)], env=env, stdout=subprocess.PIPE, text=True)  # type: ignore[attr-defined]
        assert child.stdout is not None
        thread = child.stdout.readline().strip()
        with Dash.open(fresh_database.settings) as dash:
            for _ in range(100):
                if dash.threads.turns(thread):
                    break
                time.sleep(0.05)
            child.send_signal(signal.SIGKILL)
            child.wait()
            blocker.rollback()
            turns = dash.threads.turns(thread)
            assert [(turn.question, turn.outcome) for turn in turns] == [("how many tickets last week", None)]
            assert dash.ask("how many tickets last week", thread_id=thread, now=NOW).outcome == "answered"


def test_a_broken_knowledge_file_stops_the_start_with_its_place(database: Database, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "knowledge"
    shutil.copytree(database.settings.knowledge, folder)
    (folder / "business" / "broken.yaml").write_text("metrics:\n  - name: [\n")
    with pytest.raises(KnowledgeError, match=r"knowledge/business/broken\.yaml:\d+: "):
        Dash.open(replace(database.settings, knowledge=folder))


def test_an_answer_that_cannot_be_stored_is_given_and_says_so(fresh_database: Database) -> None:
    with (
        psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as admin,
        Dash.open(fresh_database.settings, clock=lambda: NOW) as dash,
    ):
        admin.execute("ALTER TABLE dash.run_outcomes ADD CONSTRAINT full_disk CHECK (outcome <> 'answered')")
        answer = dash.ask("how many tickets last week")
    assert answer.outcome == "answered"
    assert answer.rows
    assert "could not be saved" in answer.caveats[-1].text


@pytest.mark.parametrize("question", ["Show stuck tickets", "How many tickets were sent last week?"])
def test_why_somebody_asks_is_left_out_and_said(dash: Dash, question: str) -> None:
    """Of a vetted query and of a composed one alike."""
    asked = dash.ask(f"The CFO keeps pestering us, so tell me: {question}")
    assert (asked.outcome, asked.rows) == ("answered", dash.ask(question).rows)
    assert any("The CFO keeps pestering us" in caveat.text for caveat in asked.caveats)
