"""Working the list: who did what and when, tickets that come back by themselves, and who may do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.errors import NotAllowed, NotFoundError, UserError
from dash.ops import STANDINGS, Action, Deed, Entry, Narrowing, StuckDesk, left_out
from dash.ops.working import fold
from dash.records import Viewer
from dash.records.question import Role
from tests.ops.conftest import ANN, DAY, NOW, Clock, support

EVERYTHING = Narrowing(standings=STANDINGS)


def entry(desk: StuckDesk, ticket: str) -> Entry:
    check = desk.latest()
    assert check is not None
    return next(one for one in desk.entries(desk.diff(check), EVERYTHING) if one.ticket.ticket == ticket)


def listed(desk: StuckDesk, narrowing: Narrowing | None = None) -> set[str]:
    check = desk.latest()
    assert check is not None
    return {one.ticket.ticket for one in desk.entries(desk.diff(check), narrowing)}


def test_what_is_not_shown_is_told_from_the_list_that_was_read(desk: StuckDesk) -> None:
    diff = desk.diff(desk.check())
    away, expected, *_ = sorted(listed(desk))
    desk.act("snooze", [away])
    desk.act("close", [expected])
    whole, asked = desk.everything(diff), Narrowing(reasons={entry(desk, away).ticket.reason})
    shown = desk.narrowed(whole, asked)
    assert shown == desk.entries(diff, asked) and away not in {one.ticket.ticket for one in shown}
    left = left_out(whole, shown)
    assert left["snoozed"] == left["closed"] == 1
    assert sum(left.values()) + len(shown) == diff.check.tickets


def test_each_deed_says_who_did_it_and_when_and_touches_no_support_data(desk: StuckDesk, clock: Clock) -> None:
    rows = "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM support.support_threads_data t"
    untouched = support(desk, rows)
    desk.check()
    one, two, *_ = sorted(listed(desk))
    clock.now += timedelta(minutes=5)
    assert desk.act("acknowledge", [one, two, one], text="on it").count == 2
    desk.act("assign", [one], text="  Bob \n Smith ")
    desk.act("note", [one], text="asked the vendor")
    state = entry(desk, one).state
    assert (state.standing, state.who, state.why, state.at) == ("acknowledged", "Ann", "on it", clock.now)
    assert state.assignee == "Bob Smith" and [note.text for note in state.notes] == ["asked the vendor"]
    assert [(deed.deed, deed.by, deed.at) for deed in desk.actions(one)] == [
        ("acknowledge", ANN.name, clock.now), ("assign", ANN.name, clock.now), ("note", ANN.name, clock.now)
    ]  # fmt: skip
    assert support(desk, rows) == untouched


def test_a_snoozed_ticket_comes_back_when_its_time_is_over(desk: StuckDesk, clock: Clock) -> None:
    desk.check()
    ticket = min(listed(desk))
    desk.act("acknowledge", [ticket])
    desk.act("snooze", [ticket], until=NOW + DAY)
    assert ticket not in listed(desk) and entry(desk, ticket).state.until == NOW + DAY
    clock.now = NOW + DAY - timedelta(seconds=1)
    assert ticket not in listed(desk)
    clock.now = NOW + DAY
    assert ticket in listed(desk) and entry(desk, ticket).state.standing == "acknowledged"


def test_a_closed_ticket_that_was_snoozed_is_closed_after_it(desk: StuckDesk, clock: Clock) -> None:
    desk.check()
    ticket = min(listed(desk))
    desk.act("close", [ticket], text="a test order")
    desk.act("snooze", [ticket], until=NOW + timedelta(hours=2))
    clock.now = NOW + timedelta(hours=3)
    after = entry(desk, ticket)
    assert (after.state.standing, after.state.why, after.is_back) == ("closed", "a test order", False)


def test_a_snooze_that_ended_is_said_until_somebody_acts(desk: StuckDesk, clock: Clock) -> None:
    desk.check()
    acted, left, *_ = sorted(listed(desk))
    desk.act("snooze", [acted, left], until=NOW + timedelta(hours=2))
    clock.now = NOW + timedelta(hours=3)
    check = desk.check()
    desk.act("acknowledge", [acted])
    back = {one.ticket.ticket for one in desk.entries(desk.diff(check)) if one.is_back}
    assert back == {left}
    clock.now += timedelta(hours=1)
    assert not any(one.is_back for one in desk.entries(desk.diff(desk.check())))  # it was said at the check before


def test_the_end_of_a_snooze_after_the_check_is_told_by_the_next_one_alone(desk: StuckDesk, clock: Clock) -> None:
    desk.check()
    ticket = min(listed(desk))
    desk.act("snooze", [ticket], until=NOW + timedelta(hours=2))
    clock.now = NOW + timedelta(hours=1)
    before = desk.check()
    clock.now = NOW + timedelta(hours=3)
    assert ticket in listed(desk)
    assert not any(one.is_back for one in desk.entries(desk.diff(before)))  # the next check tells of it
    assert {one.ticket.ticket for one in desk.entries(desk.diff(desk.check())) if one.is_back} == {ticket}


@pytest.mark.parametrize("deed", ["snooze", "close", "acknowledge"])
def test_what_was_said_about_one_stage_is_history_at_the_next(desk: StuckDesk, clock: Clock, deed: Deed) -> None:
    desk.check()
    ticket = min(listed(desk))
    desk.act(deed, [ticket])
    desk.act("assign", [ticket], text="Ann")
    assert entry(desk, ticket).state.standing != "open"
    support(desk, "UPDATE support.support_threads_data SET status = 'Draft Created', status_changed_at = %s "
            "WHERE thread_id = %s", NOW, ticket)  # fmt: skip
    clock.now += 2 * DAY
    desk.check()
    again = entry(desk, ticket)
    assert ticket in listed(desk) and again.change == "new"
    assert (again.state.standing, again.state.assignee) == ("open", "Ann")
    assert len(again.state.actions) == 2


def test_what_was_put_away_can_be_taken_back(desk: StuckDesk) -> None:
    desk.check()
    first, second, *_ = sorted(listed(desk))
    desk.act("snooze", [first, second])
    desk.act("close", [second], text="a public holiday")
    assert listed(desk).isdisjoint({first, second})
    assert listed(desk, Narrowing(standings=["closed"])) == {second}
    desk.act("unsnooze", [first, second])  # what is closed is not snoozed
    assert first in listed(desk) and second not in listed(desk)
    desk.act("reopen", [second])
    assert second in listed(desk)


def test_a_mix_is_brought_back_as_one_or_not_at_all(desk: StuckDesk) -> None:
    check = desk.check()
    snoozed, closed, *_ = sorted(listed(desk))
    desk.act("snooze", [snoozed])
    desk.act("close", [closed])
    entries = [entry(desk, ticket) for ticket in (snoozed, closed)]
    gone = replace(entries[1], ticket=replace(entries[1].ticket, ticket="no such ticket"))
    with pytest.raises(NotFoundError):
        desk.bring_back([entries[0], gone], check=check)
    assert listed(desk).isdisjoint({snoozed, closed})
    assert desk.bring_back(entries, check=check).count == 2
    assert {snoozed, closed} <= listed(desk)


def test_the_list_narrows_by_reason_fact_stage_change_and_owner(desk: StuckDesk) -> None:
    diff = desk.diff(desk.check())
    everything = desk.entries(diff)
    some = {one.ticket.ticket for one in everything if one.ticket.reason == "unanswered"}
    assert listed(desk, Narrowing(reasons=["unanswered"])) == some
    wanted = Narrowing(facts={"category": ["shipping_inquiry"], "stage": ["AI Answered"]})
    rows = support(desk, "SELECT thread_id FROM support.support_threads_data WHERE request_type = 'shipping_inquiry' "
                   "AND status = 'AI Answered' AND status_changed_at < %s", NOW - DAY)  # fmt: skip
    assert listed(desk, wanted) == {ticket for (ticket,) in rows}
    assert listed(desk, Narrowing(changes=["still"])) == set()
    mine, theirs = sorted(some)[:2]
    desk.act("assign", [mine], text="Ann")
    desk.act("assign", [theirs], text="Bob")
    assert listed(desk, Narrowing(mine=True)) == {mine}
    desk.act("assign", [mine])
    assert listed(desk, Narrowing(mine=True)) == set()


def test_a_deed_about_several_tickets_happens_to_all_or_to_none(desk: StuckDesk) -> None:
    desk.check()
    ticket = min(listed(desk))
    with pytest.raises(NotFoundError, match="T-nothing"):
        desk.act("close", [ticket, "T-nothing\x00"])
    assert desk.actions(ticket) == ()


@pytest.mark.parametrize(
    ("deed", "more", "says"),
    [
        ("note", {}, "needs words"),
        ("note", {"text": "x" * 2001}, "too long"),
        ("assign", {"text": "x" * 121}, "too long"),
        ("unsnooze", {"text": "why"}, "beside unsnooze"),
        ("snooze", {"until": NOW}, "in the future"),
        ("close", {"until": NOW + DAY}, "Only a snooze"),
    ],
)
def test_a_deed_that_makes_no_sense_is_refused(
    shared: StuckDesk, deed: Deed, more: dict[str, object], says: str
) -> None:
    check = shared.check()
    ticket = shared.diff(check).still[0].ticket if shared.diff(check).still else shared.diff(check).new[0].ticket
    with pytest.raises(UserError, match=says):
        shared.act(deed, [ticket], check=check, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "sees", "works"), [("viewer", False, False), ("lead", True, False), ("ops", True, True)]
)
def test_rights_are_asked_for_below_every_surface(shared: StuckDesk, role: Role, sees: bool, works: bool) -> None:
    viewer = Viewer("somebody", roles=frozenset({role}))
    if not sees:
        with pytest.raises(NotAllowed):
            StuckDesk.open(shared.dash, viewer)
        return
    desk = StuckDesk.open(shared.dash, viewer)
    ticket = desk.entries(desk.diff(desk.check()), EVERYTHING)[0].ticket.ticket
    if works:
        assert desk.act("note", [ticket], text="seen").count == 1
    else:
        with pytest.raises(NotAllowed):
            desk.act("note", [ticket], text="seen")


@st.composite
def histories(draw: st.DrawFn) -> list[Action]:
    """Deeds about two standings of a ticket, in the order of time."""
    deeds: list[Deed] = ["acknowledge", "assign", "note", "snooze", "unsnooze", "close", "reopen"]
    numbers = count(1)

    def action(deed: Deed, since: datetime, hours: int | None) -> Action:
        until = NOW + timedelta(hours=hours) if deed == "snooze" and hours is not None else None
        text = "word" if deed in ("assign", "note") else None
        return Action(next(numbers), "T", deed, "a", "A", NOW, since, until, text)

    hours = st.one_of(st.none(), st.integers(-5, 5))
    made = st.builds(action, st.sampled_from(deeds), st.sampled_from([NOW - DAY, NOW - 2 * DAY]), hours)
    return draw(st.lists(made, max_size=12))


@given(histories())
def test_the_state_is_what_was_said_last_about_the_present_standing(history: list[Action]) -> None:
    """The same told the other way round: from the end backwards, instead of a fold from the beginning."""
    since = NOW - DAY
    state = fold(history, since, NOW)
    about = [one for one in history if one.since == since and one.deed not in ("assign", "note")]
    expected = "open"
    awake = seen = False  # a snooze before this point was ended; somebody acknowledged it after this point
    for one in reversed(about):
        if one.deed == "unsnooze":
            awake = True
        elif one.deed == "snooze":
            if not awake and (one.until is None or one.until > NOW):
                expected = "snoozed"
                break
            awake = True
        elif one.deed == "acknowledge":  # undoes nothing
            seen = True
        else:
            expected = {"close": "closed", "reopen": "open"}[one.deed]
            break
    assert state.standing == ("acknowledged" if expected == "open" and seen else expected)
    assert state.assignee == ("word" if any(one.deed == "assign" for one in history) else None)
    assert len(state.notes) == sum(one.deed == "note" for one in history)
