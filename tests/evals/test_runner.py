"""Cases through the whole product: what is right, wrong, asked, declined or broken, on one data set and on two."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dash.ask import Dash
from dash.evals import CaseOutcome, DataSet, run_evals
from dash.evals.document import report_document
from dash.evals.identity import Identity
from dash.knowledge.formats import EvalFile

from .conftest import NOW

TICKETS = "SELECT count(*) FROM support.support_threads_data"
LAST_FIVE = "FROM support.support_threads_data ORDER BY created_at DESC, id LIMIT 5"


def case(**facts: Any) -> EvalFile:
    return EvalFile(**{"id": "x", "kind": "answerable", **facts})


def run(dash: Dash, tried: EvalFile, second: DataSet | None = None) -> CaseOutcome:
    return run_evals(dash, [tried], now=NOW, second=second).outcomes[0]


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        ({"question": "How many tickets are there?", "sql": TICKETS}, "correct"),
        ({"question": "How many tickets are there?", "sql": f"{TICKETS} WHERE created_at < now()"}, "correct"),
        ({"question": "How many tickets are there?", "sql": f"{TICKETS} WHERE channel = 'email'"}, "wrong"),
        ({"question": "How many tickets are there?", "sql": "SELECT 0", "also_accept": [TICKETS]}, "correct"),
        ({"question": "How many tickets are there?", "sql": "SELECT nothing"}, "error"),
        ({"question": "How much did it cost last month?", "sql": TICKETS}, "asked"),
        ({"question": "What was our revenue last month?", "sql": TICKETS}, "declined"),
        ({"question": "What was our revenue last month?", "kind": "unanswerable"}, "correct"),
        ({"question": "How much did it cost last month?", "kind": "unanswerable"}, "asked"),
        ({"question": "How many tickets are there?", "kind": "unanswerable"}, "wrong"),
        ({"question": "How much did it cost last month?", "kind": "ambiguous"}, "correct"),
        ({"question": "How many tickets are there?", "kind": "ambiguous", "sql": TICKETS}, "wrong"),
        ({"question": "What was our revenue last month?", "kind": "ambiguous"}, "declined"),
        ({"question": "", "kind": "ambiguous", "turns": [""]}, "error"),
    ],
)
def test_a_case_gets_its_score(dash: Dash, facts: dict[str, Any], score: str) -> None:
    outcome = run(dash, case(**facts))
    assert outcome.score == score, (outcome.answer.outcome, outcome.answer.headline, outcome.note)


def test_the_last_of_several_turns_is_scored(dash: Dash) -> None:
    turns = ["How many tickets came in last week?", "and by email?"]
    sql = (
        f"{TICKETS} WHERE channel = 'email' AND created_at >= date_trunc('week', :now) - interval '1 week' "
        "AND created_at < date_trunc('week', :now)"
    )
    assert run(dash, case(turns=turns, sql=sql)).score == "correct"


def test_a_case_may_name_its_own_moment(dash: Dash) -> None:
    sql = f"{TICKETS} WHERE created_at >= '2026-05-03' AND created_at < '2026-05-04'"
    question = "How many tickets came in yesterday?"
    assert run(dash, case(question=question, sql=sql, now="2026-05-04T09:00:00+00:00")).score == "correct"
    assert run(dash, case(question=question, sql=sql)).score == "wrong"


@pytest.mark.parametrize("key", ["id", "thread_id", "thread_id, id", "thread_id AS ticket"])
def test_a_list_of_tickets_may_carry_either_key(dash: Dash, key: str) -> None:
    listing = case(question="Show the last 5 tickets", sql=f"SELECT {key} {LAST_FIVE}", ordered=True)
    assert run(dash, listing).score == "correct"


def test_a_list_with_one_other_ticket_is_wrong_whatever_key_it_carries(dash: Dash) -> None:
    for key in ("id", "thread_id"):
        listing = case(question="Show the last 5 tickets", sql=f"SELECT {key} {LAST_FIVE} OFFSET 1")
        assert run(dash, listing).score == "wrong"


def test_the_knowledge_says_which_columns_name_a_row(dash: Dash) -> None:
    identity = Identity(dash.knowledge)
    assert identity.names("thread_id") and identity.names("id") and identity.names("customer_id")
    assert not identity.names("csat_score") and not identity.names("cost_usd")
    rows = [("T-000002",), ("T-000001",), (None,), ("T-999999",)]
    assert identity.other_keys(dash, ["ticket_id"], rows, NOW) == [("id", [2, 1, None, None])]
    assert identity.other_keys(dash, ["customer_id"], [("C-00001",)], NOW) == []


def test_a_chance_match_fails_on_the_second_data_set(dash: Dash, second: DataSet) -> None:
    question = "How many tickets came by email?"
    found = dash.ask(question, now=NOW).rows[0][0]
    lucky = case(question=question, sql=f"SELECT {found}")
    assert run(dash, lucky).score == "correct"
    outcome = run(dash, lucky, second)
    assert outcome.score == "wrong"
    assert outcome.trial.data_set == "second"


def test_agreeing_with_another_accepted_query_on_each_data_set_is_agreeing_with_none(
    dash: Dash, second: DataSet
) -> None:
    question = "How many tickets came by email?"
    here, there = (each.ask(question, now=NOW).rows[0][0] for each in (dash, second.dash))
    outcome = run(dash, case(question=question, sql=f"SELECT {here}", also_accept=[f"SELECT {there}"]), second)
    assert outcome.score == "wrong"
    assert "another accepted query" in outcome.note


def test_the_choices_of_a_question_back_must_hold_every_meaning(dash: Dash) -> None:
    question = "How much did it cost last month?"
    answer = dash.ask(question, now=NOW)
    assert answer.outcome == "clarification"
    period = "{0} >= date_trunc('month', :now) - interval '1 month' AND {0} < date_trunc('month', :now)"
    pipeline = f"SELECT sum(cost_usd) FROM support.ai_agent_tasks WHERE {period.format('created_at')}"
    chat = f"SELECT sum(total_cost_usd) FROM support.conversations WHERE {period.format('started_at')}"
    both = case(question=question, kind="ambiguous", sql=pipeline, also_accept=[chat])
    assert run(dash, both).score == "correct", answer.choices
    more = case(question=question, kind="ambiguous", sql=pipeline, also_accept=[chat, "SELECT 42"])
    outcome = run(dash, more)
    assert (outcome.score, outcome.note) == ("asked", "No choice leads to 1 of the 3 meanings.")


def test_golden_questions_do_not_show_among_the_conversations_of_people(dash: Dash) -> None:
    before = dash.threads.list(dash.settings.user)
    run(dash, case(question="How many tickets are there?", sql=TICKETS))
    assert dash.threads.list(dash.settings.user) == before


def test_the_document_holds_the_whole_outcome_and_is_json(dash: Dash, second: DataSet) -> None:
    cases = [
        case(id="a", question="How many tickets by channel in the last 7 days?", sql=(
            "SELECT channel, count(*) FROM support.support_threads_data "
            "WHERE created_at >= :now - interval '168 hours' GROUP BY 1"
        )),
        case(id="b", question="How many tickets are there?", sql="SELECT now(), 1"),
    ]  # fmt: skip
    report = run_evals(dash, cases, now=NOW, second=second)
    document = json.loads(json.dumps(report_document(report, [DataSet("first", dash, NOW), second])))
    first, wrong = document["cases"]
    assert (first["score"], wrong["score"]) == ("correct", "wrong")
    assert [trial["data_set"] for trial in first["trials"]] == ["first", "second"]
    assert len(first["trials"][0]["answer"]["rows"]) == len(first["trials"][0]["expected"]["rows"]) == 5
    assert first["sql"] and first["expected_sql"] and first["understood"][0]["words"]
    assert wrong["trials"][0]["expected"]["rows"][0][0] == "2026-11-20T12:00:00+00:00"
    assert document["summary"]["wrong"] == 1 and document["summary"]["coverage_at_zero_wrong"] is None
