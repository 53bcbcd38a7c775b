"""What a question says beside its values and periods: SQL that loses it is asked for again, and then unconfirmed."""

from __future__ import annotations

import pytest

from .conftest import SAYS_SQL, Ask, sql
from .test_sql import COUNT, GRUMPY, INSIDE, OFTEN, QUESTION, SHIPPING, T

BY_CHANNEL = "How many grumpy shipping tickets last week by channel?"
BY_DAY = "How many grumpy shipping tickets last week per day?"
NOT_EMAIL = "How many grumpy shipping tickets last week, not by email?"
FEW = "How many grumpy shipping tickets last week, csat at most 2?"
CHANNELS = f"SELECT t.channel, COUNT(*) AS tickets FROM {T} AS t WHERE {SHIPPING} AND {INSIDE} AND {OFTEN} GROUP BY 1"
DAYS = (
    f"SELECT date_trunc('day', t.created_at) AS day, COUNT(*) AS tickets FROM {T} AS t "
    f"WHERE {SHIPPING} AND {INSIDE} AND {OFTEN} GROUP BY 1"
)
GOOD = f"{COUNT} WHERE {SHIPPING} AND {INSIDE} AND {OFTEN}"

CASES = [
    ("a total where groups were asked for", BY_CHANNEL, GOOD, CHANNELS, "dimension", "channel"),
    ("a total where days were asked for", BY_DAY, GOOD, DAYS, "step", "day"),
    ("the opposite of a denial", NOT_EMAIL, f"{GOOD} AND t.channel = 'email'", f"{GOOD} AND t.channel <> 'email'",
     "negation", "not"),
    ("a bound turned round", FEW, f"{GOOD} AND t.csat_score >= 2", f"{GOOD} AND t.csat_score <= 2", "bound", "at most"),
    ("a bound without its end", FEW, f"{GOOD} AND 2 > t.csat_score", f"{GOOD} AND 2 >= t.csat_score", "bound",
     "at most"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "question", "lost", "kept", "rule", "about"), CASES, ids=[case[0] for case in CASES])
def test_what_the_sql_lost_is_asked_for_again_and_then_unconfirmed(
    ask: Ask, what: str, question: str, lost: str, kept: str, rule: str, about: str
) -> None:
    mended = ask(question, SAYS_SQL, sql(lost, GRUMPY), sql(kept, GRUMPY))
    assert mended.verdicts == [("rejected", rule), ("ran", None)], (what, mended.queries)
    assert rule not in [kind for _, kind in ask(question, SAYS_SQL, sql(kept, GRUMPY)).verdicts]
    answer = ask(question, SAYS_SQL, sql(lost, GRUMPY)).answer
    assert (answer.outcome, answer.provenance) == ("answered", "model_unconfirmed")
    assert any(caveat.kind == "unconfirmed" and about in caveat.text for caveat in answer.caveats), answer.caveats


def test_an_answer_that_is_divided_by_what_nobody_asked_for_is_unconfirmed(ask: Ask) -> None:
    asked = ask(QUESTION, SAYS_SQL, sql(CHANNELS, GRUMPY), sql(GOOD, GRUMPY))
    assert asked.verdicts == [("rejected", "split"), ("ran", None)]
    answer = ask(QUESTION, SAYS_SQL, sql(CHANNELS, GRUMPY)).answer
    assert answer.provenance == "model_unconfirmed"
    assert any("divided by channel" in caveat.text for caveat in answer.caveats)


def test_a_word_for_a_moment_may_be_a_status(ask: Ask) -> None:
    """ "Queued" is when a task came to be, and what it waits in."""
    question = "anything queued or running in the pipeline at the moment? how many tasks of each"
    tasks = "support.ai_agent_tasks AS t WHERE t.status IN ('queued', 'running')"
    by_status = sql(f"SELECT t.status, COUNT(*) AS tasks FROM {tasks} GROUP BY t.status")
    by_type = sql(f"SELECT t.task_type, COUNT(*) AS tasks FROM {tasks} GROUP BY t.task_type")
    assert ("rejected", "split") in ask(question, SAYS_SQL, by_type, by_status).verdicts
    assert "dimension" not in [rule for _, rule in ask(question, SAYS_SQL, by_status).verdicts]


def test_an_explanation_that_is_nowhere_in_the_sql_is_unconfirmed(ask: Ask) -> None:
    plain = sql(f"{COUNT} WHERE {SHIPPING} AND {INSIDE}", {"grumpy": "customers who are unhappy"})
    asked = ask(QUESTION, SAYS_SQL, plain)
    assert asked.verdicts == [("rejected", "word"), ("ran", None)]
    assert asked.answer.provenance == "model_unconfirmed"
    assert any(caveat.kind == "unconfirmed" and "grumpy" in caveat.text for caveat in asked.answer.caveats)


def test_sql_that_leaves_a_word_out_is_answered_by_our_own_query_and_the_word_is_doubted(ask: Ask) -> None:
    """Without the word the composed planner reads the question, so nobody has to rely on what a model wrote."""
    asked = ask(QUESTION, SAYS_SQL, sql(f"{COUNT} WHERE {SHIPPING} AND {INSIDE}", {"grumpy": "nothing"}))
    assert asked.verdicts == [("ran", None)] and [q["role"] for q in asked.queries][:3] == ["guidance", "main", "twin"]
    assert asked.answer.provenance == "model_read" and asked.answer.sql != f"{COUNT} WHERE {SHIPPING} AND {INSIDE}"
    assert any(caveat.kind == "unconfirmed" and "grumpy" in caveat.text for caveat in asked.answer.caveats)


def test_only_unknown_words_can_be_explained(ask: Ask) -> None:
    narrowed = sql(f"{GOOD} AND t.status = 'Sent'", {**GRUMPY, "tickets": "status = 'Sent'"})
    asked = ask(QUESTION, SAYS_SQL, narrowed)
    assert asked.answer.outcome == "declined"
    explained = asked.requests[1].schema["properties"]["words"]
    assert explained["maxItems"] == 1 and "grumpy" in str(asked.requests[1].schema)


def test_a_question_of_known_words_has_none_to_explain(ask: Ask) -> None:
    asked = ask("has the resolution rate gone up compared to September?", SAYS_SQL, sql("SELECT 1"))
    assert len(asked.requests) > 1
    assert all("words" not in request.schema["properties"] for request in asked.requests)


def test_a_value_within_another_word_explains_no_condition(ask: Ask) -> None:
    narrowed = f"{GOOD} AND t.language = 'en'"
    answer = ask(QUESTION, SAYS_SQL, sql(narrowed, {"grumpy": GRUMPY["grumpy"] + ", when sent"})).answer
    assert answer.provenance == "model_unconfirmed"
