"""What may mean two things is asked about, whichever reading would be the cheaper one."""

from __future__ import annotations

import pytest

from dash.knowledge.language import load_languages
from dash.language.reader import Reader
from tests.language.test_reading import NOW, _short, assert_understood

DOUBTED = [
    "how many tickets from email and how many tickets are urgent",  # of those of email, or of all
    "how many tickets came from email and how many from chat were urgent?",
    "how many chats last week and how many were longer than 30 minutes",
    "How many open tickets and I need to know how many open tickets on email",
    "how many tickets they have changed yesterday",
    "escalation rate above 20",
    "stuck over the last 2 days",
    "chats over 2 days",
    "customers yesterday",
    "average sent tickets per day",
    "Chat cost per ticket",  # the cost of chats, or the cost per ticket of the channel chat
    "Stuck vs open per agent",
    "Stuck tickets and urgent tickets",  # one number each, or those that are both
    "How many tools failed yesterday?",  # tools, or failures
    "How many tickets were in Draft Created yesterday?",
    "Tickets not sent within 24 hours of creation",
    "Tickets sent in 5 minutes",
    "Average chat cost per day",  # of each chat, or of what each day adds up to
    "Average pipeline cost per customer",
    "What is the total cost of the 5 most expensive chats?",
    "Longest time to send per agent",
    "Who has tickets in every category?",
    "Countries which had tickets every day",
    "Each channel's busiest hour",
    "Human answers better than AI",
    "No tickets from Spain",
    "Categories with at least 50 comparisons and penalty under 10",
    "Prompt tokens minus completion tokens",
    "Сколько сообщений на клиента?",
    "Стоимость чатов на тикет",
    "Who sent tickets to customers in France?",
    "Are all tickets assigned?",
    "How many chats started with the router?",
    "Chats per dollar",
    "Tickets in October vs last year",  # October of last year, or all of it
    "Tickets yesterday month over month",
    "How many of yesterday's tickets were sent yesterday?",
    "Bottom two agents by CSAT and top two by volume",
    "How many damage claims were approved?",  # approved is no form of approvals
    "Customers in rated tickets by category",  # "in" is no part of a name
    "Customers whose tickets were sent last week",
    "Tickets to assign",
    "How many tickets could AI handle?",
    "Сколько тикетов надо отправить сегодня?",
    "Tickets between 9 and 12",  # so many of them, or at these hours
    "Tickets by category between 9 and 12",
    "Chats longer than 5 minutes or between 9 and 12 turns",
    "Tickets from Germany or with CSAT under 2",  # of either, not of both
    "Comparisons with a penalty over 50 or under 5",
    "Tickets by channel or category",
    "Тикеты без клиента или без страны",
    "Chat tokens by resolution type, incl. the active ones",  # added, not meant alone
    "How many tickets including the sent ones by category?",
    "Top 3 countries by tickets with their CSAT",
    "Tickets by assignee excluding unassigned and Agent 04",  # left out as well, or wanted
    "Tickets by assignee except Agent 04 and unassigned",
    "Tickets excluding unassigned and email",
    "CSAT 4-5 tickets by channel",
    "Week 40-42 tickets by channel",
    "Тикеты с 20 по 27 по каналам",  # so many, or of these days
    "Tickets with more than 5 messages by channel",  # of each channel, or of each ticket
    "Tickets excluding chat and last week",
    "Tickets except sent and Spanish",
    "Tickets other than sent and stuck",
    "Which channels have no unassigned tickets",  # those without any
    "How many customers have no unassigned tickets",
    "Tickets this month and last",
    "Tickets last month including unassigned ones",
    "Cost including chat",
    "Categories with resolution rate between 0.5 and 0.8",
    "Tickets created yesterday and unassigned",
    "Tasks longer than 10s by step",  # a length that is not read is no number of tasks
    "Tickets in the last 7d",
    "CSAT of the busiest channel",  # by tickets, and not by CSAT
    "CSAT самого популярного канала",
    "CSAT самого загруженного канала",
    "CSAT of the busiest 3 channels",
    "CSAT on the busiest day",
    "CSAT del canal más popular",
    "CSAT du canal le plus fréquent",
    "Chat cost of the busiest channel",
    "Stuck tickets in the busiest channel",
    "Appels d'outils plus longs que 10",
    "Инструкции изменены в прошлом месяце",
    "Tickets from 1 and 3 October",
    "Tickets for each agent and unassigned tickets",
    "How many tickets were there last month and which channel had the most?",
    "Tickets sent by each agent and their share of everything",
    "Tool failures by reason",  # chats are escalated for one, tools fail for none
    "Approvals by cause",
    "Instructions changed last month",  # those that were changed, or how many more there are
    "Share of tickets sent in 24 hours",
    "Tickets from January and March",  # no range
    "Тикеты с января и марта",
    "The 2nd most common category last month",
    "Tool calls longer than 10",
    "Вызовы инструментов дольше 10 с",
    "Тикеты без агента и оценки",
    "Tickets without an agent and rating",
    "Channels with CSAT above the average of stuck tickets",
]


