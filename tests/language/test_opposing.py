"""Two sides of a question: with and without, one against the rest, weekends against weekdays."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from tests.language.test_reading import NOW, assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # with and without
        ("csat with and without an agent", "csat |assignee:not_null|rest"),
        ("average csat for tickets with an agent vs without", "csat |assignee:not_null|rest"),
        ("tickets with an agent vs without an agent by channel", "tickets /channel |assignee:not_null|rest"),
        ("tickets without a country vs with a country last month", "tickets |country:not_null|rest @last_month"),
        ("number of tickets with and without csat", "tickets |csat_score:not_null|rest"),
        ("how many tickets have an agent and how many don't", "tickets |assignee:not_null|rest"),
        ("csat assigned vs unassigned tickets", "csat |assignee:not_null|rest"),
        ("тикеты с агентом и без агента", "tickets |assignee:not_null|rest"),
        ("сколько тикетов с оценкой и сколько без", "tickets |csat_score:not_null|rest"),
        ("сколько тикетов с назначенным агентом, а сколько без", "tickets |assignee:not_null|rest"),
        ("tickets con y sin agente", "tickets |assignee:not_null|rest"),
        ("כמה פניות עם נציג וכמה בלי", "tickets |assignee:not_null|rest"),
        ("share of tickets with and without an agent", "share tickets |assignee:not_null|rest"),
        # one against the rest
        ("csat of urgent tickets against the rest", "csat |urgency=high|rest"),
        ("urgent tickets vs the rest: csat", "csat |urgency=high|rest"),
        ("csat whatsapp vs all other channels", "csat |channel=whatsapp|rest"),
        ("csat whatsapp and email vs the rest", "csat |channel=whatsapp,email|rest"),
        ("median time to send: shipping vs everything else", "median:time_to_send |category=shipping_inquiry|rest"),
        # "other" is a category too, but not where categories are told from others
        ("csat: shipping vs other categories", "csat |category=shipping_inquiry|rest"),
        ("tickets from germany vs other countries by month", "tickets ~month |country=DE|rest country:not_null"),
        ("cost of escalated chats compared with the rest", "chat_cost |resolution_type=escalated|rest"),
        ("average number of turns in escalated chats vs others",
         "turns_per_conversation |resolution_type=escalated|rest"),
        ("csat des tickets urgents par rapport aux autres", "csat |urgency=high|rest"),
        ("медианное время отправки срочных тикетов и остальных", "median:time_to_send |urgency=high|rest"),
        # denied on one side
        ("time to send for english tickets vs non-english", "time_to_send |language=en|rest"),
        ("chats: escalated vs not escalated", "conversations |resolution_type=escalated|rest"),
        ("chats that were escalated vs those that were not, avg cost",
         "mean:chat_cost |resolution_type=escalated|rest"),
        ("csat английских тикетов против не английских", "csat |language=en|rest"),
        # several values on a side
        ("median time to send on weekends vs weekdays", "median:time_to_send |weekday=6,7|weekday=1,2,3,4,5"),
        ("тикеты по будням и выходным", "tickets |weekday=1,2,3,4,5|weekday=6,7"),
        ("csat of assigned tickets and unassigned tickets", "csat |assignee:not_null|rest"),
        ("csat по выходным и будням", "csat |weekday=6,7|weekday=1,2,3,4,5"),
        ("будни против выходных по числу чатов", "conversations |weekday=1,2,3,4,5|weekday=6,7"),
        ("сравни выходные и будни по медиане времени отправки", "median:time_to_send |weekday=6,7|weekday=1,2,3,4,5"),
        ("несрочные тикеты против срочных csat", "csat |urgency=low,medium|urgency=high"),
        ("tickets with a customer vs without", "tickets |customer_id:not_null|rest"),
        ("whatsapp tickets last month: urgent vs the rest", "tickets |urgency=high|rest channel=whatsapp @last_month"),
        ("в выходные чаще эскалируют чаты чем в будни", "escalation_rate |weekday=6,7|weekday=1,2,3,4,5"),
        # which of the two is more is told by both
        ("do urgent tickets have a lower csat than the rest", "csat |urgency=high|rest"),
        ("is csat higher on weekends than on weekdays", "csat |weekday=6,7|weekday=1,2,3,4,5"),
    ],
)  # fmt: skip
def test_two_sides_are_understood(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # single values and more than two sides are groups, as they were
        ("csat email vs whatsapp", "csat /channel channel=email,whatsapp"),
        ("average turns of resolved vs escalated vs abandoned chats",
         "turns_per_conversation /resolution_type resolution_type=resolved,escalated,abandoned"),
        # told by one thing, two values are told apart by the other
        ("failed and done tasks by model", "pipeline_tasks /model /task_status task_status=failed,done"),
        ("failed vs done tasks by model", "pipeline_tasks /model /task_status task_status=failed,done"),
        ("both email and chat tickets by month", "tickets ~month channel=email,chat"),
        ("tickets excluding whatsapp and telegram by category", "tickets /category channel!=whatsapp,telegram"),
        ("top 3 categories by whatsapp and email tickets", "tickets /category channel=whatsapp,email ^tickets:desc #3"),
    ],
)  # fmt: skip
def test_what_has_no_two_sides_is_read_as_before(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        "csat of sent vs not sent tickets",  # only sent ones are rated
        "csat of rated vs unrated tickets",
        "escalation rate of escalated chats vs the rest",
        "share of urgent tickets on weekends vs weekdays",  # of each side, or of all
        "csat for escalated vs non-escalated chats",  # tickets are rated
        "escalated chats vs the rest: csat",
        "csat by channel vs the rest",
        "resolved vs escalated vs the rest",
        "do rejected approvals take longer than approved ones",  # not how many there are
        "other vs shipping tickets",
        "urgent tickets vs the rest compared with last month",
        "csat of urgent email tickets vs the rest",  # of all others, or of the urgent ones
        "urgent tickets in english vs the rest",
        "open urgent tickets vs the rest",
        "stuck tickets vs the rest",  # of the open ones, or of all
        "failed tool calls vs the rest by month",
        "chats with router and discount vs the rest",  # chats that had both, or one of them
        "chats with errors vs without errors",  # chats, and not errors
        "tickets with dialogs vs without",
        "customers with urgent tickets vs without",  # some are on both sides
        "tickets with customer email vs without",
        "тикеты с агентом чаще срочные чем без агента?",  # a share of each, and not how many
        "чаще ли застревают срочные тикеты, чем остальные",
        "are tickets with an agent more often urgent than those without",
        "percentage of failed vs done tasks",  # of each other, or of all
        "failed vs done tasks by model as shares",
        "tickets with and without agent by month in percent",
        "email tickets vs chats",
        "email tickets vs whatsapp chats",
    ],
)  # fmt: skip
def test_sides_that_say_nothing_are_no_reading(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


def test_a_side_is_the_same_whichever_is_named_first(reader: Reader) -> None:
    questions = "csat of non-urgent vs urgent tickets", "csat of urgent vs non-urgent tickets"
    read = [reader.read(text, *reader.ground(text, NOW, "UTC"), NOW, "UTC").readings[0].query for text in questions]
    assert read[0] == read[1]


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("share of urgent tickets by language", "share tickets /language urgency=high?"),
        ("доля тикетов с высокой срочностью по языкам за октябрь",
         "share tickets /language urgency=high? @month:2026-10"),
        ("share of escalated chats by channel", "escalation_rate /channel"),
        ("share of shipping tickets by month", "share tickets ~month category=shipping_inquiry?"),
        ("what share of tickets came through each channel", "share tickets /channel"),
    ],
)  # fmt: skip
def test_a_share_by_something_is_that_of_each(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        "share of open tickets by assignee",  # of what each has, or of all open ones
        "share of whatsapp tickets by channel",
        "what share of escalated chats came through each channel",
    ],
)
def test_a_share_that_may_be_of_the_whole_is_asked_about(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)
