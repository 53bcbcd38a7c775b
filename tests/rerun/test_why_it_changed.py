"""One cause at a time: each test changes one thing in the world and asks what changed the number."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import UserError
from dash.records import Viewer
from dash.rerun import Rerun, run_again
from dash.settings import REPOSITORY, Settings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ADD_A_TICKET = """
INSERT INTO support.support_threads_data
    (id, thread_id, subject, channel, language, request_type, urgency, status, created_at, status_changed_at)
VALUES (990001, 'T-990001', 'late', 'email', 'en', 'other', 'low', 'Data collected', %(at)s, %(at)s)
"""

ADDRESSES = """\
-- <query name>last_addresses</query name>
-- <query description>
-- Who wrote the latest tickets. Grain: one row per ticket.
-- </query description>
-- <query questions>
-- - Show the addresses of the latest tickets
-- </query questions>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query>
SELECT thread_id, customer_email
FROM support.support_threads_data
WHERE customer_email IS NOT NULL
ORDER BY thread_id
LIMIT 5
-- </query>
"""


@pytest.fixture
def knowledge_folder(tmp_path: Path) -> Path:
    """The shipped knowledge, to change at will."""
    return Path(shutil.copytree(REPOSITORY / "knowledge", tmp_path / "knowledge"))


def _ask(settings: Settings, question: str, now: datetime = NOW) -> str:
    with Dash.open(settings, clock=lambda: now) as dash:
        answer = dash.ask(question)
    assert answer.outcome == "answered", answer.headline
    assert answer.run_id is not None
    return answer.run_id


def _again(settings: Settings, run_id: str, now: datetime = NOW, viewer: Viewer | None = None) -> Rerun:
    with Dash.open(settings, clock=lambda: now) as dash:
        return run_again(dash, dash.runs.get(run_id), viewer=viewer)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} occurs {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "question",
    [
        "How many tickets are there?",
        "Resolution rate by category last month",
        "Which tickets are stuck?",
        "Trend of the resolution rate by month",
        "How many tickets did AI handle this week compared with last week?",
        "Weekly report",
        "What is the CSAT by channel?",
    ],
)
def test_nothing_changes_when_nothing_has_changed(database: Database, question: str) -> None:
    again = _again(database.settings, _ask(database.settings, question))
    assert again.causes == ()
    assert again.then == again.latest
    assert not again.sql
    assert not again.definitions
    assert not again.rereads


def test_a_ticket_that_came_later_is_the_data(fresh_database: Database) -> None:
    run_id = _ask(fresh_database.settings, "How many tickets by category this year?")
    with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
        connection.execute(ADD_A_TICKET, {"at": NOW - timedelta(hours=1)})
    again = _again(fresh_database.settings, run_id)
    assert again.causes == ("data",)
    (change,) = [change for change in again.steps[0].changes if change.column and change.column.name == "tickets"]
    assert change.group == {"category": "other"}
    assert change.now - change.then == 1


def test_a_filter_that_people_changed_is_the_definition(database: Database, knowledge_folder: Path) -> None:
    run_id = _ask(database.settings, "How many open tickets are there?")
    metrics = knowledge_folder / "business" / "metrics_tickets.yaml"
    _edit(
        metrics,
        "filter: status <> 'Sent'\n    time_dimension: created_at\n    unit: count\n    actor: assignee",
        "filter: status = 'AI Answered'\n    time_dimension: created_at\n    unit: count\n    actor: assignee",
    )
    again = _again(replace(database.settings, knowledge=knowledge_folder), run_id)
    assert again.causes == ("definition",)
    assert any(line == "-WHERE status <> 'Sent'" for line in again.sql)
    assert any(line == "+WHERE status = 'AI Answered'" for line in again.sql)
    (change, *_) = again.steps[1].changes
    assert change.now < change.then


def test_a_definition_that_reads_differently_is_shown_also_when_the_number_stays(
    database: Database, knowledge_folder: Path
) -> None:
    run_id = _ask(database.settings, "How many tickets are there?")
    _edit(
        knowledge_folder / "business" / "metrics_tickets.yaml",
        "en: Number of tickets created in the period, whatever their channel and stage.",
        "en: Every ticket that was opened.",
    )
    again = _again(replace(database.settings, knowledge=knowledge_folder), run_id)
    assert again.causes == ()
    (change,) = again.definitions
    assert change.then.startswith("Number of tickets created")
    assert change.today == "Every ticket that was opened."


def test_vetted_sql_that_people_changed_is_the_definition(database: Database, knowledge_folder: Path) -> None:
    run_id = _ask(database.settings, "Which tickets are stuck?")
    _edit(knowledge_folder / "queries" / "stuck_tickets.sql", "WHERE status <> 'Sent'", "WHERE status = 'AI Answered'")
    again = _again(replace(database.settings, knowledge=knowledge_folder), run_id)
    assert again.causes == ("definition",)
    assert {change.kind for change in again.steps[1].changes} >= {"gone"}


def test_a_vetted_query_that_was_removed_says_so(database: Database, knowledge_folder: Path) -> None:
    run_id = _ask(database.settings, "Which tickets are stuck?")
    (knowledge_folder / "queries" / "stuck_tickets.sql").unlink()
    again = _again(replace(database.settings, knowledge=knowledge_folder), run_id)
    assert [(step.cause, step.failure) for step in again.steps] == [("data", ""), ("definition", "gone")]


@pytest.mark.parametrize(
    ("question", "causes"),
    [
        ("How many tickets this week?", ("period",)),
        ("How many tickets in October 2026?", ()),
        ("Which tickets are stuck?", ("period",)),
    ],
)
def test_a_week_later_only_a_relative_period_has_moved(
    database: Database, question: str, causes: tuple[str, ...]
) -> None:
    again = _again(database.settings, _ask(database.settings, question), now=NOW + timedelta(days=7))
    assert again.causes == causes


def test_the_periods_of_then_and_now_are_told(database: Database) -> None:
    run_id = _ask(database.settings, "How many tickets this week?")
    again = _again(database.settings, run_id, now=NOW + timedelta(days=7))
    assert again.period_then is not None
    assert again.period_now is not None
    assert (again.period_then[0], again.period_now[0]) == (
        datetime(2026, 11, 16, tzinfo=UTC),
        datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_another_reporting_zone_is_a_cause_of_its_own(database: Database) -> None:
    run_id = _ask(database.settings, "How many tickets by day in the last 7 days?")
    again = _again(replace(database.settings, zone="Pacific/Auckland"), run_id)
    assert again.causes == ("zone",)


def test_a_viewer_who_sees_more_now_is_told_which_columns_are_not_compared(
    database: Database, knowledge_folder: Path
) -> None:
    (knowledge_folder / "queries" / "last_addresses.sql").write_text(ADDRESSES, encoding="utf-8")
    settings = replace(database.settings, knowledge=knowledge_folder)
    run_id = _ask(settings, "Show the addresses of the latest tickets")
    again = _again(settings, run_id, viewer=Viewer("local", sees_personal=True))
    assert again.hidden == ("customer_email",)
    assert again.causes == ()


def test_words_that_mean_something_else_today_are_told(database: Database, knowledge_folder: Path) -> None:
    run_id = _ask(database.settings, "How many backlog tickets are there?")
    metrics = knowledge_folder / "business" / "metrics_tickets.yaml"
    text = metrics.read_text(encoding="utf-8")
    metrics.write_text(text.replace("backlog", "shelf"), encoding="utf-8")
    again = _again(replace(database.settings, knowledge=knowledge_folder), run_id)
    assert again.rereads
    assert again.causes == (), "the answer's own plan does not depend on today's words"


def test_what_runs_again_is_in_the_query_log(database: Database) -> None:
    run_id = _ask(database.settings, "How many tickets this week?")
    with Dash.open(database.settings, clock=lambda: NOW + timedelta(days=1)) as dash:
        run_again(dash, dash.runs.get(run_id))
        (entry,) = [one for one in dash.runs.audit(limit=200) if one.run_id == run_id]
    assert [query["role"] for query in entry.queries if query["role"].startswith("rerun")] == [
        "rerun:data",
        "rerun:period",
    ]


def test_a_question_back_cannot_be_run_again(database: Database) -> None:
    with Dash.open(database.settings, clock=lambda: NOW) as dash:
        answer = dash.ask("How much did it cost?")
        assert answer.outcome != "answered"
        assert answer.run_id is not None
        with pytest.raises(UserError, match="Only an answer with a number"):
            run_again(dash, dash.runs.get(answer.run_id))
