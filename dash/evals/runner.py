"""Run golden cases through the product and score them: correct, asked or declined, wrong.

A wrong answer shown as an answer is the one thing that must not happen; asking back is honest but not an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from dash.ask import Dash
from dash.evals.compare import same_results
from dash.knowledge.formats import EvalFile
from dash.records import Answer, PlannedQuery, Question, Viewer

Score = Literal["correct", "asked", "wrong", "error"]


@dataclass(frozen=True)
class CaseOutcome:
    """One case: what came back, what should have, and the verdict."""

    case: EvalFile
    score: Score
    answer: Answer
    golden: tuple[tuple[Any, ...], ...] | None = None
    note: str = ""


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


def run_evals(
    dash: Dash,
    cases: Sequence[EvalFile],
    *,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Ask every case and compare. `now` is the moment of questions that name none."""
    outcomes = []
    for number, case in enumerate(cases, start=1):
        outcomes.append(_run_case(dash, case, now))
        progress(number, len(cases))
    return Report(tuple(outcomes))


def _run_case(dash: Dash, case: EvalFile, default_now: datetime) -> CaseOutcome:
    now = datetime.fromisoformat(case.now) if case.now else default_now
    answer = _ask(dash, case, now)
    if answer.outcome == "error":
        return CaseOutcome(case, "error", answer, note=answer.headline)
    if case.kind == "unanswerable":
        return CaseOutcome(case, "wrong" if answer.outcome == "answered" else "correct", answer)
    if answer.outcome != "answered":
        asked_rightly = case.kind == "ambiguous" and answer.outcome == "clarification"
        return CaseOutcome(case, "correct" if asked_rightly else "asked", answer)
    golden = None
    for sql in _golden_sql(case):
        golden = run_golden(dash, sql, now)
        if same_results(golden, answer.rows, ordered=case.ordered):
            return CaseOutcome(case, "correct", answer, golden)
    return CaseOutcome(case, "wrong", answer, golden)


def _golden_sql(case: EvalFile) -> Iterable[str]:
    return [sql for sql in (case.sql, *case.also_accept) if sql]


def _ask(dash: Dash, case: EvalFile, now: datetime) -> Answer:
    thread_id = None
    answer = None
    for turn in case.turns or [case.question or ""]:
        answer = dash.ask(turn, thread_id=thread_id, now=now)
        thread_id = answer.thread_id
    assert answer is not None, "a loaded case has a question"
    return answer


def run_golden(dash: Dash, sql: str, now: datetime) -> tuple[tuple[Any, ...], ...]:
    """Rows of a hand-written query, through the same guard and executor as everything else."""
    parameters = {"now": now} if ":now" in sql else {}
    viewer = Viewer("evals")
    checked = dash.check(PlannedQuery(sql, parameters), viewer, "vetted")
    return dash.execute(checked, Question("", now, dash.settings.zone, viewer)).rows
