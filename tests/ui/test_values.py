"""Cells as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from dash.knowledge import Knowledge
from dash.ui.values import shown, value_labels, zone_of


@pytest.mark.parametrize(
    ("value", "unit", "language", "words"),
    [
        (1234567, "count", "en", "1,234,567"),
        (1234567, "count", "ru", "1\u00a0234\u00a0567"),
        (12.25, "percent", "en", "12.3%"),
        (12.25, "percent", "ru", "12,3\u00a0%"),
        (5.25, "hours", "en", "5.3\u00a0h"),
        (5.25, "hours", "ru", "5,3\u00a0ч"),
        (1234.5, "usd", "en", "$1,234.50"),
        (0.0123, "usd", "en", "$0.0123"),
        (1234.5, "usd", "ru", "1\u00a0234,50\u00a0$"),
        (-3.5, "usd", "en", "-$3.50"),
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
def test_a_cell_is_written_by_its_unit_and_language(value: Any, unit: str, language: str, words: str) -> None:
    assert shown(value, unit, language) == words


def test_a_value_is_shown_by_its_label_and_without_one_as_it_is() -> None:
    labels = {"damaged_item": "Damaged item"}
    assert shown("damaged_item", "text", "en", labels) == "Damaged item"
    assert shown("unheard_of", "text", "en", labels) == "unheard_of"


def test_a_numbered_weekday_is_shown_by_its_name_in_a_number_column_too(knowledge: Knowledge) -> None:
    assert shown(1, "number", "en", value_labels(knowledge, "en")["weekday"]) == "Monday"
    assert shown(7, "number", "ru", value_labels(knowledge, "ru")["weekday"]) == "воскресенье"


def test_a_list_of_values_is_shown_by_labels() -> None:
    assert shown(["a", "b"], "text", "en", {"a": "Alpha"}) == "Alpha, b"


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
    assert zone_of(value) == zone


def test_the_shipped_knowledge_gives_values_words_in_both_languages(knowledge: Knowledge) -> None:
    english, russian = value_labels(knowledge, "en"), value_labels(knowledge, "ru")
    assert english["category"]["damaged_item"] != "damaged_item"
    assert russian["category"]["damaged_item"] != english["category"]["damaged_item"]
    assert english["request_type"] == english["category"]
