"""Words beside people and periods that look like others: "to us last month" is no "until", nobody is no agent."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader

from .test_reading import NOW, assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("tickets written to us last month", "tickets @last_month"),
        ("how many different customers wrote to us last month", "unique_customers @last_month"),
        ("how many customers came to us yesterday", "unique_customers @yesterday"),
        ("tickets up to last month", "tickets @until:2026-10-31"),
        ("tickets since the 1st of october", "tickets @since:2026-10-01"),
        ("chats depuis le 1er janvier par canal", "conversations /channel @since:2026-01-01"),
        ("combien de tickets samedi ?", "tickets @day:2026-11-14"),
        ("how many different customers opened a ticket last month", "unique_customers @last_month"),
    ],
)
def test_a_word_between_is_no_part_of_a_period(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("which agents have open tickets", "open_tickets /assignee assignee:not_null"),
        ("Сколько тикетов отправил каждый оператор на прошлой неделе?",
         "sent_tickets /assignee assignee:not_null @last_week"),
        ("which agent is T-000123 assigned to", "list:tickets ticket_id=T-000123"),
    ],
)  # fmt: skip
def test_nobody_is_none_of_the_agents(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        # those without any, and not how many others they have
        "for which categories is there no enabled instruction in production",
        "Для каких категорий нет включённой инструкции на проде?",
        "which channels have no stuck tickets",
        # age is in no table, and no order
        "csat по возрасту клиентов",
    ],
)
def test_what_is_not_there_is_not_told(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


@pytest.mark.parametrize(
    "question", ["combien de demandes avons-nous traitées hier ?", "how many tickets did we handle yesterday"]
)
def test_handled_is_by_ai_by_somebody_or_sent(reader: Reader, question: str) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    told = {use.name for one in read.readings if one.cost == read.readings[0].cost for use in one.query.metrics}
    assert told >= {"ai_handled_tickets", "sent_tickets", "assigned_tickets"}


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("На сколько процентов больше тикетов было в прошлом месяце, чем в позапрошлом?",
         "tickets @last_month vs previous"),
        ("show tickets with csat 1 or 2: id, channel, csat", "list:tickets csat_score=1,2"),
        ("В какой категории самая высокая доля проигрышей ИИ человеку за прошлый квартал?",
         "ai_loss_rate /category @last_quarter ^ai_loss_rate:desc #1"),
    ],
)  # fmt: skip
def test_what_was_asked_back_is_told(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("change in tickets by month this year in percent", "tickets ~month growth @this_year"),
        ("monthly growth of tickets this year in percent", "tickets ~month growth @this_year"),
        ("which tools timed out last week", "chat_timeouts /tool @last_week"),
        ("get_order timeouts by month this year", "chat_timeouts ~month tool=get_order @this_year"),
        ("90th percentile run time per pipeline step", "p90:task_duration /task_type"),
        ("damaged items last week vs the week before", "tickets category=damaged_item @last_week vs previous"),
    ],
)
def test_percents_of_a_change_timeouts_and_steps(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    ["what did the customer write in T-000250", "что ответил бот в T-000250", "chat vs email last week"],
)
def test_whose_words_and_what_against_what_is_asked(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)
