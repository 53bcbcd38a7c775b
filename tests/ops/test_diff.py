"""What changed since the check before: also after two runs at once, a crash, a missed day, and at any time of day."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import DashError, NotFoundError
from dash.knowledge.stuck import parse_stuck
from dash.knowledge.workdays import idle_days_before
from dash.ops import Check, Diff, StuckDesk
from dash.ops.checks import forget_checks
from dash.settings import REPOSITORY
from tests.ops.conftest import ANN, DAY, NOW, Clock, support

SHIPPED = (REPOSITORY / "knowledge" / "business" / "stuck.yaml").read_text(encoding="utf-8")
OFFICE = 'business_hours: {zone: UTC, days: {mon: "09:00-17:00", thu: "09:00-17:00"}}\n'


def tickets(part: tuple[object, ...]) -> set[str]:
    return {one.ticket for one in part}  # type: ignore[attr-defined]


def names(diff: Diff) -> dict[str, set[str]]:
    return {part: tickets(getattr(diff, part)) for part in ("new", "worse", "still", "cleared")}


def checked(desk: StuckDesk, clock: Clock, later: timedelta) -> Diff:
    clock.now += later
    return desk.diff(desk.check())


def stand(desk: StuckDesk, ticket: str, status: str, since: object) -> None:
    support(desk, "UPDATE support.support_threads_data SET status = %s, status_changed_at = %s, sent_at = %s "
            "WHERE thread_id = %s", status, since, since if status == "Sent" else None, ticket)  # fmt: skip


def test_the_first_check_finds_everything_new(desk: StuckDesk) -> None:
    diff = desk.diff(desk.check())
    assert diff.before is None and not (diff.worse or diff.still or diff.cleared)
    assert len(diff.new) == diff.check.tickets > 50
    assert all(one.checks == 1 and one.first_seen_at == NOW for one in diff.new)


def test_a_second_check_of_the_same_moment_finds_nothing_new(desk: StuckDesk) -> None:
    first, second = desk.check(), desk.check()
    diff = desk.diff(second)
    assert second.previous == first.check_id and diff.before == first
    assert not (diff.new or diff.worse or diff.cleared) and len(diff.still) == first.tickets
    assert {one.checks for one in diff.still} == {2}


def test_a_check_is_told_by_its_number_also_from_another_one_of_its_moment(desk: StuckDesk, clock: Clock) -> None:
    first = desk.check()
    gone = desk.diff(first).new[0].ticket
    stand(desk, gone, "Sent", clock.now)
    second = desk.check()  # at the same moment
    assert tickets(desk.diff_with(second, first.check_id).cleared) == {gone}
    assert desk.diff_with(second, 0).before == first  # forgotten


def test_a_check_is_compared_with_no_later_one_and_not_with_itself(desk: StuckDesk) -> None:
    first, second = desk.check(), desk.check()
    for check, number in ((first, first.check_id), (first, second.check_id), (second, second.check_id)):
        with pytest.raises(NotFoundError, match=f"no check {number} before"):
            desk.diff_with(check, number)


def test_every_way_to_leave_and_to_come_is_told(desk: StuckDesk, clock: Clock) -> None:
    before = desk.check()
    young, *old = sorted(desk.diff(before).new, key=lambda one: NOW - one.since)
    sent, moved, again, gone, deferred = (one.ticket for one in old[:5])
    fresh = support(desk, "SELECT thread_id FROM support.support_threads_data WHERE status = 'Sent' LIMIT 1")[0][0]
    later = NOW + 3 * DAY
    stand(desk, sent, "Sent", later - timedelta(hours=1))
    stand(desk, moved, "Draft Created", later - timedelta(hours=1))
    stand(desk, again, "Draft Created", NOW + timedelta(hours=1))
    stand(desk, fresh, "Draft Created", NOW + timedelta(hours=1))
    stand(desk, deferred, "AI Answered", "infinity")
    for table in ("analytics_events", "active_interrupts", "sessions", "conversations", "ai_agent_tasks",
                  "ai_human_comparison", "support_dialogs", "support_threads_data"):  # fmt: skip
        support(desk, f"DELETE FROM support.{table} WHERE thread_id = %s", gone)
    diff = checked(desk, clock, 3 * DAY)
    found = names(diff)
    assert {again, fresh} <= found["new"]
    assert found["cleared"] == {sent, moved, again, gone, deferred}
    outcomes = {one.ticket: (one.outcome, one.stage) for one in diff.cleared}
    assert outcomes[sent] == ("closed", "Sent") and outcomes[gone] == ("gone", None)
    assert outcomes[moved] == ("moved", "Draft Created") == outcomes[again]
    assert young.ticket in found["worse"] | found["still"]
    # What was there, less what cleared, and what is new, is what is there.
    assert diff.check.tickets == before.tickets - len(diff.cleared) + len(diff.new)
    assert found["new"] | found["worse"] | found["still"] == tickets((*diff.new, *diff.worse, *diff.still))


def test_a_ticket_got_worse_only_when_it_passed_a_threshold_since(desk: StuckDesk, clock: Clock) -> None:
    ticket = desk.diff(desk.check()).new[0].ticket
    stand(desk, ticket, "AI Answered", NOW - timedelta(hours=47))
    desk.check()
    assert ticket in names(checked(desk, clock, timedelta(minutes=30)))["still"]
    assert ticket in names(checked(desk, clock, timedelta(hours=1)))["worse"]
    assert ticket in names(checked(desk, clock, timedelta(hours=1)))["still"]
    assert ticket in names(checked(desk, clock, 6 * DAY))["worse"]


def test_after_missed_days_the_diff_is_with_the_last_check_or_with_the_one_that_is_asked_for(
    desk: StuckDesk, clock: Clock
) -> None:
    monday = desk.check()
    cleared = desk.diff(monday).new[0].ticket
    stand(desk, cleared, "Sent", NOW)
    tuesday = checked(desk, clock, DAY).check
    friday = checked(desk, clock, 3 * DAY)
    assert friday.before == tuesday and not friday.cleared
    known = (*friday.still, *friday.worse)
    assert {one.checks for one in known} == {2, 3}  # what came on Tuesday, and what was there on Monday
    whole = desk.diff(friday.check, since=NOW + timedelta(hours=1))
    assert whole.before == monday and tickets(whole.cleared) == {cleared}
    assert tickets(whole.new) == tickets((*friday.new, *(one for one in known if one.checks == 2)))
    assert desk.diff(friday.check, since=NOW - 9 * DAY).before == monday  # nothing is that old
    assert desk.history() == (friday.check, tuesday, monday)


def test_what_is_new_since_yesterday_stays_new_however_often_somebody_checks(desk: StuckDesk, clock: Clock) -> None:
    clock.now = NOW - DAY
    morning = desk.check()
    fresh = support(desk, "SELECT thread_id FROM support.support_threads_data WHERE status = 'Sent' LIMIT 1")[0][0]
    stand(desk, fresh, "AI Answered", NOW - timedelta(hours=44))
    evening = checked(desk, clock, timedelta(hours=10))
    assert fresh in names(evening)["new"]  # somebody saw it at ten in the evening, and the others in the morning
    clock.now = NOW
    today = []
    for _ in range(3):
        clock.now += timedelta(minutes=1)
        today.append(check := desk.check())
        diff = desk.diff_since_workday(check)
        assert diff.before == morning and fresh in names(diff)["new"]
    assert not desk.diff(today[-1]).new
    clock.now += DAY
    assert desk.diff_since_workday(desk.check()).before == today[0]


def test_yesterday_ends_at_midnight_of_the_reporting_zone(fresh_database: Database) -> None:
    settings = replace(fresh_database.settings, zone="Asia/Tokyo")
    clock = Clock()
    with Dash.open(settings, clock=clock) as dash:
        desk = StuckDesk.open(dash, ANN)
        clock.now = datetime(2026, 11, 19, 14, 59, tzinfo=UTC)  # 23:59 there
        late = desk.check()
        clock.now += timedelta(minutes=2)
        desk.check()
        clock.now += timedelta(hours=9)
        assert desk.diff_since_workday(desk.check()).before == late


def test_on_the_first_day_the_first_check_is_what_later_ones_are_compared_with(desk: StuckDesk, clock: Clock) -> None:
    first = desk.check()
    assert desk.diff_since_workday(first).before is None
    for _ in range(2):
        clock.now += timedelta(minutes=5)
        assert desk.diff_since_workday(desk.check()).before == first


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_on_monday_the_list_is_compared_with_fridays_morning(desk: StuckDesk, clock: Clock) -> None:
    """As shipped people work from Monday (the 23rd) to Friday. On Thursday nothing was checked, on Friday late."""
    made = {}
    moments = (at(18, 8), at(18, 15), at(20, 13), at(20, 17), at(21, 8), at(22, 0), at(23, 8), at(23, 15), at(24, 8))
    for moment in moments:
        clock.now = moment
        made[moment] = desk.check()
    before = {moment: desk.diff_since_workday(check).before for moment, check in made.items()}
    for today, earlier in (
        (at(20, 13), at(18, 8)), (at(20, 17), at(18, 8)),
        (at(21, 8), at(20, 13)), (at(22, 0), at(20, 13)), (at(23, 8), at(20, 13)), (at(23, 15), at(20, 13)),
        (at(24, 8), at(23, 8)),
    ):  # fmt: skip
        assert before[today] == made[earlier], today
    assert before[at(18, 8)] is None and before[at(18, 15)] == made[at(18, 8)]
    assert desk.diff_since_yesterday(made[at(23, 8)]).before == made[at(22, 0)]
    assert desk.diff_for("somebody new", made[at(23, 8)]).before == made[at(20, 13)]


@pytest.mark.parametrize(
    ("calendar", "today", "idle"),
    [
        ("", date(2026, 11, 23), 0),
        ("working_days: {days: [mon, tue, wed, thu, fri]}", date(2026, 11, 23), 2),
        ("working_days: {days: [mon, tue, wed, thu, fri]}", date(2026, 11, 22), 1),
        ("working_days: {days: [mon, tue, wed, thu, fri], holidays: {also: [2026-11-20]}}", date(2026, 11, 23), 3),
        ("working_days: {days: [mon, tue, wed, thu, fri], holidays: {country: DE}}", date(2026, 1, 2), 1),
        ("working_days: {days: [wed]}", date(2026, 11, 24), 5),
        ("working_days: {days: [sun], holidays: {also: [2026-11-22, 2026-11-15, 2026-11-08, 2026-11-01, 2026-10-25]}}",
         date(2026, 11, 23), 0),
        (f"{OFFICE}", date(2026, 11, 23), 3),
        (f"{OFFICE}working_days: {{days: [mon, tue, wed, thu, fri]}}", date(2026, 11, 23), 2),
    ],
)  # fmt: skip
def test_idle_days_are_those_on_which_nobody_looks(calendar: str, today: date, idle: int) -> None:
    head, tail = SHIPPED.split("# Who looks at the list")
    text = (
        head.replace("overrides: []", "overrides: []\n  note: {en: x, ru: x}")
        + f"{calendar}\nbeside:{tail.split('beside:', 1)[1]}"
    )
    file, document = parse_stuck(text, "stuck.yaml")
    assert file is not None, document.faults
    assert idle_days_before(file, today) == idle


def test_a_reader_hears_of_each_ticket_once_whoever_else_looks(desk: StuckDesk, clock: Clock) -> None:
    desk.was_shown("monitor", desk.check())
    fresh = support(desk, "SELECT thread_id FROM support.support_threads_data WHERE status = 'Sent' LIMIT 1")[0][0]
    stand(desk, fresh, "AI Answered", NOW - 2 * DAY)
    for reader in ("ann", "bob"):  # their looks take nothing away
        clock.now += timedelta(minutes=1)
        desk.was_shown(reader, desk.check())
    check = desk.check()
    assert names(desk.diff_for("monitor", check))["new"] == {fresh}
    desk.was_shown("monitor", check)
    assert not desk.diff_for("monitor", check).new
    assert not desk.diff_for("monitor", desk.check()).new


def test_since_a_moment_after_the_check_nothing_changed(desk: StuckDesk, clock: Clock) -> None:
    desk.check()
    latest = checked(desk, clock, DAY).check
    diff = desk.diff(latest, since=clock.now + timedelta(hours=1))
    assert diff.before == latest and not (diff.new or diff.worse or diff.cleared)


def test_two_checks_at_once_are_one(desk: StuckDesk) -> None:
    """Both begin while somebody holds the lock: whoever gets it later is given what the other found."""
    desk.check()
    with ThreadPoolExecutor(2) as pool, psycopg.connect(desk.dash.database.owner_dsn()) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(hashtextextended('dash stuck check', 0))")
        both = [pool.submit(desk.check) for _ in range(2)]
        _wait_for_waiting(desk, 2)
        holder.rollback()
        first, second = (one.result(timeout=60) for one in both)
    assert first == second
    assert [check.check_id for check in desk.history()] == [first.check_id, first.previous]


def _wait_for_waiting(desk: StuckDesk, count: int) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(1200):
        if support(desk, waiting)[0][0] >= count:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits for the lock")


def test_a_check_that_breaks_off_leaves_the_last_complete_one(desk: StuckDesk, clock: Clock) -> None:
    before = desk.check()
    support(desk, """
        CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broke off'; END $$;
    """)  # fmt: skip
    support(desk, "CREATE TRIGGER break_off BEFORE INSERT ON dash.stuck_cleared EXECUTE FUNCTION break_off()")
    gone = desk.diff(before).new[0].ticket
    stand(desk, gone, "Sent", NOW)
    clock.now += DAY
    with pytest.raises((DashError, psycopg.Error)):
        desk.check()
    assert desk.latest() == before
    assert support(desk, "SELECT count(*) FROM dash.stuck_tickets WHERE check_id > %s", before.check_id) == [(0,)]
    support(desk, "DROP TRIGGER break_off ON dash.stuck_cleared")
    diff = desk.diff(desk.check())
    assert diff.before == before and tickets(diff.cleared) == {gone}


def test_history_is_never_rewritten(desk: StuckDesk) -> None:
    desk.check()
    for table in ("stuck_checks", "stuck_tickets", "stuck_cleared", "stuck_actions", "stuck_readings"):
        with pytest.raises(psycopg.Error, match=r"append-only|never"):
            support(desk, f"DELETE FROM dash.{table}")


def test_old_checks_are_forgotten_and_what_people_did_is_not(desk: StuckDesk, clock: Clock) -> None:
    made = []
    for day in range(6):
        clock.now = NOW + day * DAY
        made.append(desk.check())
    ticket = desk.diff(made[0]).new[0].ticket
    desk.act("note", [ticket], text="the vendor was asked", check=made[0])
    desk.was_shown("monitor", made[1])
    database = desk.dash.database
    assert forget_checks(database, NOW + 3 * DAY) == 3
    assert desk.history() == tuple(reversed(made[3:]))
    assert support(desk, "SELECT min(check_id) FROM dash.stuck_tickets") == [(made[3].check_id,)]
    assert [action.text for action in desk.actions(ticket)] == ["the vendor was asked"]
    assert desk.diff(made[5], since=NOW).before == made[3]  # the oldest that is known
    assert desk.diff_for("monitor", made[5]).before == made[4]  # what it was shown is forgotten, so since a day before
    assert forget_checks(database, NOW + 99 * DAY) == 1
    assert desk.history() == (made[5], made[4]) and desk.diff(made[5]).before == made[4]
    assert desk.diff(made[4]).before is None
    clock.now += DAY
    diff = desk.diff(desk.check())
    assert diff.before == made[5] and max(one.checks for one in diff.still) == 7


def test_the_last_checks_cannot_be_forgotten_even_by_who_says_that_they_forget(desk: StuckDesk, clock: Clock) -> None:
    desk.check()
    for later in (1, 2):
        clock.now = NOW + later * DAY
        desk.check()
    for table, refusal in (("stuck_checks", "never forgotten"), ("stuck_actions", "append-only")):
        with pytest.raises(DashError, match=refusal), desk.dash.database.state() as connection:
            connection.execute("SELECT set_config('dash.forgetting', 'on', true)")
            connection.execute(f"DELETE FROM dash.{table}".encode())
    with pytest.raises(psycopg.Error, match="append-only"):  # the saying ended with its transaction
        support(desk, "DELETE FROM dash.stuck_checks")


def test_many_threads_of_checks_never_fork_the_chain(desk: StuckDesk) -> None:
    found: list[Check] = []
    threads = [threading.Thread(target=lambda: found.append(desk.check())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 4
    chain = [check.previous for check in desk.history()]
    assert len(chain) == len(set(chain)) and chain[-1] is None
