"""Several numbers of one question, what is left out of a breakdown, and who did something when."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from tests.language.test_reading import NOW, assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # two counts with one noun, each by its own moment
        ("opened and sent tickets by month", "sent_tickets tickets ~month"),
        ("tickets created vs sent by month", "sent_tickets tickets ~month"),
        ("how many tickets were created and sent each week", "sent_tickets tickets ~week"),
        ("созданные и отправленные тикеты по неделям", "sent_tickets tickets ~week"),
        ("сколько тикетов создано и отправлено по месяцам", "sent_tickets tickets ~month"),
        # two measures with one noun
        ("prompt and completion tokens by step", "pipeline_completion_tokens pipeline_prompt_tokens /task_type"),
        ("escalation and abandonment rate by week", "abandonment_rate escalation_rate ~week"),
        # the change of each step beside the trend
        ("tickets by week with change to the previous week, last 8 weeks", "growth tickets ~week @last_n_weeks:8"),
        ("tickets by month this year with month over month change", "growth tickets ~month @this_year"),
        ("ticket growth by month", "growth tickets ~month"),
        ("тикеты по неделям за последние 8 недель и изменение к предыдущей неделе",
         "growth tickets ~week @last_n_weeks:8"),
        ("tickets by month for the last 3 calendar months", "tickets ~month @last_n_months:3"),
        # what goes beside a count that is split, and an aggregation of one of two
        ("conversations by month with escalation rate", "conversations escalation_rate ~month"),
        ("csat and tickets by channel", "csat tickets /channel"),
        ("escalation rate and conversations by month", "conversations escalation_rate ~month"),
        ("csat and median time to send by channel", "csat median:time_to_send /channel"),
        ("average time to send and median csat by channel", "median:csat time_to_send /channel"),
        ("escalated conversations by month with percent change", "escalated_conversations growth ~month"),
        # rows without a group are left out of the groups
        ("tickets by country, leaving out tickets without a country", "tickets /country country:not_null"),
        ("pipeline cost by model, excluding steps without a model", "pipeline_cost /model model:not_null"),
        ("расходы на пайплайн по моделям, шаги без модели не показывай", "pipeline_cost /model model:not_null"),
        ("топ 5 стран по обращениям, тикеты где страна не указана не считай",
         "tickets /country country:not_null ^tickets:desc #5"),
        # rows without a value, by something else
        ("tickets without a country by channel", "tickets /channel country:is_null"),
        ("тикеты без страны по каналам", "tickets /channel country:is_null"),
        ("gpt-5.2's penalty score by category", "penalty_score /category model=gpt-5.2"),
        ("what did chat cost us per channel (i mean the live conversations)", "chat_cost /channel"),
        ("сколько тикетов отправили на прошой неделе", "sent_tickets @last_week"),
    ],
)  # fmt: skip
def test_what_is_told_together_is_understood(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        "how many tickets were created and sent in October",  # one number each, or those that were both
        "tickets created and sent last month",
        "breakdown of errors tools by error category",
        "resolved and escalated chats by week",  # both together, or each
        "opened and answered tickets by month",
        "created and answered tickets last week",
        "tickets by month with year over year change",
        "when was T-019500 opened and by whom?",
        "someone's tickets",
    ],
)
def test_what_may_be_two_things_is_asked_back(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("show failed tasks: id, step, status", {"task_id", "task_type", "task_status"}),
        ("when was T-015000 sent?", {"sent_at"}),
        ("when was T-015000 created", {"created_at"}),
        ("who is T-015000 assigned to", {"assignee"}),
    ],
)
def test_the_columns_of_the_rows_themselves_are_shown(reader: Reader, question: str, columns: set[str]) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert read.readings, "it is understood"
    shown = set(read.readings[0].query.columns)
    assert columns <= shown
    assert "ticket_status" not in shown
