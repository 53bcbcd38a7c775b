"""Whether what runs the schedule is alive, as whatever watches it sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dash.database import Database
from dash.errors import UserError
from dash.ops.schedule.alive import alive, require_alive
from dash.ops.schedule.running import LONGEST_JOB, LONGEST_LOOK, LONGEST_NAP, Schedule

NOW = datetime(2026, 11, 16, 7, 59, 59, tzinfo=UTC)
LOOK, JOB, NAP = (timedelta(seconds=each) for each in (LONGEST_LOOK, LONGEST_JOB, LONGEST_NAP))
MOMENT = timedelta(seconds=1)


class Work:
    """A job that is at work until it may end."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, due_at: datetime) -> str:
        self.begun.set()
        assert self.may_end.wait(120)
        return "done"


@contextmanager
def running(database: Database, home: Path, work: Work) -> Iterator[threading.Event]:
    """A schedule in a process that says how it is; the event is set when it naps after the job."""
    moments, napping, stopped = iter([NOW]), threading.Event(), threading.Event()

    def clock() -> datetime:
        return next(moments, NOW + MOMENT)  # first seen a second before the job is due

    with alive(home, lambda: NOW) as promise:

        def promised(seconds: float) -> None:
            promise(seconds)
            if work.may_end.is_set() and seconds > LONGEST_LOOK:
                napping.set()

        schedule = Schedule(database, {"digest": "0 8 * * *"}, {"digest": work}, "UTC", clock, promised)
        schedule.run_due()
        thread = threading.Thread(target=schedule.run_until, args=(stopped,))
        thread.start()
        try:
            yield napping
        finally:
            work.may_end.set()
            stopped.set()
            thread.join(120)


def test_what_runs_is_alive_until_it_has_not_gone_on_for_too_long(fresh_database: Database, tmp_path: Path) -> None:
    work = Work()
    with running(fresh_database, tmp_path, work) as napping:
        assert work.begun.wait(120)
        require_alive(tmp_path, NOW + JOB - MOMENT)
        with pytest.raises(UserError, match="was to go on by 2026-11-16 08:29:59Z and has not: it hangs"):
            require_alive(tmp_path, NOW + JOB + MOMENT)
        work.may_end.set()
        assert napping.wait(120)
        require_alive(tmp_path, NOW + LOOK - MOMENT)
        with pytest.raises(UserError, match="it hangs"):
            require_alive(tmp_path, NOW + LOOK + NAP + MOMENT)
    with pytest.raises(UserError, match="Nothing runs the schedule"):
        require_alive(tmp_path, NOW)


def test_a_second_one_beside_it_runs_and_is_not_taken_for_the_first(tmp_path: Path) -> None:
    with alive(tmp_path, lambda: NOW) as first:
        with alive(tmp_path, lambda: NOW) as second:
            first(60)
            second(6000)
            with pytest.raises(UserError, match="it hangs"):
                require_alive(tmp_path, NOW + timedelta(seconds=61))
        require_alive(tmp_path, NOW)


def test_a_folder_that_cannot_be_written_keeps_no_schedule_from_running(tmp_path: Path) -> None:
    (tmp_path / "schedule").write_text("no folder")
    with alive(tmp_path, lambda: NOW) as promise:
        promise(60)


def test_files_of_machines_that_are_no_more_are_removed(tmp_path: Path) -> None:
    with alive(tmp_path, lambda: NOW) as promise:
        promise(60)
    [own] = (tmp_path / "schedule").iterdir()
    gone = own.rename(own.with_name("gone.alive"))
    with alive(tmp_path, lambda: NOW):
        assert gone.exists()
    with alive(tmp_path, lambda: NOW + timedelta(days=2)):
        assert list((tmp_path / "schedule").iterdir()) == [own]
