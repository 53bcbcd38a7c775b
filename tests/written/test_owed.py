"""A model that adds, drops, swaps or turns round a part of the question: repaired, or kept back, never run quietly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.records import Question, SemanticQuery
from dash.steps.ground import ground
from dash.steps.plan.written.answers import query_answer
from dash.steps.plan.written.convert import Meant, Unfit, read_answer
from dash.steps.plan.written.facts import Facts, find_facts
from dash.steps.plan.written.shelf import Shelf, fill_shelf

from .conftest import NO_QUERY, NOW, Ask, query

GRUMPY = "How many grumpy shipping tickets last week?"
WORD = {"grumpy": "urgency=high"}
GOOD: dict[str, Any] = {
    "metrics": ["tickets"], "only": ["category=shipping_inquiry", "urgency=high"], "period": "last_week", "words": WORD,
}  # fmt: skip

RANKED = "What are the top 5 grumpy categories by tickets last month?"
TOP: dict[str, Any] = {
    "metrics": ["tickets"], "split_by": ["category"], "only": ["urgency=high"], "period": "last_month",
    "order": "highest", "limit": 5, "words": WORD,
}  # fmt: skip

BOUNDED = "Which grumpy categories had more than 4 tickets last month?"
MORE = {"metric": "tickets", "sign": ">", "value": 4, "of": "each_group"}
OVER: dict[str, Any] = {
    "metrics": ["tickets"], "split_by": ["category"], "only": ["urgency=high"], "period": "last_month",
    "bounds": [MORE], "words": WORD,
}  # fmt: skip

RATE = "What was the resolution rate of grumpy tickets last month?"
RATED: dict[str, Any] = {
    "metrics": ["resolution_rate"], "only": ["urgency=high"], "period": "last_month", "words": WORD,
}  # fmt: skip

MEDIAN = "What was the median csat of grumpy tickets last month?"
MIDDLE: dict[str, Any] = {
    "metrics": ["csat"], "only": ["urgency=high"], "period": "last_month", "aggregation": "median", "words": WORD,
}  # fmt: skip

NOT_EMAIL = "How many grumpy tickets not by email last month?"
WITHOUT: dict[str, Any] = {
    "metrics": ["tickets"], "only": ["urgency=high"], "without": ["channel=email"], "period": "last_month",
    "words": WORD,
}  # fmt: skip

NOT_GRUMPY = "How many shipping tickets that are not grumpy last week?"
CALM: dict[str, Any] = {
    "metrics": ["tickets"], "only": ["category=shipping_inquiry"], "without": ["urgency=high"], "period": "last_week",
    "words": WORD,
}  # fmt: skip

BY_CHANNEL = "How many grumpy tickets by channel last month?"
SPLIT: dict[str, Any] = {
    "metrics": ["tickets"], "split_by": ["channel"], "only": ["urgency=high"], "period": "last_month", "words": WORD,
}  # fmt: skip

IN_RUSSIAN: dict[str, str] = {"жгучих": "urgency=high"}
FEW_RU = "Сколько жгучих тикетов не по email за прошлую неделю?"
RANKED_RU = "Топ 3 категории по числу жгучих тикетов за прошлый месяц"
NO_EMAIL: dict[str, Any] = WITHOUT | {"period": "last_week", "words": IN_RUSSIAN}
TOP_RU: dict[str, Any] = TOP | {"limit": 3, "words": IN_RUSSIAN}
LEAST_ES = "¿Qué canal tuvo menos tickets picantes el mes pasado?"
LEAST: dict[str, Any] = SPLIT | {"order": "lowest", "limit": 1, "words": {"picantes": "urgency=high"}}

RIGHT = [
    (GRUMPY, GOOD), (RANKED, TOP), (BOUNDED, OVER), (RATE, RATED), (MEDIAN, MIDDLE), (NOT_EMAIL, WITHOUT),
    (NOT_GRUMPY, CALM), (BY_CHANNEL, SPLIT), (FEW_RU, NO_EMAIL), (RANKED_RU, TOP_RU), (LEAST_ES, LEAST),
]  # fmt: skip


@pytest.mark.parametrize(("question", "right"), RIGHT, ids=[case[0] for case in RIGHT])
def test_what_says_all_of_the_question_and_no_more_is_answered(ask: Ask, question: str, right: dict[str, Any]) -> None:
    asked = ask(question, query(**right))
    assert (asked.answer.outcome, asked.answer.provenance) == ("answered", "model_read"), asked.answer
    assert len(asked.requests) == 1


ATTACKS = [
    ("a condition that nobody asked for", GRUMPY, GOOD, {"only": [*GOOD["only"], "channel=chat"]}, "channel=chat"),
    ("one more value of a dimension", GRUMPY, GOOD, {"only": [*GOOD["only"], "category=damaged_item"]},
     "category=damaged_item"),
    ("a value left out that nobody denied", GRUMPY, GOOD, {"without": ["channel=email"]}, "channel=email"),
    ("a value kept and left out at once", GRUMPY, GOOD, {"without": ["category=shipping_inquiry"]},
     "category=shipping_inquiry"),
    ("the period dropped", GRUMPY, GOOD, {"period": None}, "period last_week"),
    ("the metric swapped with a sibling", RATE, RATED, {"metrics": ["resolved_tickets"]}, "resolution_rate"),
    ("another metric put first", RATE, RATED, {"metrics": ["tickets", "resolution_rate"]}, "resolution_rate"),
    ("open tickets instead of tickets", GRUMPY, GOOD, {"metrics": ["open_tickets"]}, "open_tickets"),
    ("another limit", RANKED, TOP, {"limit": 10}, "number 5"),
    ("no limit", RANKED, TOP, {"limit": None}, "number 5"),
    ("the other end", RANKED, TOP, {"order": "lowest"}, "other end"),
    ("the limit as a bound", RANKED, TOP, {"limit": None, "bounds": [{**MORE, "value": 5}]}, "number 5"),
    ("the bound turned round", BOUNDED, OVER, {"bounds": [{**MORE, "sign": "<"}]}, "other way round"),
    ("the bound with its end", BOUNDED, OVER, {"bounds": [{**MORE, "sign": ">="}]}, "other way round"),
    ("another bound", BOUNDED, OVER, {"bounds": [{**MORE, "value": 40}]}, "number 4"),
    ("one more bound", BOUNDED, OVER, {"bounds": [MORE, {**MORE, "sign": "<", "value": 9}]}, "9"),
    ("the bound as a limit", BOUNDED, OVER, {"bounds": [], "order": "highest", "limit": 4}, "number 4"),
    ("a bound on what nobody speaks of", BOUNDED, OVER, {"bounds": [{**MORE, "metric": "open_tickets"}]},
     "open_tickets"),
    ("the mean for the median", MEDIAN, MIDDLE, {"aggregation": None}, "median"),
    ("another aggregation", MEDIAN, MIDDLE, {"aggregation": "max"}, "median"),
    ("an aggregation that nobody asked for", RATE.replace("resolution rate", "csat"),
     RATED | {"metrics": ["csat"]}, {"aggregation": "max"}, "max"),
    ("a denial as its opposite", NOT_EMAIL, WITHOUT, {"only": ["urgency=high", "channel=email"], "without": []},
     "channel=email"),
    ("everything denied", NOT_EMAIL, WITHOUT, {"only": [], "without": ["urgency=high", "channel=email"]},
     "urgency=high"),
    ("a denied word as its opposite", NOT_GRUMPY, CALM, {"only": ["category=shipping_inquiry", "urgency=high"],
     "without": []}, "urgency=high"),
    ("a denied word as nothing", NOT_GRUMPY, CALM, {"without": [], "words": {"grumpy": "nothing"}}, "grumpy"),
    ("a total where groups were asked for", BY_CHANNEL, SPLIT, {"split_by": []}, "channel"),
    ("a share that nobody asked for", BY_CHANNEL, SPLIT, {"share": True}, "share"),
    ("a list where a number was asked for", GRUMPY, GOOD, {"list_rows": True}, "how many"),
    ("words that are not in the question", GRUMPY, GOOD, {"words": {"angry": "urgency=high"}}, None),
    ("a known word explained", GRUMPY, GOOD, {"words": {"tickets": "urgency=high"}}, None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "question", "right", "wrong", "told"), ATTACKS, ids=[case[0] for case in ATTACKS])
def test_what_is_not_owed_to_the_question_is_asked_for_again_and_kept_back(
    ask: Ask, what: str, question: str, right: dict[str, Any], wrong: dict[str, Any], told: str | None
) -> None:
    kept_back = ask(question, query(**right | wrong))
    assert kept_back.answer.outcome != "answered", (what, kept_back.answer)
    assert not kept_back.queries and not kept_back.answer.rows
    if told is None:
        return
    repaired = ask(question, query(**right | wrong), query(**right))
    assert repaired.answer.provenance == "model_read", (what, repaired.answer)
    assert told in repaired.requests[1].said("user").split("What was wrong:")[1]


DOUBTS = [
    ("divided by what nobody asked for", GRUMPY, GOOD, {"split_by": ["channel"]}, "divided by"),
    ("in steps that nobody asked for", GRUMPY, GOOD, {"step": "day"}, "divided by day"),
    ("fewer groups than there are", BY_CHANNEL, SPLIT, {"order": "highest", "limit": 2}, "leaves rows out"),
    ("a content word as nothing", GRUMPY, GOOD, {"only": ["category=shipping_inquiry"], "words": {"grumpy": "nothing"}},
     "“grumpy”"),
    ("a content word as what is said already", GRUMPY, GOOD, {"only": ["category=shipping_inquiry"],
     "words": {"grumpy": "category=shipping_inquiry"}}, "“grumpy”"),
    ("a content word as the period", GRUMPY, GOOD, {"only": ["category=shipping_inquiry"],
     "words": {"grumpy": "period"}}, "“grumpy”"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "question", "right", "wrong", "says"), DOUBTS, ids=[case[0] for case in DOUBTS])
def test_what_only_divides_or_says_less_is_unconfirmed(
    ask: Ask, what: str, question: str, right: dict[str, Any], wrong: dict[str, Any], says: str
) -> None:
    answer = ask(question, query(**right | wrong)).answer
    if answer.outcome == "answered":
        doubts = [caveat.text for caveat in answer.caveats if caveat.kind == "unconfirmed"]
        assert any(says in doubt for doubt in doubts), (what, answer.caveats)
    else:
        assert not answer.rows


def test_a_bound_is_in_the_unit_of_what_it_bounds(ask: Ask) -> None:
    question = "How many grumpy tickets took more than 2 days to send last month?"
    each = {"metric": "time_to_send", "sign": ">", "of": "each_row"}
    plain: dict[str, Any] = {"metrics": ["tickets"], "only": ["urgency=high"], "period": "last_month", "words": WORD}
    wrong = ask(question, query(**plain, bounds=[{**each, "value": 2}]))
    assert wrong.answer.outcome != "answered" and not wrong.queries
    right = ask(question, query(**plain, bounds=[{**each, "value": 48}]))
    assert right.answer.provenance == "model_read", right.answer


def test_the_moment_that_the_question_names_is_that_of_its_period(ask: Ask) -> None:
    question = "How many grumpy tickets sent last month by send time?"
    asked = ask(question, query(metrics=["tickets"], only=["urgency=high"], period="last_month", words=WORD))
    assert asked.answer.outcome != "answered" or "sent_at >=" in (asked.answer.sql or "")


# every change of one part

SIGNS = (">", ">=", "<", "<=")


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> Reader:
    return Reader(knowledge)


def changes(right: dict[str, Any], shelf: Shelf) -> Iterator[dict[str, Any]]:
    """Every field of an answer as a model could have it in another way."""
    only, without, split = (right.get(name, []) for name in ("only", "without", "split_by"))
    for name in shelf.metrics:
        yield from ({"metrics": [name]}, {"metrics": [name, *right["metrics"]]})
    for name in shelf.dimensions:
        yield from ({"split_by": [name]}, {"split_by": [*split, name]})
    for name in shelf.conditions:
        yield from ({"only": [*only, name]}, {"without": [*without, name]}, {"only": [name]})
    yield from ({"only": [*only[:i], *only[i + 1 :]]} for i in range(len(only)))
    yield from ({"period": name} for name in (*shelf.periods, None))
    yield from ({"step": step} for step in ("hour", "day", "week", "month", "quarter", "year"))
    yield from ({"aggregation": one} for one in ("mean", "median", "p90", "p95", "max", "min", "sum", None))
    yield from ({"order": o, "limit": n} for o, n in product(("highest", "lowest", None), (None, 1, 4, 5, 10, 1000)))
    yield from ({"share": True}, {"list_rows": True}, {"split_by": []}, {"without": []}, {"bounds": []})
    bounds = right.get("bounds", [])
    for name, sign, value, of in product(shelf.metrics, SIGNS, (4, 5, 100), ("each_row", "each_group")):
        bound = {"metric": name, "sign": sign, "value": value, "of": of}
        yield from ({"bounds": [bound]}, {"bounds": [*bounds, bound]})


def essence(one: SemanticQuery, ordered: bool) -> SemanticQuery:
    """Without what leaves nothing out: the order of all of it where nobody asked for one, all of it where the first
    was asked for, more metrics behind the first, a bound said twice."""
    order = one.order if one.limit is not None or ordered else None
    limit = None if one.limit == 1 and ordered else one.limit
    return replace(one, order=order, limit=limit, metrics=one.metrics[:1], having=tuple(dict.fromkeys(one.having)))


@pytest.mark.parametrize(("question", "right"), RIGHT, ids=[case[0] for case in RIGHT])
def test_no_change_of_a_part_is_taken_quietly(reader: Reader, question: str, right: dict[str, Any]) -> None:
    asked = Question(question, NOW)
    facts: Facts = find_facts(asked, ground(asked, reader), reader)
    shelf = fill_shelf(facts, NOW, "UTC", reader)
    schema = query_answer(shelf, facts.unknown, bounded=True)

    def read(fields: dict[str, Any]) -> Meant:
        words = [{"words": said, "meaning": meaning} for said, meaning in right["words"].items()]
        answer = schema.model_validate(NO_QUERY | fields | {"words": words})
        return read_answer(answer, shelf, facts, reader, last=True)

    ordered = "order" in right
    meant, tried = essence(read(right).query, ordered), 0
    for change in changes(right, shelf):
        tried += 1
        try:
            found = read(right | change)
        except Unfit:
            continue
        assert essence(found.query, ordered) == meant or found.unconfirmed, change
    assert tried > 300
