"""What a colleague decided is not undone unseen, and what changes nothing is not written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dash.ops import ColleagueDecided, Entry, Narrowing, StuckDesk, count_changes, left_out
from dash.ops.records import STANDINGS, Deed, Diff
from dash.records import Viewer
from tests.ops.conftest import DAY, NOW, Clock, support

BOB = Viewer("bob@example.com", roles=frozenset({"ops"}), display="Bob")
EVERYTHING = Narrowing(standings=STANDINGS)


def diff_of(desk: StuckDesk) -> Diff:
    check = desk.latest()
    assert check is not None
    return desk.diff(check)


def entries(desk: StuckDesk, *tickets: str) -> Sequence[Entry]:
    found = {entry.ticket.ticket: entry for entry in desk.entries(diff_of(desk), EVERYTHING)}
    return [found[ticket] for ticket in tickets]


def some(desk: StuckDesk, count: int) -> list[str]:
    """Some tickets of a check that is made now."""
    desk.check()
    return [entry.ticket.ticket for entry in desk.entries(diff_of(desk))[:count]]


def test_acknowledging_what_a_colleague_put_away_leaves_it_there_and_says_so(desk: StuckDesk, clock: Clock) -> None:
    one, two, three = some(desk, 3)
    bob = replace(desk, viewer=BOB)
    bob.act("snooze", [one], until=NOW + DAY)
    bob.act("close", [two], text="a test order")
    done = desk.act("acknowledge", [one, two, three])
    assert (done.count, done.already) == (2, 1)  # acknowledging what is closed changes nothing
    assert {(kept.ticket, kept.deed, kept.who) for kept in done.kept} == {
        (one, "snooze", "Bob"), (two, "close", "Bob")
    }  # fmt: skip
    assert [each.state.standing for each in entries(desk, one, two, three)] == ["snoozed", "closed", "acknowledged"]
    assert entries(desk, one)[0].state.until == NOW + DAY
    clock.now = NOW + DAY
    assert [each.state.standing for each in entries(desk, one, two)] == ["acknowledged", "closed"]
    assert entries(desk, one)[0].state.back_at == NOW + DAY  # it is still news that it came back


@pytest.mark.parametrize("deed", ["close", "snooze"])
def test_a_snooze_of_a_colleague_is_ended_only_by_who_saw_it_or_says_so(desk: StuckDesk, deed: Deed) -> None:
    one, two, three = some(desk, 3)
    bob = replace(desk, viewer=BOB)
    stale = entries(desk, one, two)
    bob.act("snooze", [one], until=NOW + DAY)
    for seen in (None, stale):
        with pytest.raises(ColleagueDecided, match=f"1 snoozed by Bob until 2026-11-21 12:00 \\({one}\\). Nothing"):
            desk.act(deed, [one, two], seen=seen)
    assert [each.state.standing for each in entries(desk, one, two)] == ["snoozed", "open"]
    desk.act(deed, [one, two], seen=entries(desk, one, two))
    assert entries(desk, one)[0].state.who == "Ann"
    bob.act("snooze", [three])
    assert desk.act(deed, [three], anyway=True).count == 1
    desk.act(deed, [one], until=NOW + 2 * DAY if deed == "snooze" else None)  # one's own


def test_a_ticket_is_not_taken_from_a_colleague_unseen(desk: StuckDesk) -> None:
    one, two = some(desk, 2)
    bob = replace(desk, viewer=BOB)
    stale = entries(desk, one, two)
    bob.act("assign", [one], text="Bob")
    for seen in (None, stale):
        with pytest.raises(ColleagueDecided, match="1 given to Bob by Bob"):
            desk.act("assign", [one, two], text="Ann", seen=seen)
    assert entries(desk, one)[0].state.assignee == "Bob"
    assert desk.act("assign", [one], text="Bob").already == 1
    assert desk.act("assign", [one]).count == 1  # by name taken from whoever has it


def test_bringing_back_from_a_stale_list_leaves_what_was_decided_since(desk: StuckDesk) -> None:
    one, two = some(desk, 2)
    desk.act("acknowledge", [one, two])
    stale, check = entries(desk, one, two), desk.latest()
    assert check is not None
    replace(desk, viewer=BOB).act("snooze", [one])
    with pytest.raises(ColleagueDecided, match="until the stage changes"):
        desk.bring_back(stale, check=check)
    assert [each.state.standing for each in entries(desk, one, two)] == ["snoozed", "acknowledged"]
    desk.bring_back(entries(desk, one, two), check=check)
    assert [each.state.standing for each in entries(desk, one, two)] == ["acknowledged", "open"]


def test_what_is_so_already_is_not_written_down_again(desk: StuckDesk, clock: Clock) -> None:
    one, two = some(desk, 2)
    assert desk.act("acknowledge", [one]).count == 1
    again = desk.act("acknowledge", [one, two])
    assert (again.count, again.already) == (1, 1)
    assert desk.act("acknowledge", [one], text="with a word").count == 1
    assert desk.act("unsnooze", [one]).already == desk.act("reopen", [two]).count == 1
    assert [action.deed for action in desk.actions(one)] == ["acknowledge", "acknowledge"]
    desk.act("snooze", [one], until=NOW + timedelta(hours=1))
    clock.now = NOW + timedelta(hours=2)
    assert desk.act("acknowledge", [one]).count == 1  # it came back since, and is looked at anew
    assert entries(desk, one)[0].state.back_at is None


def test_the_list_is_the_sum_of_its_parts_and_what_came_back_is_among_what_still_stands(
    desk: StuckDesk, clock: Clock
) -> None:
    back, gone, quiet, left = some(desk, 4)
    desk.act("snooze", [back], until=NOW + timedelta(hours=2))
    desk.act("snooze", [quiet])
    sent = "UPDATE support.support_threads_data SET status = 'Sent', status_changed_at = %s WHERE thread_id = ANY(%s)"
    support(desk, sent, NOW, [gone, quiet])
    clock.now += DAY
    desk.check()
    diff = diff_of(desk)
    listed, cleared = desk.entries(diff), desk.cleared(diff)
    counts = count_changes(listed, cleared)
    assert counts["new"] + counts["worse"] + counts["still"] == len(listed)
    assert counts["back"] == 1 and counts["cleared"] == 1 and [one.ticket for one in cleared] == [gone]
    assert [(each.ticket.ticket, each.change) for each in listed if each.is_back] == [(back, "still")]
    assert {one.ticket for one in desk.cleared(diff, EVERYTHING)} == {gone, quiet}
    desk.act("close", [left])
    shown = desk.entries(diff, Narrowing(changes=["still"]))
    out = left_out(desk.everything(diff), shown)
    assert out["closed"] == 1 and len(shown) + sum(out.values()) == diff.check.tickets
