"""Run golden cases through the product, on every data set that there is, and keep all that each of them showed.

A case is as good as its worst data set; and an answer that agrees with one accepted query here and with another one
there agrees with neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dash.ask import Dash
from dash.evals.golden import Expected
from dash.evals.identity import Identity
from dash.evals.scores import Score, Summary, summarise
from dash.evals.verdict import Judge, Verdict, ask_case, expected_results
from dash.knowledge.formats import EvalFile
from dash.records import Answer

_WORST_FIRST: tuple[Score, ...] = ("wrong", "error", "declined", "asked", "correct")


@dataclass(frozen=True)
class DataSet:
    """Data to ask about, and the moment at which cases ask that name none themselves."""

    name: str
    dash: Dash
    now: datetime


@dataclass(frozen=True)
class Trial:
    """One case on one data set."""

    data_set: str
    now: datetime
    answer: Answer
    expected: tuple[Expected, ...]
    verdict: Verdict

    @property
    def shown_expected(self) -> Expected | None:
        """The golden result to show beside the answer: one that agrees, else the case's own."""
        places = sorted(self.verdict.matched)
        return self.expected[places[0] if places else 0] if self.expected else None


@dataclass(frozen=True)
class CaseOutcome:
    """One case on all data sets: the worst of its scores, and what came back where it got it."""

    case: EvalFile
    trials: tuple[Trial, ...]
    score: Score
    note: str = ""

    @property
    def kind(self) -> str:
        return self.case.kind

    @property
    def shown(self) -> bool:
        """Whether something was shown as an answer."""
        return any(trial.answer.outcome == "answered" for trial in self.trials)

    @property
    def trial(self) -> Trial:
        """The trial that decided the score."""
        return next((trial for trial in self.trials if trial.verdict.score == self.score), self.trials[0])

    @property
    def answer(self) -> Answer:
        return self.trial.answer

    @property
    def expects_nothing(self) -> bool:
        """Whether the golden results have no row on any data set, so that agreeing with them says little."""
        found = [trial.shown_expected for trial in self.trials]
        return bool(found) and all(each is not None and not each.rows for each in found)


@dataclass(frozen=True)
class Report:
    """All outcomes of one run."""

    outcomes: tuple[CaseOutcome, ...] = field(default_factory=tuple)

    def count(self, score: Score, *, kind: str | None = None, language: str | None = None) -> int:
        """How many cases of a kind and language got a score."""
        return sum(
            1
            for outcome in self.outcomes
            if outcome.score == score
            and kind in (None, outcome.case.kind)
            and language in (None, outcome.case.language)
        )

    @property
    def wrong(self) -> tuple[CaseOutcome, ...]:
        """Cases that were answered wrongly, or broke."""
        return tuple(outcome for outcome in self.outcomes if outcome.score in ("wrong", "error"))

    @property
    def summary(self) -> Summary:
        return summarise(self.outcomes)


def run_evals(
    dash: Dash,
    cases: Sequence[EvalFile],
    *,
    now: datetime,
    second: DataSet | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Ask every case and compare, on `dash` at `now` and on the second data set if there is one.

    `progress` hears how many of all cases are done. Raises nothing for a case that fails: that is its outcome.
    """
    identity = Identity(dash.knowledge)
    data_sets = [DataSet("first", dash, now), *([second] if second else [])]
    judges = [Judge(each.dash, identity) for each in data_sets]
    outcomes = []
    for number, case in enumerate(cases):
        progress(number, len(cases))
        trials = [_try(judge, each, case) for judge, each in zip(judges, data_sets, strict=True)]
        outcomes.append(_outcome(case, tuple(trials)))
    progress(len(cases), len(cases))
    return Report(tuple(outcomes))


def _try(judge: Judge, data: DataSet, case: EvalFile) -> Trial:
    now = moment_of(case, data.dash.settings.zone) or data.now
    answer = ask_case(data.dash, case, now)
    expected = expected_results(data.dash, case, now)
    if isinstance(expected, str):
        return Trial(data.name, now, answer, (), Verdict("error", note=expected))
    return Trial(data.name, now, answer, expected, judge.judge(case, answer, expected, now))


def moment_of(case: EvalFile, zone: str) -> datetime | None:
    """The moment at which a case asks, if it says one; without an offset it is in the reporting zone. Raises
    ValueError when that is no moment."""
    if not case.now:
        return None
    moment = datetime.fromisoformat(case.now)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _outcome(case: EvalFile, trials: tuple[Trial, ...]) -> CaseOutcome:
    score = min((trial.verdict.score for trial in trials), key=_WORST_FIRST.index)
    if score == "correct" and all(trial.verdict.matched for trial in trials):
        common = frozenset.intersection(*(trial.verdict.matched for trial in trials))
        if not common:
            return CaseOutcome(case, trials, "wrong", "It agrees with another accepted query on each data set.")
    decisive = next(trial for trial in trials if trial.verdict.score == score)
    return CaseOutcome(case, trials, score, decisive.verdict.note)
