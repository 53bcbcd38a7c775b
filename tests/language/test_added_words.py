"""What is added to a question changes what is asked: every condition finds its slot, or the question is asked back.

Each question that is read is asked again with each of the additions. None may be dropped, and none may mean something
else because of what it stands beside.
"""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from tests.language.test_reading import AMBIGUITY, NOW, _short

QUESTIONS = {
    "en": [
        "how many tickets", "tickets by category", "resolution rate by channel", "average time to send",
        "median first response time", "csat by language", "open tickets", "how many stuck tickets", "how many chats",
        "escalation rate", "chat cost by channel", "tool success rate by tool", "pipeline cost by model",
        "pipeline failures", "how many approvals were rejected", "ai win rate by category", "tickets per day",
        "average messages per ticket", "share of tickets that are urgent",
    ],
    "ru": [
        "сколько тикетов", "тикеты по категориям", "resolution rate по каналам", "среднее время до отправки",
        "csat по языкам", "открытые тикеты", "сколько застрявших тикетов", "сколько чатов", "доля эскалаций",
        "стоимость чатов по каналам", "стоимость пайплайна по моделям", "сколько апрувов отклонили",
        "сколько отправили тикетов",
    ],
}  # fmt: skip
ADDITIONS = {
    "en": {
        " on whatsapp": "channel=whatsapp", " except whatsapp": "channel!=whatsapp",
        " outside of whatsapp": "channel!=whatsapp", " last month": "last_month",
        " in the last 7 days": "last_n_days:7", " since October 1": "2026-10-01", " by country": "/country",
        " per week": "~week", " by weekday": "/weekday", " in French": "language=fr",
        " with high urgency": "urgency=high", " assigned to Agent 05": "Agent 05", " created on Mondays": "weekday=1",
        " with more than 5 messages": ":gt:5", ", only the top 5": "#5", " for gpt-5.1": "gpt-5.1",
        " on weekends": "weekday=6,7", " with a rating of 1": "csat_score=1", " over 100": ":gt:100",
        " between 9 and 12": "hour", " next week": "nothing", " by channel and language": "/language",
        " on email and whatsapp separately": "/channel",
        " by channel without whatsapp last month": "channel!=whatsapp", " in 2027": "nothing",
    },
    "ru": {
        " в whatsapp": "channel=whatsapp", " кроме whatsapp": "channel!=whatsapp", " за прошлый месяц": "last_month",
        " за последние 7 дней": "last_n_days:7", " с 1 октября": "2026-10-01", " по странам": "/country",
        " по неделям": "~week", " по дням недели": "/weekday", " на французском": "language=fr",
        " с высокой срочностью": "urgency=high", " назначенные на Agent 05": "Agent 05",
        " по понедельникам": "weekday=1", ", только топ-5": "#5", " для gpt-5.1": "gpt-5.1",
        " с оценкой 1": "csat_score=1", " больше 100": ":gt:100", " на следующей неделе": "nothing",
        " по каналам и языкам": "/language", " на email и whatsapp отдельно": "/channel",
    },
}  # fmt: skip


def reading(reader: Reader, question: str) -> str | None:
    """What a question is read as, where there is one reading; None for one that is asked back."""
    tokens, spans = reader.ground(question, NOW, "UTC")
    readings = reader.read(question, tokens, spans, NOW, "UTC").readings
    if not readings or any(one.cost - readings[0].cost < AMBIGUITY for one in readings[1:]):
        return None
    return _short(readings[0].query)


@pytest.mark.parametrize(
    ("language", "question"), [(language, one) for language, several in QUESTIONS.items() for one in several]
)
def test_nothing_that_is_added_is_lost(reader: Reader, language: str, question: str) -> None:
    plain = reading(reader, question)
    assert plain is not None
    found = {addition: reading(reader, question + addition) for addition in ADDITIONS[language]}
    lost = {
        addition: found[addition]
        for addition, slot in ADDITIONS[language].items()
        if found[addition] is not None and slot not in str(found[addition])
    }
    assert not lost
    assert len([one for one in found.values() if one is not None]) >= 5
