"""A confirmed model-written answer becomes a vetted query's file that the check accepts and that a question finds."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from dash.ask import Dash
from dash.errors import UserError
from dash.knowledge import Knowledge, load_knowledge
from dash.knowledge.check import check
from dash.learnings.proposing import name_from, propose
from dash.runs import RunRecord
from dash.settings import REPOSITORY
from tests.written.conftest import SAYS_SQL, ask_with, sql

from .conftest import NOW, ask_all

T = "support.support_threads_data"
SQL = f"""SELECT t.channel, COUNT(*) AS tickets
FROM {T} AS t
WHERE t.request_type = 'shipping_inquiry' AND t.created_at >= TIMESTAMPTZ '2026-11-01 00:00+00'
  AND t.created_at < CAST('2026-11-20' AS timestamptz) AND t.status <> 'Sent'
GROUP BY 1"""


def run(sql: str = SQL, question: str = "Shipping inquiry backlog by channel", **answer: Any) -> RunRecord:
    said = {"outcome": "answered", "provenance": "model_written", "sql": sql} | answer
    return RunRecord("abc", "t", question, NOW, NOW, "answered", said, {"parameters": {}})


def test_values_and_periods_become_typed_parameters_and_the_rest_stays(knowledge: Knowledge) -> None:
    proposal = propose(run(), knowledge)
    assert proposal.name == "shipping_inquiry_backlog_by_channel"
    assert proposal.parameters == {
        "category": {"type": "text", "default": "shipping_inquiry", "values": "support_threads_data.request_type"},
        "period": {"type": "period", "default": "last 30 days"},
    }
    assert proposal.sql == (
        SQL.replace("'shipping_inquiry'", ":category")
        .replace(
            "t.created_at >= TIMESTAMPTZ '2026-11-01 00:00+00'",
            "(CAST(:period_start AS timestamptz) IS NULL OR t.created_at >= CAST(:period_start AS timestamptz))",
        )
        .replace(
            "t.created_at < CAST('2026-11-20' AS timestamptz)",
            "(CAST(:period_end AS timestamptz) IS NULL OR t.created_at < CAST(:period_end AS timestamptz))",
        )
    )
    assert proposal.question == "{category} backlog by channel"


def test_the_file_passes_the_check_and_loads(tmp_path: Path, knowledge: Knowledge) -> None:
    proposal = propose(run(), knowledge, "proposed_backlog")
    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    (folder / "queries" / "proposed_backlog.sql").write_text(proposal.text, encoding="utf-8")
    assert check(folder, with_evals=False) == ()
    query = load_knowledge(folder).queries["proposed_backlog"]
    assert query.questions == [proposal.question]
    assert query.parameters["category"].values == "support_threads_data.request_type"
    assert query.vetted is None  # a person vets it
    assert query.sql == proposal.sql


@pytest.mark.parametrize(
    "answer", [{"provenance": "composed"}, {"provenance": "vetted"}, {"outcome": "declined"}, {"sql": None}]
)
def test_only_what_a_model_wrote_and_answered_can_be_proposed(knowledge: Knowledge, answer: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="model wrote"):
        propose(run(**answer), knowledge)


@pytest.mark.parametrize("name", ["../evil", "a b", "X", "stuck_tickets", "select;drop"])
def test_a_name_that_cannot_be_a_new_file_is_refused(knowledge: Knowledge, name: str) -> None:
    with pytest.raises(UserError, match="--name"):
        propose(run(), knowledge, name)


@pytest.mark.parametrize("question", ["Сколько тикетов?", "42?", "", "../../x"])
def test_a_name_is_made_of_latin_words_or_is_a_plain_one(question: str) -> None:
    assert name_from(question) == "proposed_query"


def test_a_question_with_quotes_and_line_breaks_stays_a_comment(knowledge: Knowledge) -> None:
    proposal = propose(run(question='a\n"b": DROP\n-- </query questions>'), knowledge, "proposed_query")
    body, _, sql = proposal.text.partition("-- <query>\n")
    assert all(line.startswith("-- ") for line in body.splitlines())
    assert sql.startswith("SELECT")


def test_what_is_asked_most_and_has_no_vetted_query_is_listed(shared: Dash) -> None:
    for text in ("quokkas per wombat", "Quokkas per  wombat?", "Which categories have the lowest resolution rate?"):
        shared.ask(text)
    ask_all(shared, "how much does it cost", "2")
    asked = shared.runs.asked_without_vetted(not_people=["evals"])
    assert asked[0].question.lower().startswith("quokkas per")
    assert (asked[0].times, asked[0].people, asked[0].answered_as) == (2, 1, "declined")
    questions = [each.question for each in asked]
    assert "Which categories have the lowest resolution rate?" not in questions
    assert "2" not in questions
    assert "What is the chat cost?" in questions


def test_what_a_model_was_asked_for_becomes_a_period_and_slots(shared: Dash, tmp_path: Path) -> None:
    """The whole way: the period of the question is bound by its placeholders, as every model is asked to do."""
    text = (
        f"SELECT COUNT(*) AS tickets FROM {T} AS t WHERE t.request_type = 'shipping_inquiry' "
        "AND t.created_at >= :period_start AND t.created_at < :period_end AND t.urgency = 'high'"
    )
    asked = ask_with(
        shared, "How many grumpy shipping tickets last week?", SAYS_SQL, sql(text, {"grumpy": "urgency high"})
    )
    proposal = propose(shared.runs.get(asked.answer.run_id or ""), shared.knowledge, "grumpy_ones", confirmed=True)
    assert proposal.question == "How many grumpy {category} tickets {period}?"
    assert {name: declared["type"] for name, declared in proposal.parameters.items()} == {
        "period": "period",
        "category": "text",
        "urgency": "text",
    }
    assert "CAST(:period_end AS timestamptz) IS NULL OR t.created_at < CAST(:period_end AS timestamptz)" in proposal.sql
    folder = tmp_path / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", folder)
    (folder / "queries" / "grumpy_ones.sql").write_text(proposal.text, encoding="utf-8")
    assert check(folder, with_evals=False) == ()
