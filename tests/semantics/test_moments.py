"""A moment means the same in Python and in PostgreSQL, whatever the zone and the season."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash.database import Database
from dash.records import Moment, PlannedQuery, Viewer
from dash.semantics.moments import moment_sql, resolve
from dash.settings import Limits
from dash.steps.execute import execute
from dash.steps.guard import guard

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"]

moments = st.builds(
    Moment,
    truncate=st.sampled_from([None, "hour", "day", "week", "month", "quarter", "year"]),
    shift=st.integers(-60, 60),
    unit=st.sampled_from(["minute", "hour", "day", "week", "month", "quarter", "year"]),
)
instants = st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=moments, now=instants, zone=st.sampled_from(ZONES))
def test_python_and_postgres_agree_on_every_moment(
    database: Database, moment: Moment, now: datetime, zone: str
) -> None:
    assert _in_postgres(database, moment, now, zone) == resolve(moment, now, zone).astimezone(UTC)


@pytest.mark.parametrize("hours", range(-4, 5))
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)])
@pytest.mark.parametrize("moment", [Moment(truncate="day"), Moment(truncate="hour"), Moment(shift=-1, unit="day")])
def test_they_agree_around_the_change_of_summer_time(
    database: Database, moment: Moment, change: datetime, hours: int
) -> None:
    now = change + timedelta(hours=hours, minutes=30)
    assert _in_postgres(database, moment, now, "Europe/Berlin") == resolve(moment, now, "Europe/Berlin").astimezone(UTC)


def test_a_fixed_moment_is_written_with_its_offset(database: Database) -> None:
    moment = Moment(at=datetime(2026, 1, 1, tzinfo=UTC))
    assert _in_postgres(database, moment, datetime(2026, 5, 1, tzinfo=UTC), "Asia/Tokyo") == moment.at


def _in_postgres(database: Database, moment: Moment, now: datetime, zone: str) -> datetime:
    planned = PlannedQuery(f"SELECT {moment_sql(moment)} AS moment", {"now": now} if moment.at is None else {})
    checked = guard(planned, {}, personal=frozenset(), viewer=Viewer(), reviewed=True)
    rows = execute(checked, database, limits=Limits(), zone=zone, viewer=Viewer()).rows
    found: datetime = rows[0][0]
    return found.astimezone(UTC)
