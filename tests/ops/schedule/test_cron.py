"""When jobs are due, over summer time both ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.ops.schedule.cron import last_due, next_due, problem

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# Expression, now → the last moment at which it was due.
DUE = [
    ("0 8 * * *", "2026-11-20T08:00:00+01:00", "2026-11-20T08:00:00+01:00"),
    ("0 8 * * *", "2026-11-20T07:59:59+01:00", "2026-11-19T08:00:00+01:00"),
    ("0 8 * * 1-5", "2026-11-22T12:00:00+01:00", "2026-11-20T08:00:00+01:00"),  # a Sunday
    ("30 2 * * *", "2026-03-29T02:00:00+01:00", "2026-03-29T03:00:00+02:00"),  # 02:30 is skipped: right after the gap
    ("30 2 * * *", "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+02:00"),
    ("30 2 * * *", "2026-10-25T02:45:00+01:00", "2026-10-25T02:30:00+02:00"),  # 02:30 comes twice: once
    ("*/30 * * * *", "2026-10-25T02:31:00+01:00", "2026-10-25T02:30:00+01:00"),  # every half hour: through both
]


@pytest.mark.parametrize(("expression", "now", "due"), DUE)
def test_the_last_moment_at_which_a_job_was_due(expression: str, now: str, due: str) -> None:
    assert last_due(expression, at(now), BERLIN) == at(due)


def test_a_daily_job_runs_once_on_each_day_of_a_year_with_two_changes_of_the_clock() -> None:
    now, days = at("2026-01-01T00:00:00+01:00"), []
    while len(days) < 365:
        due = next_due("30 2 * * *", now, BERLIN)
        assert due is not None
        days.append(due)
        now = due
    gaps = [later - earlier for earlier, later in pairwise(days)]
    assert set(gaps) == {timedelta(hours=24), timedelta(hours=23.5), timedelta(hours=25)}
    assert days[-1] == at("2026-12-31T02:30:00+01:00")


@given(
    st.sampled_from(["*/7 * * * *", "15 2 * * *", "0 0 1 * *", "0 3 * * 0", "59 23 28-31 * *"]),
    st.integers(0, 2 * 365 * 24 * 60 * 60),
    st.sampled_from([BERLIN, "UTC", "America/New_York", "Australia/Lord_Howe"]),
)
def test_nothing_lies_between_the_last_moment_and_the_next(expression: str, seconds: int, zone: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    last, following = last_due(expression, now, zone), next_due(expression, now, zone)
    assert last is not None and following is not None
    assert last <= now < following
    assert next_due(expression, last, zone) == following


@pytest.mark.parametrize("expression", ["", "* * * *", "* * * * * *", "61 * * * *", "0 0 31 2 *", "a b c d e"])
def test_what_is_no_cron_expression_is_said(expression: str) -> None:
    assert problem(expression)
