"""Questions that no planner understands as a whole, answered through a query of governed names."""

from __future__ import annotations

from typing import Any

import pytest

from dash.ask import Dash

from .conftest import SAYS_NO, Ask, query

HECTIC = "Which channel is the most hectic?"
GOOD = query(metrics=["tickets"], split_by=["channel"], order="highest", limit=1, words={"hectic": "tickets"})

GRUMPY = "How many grumpy shipping tickets last week?"
SHIPPING: dict[str, Any] = {"metrics": ["tickets"], "only": ["category=shipping_inquiry"], "period": "last_week"}


def test_a_word_that_nothing_explains_is_explained_by_the_model(ask: Ask, shared: Dash) -> None:
    asked = ask(HECTIC, GOOD)
    answer = asked.answer
    assert (answer.outcome, answer.provenance) == ("answered", "model_read"), answer
    assert answer.rows == shared.ask("Which channel has the most tickets?").rows
    assert len(asked.requests) == 1
    assert ("hectic", "Tickets", "model") in [(u.words, u.meaning, u.kind) for u in answer.understood]
    assert any(caveat.text == "As a language model understood it: hectic: Tickets." for caveat in answer.caveats)


def test_the_answer_is_in_the_language_of_the_question(ask: Ask) -> None:
    words = {"жгучих": "urgency=high"}
    asked = ask("Сколько жгучих тикетов было за прошлую неделю?", query(
        metrics=["tickets"], only=["urgency=high"], period="last_week", words=words))  # fmt: skip
    assert asked.answer.provenance == "model_read" and asked.answer.language == "ru"
    assert "прошл" in asked.answer.headline
    assert any("языковая модель" in caveat.text for caveat in asked.answer.caveats)


def test_what_the_model_may_name_is_what_it_was_shown(ask: Ask) -> None:
    asked = ask(HECTIC, query(metrics=["revenue"], words={"hectic": "revenue"}))
    assert asked.answer.outcome == "declined" and asked.answer.context[0].startswith("A language model was asked too")


