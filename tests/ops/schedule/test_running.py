"""Jobs that are due, run against the real database by several instances at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from dash.database import Database
from dash.errors import UserError
from dash.ops.schedule.running import Ran, Schedule
from dash.ops.schedule.runs import JobRuns

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def to(self, hour: int, minute: int = 0, days: int = 0) -> None:
        self.now = MONDAY.replace(hour=hour, minute=minute) + timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Work:
    """A job that notes when it was due; it raises what it is told to."""

    def __init__(self) -> None:
        self.due: list[datetime] = []
        self.raises: Exception | None = None

    def __call__(self, due_at: datetime) -> str:
        self.due.append(due_at)
        if self.raises is not None:
            raise self.raises
        return f"did it {len(self.due)} times"


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def schedule(fresh_database: Database, work: Work, clock: Clock) -> Schedule:
    return Schedule(fresh_database, {"digest": "0 8 * * *"}, {"digest": work}, "UTC", clock)


def outcomes(ran: tuple[Ran, ...]) -> list[str]:
    return [one.outcome for one in ran]


def test_a_job_runs_once_for_each_moment_at_which_it_is_due(schedule: Schedule, work: Work, clock: Clock) -> None:
    assert schedule.run_due() == ()  # first seen at 07:00: nothing from before is caught up
    clock.to(8)
    assert outcomes(schedule.run_due()) == ["done"]
    clock.to(8, 1)
    assert schedule.run_due() == ()
    clock.to(8, days=1)
    assert outcomes(schedule.run_due()) == ["done"]
    assert work.due == [MONDAY.replace(hour=8), MONDAY.replace(hour=8) + timedelta(days=1)]


def test_after_a_week_of_downtime_it_catches_up_once(schedule: Schedule, work: Work, clock: Clock) -> None:
    schedule.run_due()
    clock.to(11, days=7)
    assert outcomes(schedule.run_due()) == ["done"]
    assert schedule.run_due() == ()
    assert work.due == [MONDAY.replace(hour=8) + timedelta(days=7)]


def test_another_schedule_is_not_caught_up_either(
    schedule: Schedule, fresh_database: Database, work: Work, clock: Clock
) -> None:
    schedule.run_due()
    clock.to(10)
    changed = Schedule(fresh_database, {"digest": "0 9 * * *"}, {"digest": work}, "UTC", clock)
    assert changed.run_due() == () and work.due == []
    clock.to(9, days=1)
    assert outcomes(changed.run_due()) == ["done"]


def test_two_instances_with_different_times_both_run(
    schedule: Schedule, fresh_database: Database, work: Work, clock: Clock
) -> None:
    other = Schedule(fresh_database, {"digest": "0 9 * * *"}, {"digest": work}, "UTC", clock)
    for hour, minute in ((7, 0), (7, 59), (8, 0), (9, 0)):
        clock.to(hour, minute)
        schedule.run_due()
        other.run_due()
    assert work.due == [MONDAY.replace(hour=8), MONDAY.replace(hour=9)]


def test_a_job_that_was_off_does_not_catch_up(
    schedule: Schedule, fresh_database: Database, work: Work, clock: Clock
) -> None:
    off = Schedule(fresh_database, {"digest": "off"}, {"digest": work}, "UTC", clock)
    schedule.run_due()
    clock.to(7, 30)
    assert off.run_due() == () and off.planned() == ()
    clock.to(10)
    assert schedule.run_due() == ()
    clock.to(8, days=1)
    assert outcomes(schedule.run_due()) == ["done"]
    clock.to(10, days=1)
    off.run_due()
    clock.to(10, days=2)
    assert schedule.run_due() == ()
    assert len(work.due) == 1


def test_a_job_that_one_instance_has_off_runs_in_another(
    schedule: Schedule, fresh_database: Database, work: Work, clock: Clock
) -> None:
    off = Schedule(fresh_database, {"digest": "off"}, {"digest": work}, "UTC", clock)
    for day in range(3):
        for minutes in range(0, 180, 15):
            clock.to(7, days=day)
            clock.now += timedelta(minutes=minutes)
            off.run_due()
            schedule.run_due()
    assert work.due == [MONDAY.replace(hour=8) + timedelta(days=day) for day in range(3)]


def test_a_job_that_fails_is_tried_again_a_little_later_and_then_given_up(
    schedule: Schedule, fresh_database: Database, work: Work, clock: Clock
) -> None:
    schedule.run_due()
    work.raises = UserError("the mail server is away")
    clock.to(8)
    assert outcomes(schedule.run_due()) == ["failed"]
    clock.to(8, 4)
    assert schedule.run_due() == ()
    clock.to(8, 5)
    assert outcomes(schedule.run_due()) == ["failed"]
    clock.to(8, 36)
    assert outcomes(schedule.run_due()) == ["failed"]
    clock.to(20)
    assert schedule.run_due() == ()
    listed = JobRuns(fresh_database).list()
    assert [(one.attempt, one.outcome, one.summary) for one in listed] == [
        (attempt, "failed", "the mail server is away") for attempt in (3, 2, 1)
    ]
    work.raises = None
    clock.to(8, days=1)
    assert outcomes(schedule.run_due()) == ["done"]


def test_a_job_that_breaks_does_not_keep_the_others_from_running(
    fresh_database: Database, work: Work, clock: Clock
) -> None:
    def breaks(_: datetime) -> str:
        raise ValueError("oops")

    jobs = {"breaks": breaks, "works": work}
    schedule = Schedule(fresh_database, dict.fromkeys(jobs, "0 8 * * *"), jobs, "UTC", clock)
    schedule.run_due()
    clock.to(8)
    assert outcomes(schedule.run_due()) == ["failed", "done"]
    assert "oops" not in str(JobRuns(fresh_database).list())


def test_of_many_instances_one_runs_a_job(fresh_database: Database, work: Work, clock: Clock) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(due_at: datetime) -> str:
        begun.set()
        go_on.wait(60)
        return work(due_at)

    instances = [Schedule(fresh_database, {"digest": "0 8 * * *"}, {"digest": slow}, "UTC", clock) for _ in range(4)]
    instances[0].run_due()
    clock.to(8)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(instances[0].run_due)
        assert begun.wait(60)
        assert [pool.submit(each.run_due).result(60) for each in instances[1:]] == [(), (), ()]
        go_on.set()
        assert outcomes(first.result(60)) == ["done"]
        assert [pool.submit(each.run_due).result(60) for each in instances] == [()] * 4
    assert len(work.due) == 1


def test_a_run_whose_process_died_is_lost_and_made_again(
    schedule: Schedule, fresh_database: Database, work: Work, clock: Clock
) -> None:
    schedule.run_due()
    clock.to(8)
    JobRuns(fresh_database).begin("digest", clock.now, 1, clock.now)  # … and then the power went
    assert schedule.run_due() == ()  # the lock is free, so it is known to be lost, and is tried again in a while
    clock.to(8, 6)
    assert outcomes(schedule.run_due()) == ["done"]
    assert [one.outcome for one in JobRuns(fresh_database).list()] == ["done", "lost"]


def test_it_stops_when_it_is_told_to_and_waits_for_the_job_at_work(fresh_database: Database, clock: Clock) -> None:
    stopped, ran = threading.Event(), []

    def ends(due_at: datetime) -> str:
        stopped.set()
        return "finished"

    def never(due_at: datetime) -> str:
        raise AssertionError("the schedule was stopped before")

    jobs: dict[str, Callable[[datetime], str]] = {"ends": ends, "never": never}
    schedule = Schedule(fresh_database, dict.fromkeys(jobs, "0 8 * * *"), jobs, "UTC", clock)
    schedule.run_due()
    clock.to(8)
    schedule.run_until(stopped, ran.append)
    assert [(one.job, one.summary) for one in ran] == [("ends", "finished")]


def test_a_lock_is_given_back_when_its_connection_dies_and_not_before(fresh_database: Database) -> None:
    with fresh_database.exclusive("job:x") as mine:
        assert mine
        with fresh_database.state() as connection:
            connection.execute("SELECT 1")
        with fresh_database.exclusive("job:x") as second:
            assert not second
        with psycopg.connect(fresh_database.owner_dsn(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                "WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.pid <> pg_backend_pid()"
            )
        for _ in range(200):
            with fresh_database.exclusive("job:x") as third:
                if third:
                    break
            threading.Event().wait(0.05)
        assert third
