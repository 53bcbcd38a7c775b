"""Why somebody asks is left out of the question, and never a condition with it."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from tests.language.test_reading import NOW, assert_understood


def unknown_words(reader: Reader, question: str) -> tuple[str, ...]:
    """What stops the reader at a question; it must not be answered."""
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert not read.readings
    return read.unknown


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("Since we are renegotiating the LLM contract, I'd like to see the chat cost by channel", "chat_cost /channel"),
        ("My boss insists that Mondays kill us, so can you break last quarter's tickets down by weekday?",
         "tickets /weekday @last_quarter"),
        ("How much did chats cost yesterday? The CFO wants it by tonight.", "chat_cost @yesterday"),
        ("Сейчас пересматриваем лимиты, поэтому скажите: сколько апрувов истекло вчера?",
         "approvals approval_resolution=expired @yesterday"),
        # what is talked of is not asked, even if nothing could be said of it
        ("We will move the ads traffic, so how many tickets came in last week?", "tickets @last_week"),
        ("Финансы просят: сколько стоил pipeline в сентябре?", "pipeline_cost @month:2026-09"),
        ("I want to understand the teams. How many tickets came in last week?", "tickets @last_week"),
        ("Мне кажется, AI стал брать меньше тикетов. Сколько AI-обработанных тикетов вчера?",
         "ai_handled_tickets @yesterday"),
        ("Хотим понять, не дорого ли нам обходится живой чат: сколько в среднем стоил один чат на прошлой неделе?",
         "cost_per_conversation @last_week"),
        ("We released it on Monday. What is the containment rate this month?", "containment_rate @this_month"),
        ("Colleagues complain. How many tickets came in last week?", "tickets @last_week"),
        ("Mi jefa quiere saber si mejoramos, así que necesito la tasa de resolución por mes", "resolution_rate ~month"),
    ],
)  # fmt: skip
def test_a_reason_is_left_out(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("I only look at whatsapp, so how many tickets last week?", "tickets channel=whatsapp @last_week"),
        ("Тикеты, что пришли вчера", "tickets @yesterday"),
        ("We looked at October. How many tickets were sent?", "sent_tickets @month:2026-10"),
    ],
)
def test_a_condition_in_a_reason_counts(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("We work on email, so how many tickets came in last week?", "work"),
        ("Мне нужно найти спамные тикеты. Сколько тикетов вчера?", "спамные"),
        ("I want to check VIP tickets, so how many tickets yesterday", "VIP"),
        ("Our VIP clients. How many tickets last week?", "VIP"),
        ("I want to see VIP customers, so how many tickets last week?", "VIP"),
        ("We do not count spammy ones, so how many tickets last week?", "spammy"),
        ("I need VIPs. How many tickets last week?", "VIPs"),
        ("How many tickets last week? I need VIPs.", "VIPs"),
        ("tickets last week, foobar ones", "foobar"),
        ("Premium. How many tickets last week?", "Premium"),
        ("Our grumpy people on whatsapp, so how many tickets last week?", "grumpy"),
        ("I suspect track_package got slow, so what was the p95 duration of its calls yesterday?", "suspect"),
        ("We renegotiate in October, so how many tickets were sent?", "renegotiate"),
    ],
)
def test_what_may_be_a_condition_is_asked_about(reader: Reader, question: str, unknown: str) -> None:
    assert unknown in unknown_words(reader, question)
