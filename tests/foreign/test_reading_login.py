"""A database whose login can only read: nothing is ever written there, and references are asked by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from dash.ask import Dash
from dash.drafting import load_decisions, save_decisions
from tests.foreign.conftest import ProjectFolder
from tests.foreign.second import NOW, Ticket

Reading = tuple[ProjectFolder, list[Ticket], str]


@pytest.fixture(scope="module")
def dash(reading: Reading) -> Iterator[Dash]:
    """The product on the draft."""
    with reading[0].open() as opened:
        yield opened


def _numbers(dash: Dash, question: str) -> Any:
    answer = dash.ask(question, now=NOW)
    assert answer.outcome == "answered", answer.headline
    number = next(place for place, column in enumerate(answer.columns) if column.role == "metric")
    grouped = answer.columns[0].role == "dimension"
    return {row[0]: row[number] for row in answer.rows} if grouped else answer.rows[0][number]


def _done(tickets: list[Ticket]) -> list[Ticket]:
    return [one for one in tickets if one.solved]


def test_its_questions_are_answered_with_what_is_true(dash: Dash, reading: Reading) -> None:
    tickets = reading[1]
    still_open = [one for one in tickets if not one.solved]
    kept = [one for one in _done(tickets) if one.solved and one.solved <= one.due]
    overdue = [one for one in still_open if one.due < NOW]
    rated = [one for one in tickets if one.rating in ("good", "bad")]
    replied = [one.replied - one.created for one in tickets if one.replied]
    assert _numbers(dash, "How many tickets are open?") == len(still_open)
    assert _numbers(dash, "Open tickets by group") == Counter(one.group for one in still_open)
    assert _numbers(dash, "Tickets of the Billing team") == sum(one.group == "Billing team" for one in tickets)
    assert _numbers(dash, "Tickets by channel") == Counter(one.channel for one in tickets)
    assert _numbers(dash, "SLA compliance") == pytest.approx(100 * len(kept) / (len(_done(tickets)) + len(overdue)))
    assert _numbers(dash, "SLA breaches") == len(_done(tickets)) - len(kept) + len(overdue)
    assert _numbers(dash, "CSAT") == pytest.approx(100 * sum(one.rating == "good" for one in rated) / len(rated))
    assert _numbers(dash, "Reopen rate") == pytest.approx(100 * sum(one.reopened for one in tickets) / len(tickets))
    assert _numbers(dash, "First response time") == pytest.approx(
        sum(replied, timedelta()).total_seconds() / 3600 / len(replied)
    )
    comments = sum(one.comments for one in tickets)
    assert _numbers(dash, "Number of comments") == comments, (
        "they repeat what is said of a ticket, and are no log of it"
    )
    assert _numbers(dash, "Is public rate") == pytest.approx(100 * sum(n % 4 > 0 for n in range(comments)) / comments)


def test_open_tickets_are_what_is_not_done_and_not_what_is_in_the_state_open(dash: Dash, reading: Reading) -> None:
    answer = dash.ask("Show open urgent tickets", now=NOW)
    assert len(answer.rows) == sum(not one.solved and one.priority == "urgent" for one in reading[1])


def test_a_number_beside_the_name_of_the_rows_is_the_ticket(dash: Dash, reading: Reading) -> None:
    one = reading[1][41]
    for question in (f"What is the status of ticket {one.id}?", f"Статус тикета {one.id}"):
        answer = dash.ask(question, now=NOW)
        assert answer.outcome == "answered", answer.headline
        assert [tuple(row) for row in answer.rows] == [(one.id, one.status)]
    assert dash.ask(f"How many {one.id}?", now=NOW).outcome != "answered"


def test_open_tickets_that_nobody_has_are_counted_though_no_name_may_be_shown(dash: Dash, reading: Reading) -> None:
    nobody = sum(one.assignee is None for one in reading[1] if not one.solved)
    for question in ("How many open tickets have no assignee?", "Сколько открытых обращений без исполнителя?"):
        assert _numbers(dash, question) == nobody
    bad = sum(one.rating == "bad" for one in reading[1])
    assert _numbers(dash, "Сколько плохих оценок?") == bad


def test_tags_are_counted_each_and_words_of_one_ticket_are_none(dash: Dash, reading: Reading) -> None:
    project, tickets, _ = reading
    refunds = sum("refund" in one.tags for one in tickets)
    for question in ("How many tickets with the tag refund?", "Сколько обращений с тегом refund?"):
        assert _numbers(dash, question) == refunds
    counted = Counter(tag for one in tickets for tag in one.tags)
    found = _numbers(dash, "Tickets by tag")
    assert {tag: found[tag] for tag in counted} == counted
    assert "my own words" not in (project.folder / "profile.json").read_text(encoding="utf-8")


def test_nothing_was_written_where_the_data_is(dash: Dash, reading: Reading) -> None:
    dash.ask("How many tickets are open?", now=NOW)
    with psycopg.connect(reading[2]) as connection:
        schemas = {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace").fetchall()}
        granted = connection.execute(
            "SELECT FROM information_schema.role_column_grants WHERE grantee = 'dash_reader'"
        ).fetchall()
    assert "dash" not in schemas
    assert not granted


def test_what_the_login_may_not_read_is_left_out_and_said(reading: Reading) -> None:
    project = reading[0]
    assert "helpdesk.salaries" in (project.folder / "profile.json").read_text(encoding="utf-8")
    assert not [path for path in (project.folder / "knowledge").rglob("*") if "salaries" in path.name]


def test_names_of_staff_are_shown_when_that_was_decided_and_customers_never(reading: Reading, dash: Dash) -> None:
    project, tickets, _ = reading
    assert dash.ask("Tickets by assignee", now=NOW).outcome == "declined"
    accepted = project.run("review", "--accept")
    assert accepted.returncode == 0, accepted.stderr
    decisions = load_decisions(project.folder)
    assert decisions is not None
    save_decisions(project.folder, decisions.model_copy(update={"not_personal": ["helpdesk.users.name"]}))
    assert project.run("review", "--accept").returncode == 0
    with project.open() as again:
        assert _numbers(again, "Tickets by assignee") == Counter(one.assignee for one in tickets)
        assert again.ask("Tickets by customer", now=NOW).outcome != "answered"
    text = "".join(path.read_text(encoding="utf-8") for path in project.folder.rglob("*") if path.is_file())
    for secret in ("Cust Omer", "example", "Secret subject", "words of a customer", "r3ader"):
        assert secret not in text
