"""When two results say the same: the rules one by one, and all of them against the definition tried out by force."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.evals.columns import Column, columns_of
from dash.evals.compare import _scales, same_columns, same_results

MOMENT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def same(golden: Any, answer: Any) -> bool:
    """One cell against another."""
    return same_results([(golden,)], [(answer,)], ordered=False)


@pytest.mark.parametrize(
    ("golden", "answer"),
    [
        (1000, 1004),
        (Decimal("0.25"), 25),
        (Decimal("0.25"), 25.0),
        (Decimal("87.3456"), 0.873456),
        (Decimal("3.46"), 3.5),
        (Decimal("12.4"), 12),
        (Decimal("4.04"), 4),
        (Decimal("-0.125"), -12.5),
        (date(2026, 11, 20), "2026-11-20"),
        (date(2026, 11, 20), "2026-11-20T00:00:00+00:00"),
        (datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20"),
        (MOMENT, "2026-11-20T12:30:00+00:00"),
        (MOMENT, MOMENT.astimezone(timezone(timedelta(hours=3))).isoformat()),
        (None, None),
        (["router", "discount"], "router, discount"),
        (timedelta(hours=1), 3600.0),
        (True, True),
        (float("nan"), None),
    ],
)
def test_cells_that_say_the_same(golden: Any, answer: Any) -> None:
    assert same(golden, answer)


@pytest.mark.parametrize(
    ("golden", "answer"),
    [
        (1000, 1006),
        (1, 100),
        (Decimal("0.3"), 0),
        (Decimal("0.9"), 1),
        (Decimal("3.46"), 3.4),
        (Decimal("1.4"), 1),
        (None, 0),
        (0, None),
        (True, 1),
        ("7", 7),
        ("Sent", "sent"),
        (date(2026, 11, 20), "2026-11-21"),
        (MOMENT, "2026-11-20"),
        (Decimal("0.25"), -25.0),
    ],
)
def test_cells_that_do_not(golden: Any, answer: Any) -> None:
    assert not same(golden, answer)


def test_golden_columns_may_be_a_subset_in_any_order() -> None:
    golden = [("en", 3), ("ru", 4)]
    answer = [(4, 40.0, "ru"), (3, 30.0, "en")]
    assert same_results(golden, answer, ordered=False)
    assert not same_results(golden, answer, ordered=True)
    assert same_results(golden, answer[::-1], ordered=True)


def test_one_answer_column_cannot_stand_for_two() -> None:
    assert not same_results([(5, 5)], [(5,)], ordered=False)
    assert not same_results([(5, 5)], [(5, 6)], ordered=False)
    assert same_results([(5, 5)], [(5, 6, 5)], ordered=False)


def test_columns_whose_cells_agree_one_by_one_may_still_be_other_rows() -> None:
    assert not same_results([("en", 3), ("ru", 4)], [("en", 4), ("ru", 3)], ordered=False)


def test_a_row_is_counted_as_often_as_it_occurs() -> None:
    assert not same_results([("a",), ("a",), ("b",)], [("a",), ("b",), ("b",)], ordered=False)


def test_a_whole_column_is_a_percentage_or_none_of_it() -> None:
    golden = [("a", Decimal("0.2")), ("b", Decimal("0.3"))]
    assert same_results(golden, [("a", 20.0), ("b", 30.0)], ordered=False)
    assert not same_results(golden, [("a", 20.0), ("b", 0.3)], ordered=False)


def test_results_without_rows_are_the_same_and_unlike_a_row_of_nothing() -> None:
    assert same_results([], [], ordered=True)
    assert not same_results([], [(None,)], ordered=False)
    assert not same_results([(None,)], [], ordered=False)


def test_numbers_that_are_names_agree_exactly_or_not_at_all() -> None:
    golden = columns_of([(10_001,), (10_007,)], exact=[0])
    assert same_columns(golden, columns_of([(10_007,), (10_001,)]), [0, 0])
    assert not same_columns(golden, columns_of([(10_001,), (10_008,)]), [0, 0])


def test_near_numbers_are_paired_although_near_is_not_transitive() -> None:
    golden = [(100.0, 1000.0), (100.4, 1004.0), (100.8, 1008.0)]
    assert same_results(golden, [(100.8, 1004.0), (100.4, 1000.0), (100.3, 1008.0)], ordered=False) is True
    assert same_results(golden, [(100.0, 1008.0), (100.4, 1004.0), (100.8, 1000.0)], ordered=False) is False


def test_rows_at_places_of_one_segment_may_change_places() -> None:
    golden = columns_of([("a", 9), ("b", 5), ("c", 5), ("d", 1)])
    tied = columns_of([("a", 9), ("c", 5), ("b", 5), ("d", 1)])
    moved = columns_of([("b", 5), ("a", 9), ("c", 5), ("d", 1)])
    assert same_columns(golden, tied, [0, 1, 1, 2])
    assert not same_columns(golden, moved, [0, 1, 1, 2])


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["a", "b", "2026-11-20", "2026-11-20T00:00:00"]),
    st.integers(-2, 2),
    st.sampled_from([100, 100.3, 100.6, 100.9, 0.2, 0.201, 20, 20.1, 0.0, 12.4, 12]),
)


@st.composite
def results(draw: st.DrawFn) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[int]]:
    """Two small results: the second is the first rearranged and disturbed, or another one."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cells = draw(st.sampled_from([CELLS, st.sampled_from([100, 100.3, 100.6, 100.9]), st.sampled_from([0.2, 1.0, 20])]))
    golden = [tuple(draw(cells) for _ in range(width)) for _ in range(height)]
    order = draw(st.permutations(range(width)))
    answer = [(*(row[place] for place in order), draw(cells)) for row in draw(st.permutations(golden))]
    if draw(st.booleans()):
        row, place = draw(st.integers(0, height - 1)), draw(st.integers(0, width))
        answer[row] = (*answer[row][:place], draw(cells), *answer[row][place + 1 :])
    segments = sorted(draw(st.lists(st.integers(0, height - 1), min_size=height, max_size=height)))
    return golden, answer, segments


