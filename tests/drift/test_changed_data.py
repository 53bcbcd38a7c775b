"""New values and data that stopped: noticed by a look, kept for every process, said beside what they touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.ask import Dash
from dash.database import Database
from dash.drift.rhythm import FACTOR, Series, stopped_rows, stopped_values
from tests.drift.conftest import NOW

TABLE = "support.support_threads_data"
Change = Callable[[str], None]


def _drift_of(dash: Dash, question: str) -> list[str]:
    answer = dash.ask(question)
    assert answer.outcome == "answered", answer.headline
    return [caveat.text for caveat in answer.caveats if caveat.kind == "drift"]


def test_nothing_is_noticed_where_nothing_has_changed(dash: Dash) -> None:
    looked = dash.look_for_drift()
    assert (looked.findings, looked.unread, dash.drift) == ((), (), ())


def test_a_new_status_is_said_beside_the_numbers_that_it_may_belong_to(dash: Dash, change: Change) -> None:
    question = "How many tickets are open?"
    assert _drift_of(dash, question) == []
    change(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    change(f"UPDATE {TABLE} SET status = 'Withdrawn' WHERE id % 50 = 0")
    looked = dash.look_for_drift()
    assert [(one.kind, one.name, one.values) for one in looked.findings] == [
        ("new_values", f"{TABLE}.status", ("Withdrawn",))
    ]
    assert "Withdrawn" in _drift_of(dash, question)[0]
    assert _drift_of(dash, "Tickets by channel last month") == []
    with Dash.open(dash.settings, clock=lambda: NOW) as another:
        assert "Withdrawn" in _drift_of(another, question)[0], "what one process saw, every one says"


def test_data_that_stops_is_noticed_and_said(dash: Dash, change: Change) -> None:
    change(f"DELETE FROM support.ai_agent_tasks WHERE created_at > '{NOW - timedelta(days=9)}'")
    change(f"UPDATE {TABLE} SET csat_score = NULL WHERE created_at > '{NOW - timedelta(days=25)}'")
    found = {one.name: one for one in dash.look_for_drift().findings if one.kind == "stopped"}
    assert found.keys() == {"support.ai_agent_tasks", f"{TABLE}.csat_score"}
    assert found["support.ai_agent_tasks"].before.startswith("2026-11-1")
    assert "csat" in " ".join(found[f"{TABLE}.csat_score"].metrics)
    assert "longer than usual" in _drift_of(dash, "Average CSAT score in October")[0]
    assert _drift_of(dash, "Tickets by channel last month") == []


def _series(hours: list[int], start: datetime = datetime(2026, 9, 1, tzinfo=UTC)) -> Series:
    moments = tuple(start + timedelta(hours=hour) for hour in sorted(set(hours)))
    return Series(moments, (1,) * len(moments))


@given(st.lists(st.integers(0, 1400), min_size=40, max_size=400, unique=True), st.floats(0, 1))
def test_a_silence_no_longer_than_one_before_is_none(hours: list[int], part: float) -> None:
    series = _series(hours)
    longest = max(b - a for a, b in zip(series.hours, series.hours[1:], strict=False))
    newest = series.hours[-1]
    assert not stopped_rows(series, newest, newest + part * longest)
    assert stopped_rows(series, newest, newest + FACTOR * longest + timedelta(hours=27))


@pytest.mark.parametrize(
    ("from_hour", "until_hour", "expected"), [(0, 900, True), (0, 1400, False), (1100, 1400, False)]
)
def test_values_have_stopped_when_rows_go_on_without_them(from_hour: int, until_hour: int, expected: bool) -> None:
    arrived = _series(list(range(0, 1440, 4)))
    numbers = tuple(int(from_hour <= hour < until_hour) for hour in range(0, 1440, 4))
    assert (stopped_values(arrived, Series(arrived.hours, numbers)) is not None) is expected


def test_a_look_never_changes_what_an_earlier_one_kept(fresh_database: Database, dash: Dash) -> None:
    dash.look_for_drift()
    with pytest.raises(Exception, match="append-only"), fresh_database.state() as connection:
        connection.execute("DELETE FROM dash.drift_looks")
