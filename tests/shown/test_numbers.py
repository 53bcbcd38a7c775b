"""Numbers as people of one language read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.knowledge.phrases import get_phrases
from dash.settings import REPOSITORY
from dash.shown.numbers import exact, round_to, show_number
from tests.interpret.desk import plain

EN = get_phrases(REPOSITORY / "knowledge", "en")
RU = get_phrases(REPOSITORY / "knowledge", "ru")

SHOWN = [
    # value, unit, English, Russian
    ("0", "count", "0", "0"),
    ("1234", "count", "1,234", "1 234"),
    ("9876543210", "count", "9,876,543,210", "9 876 543 210"),
    ("12.5", "count", "12.5", "12,5"),
    ("78.2608", "percent", "78.3%", "78,3 %"),
    ("78.25", "percent", "78.3%", "78,3 %"),
    ("78", "percent", "78%", "78 %"),
    ("100", "percent", "100%", "100 %"),
    ("99.97", "percent", "99.97%", "99,97 %"),
    ("99.99999", "percent", "99.999%", "99,999 %"),
    ("0.04", "percent", "0.04%", "0,04 %"),
    ("0.00001", "percent", "0.001%", "0,001 %"),
    ("12345.6", "percent", "12,346%", "12 346 %"),
    ("1", "percentage_points", "1 percentage point", "1 п. п."),
    ("2.16", "percentage_points", "2.2 percentage points", "2,2 п. п."),
    ("5.2", "hours", "5 h 12 min", "5 ч 12 мин"),
    ("5", "hours", "5 h", "5 ч"),
    ("0.999", "hours", "1 h", "1 ч"),
    ("0.1", "hours", "6 min", "6 мин"),
    ("0.005", "hours", "18 s", "18 с"),
    ("47.99", "hours", "47 h 59 min", "47 ч 59 мин"),
    ("63.4", "hours", "63 h", "63 ч"),
    ("1234.4", "hours", "1,234 h", "1 234 ч"),
    ("310.2", "waited_hours", "12 d 22 h", "12 дн. 22 ч"),
    ("48", "waited_hours", "2 d", "2 дн."),
    ("95.5", "minutes", "1 h 36 min", "1 ч 36 мин"),
    ("4.25", "minutes", "4 min 15 s", "4 мин 15 с"),
    ("59.96", "seconds", "1 min", "1 мин"),
    ("4.24", "seconds", "4.2 s", "4,2 с"),
    ("0", "seconds", "0 s", "0 с"),
    ("230.4", "milliseconds", "230 ms", "230 мс"),
    ("1530", "milliseconds", "1.5 s", "1,5 с"),
    ("12.4", "usd", "$12.40", "12,40 $"),
    ("1234.5", "usd", "$1,234.50", "1 234,50 $"),
    ("0", "usd", "$0", "0 $"),
    ("0.0123", "usd", "$0.012", "0,012 $"),
    ("0.00041", "usd", "$0.00041", "0,00041 $"),
    ("4.216", "score", "4.22", "4,22"),
    ("12.34", "score", "12.3", "12,3"),
    ("1", "tokens", "1 token", "1 токен"),
    ("3", "tokens", "3 tokens", "3 токена"),
    ("1205", "tokens", "1,205 tokens", "1 205 токенов"),
    ("1.4", "times", "1.4 times", "1,4 раза"),
    ("5", "times", "5 times", "5 раз"),
]


@pytest.mark.parametrize(("value", "unit", "english", "russian"), SHOWN)
def test_a_number_is_shown_in_its_unit_and_language(value: str, unit: str, english: str, russian: str) -> None:
    assert plain(show_number(Decimal(value), unit, EN)) == english
    assert plain(show_number(Decimal(value), unit, RU)) == russian


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("12", "count", "+12"),
        ("-12", "count", "−12"),
        ("0", "count", "0"),
        ("-1.3", "hours", "−1 h 18 min"),
        ("-0.5", "usd", "−$0.50"),
    ],
)
def test_a_change_carries_its_sign(value: str, unit: str, shown: str) -> None:
    assert plain(show_number(Decimal(value), unit, EN, signed=True)) == shown


def test_number_and_unit_never_break_across_lines() -> None:
    assert show_number(Decimal("5.2"), "hours", EN) == "5\u00a0h\u00a012\u00a0min"
    assert show_number(Decimal("78.3"), "percent", RU) == "78,3\u00a0%"


@given(st.decimals(min_value=0, max_value=100, allow_nan=False, allow_infinity=False))
def test_a_percentage_says_none_or_all_only_where_it_is_exactly_that(value: Decimal) -> None:
    shown = show_number(value, "percent", EN)
    assert (shown == "0%") == (value == 0)
    assert (shown == "100%") == (value == 100)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_counts_are_never_rounded(value: int) -> None:
    shown = show_number(Decimal(value), "count", EN)
    assert int(shown.replace(",", "").replace("−", "-")) == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 3))
def test_rounding_moves_a_number_by_at_most_half_a_place(value: float, places: int) -> None:
    number = exact(value)
    assert number is not None
    assert abs(round_to(number, places) - number) <= Decimal(5).scaleb(-places - 1)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["percent", "usd", "hours", "score", "count"]))
def test_a_number_of_any_size_can_be_shown(value: float, unit: str) -> None:
    number = exact(value)
    assert number is not None
    assert show_number(number, unit, RU, signed=True)


@pytest.mark.parametrize("value", [None, True, "12", float("nan"), float("inf"), Decimal("NaN"), [1]])
def test_what_is_no_number_is_not_taken_for_one(value: object) -> None:
    assert exact(value) is None