@settings(max_examples=500, deadline=None)
@given(results())
def test_the_answer_is_that_of_the_definition(case: tuple[list[Any], list[Any], list[int]]) -> None:
    rows, others, segments = case
    golden, answer = columns_of(rows), columns_of(others)
    assert same_columns(golden, answer, segments) == _by_definition(golden, answer, segments)


def _by_definition(golden: Sequence[Column], answer: Sequence[Column], segments: Sequence[int]) -> bool:
    """Every choice of columns, every scale, every order of rows within the segments."""
    places = range(len(segments))
    orders = [order for order in permutations(places) if all(segments[a] == segments[b] for a, b in enumerate(order))]
    return any(
        all(
            _cells_agree(one, other, scale, row, order[row])
            for one, other, scale in zip(golden, chosen, scales, strict=True)
            for row in places
        )
        for chosen in permutations(answer, len(golden))
        for scales in product(*(tuple(_scales(one, other)) for one, other in zip(golden, chosen, strict=True)))
        for order in orders
    )


def _cells_agree(golden: Column, answer: Column, scale: float, row: int, other: int) -> bool:
    wanted, given_ = golden.cells[row], answer.cells[other]
    if type(wanted) is float and type(given_) is float:
        return answer.agreement(golden)(wanted * scale, given_)
    return type(wanted) is type(given_) and bool(wanted == given_)


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_rows_take_well_under_a_second(seed: int) -> None:
    chance = random.Random(seed)
    golden = [
        (f"T-{number:06}", chance.choice(["en", "ru"]), chance.random() * 100, chance.randrange(5), chance.random())
        for number in range(10_000)
    ]
    answer = [(row[1], number % 7, row[2], row[4], row[0], row[3]) for number, row in enumerate(golden)]
    chance.shuffle(answer)
    wrong = [*answer[:-1], (*answer[-1][:4], "T-999999", answer[-1][5])]
    crossed = [
        *answer[2:],
        (*answer[0][:2], answer[1][2], *answer[0][3:]),
        (*answer[1][:2], answer[0][2], *answer[1][3:]),
    ]
    assert same_results(golden, answer, ordered=False)
    assert not same_results(golden, wrong, ordered=False)
    assert not same_results(golden, crossed, ordered=False)


def test_ten_thousand_rows_of_rounded_numbers_alone_are_paired() -> None:
    chance = random.Random(1)
    golden = [(chance.random() * 100 + 1, chance.random() * 1000 + 1) for _ in range(10_000)]
    answer = [(round(one, 1), round(other, 1)) for one, other in golden]
    chance.shuffle(answer)
    assert same_results(golden, answer, ordered=False)


def test_many_columns_that_look_alike_do_not_multiply() -> None:
    alike = [(row % 2,) * 9 for row in range(48)]
    another = [(*row[:-1], number // 2 % 2) for number, row in enumerate(alike)]
    assert same_results(alike, alike, ordered=False)
    assert same_results(another, another, ordered=False)
    assert not same_results(another, alike, ordered=False)
