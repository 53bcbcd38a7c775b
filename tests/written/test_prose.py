"""Sentences by a model: shown when they say what the result says, in its language; else our own stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dash.ask import Dash
from dash.llm import open_model
from dash.llm.scripted import Reply, ScriptedModel, empty, garbage, http_error, not_json, says
from dash.records import Answer
from dash.settings import LlmSettings

from .conftest import Asked, query
from .test_query import GOOD, HECTIC

COUNT = "How many tickets last week?"
RANKED = "Resolution rate by channel last month"
TURNED = "Did tickets go down last month?"
RUSSIAN = "Сколько тикетов было на прошлой неделе?"

Tell = Callable[..., Asked]


@pytest.fixture
def tell(shared: Dash) -> Tell:
    """Ask with a model that writes prose as well."""

    def ask(question: str, *replies: Any, calls: int = 4) -> Asked:
        with ScriptedModel(*replies) as server:
            llm = LlmSettings(api_key="any", base_url=server.url, model="scripted", models={"prose": "writer"},
                              calls=calls, deadline_seconds=20.0)  # fmt: skip
            shared.model = open_model(replace(shared.settings, llm=llm), shared.database)
            try:
                answer = shared.ask(question)
            finally:
                shared.model = None
        assert answer.run_id is not None
        return Asked(answer, server.requests, shared.runs.get(answer.run_id).record or {}, [])

    return ask


def prose(headline: str, *context: str) -> Reply:
    return says({"headline": headline, "context": list(context)})


def same(answer: Answer, other: Answer) -> bool:
    bare = {"run_id": None, "thread_id": None, "timings_ms": {}}
    return replace(answer, **bare) == replace(other, **bare)


@pytest.mark.parametrize("question", [COUNT, RANKED, RUSSIAN])
def test_sentences_that_say_the_same_are_shown_and_marked(tell: Tell, shared: Dash, question: str) -> None:
    ours = shared.ask(question)
    smooth = ours.headline.replace(":", " –").rstrip(".") + "!"
    asked = tell(question, prose(smooth, *ours.context))
    assert (asked.answer.headline, asked.answer.rows, asked.answer.sql) == (smooth, ours.rows, ours.sql)
    assert len(asked.requests) == 1 and asked.requests[0].model == "writer"
    assert len(asked.answer.caveats) == len(ours.caveats) + 1
    assert asked.record["model_calls"][0]["purpose"] == "prose"


def test_articles_and_the_like_may_be_added(tell: Tell, shared: Dash) -> None:
    ours = shared.ask(COUNT)
    smooth = f"We have the {ours.headline[0].lower()}{ours.headline[1:]}"
    assert tell(COUNT, prose(smooth)).answer.headline == smooth


def _figures(text: str) -> list[str]:
    return [word.strip(".,;:()%") for word in text.split() if any(c.isdigit() for c in word)]


ATTACKS: list[tuple[str, str, Callable[[Answer], Any]]] = [
    ("a number that is made up", COUNT, lambda a: prose(f"{a.headline} That is 4242 in all.")),
    ("a number changed", COUNT, lambda a: prose(a.headline.replace(_figures(a.headline)[-1], "4242"))),
    ("a number rounded", COUNT, lambda a: prose(a.headline.replace(str(a.rows[0][0]), f"{a.rows[0][0] // 10 * 10}"))),
    ("a number left out", COUNT, lambda a: prose(a.headline.replace(_figures(a.headline)[-1], "many"))),
    ("another sign", COUNT, lambda a: prose(a.headline.replace(str(a.rows[0][0]), f"-{a.rows[0][0]}"))),
    ("a percentage of a count", COUNT, lambda a: prose(a.headline.replace(str(a.rows[0][0]), f"{a.rows[0][0]}%"))),
    ("a number in words", COUNT, lambda a: prose(a.headline + " That is twenty more.")),
    ("another period", COUNT, lambda a: prose(a.headline.replace("last week", "last month"))),
    ("a reason", COUNT, lambda a: prose(f"{a.headline} The outage of the mail server explains it.")),
    ("a judgement", COUNT, lambda a: prose(f"{a.headline} That is alarming.")),
    ("a denial", COUNT, lambda a: prose(f"Not so: {a.headline}")),
    ("markup", COUNT, lambda a: prose(f"**{a.headline}**")),
    ("a link", COUNT, lambda a: prose(f"{a.headline} [see](http://example.com)")),
    ("line breaks", COUNT, lambda a: prose(a.headline + "\n\n")),
    ("another language", COUNT, lambda a: prose(a.headline.replace("Tickets", "Тикеты"))),
    ("English for Russian", RUSSIAN, lambda a: prose(f"Tickets last week: {a.rows[0][0]}.")),
    ("two names swapped", RANKED, lambda a: prose(_swapped(a))),
    ("a name left out", RANKED, lambda a: prose(a.headline.replace(_names(a)[0], ""))),
    ("another name", RANKED, lambda a: prose(a.headline.replace(_names(a)[0], "Refunds"))),
    ("the other end", RANKED, lambda a: prose(a.headline + " These are the lowest.")),
    ("the other way", TURNED, lambda a: prose(_turned(a))),
    ("a number in words of another kind", COUNT, lambda a: prose(a.headline + " A dozen of them.")),
    ("a number in another script", COUNT, lambda a: prose(a.headline.rstrip(".") + " ١٢.")),
    ("empty", COUNT, lambda a: prose("")),
    ("no answer", COUNT, lambda a: empty()),
    ("no JSON", COUNT, lambda a: not_json()),
    ("5 MB", COUNT, lambda a: garbage()),
    ("very long", COUNT, lambda a: prose(a.headline + " the" * 10_000)),
    ("more sentences than there are", COUNT, lambda a: prose(a.headline, *a.context, a.headline)),
    ("another schema", COUNT, lambda a: says({"text": a.headline})),
    ("401", COUNT, lambda a: http_error(401)),
    ("500", COUNT, lambda a: http_error(500)),
]


def _names(answer: Answer) -> list[str]:
    """Labels of groups as the headline has them, in its order."""
    found = re.findall(r"for (\w[\w ]*?),", answer.headline)
    assert len(found) == 2, answer.headline
    return found


def _turned(answer: Answer) -> str:
    turned = answer.headline.replace("up by", "\0").replace("down by", "up by").replace("\0", "down by")
    assert turned != answer.headline
    return turned


def _swapped(answer: Answer) -> str:
    one, other = _names(answer)[:2]
    return answer.headline.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize(("what", "question", "attack"), ATTACKS, ids=[case[0] for case in ATTACKS])
def test_sentences_that_say_something_else_are_dropped(
    tell: Tell, shared: Dash, what: str, question: str, attack: Callable[[Answer], Any]
) -> None:
    ours = shared.ask(question)
    told = tell(question, attack(ours)).answer
    assert same(told, ours), (what, told.headline, ours.headline)


def test_what_strangers_wrote_is_no_part_of_the_prompt(tell: Tell, shared: Dash) -> None:
    """Lists show what people and strangers wrote, so no model is asked to say them."""
    for question in ("Show stuck tickets", "Which customers wrote most often last month?"):
        asked = tell(question, prose("Anything."))
        assert asked.requests == [] and same(asked.answer, shared.ask(question))


def test_one_more_call_is_within_the_calls_of_the_question(tell: Tell) -> None:
    words = query(metrics=["tickets"], split_by=["channel"], order="highest", limit=1, words={"hectic": "tickets"})
    asked = tell(HECTIC, words, prose("Anything."), calls=1)
    assert len(asked.requests) == 1 and asked.answer.provenance == "model_read"
    assert [call["purpose"] for call in tell(HECTIC, GOOD, prose("Anything.")).record["model_calls"]] == [
        "plan", "prose"]  # fmt: skip


def test_no_sentences_are_asked_for_unless_a_model_is_named_for_them(shared: Dash) -> None:
    with ScriptedModel(prose("Anything.")) as server:
        llm = LlmSettings(api_key="any", base_url=server.url, model="scripted")
        shared.model = open_model(replace(shared.settings, llm=llm), shared.database)
        try:
            shared.ask(COUNT)
        finally:
            shared.model = None
        assert server.requests == []
