"""Cells as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from dash.knowledge import Knowledge
from dash.records import Column
from dash.shown import cells_in, visible
from dash.shown.labels import define
from dash.shown.moments import find_zone


@pytest.mark.parametrize(
    ("value", "unit", "language", "words"),
    [
        (1234567, "count", "en", "1,234,567"),
        (1234567, "count", "ru", "1\u00a0234\u00a0567"),
        (12.25, "percent", "en", "12.3%"),
        (12.25, "percent", "ru", "12,3\u00a0%"),
        (5.25, "hours", "en", "5\u00a0h\u00a015\u00a0min"),
        (5.25, "hours", "ru", "5\u00a0ч\u00a015\u00a0мин"),
        (1234.5, "usd", "en", "$1,234.50"),
        (0.0123, "usd", "en", "$0.012"),
        (1234.5, "usd", "ru", "1\u00a0234,50\u00a0$"),
        (-3.5, "usd", "en", "−$3.50"),
        (3.945, "score", "en", "3.95"),
        (None, "count", "en", "–"),
        (True, "boolean", "en", "yes"),
        (False, "boolean", "ru", "нет"),
        ("2026-11-05", "date", "en", "5 Nov 2026"),
        ("2026-11-05T13:07:00+00:00", "time", "en", "5 Nov 2026, 13:07"),
        ("not a time", "time", "en", "not a time"),
        (["router", "discount"], "text", "en", "router, discount"),
        (12345, "text", "en", "12345"),
    ],
)
def test_a_cell_is_written_by_its_unit_and_language(
    value: Any, unit: str, language: str, words: str, knowledge: Knowledge
) -> None:
    assert cells_in(language, knowledge).show(value, Column("x", "X", unit)) == words


def test_a_value_is_shown_by_its_label_and_without_one_as_it_is(knowledge: Knowledge) -> None:
    english, russian = cells_in("en", knowledge), cells_in("ru", knowledge)
    category = Column("category", "Category", "text", "dimension")
    assert english.show("damaged_item", category) == "damaged item"
    assert russian.show("damaged_item", category) not in ("damaged_item", "damaged item")
    assert english.show("unheard_of", category) == "unheard_of"
    assert english.show(["damaged_item", "unheard_of"], category) == "damaged item, unheard_of"


def test_a_renamed_column_is_labelled_by_its_dimension(knowledge: Knowledge) -> None:
    renamed = Column("worst", "Worst", "text", "attribute", dimension="category")
    assert cells_in("en", knowledge).show("damaged_item", renamed) == "damaged item"


def test_the_number_of_a_metric_is_never_taken_for_a_value_of_a_dimension(knowledge: Knowledge) -> None:
    assert cells_in("en", knowledge).show(1, Column("weekday", "Weekday", "number", "metric")) == "1"


def test_a_numbered_weekday_is_shown_by_its_name_in_a_number_column_too(knowledge: Knowledge) -> None:
    weekday = Column("weekday", "Weekday", "number", "dimension")
    assert cells_in("en", knowledge).show(1, weekday) == "Monday"
    assert cells_in("ru", knowledge).show(7, weekday) == "воскресенье"
    assert cells_in("en", knowledge).show(5, Column("hour_of_day", "Hour", "number", "dimension")) == "05:00"


def test_a_number_alone_is_written_as_a_sentence_writes_it(knowledge: Knowledge) -> None:
    cells = cells_in("en", knowledge)
    assert cells.show(71.0, Column("rate", "Rate", "percent", "metric"), spoken=True) == "71%"
    assert cells.show(71.0, Column("rate", "Rate", "percent", "metric")) == "71.0%"
    assert cells.show(3, Column("tokens", "Tokens", "tokens", "metric"), spoken=True) == "3\u00a0tokens"
    assert cells.show(310.2, Column("wait", "Wait", "hours", "metric", "lower")) == "12\u00a0d\u00a022\u00a0h"


def test_a_column_of_an_older_or_newer_store_is_read(knowledge: Knowledge) -> None:
    columns, rows = visible({"columns": [{"name": "x", "label": "X", "of_tomorrow": 1}], "rows": [[1]]})
    assert columns == (Column("x", "X"),)
    assert rows == [[1]]


@pytest.mark.parametrize(
    ("value", "zone"),
    [
        ("2026-11-05T13:07:00+00:00", "UTC"),
        ("2026-11-05T13:07:00+03:00", "UTC+03:00"),
        ("2026-11-05T13:07:00", ""),
        ("2026-11-05", ""),
        (None, ""),
        ("not a time at all", ""),
    ],
)
def test_a_time_says_its_zone(value: Any, zone: str) -> None:
    assert find_zone(value) == zone


def test_a_definition_says_the_values_of_its_parameters(knowledge: Knowledge) -> None:
    stuck = knowledge.metrics["stuck_tickets"]
    assert "more than 24 hours" in define(stuck, "en", {})
    assert "more than 48 hours" in define(stuck, "en", {"hours": 48})
    assert "более 48 ч" in define(stuck, "ru", {"hours": 48, "now": "not one of its own"})
