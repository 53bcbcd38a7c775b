"""A foreign database answers from its draft at once, rightly, and says what nobody has reviewed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from dash.ask import Dash
from tests.foreign.conftest import Foreign, ProjectFolder
from tests.foreign.world import CANARY, NOW, Ticket

MOMENT = NOW.replace(tzinfo=UTC)
Tickets = list[Ticket]


def _open(tickets: Tickets) -> Tickets:
    return [one for one in tickets if one.state not in ("Closed", "Resolved")]


def _october(tickets: Tickets) -> Tickets:
    return [one for one in tickets if (one.opened.year, one.opened.month) == (2026, 10)]


def _hours(tickets: Tickets) -> float:
    done = [one for one in tickets if one.resolved]
    return fmean((one.resolved - one.opened).total_seconds() / 3600 for one in done if one.resolved)


def _by(tickets: Tickets, name: str) -> dict[Any, int]:
    counted = Counter(getattr(one, name) for one in tickets)
    return {None if key == "?" else key: number for key, number in counted.items()}


def _rate(tickets: Tickets, holds: Callable[[Ticket], bool]) -> float:
    return 100 * sum(map(holds, tickets)) / len(tickets)


ASKED: list[tuple[str, Callable[[Tickets], Any]]] = [
    ("How many tickets were opened last month?", lambda all: len(_october(all))),
    ("Сколько обращений открыто в прошлом месяце?", lambda all: len(_october(all))),
    ("How many tickets are open?", lambda all: len(_open(all))),
    ("Open tickets by group", lambda all: _by(_open(all), "group")),
    ("Открытые обращения по группам", lambda all: _by(_open(all), "group")),
    ("Tickets by channel", lambda all: _by(all, "channel")),
    ("Tickets by category last month", lambda all: _by(_october(all), "category")),
    ("Tickets by assignee last month", lambda all: _by(_october(all), "assignee")),
    ("How many critical tickets are open?",
     lambda all: sum(one.priority == "1 - Critical" for one in _open(all))),
    ("Average resolution time", _hours),
    ("Resolution time by priority",
     lambda all: {p: _hours([one for one in all if one.priority == p]) for p in {one.priority for one in all}}),
    ("How many tickets were closed in October?",
     lambda all: sum(bool(one.closed and one.closed.month == 10) for one in all)),
    ("How many tickets were resolved in October?",
     lambda all: sum(bool(one.resolved and one.resolved.month == 10) for one in all)),
    ("How many resolved or closed tickets?", lambda all: len(all) - len(_open(all))),
    ("Number of tickets created in October", lambda all: len(_october(all))),
    ("How many different requests were created in October?", lambda all: len(_october(all))),
    ("How many incidents are unresolved?", lambda all: len(_open(all))),
    ("Сколько инцидентов сейчас не решено?", lambda all: len(_open(all))),
    ("Open tickets by current state", lambda all: _by(_open(all), "state")),
    ("Number of cases by contact type", lambda all: _by(all, "channel")),
    ("Время решения по способу обращения",
     lambda all: {c: _hours([one for one in all if one.channel == c]) for c in {one.channel for one in all}}),
    ("Solution time", _hours),
    ("Сколько критичных инцидентов сейчас открыто?",
     lambda all: sum(one.priority == "1 - Critical" for one in _open(all))),
    ("What percentage of incidents were reopened at least once?", lambda all: _rate(all, lambda one: one.reopens > 0)),
    ("Average number of reassignments per ticket by category",
     lambda all: {c: fmean(one.reassignments for one in all if one.category == c)
                  for c in {one.category for one in all}}),
    ("What is the reopen rate?", lambda all: _rate(all, lambda one: one.reopens > 0)),
    ("Reassignment rate by category",
     lambda all: {c: _rate([one for one in all if one.category == c], lambda one: one.reassignments > 0)
                  for c in {one.category for one in all}}),
    ("Average number of reassignments", lambda all: fmean(one.reassignments for one in all)),
    ("How many tickets were reassigned at least twice?", lambda all: sum(one.reassignments >= 2 for one in all)),
    ("How many tickets were reopened more than once?", lambda all: sum(one.reopens > 1 for one in all)),
    ("Сколько обращений переназначали больше двух раз?", lambda all: sum(one.reassignments > 2 for one in all)),
    ("How many tickets are closed?", lambda all: sum(bool(one.closed) for one in all)),
    ("How many tickets with priority 1 were opened in October?",
     lambda all: sum(one.priority == "1 - Critical" for one in _october(all))),
    ("How many P1 tickets were opened in October?",
     lambda all: sum(one.priority == "1 - Critical" for one in _october(all))),
    ("SLA breach rate last month", lambda all: _rate(_october(all), lambda one: not one.made_sla)),
    ("How many tickets missed their SLA last month?", lambda all: sum(not one.made_sla for one in _october(all))),
    ("Average age of open tickets",
     lambda all: fmean((MOMENT - one.opened.replace(tzinfo=UTC)).total_seconds() / 3600 for one in _open(all))),
    ("Tickets by group, leaving out tickets without a group",
     lambda all: {g: n for g, n in _by(all, "group").items() if g is not None}),
    ("How many tickets have been open for more than 30 days?",
     lambda all: sum((MOMENT - one.opened.replace(tzinfo=UTC)).days >= 30 for one in _open(all))),
    ("SLA compliance last month", lambda all: _rate(_october(all), lambda one: one.made_sla)),
    ("Соблюдение SLA по группам",
     lambda all: {None if g == "?" else g: _rate([one for one in all if one.group == g], lambda one: one.made_sla)
                  for g in {one.group for one in all}}),
    ("Average satisfaction score", lambda all: fmean(one.score for one in all if one.score)),
    ("Number of messages", lambda all: 2 * len(all)),
    ("Number of messages by priority", lambda all: {p: 2 * n for p, n in _by(all, "priority").items()}),
]  # fmt: skip


@pytest.fixture(scope="module")
def dash(project: ProjectFolder) -> Iterator[Dash]:
    """The product on the draft."""
    with project.open() as opened:
        yield opened


@pytest.mark.parametrize(("question", "truth"), ASKED, ids=[question for question, _ in ASKED])
def test_a_standing_question_is_answered_from_the_draft_with_what_is_true(
    dash: Dash, foreign: Foreign, question: str, truth: Callable[[Tickets], Any]
) -> None:
    answer = dash.ask(question, now=MOMENT)
    assert answer.outcome == "answered", answer.headline
    assert [caveat.kind for caveat in answer.caveats].count("unreviewed") == 1
    expected = truth(foreign.tickets)
    number = next(place for place, column in enumerate(answer.columns) if column.role == "metric")
    if isinstance(expected, dict):
        got = {row[0]: row[number] for row in answer.rows}
        assert got == pytest.approx(expected)
    else:
        assert answer.rows[0][number] == pytest.approx(expected)


def test_a_ticket_is_found_by_the_form_of_its_number(dash: Dash, foreign: Foreign) -> None:
    one = foreign.tickets[76]
    for question in (f"What is the state of incident {one.number}?", f"state of {one.number}"):
        answer = dash.ask(question, now=MOMENT)
        assert answer.outcome == "answered", answer.headline
        assert [tuple(row) for row in answer.rows] == [(one.number, one.state)]


def test_what_no_data_says_is_not_answered(dash: Dash) -> None:
    for question in ("What is our revenue?", "How many hardware tickets are open?"):
        assert dash.ask(question, now=MOMENT).outcome in ("declined", "clarification")


def test_a_draft_has_no_fault_and_is_listed_with_its_evidence(project: ProjectFolder) -> None:
    checked = project.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "the metric open_tickets. Proposed because State has the values" in checked.stdout
    assert "definitions that nobody has reviewed" in checked.stdout


def test_no_file_of_a_project_holds_what_strangers_wrote_or_who_they_are(project: ProjectFolder) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in project.folder.rglob("*") if path.is_file())
    assert "Ticket Log" in text
    for secret in (CANARY, "canary", "example.com", "Ann Example", "Caller 0001", project.environment["HELPDESK_URL"]):
        assert secret not in text


def test_the_interview_can_be_stopped_and_what_it_confirms_is_said_no_more(
    project: ProjectFolder, foreign: Foreign, tmp_path: Path
) -> None:
    copy = ProjectFolder(tmp_path / "copy", project.environment)
    shutil.copytree(project.folder, copy.folder)
    stopped = copy.run("review", stdin="\n\n\n3\nq\n")
    assert stopped.returncode == 0, stopped.stderr
    assert "Active (" in stopped.stdout, "the states are shown with how many rows have them"
    with copy.open() as dash:
        backlog = dash.ask("How many tickets are open?", now=MOMENT)
        assert not [caveat for caveat in backlog.caveats if caveat.kind == "unreviewed"]
        still_open = sum(one.state != "Closed" for one in foreign.tickets)
        assert backlog.rows[0][0] == still_open, "Resolved is not done any more"
        assert "unreviewed" in [caveat.kind for caveat in dash.ask("Reopen rate", now=MOMENT).caveats]
    rest = copy.run("review", "--accept")
    assert rest.returncode == 0, rest.stderr
    with copy.open() as dash:
        for question, _ in ASKED[:25]:
            assert "unreviewed" not in [caveat.kind for caveat in dash.ask(question, now=MOMENT).caveats], question
    assert copy.run("check", "--offline").returncode == 0


def test_a_file_that_a_person_changed_is_not_written_again(project: ProjectFolder, tmp_path: Path) -> None:
    copy = ProjectFolder(tmp_path / "copy", project.environment)
    shutil.copytree(project.folder, copy.folder)
    table = copy.folder / "knowledge" / "tables" / "messages.json"
    changed = table.read_text(encoding="utf-8").replace("one row per message", "one row per line of a conversation")
    table.write_text(changed, encoding="utf-8")
    said = copy.run("review", "--accept").stdout
    assert table.read_text(encoding="utf-8") == changed
    assert "messages.json was changed by hand" in said
    board = copy.folder / "knowledge" / "board.yaml"
    assert "metric: sla_rate" in board.read_text(encoding="utf-8"), "the board is written with the draft"
    board.write_text("# mine\n" + board.read_text(encoding="utf-8"), encoding="utf-8")
    copy.run("review", "--accept")
    assert board.read_text(encoding="utf-8").startswith("# mine")
