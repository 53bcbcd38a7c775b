"""What outcomes add up to: counts, coverage, a score in which a wrong answer costs ten, and how bad it could be.

A wrong answer shown as an answer is the one thing that must not happen; a question back is honest but no answer. None
of wrong in n says only that the true rate is probably small; how small, the exact binomial bound tells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

Score = Literal["correct", "asked", "declined", "wrong", "error"]
SCORES: tuple[Score, ...] = ("correct", "asked", "declined", "wrong", "error")

COST_OF_WRONG = 10
CONFIDENCE = 0.95


class Scored(Protocol):
    """What is counted of an outcome."""

    @property
    def score(self) -> Score: ...
    @property
    def kind(self) -> str: ...
    @property
    def shown(self) -> bool: ...


@dataclass(frozen=True)
class Summary:
    """Figures of one run. Shares are percentages; `answers` are outcomes that were shown as answers.

    `coverage` is the share of answerable questions that got their right answer; `coverage_at_zero_wrong` is None while
    anything is wrong.
    """

    cases: int
    correct: int
    asked: int
    declined: int
    wrong: int
    error: int
    answers: int
    answerable: int
    coverage: float
    coverage_at_zero_wrong: float | None
    reliability_10: float
    error_rate: float
    error_rate_at_most: float

    def as_json(self) -> dict[str, Any]:
        """All figures by name."""
        return asdict(self)


def summarise(outcomes: Sequence[Scored]) -> Summary:
    """Add up outcomes. No outcomes at all cover nothing, and anything may be wrong."""
    counts = {score: sum(outcome.score == score for outcome in outcomes) for score in SCORES}
    answers = sum(outcome.shown for outcome in outcomes)
    answerable = [outcome for outcome in outcomes if outcome.kind == "answerable"]
    coverage = _percent(sum(outcome.score == "correct" for outcome in answerable), len(answerable))
    points = counts["correct"] - COST_OF_WRONG * counts["wrong"]
    return Summary(
        cases=len(outcomes),
        **counts,
        answers=answers,
        answerable=len(answerable),
        coverage=coverage,
        coverage_at_zero_wrong=None if counts["wrong"] else coverage,
        reliability_10=_percent(points, len(outcomes)),
        error_rate=_percent(counts["wrong"], answers),
        error_rate_at_most=100.0 * upper_bound(counts["wrong"], answers),
    )


def upper_bound(wrong: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The largest rate at which `wrong` or fewer of `trials` would still be as likely as 1 − confidence.

    Clopper and Pearson's exact bound, one-sided, from 0 to 1; 1 when nothing was tried.
    """
    if not 0 <= wrong <= trials:
        raise ValueError("There are between none and all of the trials wrong.")
    if wrong == trials:
        return 1.0
    low, high = wrong / trials, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if _at_most(wrong, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, trials: int, rate: float) -> float:
    """The probability of `wrong` or fewer of `trials` at a rate between 0 and 1; summed as logarithms, since the terms
    are too small for floats."""
    if rate <= 0.0:
        return 1.0
    if rate >= 1.0:
        return 0.0
    return math.fsum(
        math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + count * math.log(rate)
            + (trials - count) * math.log1p(-rate)
        )
        for count in range(wrong + 1)
    )


def _percent(part: float, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0
