"""A run of golden questions as one JSON document: the figures, and everything about each case.

What each case shows on each data set is there in full, so that a verdict can be checked by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.ask import answer_json
from dash.evals.golden import Expected
from dash.evals.runner import CaseOutcome, DataSet, Report, Trial
from dash.evals.scores import SCORES
from dash.steps.interpret.cells import json_rows

_OF_THE_ANSWER = (
    "outcome", "headline", "language", "provenance", "sql", "parameters", "columns", "rows", "truncated", "choices",
    "understood", "timings_ms", "run_id",
)  # fmt: skip


def report_document(report: Report, data_sets: Sequence[DataSet]) -> dict[str, Any]:
    """The document; every value in it is JSON."""
    return {
        "summary": report.summary.as_json(),
        "groups": groups(report),
        "data_sets": [{"name": each.name, "now": each.now.isoformat()} for each in data_sets],
        "cases": [_case(outcome, data_sets[0].dash.settings.zone) for outcome in report.outcomes],
    }


def groups(report: Report) -> list[dict[str, Any]]:
    """How many cases of each kind and language got each score."""
    found = []
    for kind, language in sorted({(outcome.case.kind, outcome.case.language) for outcome in report.outcomes}):
        counts: dict[str, Any] = {score: report.count(score, kind=kind, language=language) for score in SCORES}
        found.append({"kind": kind, "language": language, "cases": sum(counts.values()), **counts})
    return found


def _case(outcome: CaseOutcome, zone: str) -> dict[str, Any]:
    case = outcome.case
    turns = case.turns or [case.question or ""]
    return {
        "id": case.id,
        "kind": case.kind,
        "language": case.language,
        "tags": case.tags,
        "question": turns[-1],
        "turns": turns,
        "score": outcome.score,
        "outcome": outcome.answer.outcome,
        "note": outcome.note,
        "expects_nothing": outcome.expects_nothing,
        "sql": outcome.answer.sql,
        "expected_sql": case.sql,
        "also_accept": case.also_accept,
        "understood": answer_json(outcome.answer)["understood"],
        "trials": [_trial(trial, zone) for trial in outcome.trials],
    }


def _trial(trial: Trial, zone: str) -> dict[str, Any]:
    answer = answer_json(trial.answer)
    expected = trial.shown_expected
    return {
        "data_set": trial.data_set,
        "now": trial.now.isoformat(),
        "score": trial.verdict.score,
        "note": trial.verdict.note,
        "answer": {name: answer[name] for name in _OF_THE_ANSWER},
        "expected": _expected(expected, zone) if expected else None,
    }


def _expected(expected: Expected, zone: str) -> dict[str, Any]:
    return {
        "sql": expected.sql,
        "columns": list(expected.columns),
        "rows": [list(row) for row in json_rows(expected.rows, zone)],
        "truncated": expected.truncated,
    }
