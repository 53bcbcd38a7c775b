"""Every golden question of knowledge/evals, through the whole product, against hand-written SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dash.ask import Dash
from dash.evals import DataSet, run_evals
from dash.evals.second import SecondData, open_second
from dash.knowledge import load_knowledge
from dash.knowledge.formats import EvalFile
from dash.settings import REPOSITORY

from .conftest import NOW

CASES: Sequence[EvalFile] = load_knowledge(REPOSITORY / "knowledge").evals
PRODUCT = [case for case in CASES if case.id.startswith("product-")]
COVERAGE = {False: 0.95, True: 0.68}
"""Share of answerable cases that must be answered: of those that the vocabulary was fitted to, and of those tagged
"field", which it was not. What is asked back or declined instead is honest, but not an answer."""


@pytest.mark.parametrize("case", PRODUCT, ids=[case.id for case in PRODUCT])
def test_a_question_of_the_product_gets_its_right_answer(dash: Dash, case: EvalFile) -> None:
    outcome = run_evals(dash, [case], now=NOW).outcomes[0]
    assert outcome.score == "correct", (outcome.answer.outcome, outcome.answer.headline, outcome.answer.sql)


def test_no_golden_question_is_answered_wrongly_and_few_are_asked_back(dash: Dash) -> None:
    """On two data sets, so that no answer is right by chance."""
    with open_second(dash, SecondData(NOW, tickets=3000)) as other:
        report = run_evals(dash, CASES, now=NOW, second=DataSet("second", other, NOW))
    assert not [(o.case.id, o.case.question or o.case.turns, o.note) for o in report.wrong]
    for field, coverage in COVERAGE.items():
        scored = [o for o in report.outcomes if o.case.kind == "answerable" and ("field" in o.case.tags) == field]
        missed = [(o.case.id, o.case.question or o.case.turns) for o in scored if o.score != "correct"]
        assert len(missed) <= (1 - coverage) * len(scored), missed


def test_there_are_enough_questions_without_an_answer_and_follow_ups() -> None:
    assert sum(case.kind == "unanswerable" for case in CASES) >= 60
    assert sum(bool(case.turns) for case in CASES) >= 40


def test_all_fifteen_groups_of_the_product_are_there() -> None:
    groups = {case.id.split("-")[1][:2] for case in PRODUCT}
    assert groups == {f"{number:02d}" for number in range(1, 16)}


def test_golden_sql_is_not_what_the_planner_wrote(dash: Dash) -> None:
    """A golden case that repeats the planner's own text would prove nothing."""
    compared = 0
    for case in PRODUCT:
        answer = dash.ask(case.question or case.turns[-1], now=NOW)
        if answer.sql and case.sql:
            compared += 1
            assert " ".join(answer.sql.split()) != " ".join(case.sql.split())
    assert compared >= 15


def test_the_repository_folder_of_evals_is_read_whole() -> None:
    assert len(CASES) >= 1200
    assert {path.suffix for path in Path(REPOSITORY / "knowledge" / "evals").iterdir()} == {".yaml"}
