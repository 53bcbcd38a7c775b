"""What only the morning list knows is not guessed from the support data: the answer says where it is."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from dash.records.plan import Decline, QueryPlan
from dash.records.question import Question
from dash.steps.ground import ground
from dash.steps.plan import plan
from tests.language.test_reading import NOW


def planned(reader: Reader, text: str) -> object:
    question = Question(text, NOW, "UTC")
    return plan(question, ground(question, reader), reader)


@pytest.mark.parametrize(
    "question",
    [
        "Why is this ticket stuck?",
        "почему застрял этот тикет",
        "what is newly stuck since yesterday",
        "who has the stuck tickets",
        "which tickets are no longer stuck",
        "что нового застряло со вчера",
        "кто взял застрявшие тикеты",
        "tickets nuevos atascados desde ayer",
        "qui a les tickets bloqués",
        "אצל מי הפניות התקועות",
    ],
)
def test_what_the_morning_list_knows_is_said_to_be_there(reader: Reader, question: str) -> None:
    found = planned(reader, question)
    assert isinstance(found, Decline) and "dash stuck" in found.message
    assert "Stuck tickets" in found.message or "Застрявшие тикеты" in found.message
    for choice in found.choices:
        assert isinstance(planned(reader, choice.question), QueryPlan), choice.question


@pytest.mark.parametrize(
    "question",
    ["How many tickets are stuck?", "stuck tickets by assignee", "Сколько новых тикетов вчера?",
     "how many tickets are stuck by reason", "Why are so many tickets stuck?", "Почему застряли тикеты?",
     "Покажи stuck тикеты за последние 24 часа", "у кого больше всего застрявших тикетов"],
)  # fmt: skip
def test_what_the_support_data_knows_is_answered(reader: Reader, question: str) -> None:
    assert isinstance(planned(reader, question), QueryPlan)
