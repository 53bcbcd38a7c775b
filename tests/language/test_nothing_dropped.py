"""What stands beside a number and must not be lost: a second number, the rows that an error is, a split by people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dash.language.reader import Reader
from dash.semantics.moments import resolve_window
from tests.language.test_reading import NOW, assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # a number of rows beside a measure that is split
        ("pipeline cost per day last week with the number of tasks", "pipeline_cost pipeline_tasks ~day @last_week"),
        ("coût du pipeline par jour la semaine dernière, avec le nombre de tâches",
         "pipeline_cost pipeline_tasks ~day @last_week"),
        ("coste del pipeline por día la semana pasada con el número de tareas",
         "pipeline_cost pipeline_tasks ~day @last_week"),
        ("стоимость пайплайна по дням за прошлую неделю с числом задач",
         "pipeline_cost pipeline_tasks ~day @last_week"),
        ("csat by channel with the number of tickets", "csat tickets /channel"),
        ("tickets by channel with the number", "tickets /channel"),
    ],
)  # fmt: skip
def test_each_number_that_is_asked_for_is_told(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        "pipeline cost last week number of tasks",
        "tickets by day with the number of messages",  # both, or the messages of the tickets
        "csat by channel with tickets",
    ],
)
def test_a_second_number_that_is_not_plain_is_asked_about(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # an error message is that of a failed task
        ("what are the 10 most common pipeline error messages over the last 30 days",
         "pipeline_errors /error_message error_message:not_null @last_n_days:30 ^pipeline_errors:desc #10"),
        ("топ 5 текстов ошибок пайплайна за этот месяц",
         "pipeline_errors /error_message error_message:not_null @this_month ^pipeline_errors:desc #5"),
        ("top 3 escalation reasons last month",
         "escalated_conversations /escalation_reason escalation_reason:not_null @last_month "
         "^escalated_conversations:desc #3"),
        # what somebody did belongs to the period in which they did it
        ("agents who sent more than 20 tickets last month",
         "sent_tickets /assignee >sent_tickets:gt:20 @last_month"),
        # two things that one noun is
        ("how many tickets are open and unassigned", "open_tickets of:unassigned_tickets"),
        ("сколько тикетов не назначено и открыто", "unassigned_tickets of:open_tickets"),
        # stuck for so long
        ("сколько у нас сейчас зависших заявок", "stuck_tickets"),
        # an average of what is one already
        ("average chat cost per conversation for every channel since the start of the year",
         "cost_per_conversation /channel @this_year"),
        # hours that are written as times, and those between them
        ("tickets at 9:00 and 12:00", "tickets hour_of_day=9,12"),
        ("тикеты в 9:00 и 12:00", "tickets hour_of_day=9,12"),
        ("tickets between 9:00 and 12:00 yesterday", "tickets hour_of_day=9,10,11 @yesterday"),
        # words
        ("сколько одобрений ждут ответа", "pending_approvals"),
        ("сколько тикетов пришло седня", "tickets @today"),
        ("opne tickets", "open_tickets"),
        ("доля отправленных без участия исполнителя, по месяцам", "auto_sent_rate ~month"),
        ("Quick one before my standup - how many tickets did we send out so far today?", "sent_tickets @today"),
        ("histograma de puntuaciones CSAT", "rated_tickets /csat_score"),
    ],
)  # fmt: skip
def test_what_was_lost_or_refused_is_understood(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        # by duration or by messages
        "самые длинные диалоги за прошлую неделю, топ 10",
        "самые короткие чаты вчера",
        # written by them, or told of each
        "messages by agent last month",
        "messages last week by agent",
        "messages by customer last month",
        "top category by agent last month",
        # the first of each, or of all
        "peak hour by channel last week",
        "busiest day by channel last month",
        "top 3 categories by channel",
        # two conditions on different counts
        "customers with more than 2 tickets and at least one rated 1",
        "customers with more than 3 tickets and at least one open",
        "customers with at least one open ticket and more than 3 tickets",
        "клиенты с более чем 3 тикетами и хотя бы одним открытым",
        # one divided by the other
        "chat tickets to email tickets ratio last month",
        "ratio of chat tickets to email tickets last month",
        # a number of each, or of both
        "open and unassigned tickets",
        "how many open and unassigned tickets",
        "how many chats are resolved and escalated",
        "сколько тикетов создано и отправлено в октябре",
        # which days it has, nobody has said
        "tickets in the second week of October",
        "tickets created between 9 and 17 last week",
        # a period and a value are no two sides
        "tickets last month vs weekend",
        "tickets last month vs email",
        # of the tickets or of the messages
        "how many tickets had more than 3 messages written last month",
        "how many customers wrote more than 3 messages last month",
        # a condition that sounds like small talk
        "tickets created before the meeting",
        "Quick one before my standup - how many VIP tickets did we send out so far today?",
        "ratings from 2 to 10",
    ],
)
def test_what_may_mean_two_things_is_asked_about(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


@pytest.mark.parametrize(
    "question",
    [
        "number of tickets from last month with at least 3 messages",
        "how many tickets had more than 3 messages last month",
        "tickets with at least 3 customer messages last month",
        "сколько тикетов за прошлый месяц с более чем 3 сообщениями",
    ],
)
def test_tickets_with_so_many_messages_are_those_of_the_period(reader: Reader, question: str) -> None:
    read = reader.read_text(question, NOW, "UTC")
    assert read.readings, "it is understood"
    query = read.readings[0].query
    assert (query.dimensions, query.time_dimension) == (("ticket_id",), "created_at")


@pytest.mark.parametrize("question", ["tickets in the first week of October", "тикеты за первую неделю октября"])
def test_the_first_week_of_a_month_is_its_first_seven_days(reader: Reader, question: str) -> None:
    window = reader.read_text(question, NOW, "UTC").readings[0].query.window
    assert window is not None
    start, end = resolve_window(window, NOW, "UTC")
    assert (start, end) == (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 8, tzinfo=UTC))


def test_during_the_week_beside_the_weekend_is_the_weekdays(reader: Reader) -> None:
    query = reader.read_text("tickets during the week vs weekend last month", NOW, "UTC").readings[0].query
    assert query.window is not None
    assert (len(query.sides), query.window.phrase) == (2, "last_month")


def test_what_one_agent_did_send_are_the_sent_tickets(reader: Reader) -> None:
    query = reader.read_text("how many tickets did Agent 14 send last month", NOW, "UTC").readings[0].query
    assert [use.name for use in query.metrics] == ["sent_tickets"]
    assert [(one.dimension, one.values) for one in query.filters] == [("assignee", ("Agent 14",))]


@pytest.mark.parametrize(
    "question",
    [
        "how many tickets yesterday? urgent",
        "hi there, urgent! how many tickets last week? thanks",
        "urgent tickets and all tickets by channel",
        "email tickets in October vs chat tickets in September",
        "email vs chat in October vs September",
        "what share of tickets is urgent and unassigned",
        "what share of tickets is urgent or low",
        "most used tool in each channel",
        "самая частая ошибка на каждом шаге",
        "самая частая категория по месяцам",
        "ratio of chats to emails",
        "tickets started last week",
        "сообщения по агентам за октябрь",
        "chats with the most turns",
        "longest running task",
        "slowest agent last month",
        "tickets in summer by channel",
        "сколько тикетов было летом",
        "tickets from us and canada in october",
        "share of english among escalated chats",
        "what share of escalated chats came from whatsapp",
        "share of tickets without csat among sent",
        "доля тикетов с оценкой ниже 3 по каналам",
        "chats that used discount but not retention",
        "how many tickets by weekday for each day",
    ],
)
def test_what_would_lose_or_add_a_condition_is_not_answered(reader: Reader, question: str) -> None:
    read = reader.read_text(question, NOW, "UTC")
    assert not read.readings or read.unknown


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("tasks started yesterday", "pipeline_tasks @yesterday"),
        ("тикеты по доставке за октябрь", "tickets category=shipping_inquiry @month:2026-10"),
        ("тикеты старше недели, которые не отправлены", "open_tickets @older_than_hours:168"),
        ("чаты за ноябрь, не закрытые", "active_conversations @month:2026-11"),
        ("tickets we opened last week by channel", "tickets /channel @last_week"),
        ("tickets notés 1 ou 2 le mois dernier", "csat_score=1,2 tickets @last_month"),
        ("tickets con puntuación 3 la semana pasada", "csat_score=3 tickets @last_week"),
        ("escalated and not by customer request in October",
         "escalated_conversations escalation_reason!=customer_request @month:2026-10"),
        ("c'est urgent, combien de tickets hier", "tickets @yesterday"),
        ("es urgente, cuántos tickets ayer", "tickets @yesterday"),
        ("срочно нужны тикеты за вчера по каналам", "tickets /channel @yesterday"),
        ("can you email me the tickets by country", "tickets /country"),
        ("I'm stuck, how many tickets were created last week?", "tickets @last_week"),
        ("open question: how many tickets last week", "tickets @last_week"),
        ("tickets by category please, see you on Monday", "tickets /category"),
    ],
)  # fmt: skip
def test_words_beside_a_question_say_nothing_of_it(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)
