"""Tables that are changed between two questions: what works goes on, what does not says why, no number differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from dash.ask import Dash
from dash.database import Database
from dash.errors import DatabaseUnavailable, QueryFailed, QueryOutdated, SchemaChanged
from dash.records import PlannedQuery, Question, Result, Viewer
from tests.drift.conftest import NOW

TABLE = "support.support_threads_data"
LEFT_ALONE = "How many tickets were opened last month?"
BY_URGENCY = "Tickets by urgency last month"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (f"ALTER TABLE {TABLE} DROP COLUMN urgency",
         "needs the column urgency of support.support_threads_data, which is not in the database any more"),
        (f"ALTER TABLE {TABLE} RENAME COLUMN urgency TO ticket_urgency", "It may be called ticket_urgency now"),
        (f"ALTER TABLE {TABLE} ALTER COLUMN urgency TYPE integer USING length(urgency)", "was text and is int4 now"),
    ],
)  # fmt: skip
def test_what_needs_a_changed_column_says_so_and_the_rest_goes_on(
    dash: Dash, change: Callable[[str], None], statement: str, reason: str
) -> None:
    before = {question: dash.ask(question) for question in (LEFT_ALONE, BY_URGENCY)}
    assert [one.outcome for one in before.values()] == ["answered", "answered"]
    change(statement)
    declined = dash.ask(BY_URGENCY)
    assert (declined.outcome, declined.rows) == ("declined", ())
    assert reason in declined.headline
    assert dash.ask(LEFT_ALONE).rows == before[LEFT_ALONE].rows
    assert "urgency" in dash.ask("Тикеты по срочности за прошлый месяц").headline


def test_a_column_that_is_back_is_asked_again(dash: Dash, change: Callable[[str], None]) -> None:
    change(f"ALTER TABLE {TABLE} RENAME COLUMN urgency TO gone")
    assert dash.ask(BY_URGENCY).outcome == "declined"
    change(f"ALTER TABLE {TABLE} RENAME COLUMN gone TO urgency")
    assert dash.ask(BY_URGENCY).outcome == "answered"


def test_a_moment_that_loses_its_zone_moves_no_number(dash: Dash, change: Callable[[str], None]) -> None:
    """The query would run as before, and days would begin at another hour."""
    assert dash.ask(LEFT_ALONE).outcome == "answered"
    change(f"ALTER TABLE {TABLE} ALTER COLUMN created_at TYPE timestamp")
    declined = dash.ask(LEFT_ALONE)
    assert (declined.outcome, declined.rows) == ("declined", ())
    assert "created_at" in declined.headline


def test_a_number_that_becomes_wider_means_the_same(dash: Dash, change: Callable[[str], None]) -> None:
    before = dash.ask("Average CSAT score last month")
    assert before.outcome == "answered"
    change(f"ALTER TABLE {TABLE} ALTER COLUMN csat_score TYPE integer")
    assert dash.ask("Average CSAT score last month").rows == before.rows


def test_a_table_that_is_gone_or_renamed_is_named(dash: Dash, change: Callable[[str], None]) -> None:
    change("ALTER TABLE support.support_dialogs RENAME TO talks")
    declined = dash.ask("How many messages were there last month?")
    assert declined.outcome == "declined", declined.headline
    assert "support.talks" in declined.headline
    assert dash.ask(LEFT_ALONE).outcome == "answered"


def test_what_was_checked_before_a_look_does_not_run_after_it(dash: Dash, change: Callable[[str], None]) -> None:
    """One thread has looked and not fitted yet, or only just, while another one has its query checked already."""
    viewer = Viewer("ann")
    counted = PlannedQuery(f"SELECT COUNT(created_at) AS tickets FROM {TABLE}")
    checked = dash.check(counted, viewer, "vetted")
    change(f"ALTER TABLE {TABLE} ALTER COLUMN created_at TYPE timestamp")
    assert dash.look_at_schema()
    with pytest.raises(SchemaChanged):
        dash.execute(checked, Question("", NOW, "UTC", viewer))
    with pytest.raises(QueryOutdated):
        dash.check(counted, viewer, "vetted")


def test_a_question_that_was_planned_before_a_look_is_planned_anew_after_it(
    dash: Dash, change: Callable[[str], None]
) -> None:
    """Another thread finds out, between plan and guard, that a column is gone which only a derived table passes on."""
    question = "First response time in October"
    before = dash.ask(question)

    def looking(step: str, _: float) -> None:
        if step == "guard":
            dash.look_at_schema()

    change(f"ALTER TABLE {TABLE} DROP COLUMN country")
    after = dash.ask(question, on_step=looking)
    assert (after.outcome, after.rows) == ("answered", before.rows)


def test_what_a_look_found_is_taken_over_although_rights_could_not_be_given(
    dash: Dash, change: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    grant = dash.database.grant_reader

    def granting(allowed: Mapping[str, tuple[str, ...]]) -> None:
        calls.append("")
        if len(calls) == 1:
            raise DatabaseUnavailable("The server is away.")
        grant(allowed)

    monkeypatch.setattr(dash.database, "grant_reader", granting)
    change(f"ALTER TABLE {TABLE} DROP COLUMN urgency")
    assert dash.ask(BY_URGENCY).outcome == "error"
    assert dash.ask(BY_URGENCY).outcome == "declined"
    assert dash.ask(LEFT_ALONE).outcome == "answered"
    assert len(calls) == 2, "the rights were given at the next look"


def test_a_question_that_takes_too_long_is_not_declined_for_a_change(
    dash: Dash, change: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(f"ALTER TABLE {TABLE} ALTER COLUMN urgency TYPE integer USING length(urgency)")
    assert dash.ask(BY_URGENCY).outcome == "declined"
    reduced = dash.reduced

    def too_long(*_: object, **__: object) -> Result:
        raise QueryFailed("It took too long.", sqlstate="57014")

    monkeypatch.setattr(dash, "execute", too_long)
    monkeypatch.setattr(type(reduced), "explain", lambda *_: tuple(reduced.why.values()))
    assert dash.ask(LEFT_ALONE).outcome == "error"


def test_a_start_over_a_changed_schema_tells_what_is_not_there(
    fresh_database: Database, change: Callable[[str], None]
) -> None:
    change(f"ALTER TABLE {TABLE} DROP COLUMN urgency")
    with Dash.open(fresh_database.settings, clock=lambda: NOW) as dash:
        assert [finding.name for finding in dash.drift] == [f"{TABLE}.urgency"]
        assert dash.ask(BY_URGENCY).outcome == "declined"
        assert dash.ask(LEFT_ALONE).outcome == "answered"
        with pytest.raises(QueryOutdated, match="column urgency of"):
            dash.check(PlannedQuery(f"SELECT urgency FROM {TABLE}"), Viewer("ann"), "composed")
