"""What analysts write every day passes, and quickly."""

from __future__ import annotations

import pytest

from dash.records import CheckedQuery
from tests.guard.checking import allowed, check, ids
from tests.guard.ordinary import ORDINARY


@pytest.mark.parametrize(("sentence", "sql"), ORDINARY, ids=ids(ORDINARY))
def test_guard_accepts_an_ordinary_query(sentence: str, sql: str) -> None:
    """Accepted, with the text untouched and only allowed relations."""
    checked = check(sql)
    assert isinstance(checked, CheckedQuery)
    assert checked.text == sql
    assert set(checked.relations) <= set(allowed())


def test_parameters_become_numbers_and_values_in_order() -> None:
    """The text that is checked is the text that runs, with the values beside it."""
    checked = check(
        "SELECT count(*) FROM support.support_threads_data WHERE urgency = :level AND channel = :channel "
        "AND (:level <> ':channel')",
        {"channel": "chat", "level": "high", "unused": 1},
    )
    assert checked.text == (
        "SELECT count(*) FROM support.support_threads_data WHERE urgency = $1 AND channel = $2 AND ($1 <> ':channel')"
    )
    assert checked.values == ("high", "chat")
    assert checked.relations == ("support.support_threads_data",)


def test_outputs_are_named_when_all_names_are_certain() -> None:
    """`*` is spelled out with the listed columns, so that execution can compare."""
    checked = check("SELECT s.*, 1 AS one FROM support.sessions s")
    assert checked.outputs == (*allowed()["support.sessions"], "one")
    assert check("SELECT 1 + 1").outputs is None


def test_a_relation_of_the_default_schema_is_used_by_its_bare_name() -> None:
    """Knowledge written without schemas names tables of the search path."""
    from dash.records import PlannedQuery, Viewer
    from dash.steps.guard import guard

    checked = guard(
        PlannedQuery("SELECT year, name FROM race_wins"),
        {"race_wins": ("year", "name")},
        personal=frozenset(),
        viewer=Viewer(),
        reviewed=True,
    )
    assert checked.relations == ("race_wins",)
    assert checked.reviewed
