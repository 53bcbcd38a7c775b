"""One cause at a time: each test changes one thing in the world and asks what changed the number."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.drill import Cell, first_cell, look_behind
from dash.errors import UserError
from dash.records import Viewer
from dash.rerun import Rerun, run_again
from dash.settings import REPOSITORY

VIEWER = Viewer()

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


@pytest.fixture(scope="module")
def dash(database: Database) -> Iterator[Dash]:
    """Dash as it was when the questions were asked."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def later(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    """Dash on the same data, after people have changed the knowledge in many places."""
    folder = Path(shutil.copytree(REPOSITORY / "knowledge", tmp_path_factory.mktemp("later") / "knowledge"))
    _edit(
        folder / "business" / "metrics_tickets.yaml",
        "filter: status <> 'Sent'\n    time_dimension: created_at\n    unit: count\n    actor: assignee",
        "filter: status = 'AI Answered'\n    time_dimension: created_at\n    unit: count\n    actor: assignee",
    )
    _edit(
        folder / "business" / "metrics_tickets.yaml",
        "en: Number of tickets created in the period, whatever their channel and stage.",
        "en: Every ticket that was opened.",
    )
    _edit(folder / "queries" / "stuck_tickets.sql", "WHERE {stuck}", "WHERE {stuck} AND status = 'AI Answered'")
    (folder / "queries" / "weekly_report.sql").unlink()
    (folder / "queries" / "last_addresses.sql").write_text(ADDRESSES, encoding="utf-8")
    with Dash.open(replace(database.settings, knowledge=folder), clock=lambda: NOW) as opened:
        yield opened


def _ask(dash: Dash, question: str) -> str:
    answer = dash.ask(question, now=NOW)
    assert answer.outcome == "answered", answer.headline
    assert answer.run_id is not None
    return answer.run_id


def _again(dash: Dash, run_id: str, now: datetime = NOW, viewer: Viewer = VIEWER) -> Rerun:
    return run_again(dash, dash.runs.get(run_id), viewer=viewer, now=now)


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
def test_nothing_changes_when_nothing_has_changed(dash: Dash, question: str) -> None:
    again = _again(dash, _ask(dash, question))
    assert again.causes == ()
    assert again.then == again.latest
    assert not again.sql
    assert not again.definitions
    assert not again.rereads


def test_a_ticket_that_came_later_is_the_data(fresh_database: Database) -> None:
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as dash:
        run_id = _ask(dash, "How many tickets by category this year?")
        with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as connection:
            connection.execute(ADD_A_TICKET, {"at": NOW - timedelta(hours=1)})
        again = _again(dash, run_id)
        behind = look_behind(dash, dash.runs.get(run_id), _cell_of(again, "other"), viewer=VIEWER)
    assert again.causes == ("data",)
    (change,) = [change for change in again.steps[0].changes if change.column and change.column.name == "tickets"]
    assert change.group == {"category": "other"}
    assert change.now - change.then == 1
    assert behind.agrees is False, "the drill-down says so too"
    assert (behind.then, behind.now) == (change.then, change.now)
    assert "T-990001" in {row[0] for row in behind.rows}


def _cell_of(again: Rerun, category: str) -> Cell:
    return Cell((next(number for number, row in enumerate(again.then) if row[0] == category),), "tickets")


def test_a_filter_that_people_changed_is_the_definition(dash: Dash, later: Dash) -> None:
    run_id = _ask(dash, "How many open tickets are there?")
    again = _again(later, run_id)
    assert again.causes == ("definition",)
    assert "-WHERE status <> 'Sent'" in again.sql
    assert "+WHERE status = 'AI Answered'" in again.sql
    (change, *_) = again.steps[1].changes
    assert change.now < change.then
    behind = look_behind(later, later.runs.get(run_id), first_cell(later.runs.get(run_id)), viewer=VIEWER)
    assert behind.redefined, "the rows follow today's definition, and the drill-down says so"


def test_a_definition_that_reads_differently_is_shown_also_when_the_number_stays(dash: Dash, later: Dash) -> None:
    again = _again(later, _ask(dash, "How many tickets are there?"))
    assert again.causes == ()
    (change,) = again.definitions
    assert change.then.startswith("Number of tickets created")
    assert change.today == "Every ticket that was opened."


def test_vetted_sql_that_people_changed_is_the_definition(dash: Dash, later: Dash) -> None:
    again = _again(later, _ask(dash, "Which tickets are stuck?"))
    assert again.causes == ("definition",)
    assert {change.kind for change in again.steps[1].changes} >= {"gone"}


def test_a_vetted_query_that_was_removed_says_so(dash: Dash, later: Dash) -> None:
    again = _again(later, _ask(dash, "Weekly report"))
    assert [(step.cause, step.failure) for step in again.steps] == [("data", ""), ("definition", "gone")]
    assert again.rereads, "the same words are no vetted query any more"


@pytest.mark.parametrize(
    ("question", "causes"),
    [
        ("How many tickets this week?", ("period",)),
        ("How many tickets in October 2026?", ()),
        ("Which tickets are stuck?", ("period",)),
    ],
)
def test_a_week_later_only_a_relative_period_has_moved(dash: Dash, question: str, causes: tuple[str, ...]) -> None:
    assert _again(dash, _ask(dash, question), now=NOW + timedelta(days=7)).causes == causes


def test_the_periods_of_then_and_now_are_told(dash: Dash) -> None:
    again = _again(dash, _ask(dash, "How many tickets this week?"), now=NOW + timedelta(days=7))
    assert again.period_then is not None
    assert again.period_now is not None
    mondays = (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
    assert (again.period_then[0], again.period_now[0]) == mondays


def test_another_reporting_zone_is_a_cause_of_its_own(dash: Dash) -> None:
    run_id = _ask(dash, "How many tickets by day in the last 7 days?")
    moved = Dash(replace(dash.settings, zone="Pacific/Auckland"), dash.database, dash.knowledge, dash.clock)
    assert _again(moved, run_id).causes == ("zone",)


def test_a_viewer_who_sees_more_now_is_told_which_columns_are_not_compared(later: Dash) -> None:
    run_id = _ask(later, "Show the addresses of the latest tickets")
    again = _again(later, run_id, viewer=Viewer("local", sees_personal=True))
    assert again.hidden == ("customer_email",)
    assert again.causes == ()


def test_what_runs_again_is_in_the_query_log(dash: Dash) -> None:
    run_id = _ask(dash, "How many tickets this week?")
    _again(dash, run_id, now=NOW + timedelta(days=1))
    (entry,) = [one for one in dash.runs.audit(limit=200) if one.run_id == run_id]
    roles = [query["role"] for query in entry.queries if query["role"].startswith("rerun")]
    assert roles == ["rerun:data", "rerun:period"]


def test_a_question_back_cannot_be_run_again(dash: Dash) -> None:
    answer = dash.ask("How much did it cost?")
    assert answer.outcome != "answered"
    assert answer.run_id is not None
    with pytest.raises(UserError, match="Only an answer with a number"):
        _again(dash, answer.run_id)
