"""Figures: the score in which one wrong costs ten right, coverage, and the exact bound."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.evals.scores import Score, summarise, upper_bound


@dataclass
class Outcome:
    score: Score
    kind: str = "answerable"
    shown: bool = True


@pytest.mark.parametrize(
    ("wrong", "trials", "bound"),
    # R: binom.test(wrong, trials, alternative = "less", conf.level = 0.95)$conf.int[2]
    [
        (0, 1, 0.95),
        (0, 59, 0.049507),
        (0, 300, 0.009936),
        (1, 100, 0.046560),
        (5, 100, 0.102253),
        (3, 3, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_bound_is_that_of_clopper_and_pearson(wrong: int, trials: int, bound: float) -> None:
    assert upper_bound(wrong, trials) == pytest.approx(bound, abs=1e-5)


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_bound_lies_above_what_was_seen_and_grows_with_it(wrong: int, more: int) -> None:
    trials = wrong + more
    assert wrong / trials <= upper_bound(wrong, trials) <= upper_bound(min(wrong + 1, trials), trials) <= 1


def test_a_large_number_of_trials_neither_overflows_nor_takes_long() -> None:
    assert upper_bound(10, 1_000_000) == pytest.approx(16.96e-6, rel=1e-3)


def test_more_wrong_than_trials_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        upper_bound(2, 1)


def test_one_wrong_costs_ten_right() -> None:
    figures = summarise([*[Outcome("correct")] * 89, Outcome("wrong"), *[Outcome("asked", shown=False)] * 10])
    assert figures.reliability_10 == pytest.approx(79.0)
    assert figures.coverage == pytest.approx(89.0)
    assert figures.coverage_at_zero_wrong is None
    assert figures.error_rate == pytest.approx(100 / 90)
    assert figures.error_rate_at_most > figures.error_rate


def test_coverage_counts_answerable_questions_only() -> None:
    figures = summarise([Outcome("correct"), Outcome("asked"), *[Outcome("correct", "unanswerable", False)] * 8])
    assert figures.coverage == figures.coverage_at_zero_wrong == 50.0
    assert figures.answers == 2


def test_nothing_asked_proves_nothing() -> None:
    figures = summarise([])
    assert (figures.coverage, figures.error_rate_at_most) == (0.0, 100.0)