@pytest.mark.parametrize("question", DOUBTED)
def test_what_may_mean_two_things_is_not_answered(reader: Reader, question: str) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert not reader.patterns.find(tokens, spans)
    assert not read.readings, [_short(one.query) for one in read.readings]


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("Cost per ticket in chat", "cost_per_ticket channel=chat"),
        ("Email and chat escalations", "escalated_conversations channel=email,chat"),
        ("Tickets sent in the last 5 minutes", "sent_tickets @last_n_minutes:5"),
        ("Average time to send per agent", "time_to_send /assignee"),
        ("time to send by agent, longest first", "time_to_send /assignee ^time_to_send:desc"),
        ("chat cost for each of the last 4 months", "chat_cost ~month @last_n_months:4"),
        ("Chats in October year over year", "conversations @month:2026-10 vs previous"),
        ("tickets this week week over week", "tickets @this_week vs previous"),
        ("Can you tell me how many tickets came in yesterday", "tickets @yesterday"),
        ("messages from customers yesterday", "customer_messages @yesterday"),
        ("Busiest channel last month", "#1 /channel @last_month ^tickets:desc tickets"),
        ("Most popular tool", "#1 /tool ^tool_calls:desc tool:not_null tool_calls"),  # its errors are no use of it
        ("Open tickets for each agent", "/assignee assignee:not_null open_tickets"),
        ("Сколько открытых тикетов у каждого агента", "/assignee assignee:not_null open_tickets"),
        ("Open tickets per assignee including unassigned", "/assignee open_tickets"),
        ("Tickets for each agent with the total", "/assignee tickets"),
        ("Tickets from September on email", "@month:2026-09 channel=email tickets"),
        ("Tickets from March on by channel", "/channel @since:2026-03-01 tickets"),
        ("October 2026's tickets by channel", "/channel @month:2026-10 tickets"),
        ("How many tickets came in last week and escalations", "@last_week escalated_conversations tickets"),
        (
            "Which agent sent the most tickets by email last week?",
            "#1 /assignee @last_week ^sent_tickets:desc channel=email sent_tickets",
        ),
        (
            "Which agent has the most open tickets, excluding unassigned?",
            "#1 /assignee ^open_tickets:desc assignee:not_null open_tickets",
        ),
        ("Stuck tickets by reason", "/stuck_reason stuck_tickets"),
        (
            "What is the main reason for escalation?",
            "#1 /escalation_reason ^escalated_conversations:desc escalated_conversations escalation_reason:not_null",
        ),
        ("Escalations by reason", "/escalation_reason escalated_conversations"),
        ("Escalation reasons with count and share", "/escalation_reason escalated_conversations share"),
        ("How have tickets changed last month?", "@last_month tickets vs:previous"),
        ("Tickets last week vs the week before and the change in percent", "@last_week tickets vs:previous"),
        ("Share of tickets sent in the last 24 hours", "@last_n_hours:24 sent_rate"),
        ("Tickets from March on", "@since:2026-03-01 tickets"),
        ("Тикеты с марта и далее", "@since:2026-03-01 tickets"),
        ("Tickets as well as CSAT by channel", "/channel csat tickets"),
        ("CSAT and response rate in October", "@month:2026-10 csat csat_response_rate"),
        ("Chats with over 1.5k tokens", "conversations each:chat_tokens:gt:1500"),
        ("Channels with a resolution rate above .5%", "/channel >resolution_rate:gt:0.5 resolution_rate"),
        ("How many tool calls took longer than 2 seconds", "each:tool_duration:gt:2000 tool_calls"),
        ("Number of tickets with 3-5 messages", "/ticket_id >messages:ge:3 >messages:le:5 counted messages"),
        ("Categories with CSAT below the average of all tickets", "/category >csat:lt:average csat"),
        (
            "Which human agent sent the most tickets last quarter?",
            "#1 /assignee @last_quarter ^sent_tickets:desc sent_tickets",
        ),
        (
            "Кто из живых агентов отправил больше всего тикетов в прошлом квартале?",
            "#1 /assignee @last_quarter ^sent_tickets:desc sent_tickets",
        ),
        ("Какой CSAT был на прошлой неделе и какая доля решённых тикетов?", "@last_week csat resolution_rate"),
        (
            "How many approvals were there and what was the approval rate in October?",
            "@month:2026-10 approval_rate approvals",
        ),
    ],
)
def test_what_is_plain_beside_it_is_answered(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


def test_a_year_before_is_as_far_as_the_period_has_gone(reader: Reader) -> None:
    tokens, spans = reader.ground("tickets this month yoy", NOW, "UTC")
    window = reader.read("tickets this month yoy", tokens, spans, NOW, "UTC").readings[0].query.window
    assert window is not None
    assert window.previous_start is not None
    assert window.previous_end is not None
    assert (window.previous_start.at, window.previous_end.at) == (
        NOW.replace(year=2025, day=1, hour=0),
        NOW.replace(year=2025),
    )


def test_what_is_frequent_is_not_what_is_high(reader: Reader) -> None:
    """A word of both would rank by whatever is measured, and nobody would be asked."""
    for language in load_languages(reader.knowledge.folder).values():
        orders = language.words["order"]
        for high, frequent in (("highest", "commonest"), ("lowest", "rarest")):
            assert not {*orders.get(high, ())} & {*orders.get(frequent, ())}, language.language
