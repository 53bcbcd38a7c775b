"""A share is of the whole that was named, or of each group: which of the two decides the words beside "each"."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader

from .test_reading import assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # the groups make up the whole that was named
        ("what % of open tickets is each category", "open_tickets /category share"),
        ("what share of the backlog does each category make up", "open_tickets /category share"),
        ("share of each category in the backlog", "open_tickets /category share"),
        ("what share of urgent tickets is each channel", "tickets /channel urgency=high share"),
        ("какую долю открытых тикетов составляет каждая категория", "open_tickets /category share"),
        ("доля каждой категории среди открытых тикетов", "open_tickets /category share"),
        ("qué porcentaje de los tickets abiertos es cada categoría", "open_tickets /category share"),
        # a part of each group
        ("share of open tickets in each category", "tickets /category share"),
        ("what % of each category is backlog", "tickets /category share"),
        ("доля открытых тикетов в каждой категории", "tickets /category share"),
    ],
)
def test_of_the_whole_or_of_each(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        "какая доля беклога у каждой категории",
        "доля открытых тикетов каждой категории",
        "what percentage of stuck tickets is each channel",  # a rate has that name
    ],
)
def test_where_it_may_be_of_either_nothing_is_told(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("how many unidentified tickets and what share of all", "unidentified_tickets unidentified_rate"),
        ("how many tickets are unidentified and what % is that", "unidentified_tickets unidentified_rate"),
        ("Сколько всего тикетов от неопознанных клиентов и какой это процент от всех?",
         "unidentified_tickets unidentified_rate"),
        ("how many escalated chats last month and what % of all is that",
         "escalated_conversations escalation_rate @last_month"),
        ("what percentage of chats is escalated", "escalation_rate"),
        ("сколько процентов чатов эскалировано", "escalation_rate"),
    ],
)  # fmt: skip
def test_who_asks_for_a_number_and_its_share_is_told_both(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("share of rated tickets with a csat of 1 or 2", "rated_tickets share csat_score=1,2?"),
        ("what percent of rated tickets got a 1 or a 2", "rated_tickets share csat_score=1,2?"),
        ("share of rated tickets with csat 5 by channel", "rated_tickets /channel share each:csat:eq:5?"),
    ],
)
def test_a_score_of_all_that_have_one_is_the_part(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("by month this year: how many tickets and how many of them were urgent",
         "tickets ~month share urgency=high? @this_year"),
        ("сколько тикетов пришло по каналам и сколько из них отправлено",
         "tickets /channel share ticket_status=Sent?"),
    ],
)  # fmt: skip
def test_of_each_group_all_and_some_of_them_are_counted(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)