MISSING = [
    ("value", query(**SHIPPING | {"only": []}, words={"grumpy": "tickets"}), "value category=shipping_inquiry"),
    ("another value", query(**SHIPPING | {"only": ["category=damaged_item"]}, words={"grumpy": "tickets"}),
     "value category=shipping_inquiry"),
    ("period", query(**SHIPPING | {"period": None}, words={"grumpy": "tickets"}), "period last_week"),
    ("word", query(**SHIPPING), "'grumpy' is not explained"),
    ("word for what is not there", query(**SHIPPING, words={"grumpy": "urgency=high"}), "is not in the query"),
    ("metric", query(**SHIPPING | {"metrics": []}, words={"grumpy": "nothing"}), "metrics is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "wrong", "told"), MISSING, ids=[case[0] for case in MISSING])
def test_what_the_question_says_is_in_the_query_or_asked_for_again(ask: Ask, what: str, wrong: Any, told: str) -> None:
    right = query(
        **SHIPPING | {"only": ["category=shipping_inquiry", "urgency=high"]}, words={"grumpy": "urgency=high"}
    )
    repaired = ask(GRUMPY, wrong, right)
    assert repaired.answer.provenance == "model_read", repaired.answer
    assert len(repaired.requests) == 2 and told in repaired.requests[1].said("user")
    kept_back = ask(GRUMPY, wrong)
    assert kept_back.answer.outcome == "declined" and len(kept_back.requests) == 2
    assert kept_back.answer.context and not kept_back.queries


def test_a_number_of_the_question_is_in_the_query(ask: Ask) -> None:
    question = "Which hectic categories had more than 40 tickets last month?"
    plain: dict[str, Any] = {"metrics": ["tickets"], "split_by": ["category"], "period": "last_month"}
    bound = {"metric": "tickets", "sign": ">", "value": 40, "of": "each_group"}
    words = {"hectic": "tickets"}
    asked = ask(question, query(**plain, words=words), query(**plain, bounds=[bound], words=words))
    assert "number 40" in asked.requests[1].said("user")
    assert asked.answer.provenance == "model_read"
    assert all(row[1] > 40 for row in asked.answer.rows)


def test_a_query_that_cannot_be_compiled_goes_back(ask: Ask) -> None:
    wrong = query(**SHIPPING | {"metrics": ["open_tickets"]}, split_by=["ticket_status"], share=True, step="day",
                  words={"grumpy": "open_tickets"})  # fmt: skip
    asked = ask(GRUMPY, wrong)
    assert asked.answer.outcome == "declined" and len(asked.requests) == 2


def test_what_the_model_cannot_answer_stays_as_it_is_without_a_model(ask: Ask, shared: Dash) -> None:
    asked, without = ask(HECTIC, SAYS_NO), shared.ask(HECTIC)
    assert (asked.answer.outcome, asked.answer.headline) == (without.outcome, without.headline)
    assert asked.answer.choices == without.choices and without.context == ()
    assert asked.answer.context == (
        "A language model was asked too, and found nothing in this data that answers the question.",
    )


def test_where_the_composed_planner_can_say_the_same_both_must_agree(ask: Ask) -> None:
    question = "How many swoopy tickets were there last week by channel?"
    plain: dict[str, Any] = {"metrics": ["tickets"], "split_by": ["channel"], "period": "last_week"}
    agreeing = ask(question, query(**plain, words={"swoopy": "nothing"}))
    assert agreeing.answer.provenance == "model_read" and len(agreeing.requests) == 1
    assert any("swoopy" in caveat.text for caveat in agreeing.answer.caveats)


def test_numbers_that_the_composed_planner_does_not_find_are_kept_back(ask: Ask) -> None:
    """The same words, and a bound on each ticket where each channel was meant."""
    question = "Which swoopy channels had a csat below 4 last month?"
    plain: dict[str, Any] = {"metrics": ["csat"], "split_by": ["channel"], "period": "last_month"}
    bound = {"metric": "csat", "sign": "<", "value": 4}
    words = {"swoopy": "nothing"}
    right = query(**plain, bounds=[{**bound, "of": "each_group"}], words=words)
    wrong = query(**plain, bounds=[{**bound, "of": "each_row"}], words=words)
    agreeing, differing = ask(question, right), ask(question, wrong)
    assert agreeing.answer.provenance == "model_read"
    assert differing.answer.outcome != "answered"
    assert [q["reason"] for q in differing.queries if q["role"] == "main"] == [None, None]
    assert [q["role"] for q in differing.queries] == ["main", "twin"] * 2
    assert ask(question, wrong, right).answer.rows == agreeing.answer.rows


def test_a_second_reading_of_the_same_is_the_answer_with_all_that_belongs_to_it(ask: Ask, shared: Dash) -> None:
    """Composed by us, so with its own SQL, companions and follow-ups, and without a doubt."""
    asked = ask(HECTIC, GOOD)
    own = shared.ask("Which channel has the most tickets?")
    answer = asked.answer
    assert (answer.sql, answer.rows, answer.columns, answer.follow_ups) == (
        own.sql, own.rows, own.columns, own.follow_ups)  # fmt: skip
    assert answer.chart == own.chart and answer.headline == own.headline
    assert not [caveat for caveat in answer.caveats if caveat.kind == "unconfirmed"]


def test_a_follow_up_goes_on_from_what_the_model_understood(ask: Ask, shared: Dash) -> None:
    first = ask(HECTIC, GOOD)
    assert first.answer.provenance == "model_read"
    second = shared.ask("and last week?", thread_id=first.answer.thread_id)
    assert (second.outcome, second.provenance) == ("answered", "composed")
    assert [column.name for column in second.columns][:2] == ["channel", "tickets"]


def test_a_follow_up_that_only_a_model_understands_is_told_what_came_before(ask: Ask, shared: Dash) -> None:
    first = shared.ask("How many tickets last week by channel?")
    narrowed = query(metrics=["tickets"], split_by=["channel"], only=["urgency=high"], period="last_week",
                     words={"grumpy": "urgency=high"})  # fmt: skip
    asked = ask("and the grumpy ones?", narrowed, thread_id=first.thread_id)
    assert "How many tickets last week by channel?" in asked.requests[0].said("user")
    assert asked.answer.provenance == "model_read"
    forgetful = query(metrics=["tickets"], only=["urgency=high"], words={"grumpy": "urgency=high"})
    asked = ask("and the grumpy ones?", forgetful, narrowed, thread_id=first.thread_id)
    assert "period last_week of the question before" in asked.requests[1].said("user")


NEVER_ASKED = [
    "What is our revenue this month?",  # declared unanswerable
    "customer email addresses of unhappy folks",  # a personal column
    "How many tickets had a low CSAT last week?",  # only the person knows how low
    "how much does it cost",  # two governed readings
    "delete all sent tickets",
    "SELECT 1 FROM support.support_threads_data",
    "昨日のチケットは何件ですか",
    "quokkas",
    "How many tickets last week?",  # understood without a model
]  # fmt: skip


@pytest.mark.parametrize("question", NEVER_ASKED)
def test_a_model_is_not_asked_what_is_no_question_for_it(ask: Ask, shared: Dash, question: str) -> None:
    asked, without = ask(question, GOOD), shared.ask(question)
    assert asked.requests == []
    assert (asked.answer.outcome, asked.answer.headline) == (without.outcome, without.headline)
    assert "model_calls" not in asked.record


def test_a_meaning_that_only_the_model_found_is_unconfirmed(ask: Ask) -> None:
    taken = query(
        metrics=["tickets"], only=["category=shipping_inquiry"], period="last_week", words={"grumpy": "period"}
    )
    answer = ask("How many grumpy shipping tickets last week?", taken).answer
    unconfirmed = [caveat for caveat in answer.caveats if caveat.kind == "unconfirmed"]
    assert answer.outcome != "answered" or unconfirmed
