"""The record that comes out: JSON-able rows, definitions, clarifications and declines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.records import Choice, Clarification, Decline, Definition, MetricUse, Question, SemanticQuery, Understood
from dash.steps.interpret import say
from dash.steps.interpret.cells import json_cell
from tests.interpret.desk import NOW, WEEK, group, metric, tell

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (7.5, 7.5),
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("7"), 7),
        (Decimal("7.00"), 7),
        (Decimal("7.25"), 7.25),
        (Decimal("NaN"), None),
        ("text", "text"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T14:00:00+02:00"),
        (datetime(2026, 7, 1, 12), "2026-07-01T12:00:00"),  # noqa: DTZ001  a timestamp without zone stays as it is
        (date(2026, 7, 1), "2026-07-01"),
        (time(9, 30), "09:30:00"),
        (timedelta(minutes=2), 120.0),
        (["router", "order_lookup"], "router, order_lookup"),
        ([1, None, Decimal("2.0")], "1, , 2"),
        ({"a": Decimal("1.5"), "б": [1]}, '{"a": "1.5", "б": [1]}'),
        (b"\x00\xff", "00ff"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_cell_becomes_what_json_can_hold(value: object, shown: object) -> None:
    assert json_cell(value, BERLIN) == shown
    json.dumps(json_cell(value, BERLIN), allow_nan=False)


@given(st.one_of(st.integers(), st.decimals(), st.floats(), st.text(), st.datetimes(timezones=st.just(UTC))))
def test_any_cell_can_be_written_as_json(value: object) -> None:
    json.dumps(json_cell(value, BERLIN), allow_nan=False)


def test_the_answer_keeps_raw_rows_described_columns_and_the_question() -> None:
    columns = [group("topic"), metric("cases")]
    query = SemanticQuery(metrics=(MetricUse("cases"),), dimensions=("topic",), window=WEEK)
    answer = tell(query, columns, [("damage", 5), ("other", 1)], text="by topic?", parameters={"now": NOW, "n": 5})
    assert (answer.outcome, answer.provenance, answer.question, answer.language) == (
        "answered",
        "composed",
        "by topic?",
        "en",
    )
    assert answer.rows == (("damage", 5), ("other", 1))
    assert answer.columns == tuple(columns)
    assert answer.parameters == {"now": "2026-11-20T14:05:00+00:00", "n": 5}
    assert answer.sql == "SELECT 1"


def test_the_definition_of_a_metric_comes_with_its_file_when_the_plan_gives_none() -> None:
    answer = tell(SemanticQuery(metrics=(MetricUse("cases"),)), [metric("cases", "ru")], [(5,)], "ru")
    (definition,) = answer.definitions
    assert (definition.name, definition.label, definition.text) == ("cases", "Кейсы", "Число кейсов.")
    assert definition.source == "knowledge/business/metrics.yaml:2"


def test_definitions_of_the_plan_are_kept() -> None:
    mine = (Definition("x", "X", "text", "file:1"),)
    query = SemanticQuery(metrics=(MetricUse("cases"),))
    assert tell(query, [metric("cases")], [(5,)], definitions=mine).definitions == mine


def test_a_clarification_is_a_question_with_choices() -> None:
    understood = (Understood("cost", "two costs", "metric"),)
    plan = Clarification(
        "ru", "Какая стоимость?", (Choice("Стоимость чатов?"), Choice("Стоимость pipeline?")), ("x",), understood
    )
    answer = say(plan, Question("стоимость?", NOW))
    assert (answer.outcome, answer.language, answer.headline) == ("clarification", "ru", "Какая стоимость?")
    assert answer.choices == ("Стоимость чатов?", "Стоимость pipeline?")
    assert answer.understood == understood
    assert (answer.sql, answer.rows, answer.provenance) == (None, (), None)


def test_a_decline_says_why_and_what_is_nearest() -> None:
    answer = say(Decline("en", "No revenue here.", (Choice("Pipeline cost?"),)), Question("revenue?", NOW))
    assert (answer.outcome, answer.headline, answer.choices) == ("declined", "No revenue here.", ("Pipeline cost?",))


def test_an_unknown_language_is_told_in_english() -> None:
    query = SemanticQuery(metrics=(MetricUse("cases"),), window=WEEK)
    assert tell(query, [metric("cases")], [(5,)], "ja").headline == "Cases in the last 7 days (13–20 Nov 2026): 5."
