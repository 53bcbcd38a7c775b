"""A draft has stuck rules and a replay where the database shows what they need, and says that they are drafts."""

from __future__ import annotations

from dash.ops import StuckDesk
from dash.records import Viewer
from dash.replay.description import load_description
from tests.foreign.conftest import ProjectFolder
from tests.foreign.second import NOW, Ticket

Reading = tuple[ProjectFolder, list[Ticket], str]


def test_open_tickets_without_a_change_for_long_are_stuck(reading: Reading) -> None:
    project, tickets, _ = reading
    checked = project.run("check")
    assert checked.returncode == 0, checked.stdout
    assert (
        "draft knowledge/business/stuck.yaml:1: the whole file. Proposed: status says which are open" in checked.stdout
    )
    with project.open() as dash:
        dash.clock = lambda: NOW
        check = StuckDesk.open(dash, Viewer("ann", roles=frozenset({"ops"}))).check()
    waiting = [one for one in tickets if not one.solved and (NOW - one.created).total_seconds() > 72 * 3600]
    assert check.tickets == len(waiting)


def test_a_conversation_is_the_comments_of_a_ticket_in_their_order(reading: Reading) -> None:
    project, tickets, _ = reading
    found = load_description(project.folder / "knowledge")
    assert found.draft is not None
    assert found.conversation.table == "helpdesk.tickets"
    assert found.timeline["messages"].table == "helpdesk.ticket_comments"
    ticket = next(one for one in tickets if one.comments == 3)
    shown = project.run("replay", str(ticket.id))
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("words of a customer") == ticket.comments


def test_a_log_of_changes_has_no_row_that_stands_for_its_ticket(project: ProjectFolder) -> None:
    assert not (project.folder / "knowledge" / "replay.yaml").exists()
    assert not (project.folder / "knowledge" / "business" / "stuck.yaml").exists()
