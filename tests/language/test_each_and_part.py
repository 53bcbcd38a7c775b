"""Whether a question wants a number of all, of each, or of a part: two numbers are never answered by one of them."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from tests.language.test_reading import assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # two numbers of the same rows: all of them, and the part
        ("how many tickets last week and how many were high urgency", "tickets share urgency=high? @last_week"),
        ("сколько тикетов вчера и сколько срочных", "tickets share urgency=high? @yesterday"),
        ("how many tickets came in yesterday, how many from email?", "tickets share channel=email? @yesterday"),
        ("compare how many tickets came in last week and how many by email", "tickets share channel=email? @last_week"),
        ("how many tickets last week and how many sent", "tickets share ticket_status=Sent? @last_week"),
        ("сколько раз вызывали apply_discount за последние 7 дней и сколько вызовов было успешных?",
         "tool_calls successful_tool_calls tool=apply_discount @last_n_days:7"),
        # two numbers of the same kind: one of each
        ("сколько тикетов из email и сколько из телеграма вчера", "tickets /channel channel=email,telegram @yesterday"),
        ("how many comparisons were AI better, equal and human better",
         "comparisons /verdict verdict=ai_better,equal,human_better"),
        ("tickets per channel (email and chat) last week", "tickets /channel channel=email,chat @last_week"),
        ("tickets by channel: email, chat", "tickets /channel channel=email,chat"),
        ("тикеты по каналам (email, whatsapp) за вчера", "tickets /channel channel=email,whatsapp @yesterday"),
        ("how many tickets not in English, French and Spanish", "tickets language!=en,fr,es"),
        # who did it stands in the middle of what they did
        ("how many tickets did each agent send yesterday", "sent_tickets /assignee assignee:not_null @yesterday"),
        ("сколько тикетов каждый сотрудник отправил вчера", "sent_tickets /assignee assignee:not_null @yesterday"),
        # a bound on what all of them have is the part
        ("the share of sent tickets that took more than 2 days", "sent_tickets share each:time_to_send:gt:48?"),
        ("percentage of sent tickets with time to send under 4 hours by category",
         "sent_tickets share each:time_to_send:lt:4? /category"),
        ("what share of tool calls took longer than 5 seconds by tool",
         "tool_calls share each:tool_duration:gt:5000? /tool"),
        ("доля закрытых чатов длиннее 30 минут по каналам",
         "closed_conversations share each:chat_duration:gt:30? /channel"),
        ("channels with a share of sent tickets above 90%", "sent_rate /channel >sent_rate:gt:90"),
        # the rows of a value, and no groups
        ("tickets by category shipping", "tickets category=shipping_inquiry"),
        # what a rate is of is said twice
        ("categories where AI loses more than 10% of comparisons", "ai_loss_rate /category >ai_loss_rate:gt:10"),
    ],
)  # fmt: skip
def test_all_each_or_a_part(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("failed tasks yesterday by type", "pipeline_errors /task_type @yesterday"),
        ("таски по типам", "pipeline_tasks /task_type"),
        ("tickets by type", "tickets /category"),
        ("ошибки в чатах по типам", "chat_errors /error_category"),
    ],
)
def test_a_type_is_of_the_rows_that_are_counted(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("stuck tickets, longest waiting first", "list:stuck_tickets ^status_changed_at:asc"),
        ("open tickets, longest waiting first", "list:open_tickets ^created_at:asc"),
        ("oldest open tickets", "list:open_tickets ^created_at:asc"),
    ],
)
def test_the_longest_wait_is_counted_from_when_it_began(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


def test_a_misspelled_word_beside_a_foreign_one_is_read(reader: Reader) -> None:
    assert_understood(reader, "сколко тикетов обработал AI в понедельник", "ai_handled_tickets @day:2026-11-16")
