"""A vetted query runs again with parameters that somebody chose, and only with what its file allows."""

from __future__ import annotations

from typing import Any

import pytest

from dash.ask import Dash
from dash.errors import UserError
from dash.parameters import changed, parameters_of
from dash.records import Refill, Window
from dash.runs import RunRecord
from dash.ui.parameters import _PERIODS
from dash.ui.texts import languages, text

from .conftest import NOW


@pytest.fixture(scope="module")
def stuck(dash: Dash) -> RunRecord:
    run_id = dash.ask("Show stuck tickets").run_id
    assert run_id is not None
    return dash.runs.get(run_id)


@pytest.fixture(scope="module")
def errors(dash: Dash) -> RunRecord:
    run_id = dash.ask("Where does AI make the most mistakes?").run_id
    assert run_id is not None
    return dash.runs.get(run_id)


def change(dash: Dash, run: RunRecord, **given: Any) -> tuple[str, Refill]:
    return changed(run, given, dash.knowledge, dash.reader, NOW)


def test_the_parameters_are_those_of_the_file_with_what_was_used(dash: Dash, stuck: RunRecord) -> None:
    found = {each.name: each for each in parameters_of(stuck, dash.knowledge)}
    assert (found["hours"].used, found["hours"].declared.minimum) == (24, 1)
    assert found["request_type"].used is None
    assert "shipping_inquiry" in found["request_type"].allowed


def test_what_was_filled_is_kept_and_can_be_changed_again(dash: Dash) -> None:
    first = dash.ask("Which tickets have been stuck for more than 48 hours?")
    assert first.run_id is not None
    question, refill = change(dash, dash.runs.get(first.run_id), request_type="shipping_inquiry")
    assert refill.filled == {"hours": 48, "request_type": "shipping_inquiry"}
    second = dash.ask(question, thread_id=first.thread_id, refill=refill)
    assert second.provenance == "vetted"
    assert 0 < len(second.rows) < len(first.rows)
    assert {row[1] for row in second.rows} == {"shipping_inquiry"}
    assert [each.meaning for each in second.understood if each.kind == "parameter"] == ["48", "shipping_inquiry"]
    assert second.run_id is not None
    kept = {each.name: each.used for each in parameters_of(dash.runs.get(second.run_id), dash.knowledge)}
    assert kept == {"hours": 48, "request_type": "shipping_inquiry"}
    assert change(dash, dash.runs.get(second.run_id), request_type=None)[1].filled == {"hours": 48}


def test_the_new_question_is_said_in_words_that_mean_the_same(dash: Dash, stuck: RunRecord) -> None:
    question, refill = change(dash, stuck, hours=72)
    assert "72" in question
    assert dash.ask(question).rows == dash.ask("x", refill=refill).rows


def test_a_follow_up_leans_on_the_parameters_that_were_chosen(dash: Dash, stuck: RunRecord) -> None:
    question, refill = change(dash, stuck, hours=100)
    answer = dash.ask(question, thread_id=stuck.thread_id, refill=refill)
    shipping = dash.ask("and shipping?", thread_id=answer.thread_id)
    assert (shipping.parameters["hours"], shipping.parameters["request_type"]) == (100, "shipping_inquiry")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("period", _PERIODS)
def test_every_period_that_the_page_offers_is_read(dash: Dash, errors: RunRecord, language: str, period: str) -> None:
    window = change(dash, errors, period=text(f"period_{period}", language))[1].filled["period"]
    english = change(dash, errors, period=text(f"period_{period}", "en"))[1].filled["period"]
    assert isinstance(window, Window)
    assert window == english


def test_own_dates_include_the_last_day(dash: Dash, errors: RunRecord) -> None:
    question, refill = change(dash, errors, period="from 2026-10-01 to 2026-10-31")
    answer = dash.ask(question, refill=refill)
    assert answer.parameters["period_start"].startswith("2026-10-01")
    assert answer.parameters["period_end"].startswith("2026-11-01")


@pytest.mark.parametrize(
    "given",
    [
        {"hours": 0},
        {"hours": 1.5},
        {"hours": "many"},
        {"hours": float("nan")},
        {"hours": True},
        {"request_type": "x' OR 1=1 --"},
        {"unknown": 1},
    ],
)
def test_what_the_file_does_not_allow_is_refused_with_a_sentence(
    dash: Dash, stuck: RunRecord, given: dict[str, Any]
) -> None:
    with pytest.raises(UserError):
        change(dash, stuck, **given)


@pytest.mark.parametrize("words", ["soon", "", "x" * 10_000, "; DROP TABLE"])
def test_what_is_no_period_is_refused(dash: Dash, errors: RunRecord, words: str) -> None:
    with pytest.raises(UserError):
        change(dash, errors, period=words)


def test_an_answer_of_no_vetted_query_has_no_parameters(dash: Dash) -> None:
    run_id = dash.ask("How many tickets are there?").run_id
    assert run_id is not None
    run = dash.runs.get(run_id)
    assert parameters_of(run, dash.knowledge) == ()
    with pytest.raises(UserError):
        change(dash, run, hours=3)
