"""Conversations as support leads have them: what a turn keeps of the one before, what it replaces, and what it cannot
say. Each is compared with the one question that says all of it.
"""

from __future__ import annotations

import pytest

from dash.ask import Dash

from .test_threads import ask_all

SAID_AT_ONCE = {
    # another part of the same whole
    "share of tickets in Russian last month || and in Spanish": "share of tickets in Spanish last month",
    "доля срочных тикетов по каналам за прошлый месяц || а несрочных":
        "доля несрочных тикетов по каналам за прошлый месяц",
    "share of tickets rated 5 by channel || and rated 1": "share of tickets rated 1 by channel",
    "share of tickets from the US by category last month || from Israel instead":
        "share of tickets from Israel by category last month",
    # the name of another number, of the same rows and time, also where they are rows of another table
    "tickets from the US last month || first response time": "first response time of tickets from the US last month",
    "тикеты из США за прошлый месяц || время первого ответа":
        "время первого ответа по тикетам из США за прошлый месяц",
    "csat for email last month || for chat || first response time":
        "first response time for channel chat last month",
    "tickets last week || escalation rate": "escalation rate last week",
    "email tickets last month || failed tasks": "failed tasks of email tickets last month",
    "payment tickets last month || AI win rate || penalty score": "penalty score for payments last month",
    "escalation rate by channel || abandonment rate": "abandonment rate by channel",
    "csat last month || by channel || time to send": "time to send by channel last month",
    "доля побед ИИ по моделям || доля поражений || за прошлый месяц":
        "доля поражений ИИ по моделям за прошлый месяц",
    "escalation rate by channel last month || and abandonment": "abandonment rate by channel last month",
    # a condition on something else, said without a word for the rows, holds as well
    "open tickets by channel || and the unassigned ones?": "open unassigned tickets by channel",
    "open tickets by agent || and the unassigned?": "open unassigned tickets",
    "открытые тикеты по каналам || а неназначенные?": "открытые неназначенные тикеты по каналам",
    # a condition alone is one of what was counted, as it was then
    "tickets in October || unsent": "open tickets in October",
    "тикеты за октябрь по каналам || не отправленные": "открытые тикеты за октябрь по каналам",
    "tickets older than 3 days || unsent": "open tickets older than 3 days",
    # not one of several
    "retention tickets last month || not pause || by agent": "cancel subscription tickets last month by agent",
    "тикеты по доставке и оплате за октябрь || без оплаты": "тикеты по доставке за октябрь",
    # the same by another value, for which there is another number
    "how many messages did the AI write last week || and the human agents?": "agent messages last week",
    "сколько сообщений написал AI за прошлую неделю по каналам || а люди?":
        "сообщения агентов за прошлую неделю по каналам",
    # the same of other rows
    "pipeline cost last month by day || same for chats": "chat cost last month by day",
    "стоимость пайплайна за прошлый месяц || то же самое для чатов": "стоимость чатов за прошлый месяц",
    "tickets by channel last month || and chats?": "conversations by channel last month",
    # not this, but that
    "median time to send by agent last month || not the median, the average":
        "average time to send by agent last month",
    "AI win rate last quarter by model || not by model, by month": "AI win rate last quarter by month",
    "AI win rate за прошлый квартал по моделям || а теперь не по моделям, а по месяцам":
        "AI win rate за прошлый квартал по месяцам",
    "stuck tickets || show them: id, stage, when": "show stuck tickets: id, stage, when",
    # what was counted stays the condition of what is measured
    "abandoned chats last month || average turns": "average turns of abandoned chats last month",
    "брошенные чаты за октябрь || среднее число ходов": "среднее число ходов брошенных чатов за октябрь",
    "unidentified tickets last month || resolution rate": "resolution rate of unidentified tickets last month",
    "AI-handled tickets last month || csat": "csat of AI-handled tickets last month",
    "abandoned chats last month || escalated chats": "escalated chats last month",
    "messages last week || per ticket": "messages per ticket last week",
    "pipeline cost last month || per ticket": "cost per ticket last month",
    # another bound takes the place of the old one
    "agents who sent more than 30 tickets last month || and fewer than 10":
        "agents who sent fewer than 10 tickets last month",
    "категории, где больше 100 тикетов за прошлый месяц || а меньше 50":
        "категории, где меньше 50 тикетов за прошлый месяц",
    "chats longer than 30 minutes last month || and shorter than 5 minutes":
        "chats shorter than 5 minutes last month",
    "categories with csat below 3.5 || what about agents": "agents with csat below 3.5",
    "categories with more than 50 tickets last month || what about channels":
        "channels with more than 50 tickets last month",
    # the first of an order that was said
    "resolution rate by category last month || ascending || top 3":
        "3 categories with the lowest resolution rate last month",
    "resolution rate by category last month || lowest first || only the first 5":
        "5 categories with the lowest resolution rate last month",
    "csat по исполнителям за прошлый месяц || от худших к лучшим || первые 5":
        "5 исполнителей с худшим csat за прошлый месяц",
    "time to send by agent last month || fastest first || top 5":
        "5 agents with the fastest time to send last month",
    # several turns together
    "how many tickets in october || and in september || what is the difference": "tickets in october vs september",
    "tickets in September || and August || what is the difference": "tickets in September vs August",
    "tickets in August || in October || growth in percent": "tickets in October vs August",
    "csat in October || and in September || which is better": "csat in October vs September",
    "обращения по каналам за октябрь || а за сентябрь? || разница":
        "обращения по каналам октябрь против сентября",
    "csat email last month || and whatsapp || compare them": "csat email vs whatsapp last month",
    "csat email last month || and whatsapp || both by month": "csat email vs whatsapp last month by month",
    "ai win rate last month || and loss rate || compare them": "ai win rate and ai loss rate last month",
    # a word that may also be rows of another table
    "tickets from email last month || and chat": "tickets from channel chat last month",
    "csat of email || and chat || and whatsapp": "csat of whatsapp",
    "escalations on whatsapp last month || and chat": "escalations on channel chat last month",
    "most common category last week || in chat": "most common category in channel chat last week",
    "what did it cost last month || chat": "chat cost last month",
    # corrections, and what is left out of a period
    "how many tickets last month || i mean sent": "sent tickets last month",
    "tickets last month || and sent": "sent tickets last month",
    "resolution rate this month || no, I meant conversations": "chat resolution rate this month",
    "how many whatsapp tickets yesterday || no, I meant conversations":
        "how many conversations from channel whatsapp yesterday",
    "сколько тикетов вчера || нет, я про чаты": "сколько чатов вчера",
    # a number instead of a rate
    "escalation rate last month || how many is that": "escalated chats last month",
    "pipeline failure rate by step || how many are those": "pipeline errors by step",
    "доля эскалаций за прошлый месяц || сколько это": "сколько эскалаций за прошлый месяц",
    # columns of rows that were shown, and of those that were counted
    "show open tickets || add the subject": "show open tickets: id, subject",
    "show the 5 oldest open tickets || add subject and country": "show the 5 oldest open tickets: id, subject, country",
    "how many open tickets are urgent || show subject and country, oldest first":
        "show urgent open tickets, oldest first: id, subject, country",
    "how many open tickets are urgent || oldest first": "show urgent open tickets, oldest first",
    "show open tickets || only the first 5": "show the 5 newest open tickets",
    "tickets by category last month || add channel": "tickets by category and channel last month",
    "tickets by month this year || add channel": "tickets by month and channel this year",
    "taux d'échec du pipeline le mois dernier || et le mois d'avant ?": "taux d'échec du pipeline en septembre",
    "сколько тикетов на прошлой неделе || а на этой": "сколько тикетов на этой неделе",
    "time to send last week by channel || csat over the same period": "CSAT by channel last week, mean",
    "Стоимость пайплайна по моделям за прошлый месяц || а стоимость чатов за тот же период, по каналам?":
        "стоимость чатов по каналам за прошлый месяц",
    "топ 5 стран по обращениям в этом квартале || а сколько вообще без страны?":
        "сколько тикетов без страны в этом квартале",
    "customers with more than 3 tickets last quarter || how many is that":
        "how many customers have more than 3 tickets last quarter",
    # a part of another whole
    "open tickets || what percent of all tickets is that": "share of open tickets",
    "email tickets last month || what share of all tickets is that": "share of email tickets last month",
    "открытые тикеты || какая это доля от всех тикетов": "доля открытых тикетов",
    "how many tickets have more than 3 messages || and more than 5?": "how many tickets have more than 5 messages",
    # of two that a word may mean, the one of the same rows
    "tool calls yesterday || and the failure rate": "tool failure rate yesterday",
    "failed tasks yesterday || and the failure rate": "pipeline failure rate yesterday",
    # the period before a rolling one, and a split that is wanted no more
    "tickets in the last 30 days || compare with the previous 30 days": "tickets last 30 days vs previous 30 days",
    "tickets in the last 30 days || compare with the 30 days before": "tickets last 30 days vs previous 30 days",
    "identification rate по каналам за прошлую неделю || теперь по дням, каналы не нужны":
        "identification rate по дням за прошлую неделю",
    "tickets by channel and category last month || without channels": "tickets by category last month",
    "tickets by country last month || without a country": "how many tickets without a country last month",
    # a name that is a vetted question as well, a thing that has an id, a split that the turn names
    "tickets last month || conversations": "how many conversations last month",
    "tickets from Israel last month || conversations": "how many conversations from Israel last month",
    "tickets from customer C-00042 last year || csat": "csat of customer C-00042 last year",
    "messages of ticket T-000014 || failed tasks": "failed tasks of ticket T-000014",
    "tickets from Israel last month || csat by agent": "csat of tickets from Israel last month by agent",
    "whatsapp tickets last week || time to send by channel": "time to send of whatsapp tickets last week by channel",
    # the period of the turn before stays the one that is told
    "tickets this week || compare to the week before": "tickets this week vs last week",
    "csat this month || compared to the month before": "csat this month vs last month",
    "тикеты за эту неделю || по сравнению с прошлой":
        "тикеты на этой неделе по сравнению с прошлой неделей",
    "tickets last week || vs the week before": "tickets last week vs the week before",
    "tickets since October 1 || only until October 15": "tickets from October 1 to October 15",
    "tickets after November 1 || before November 10": "tickets from November 2 to November 9",
    # some of the rows, or other rows
    "average turns per conversation last month || escalated ones":
        "average turns of escalated conversations last month",
    "chat cost last month || escalated ones": "chat cost of escalated conversations last month",
    "resolution rate last month || for chats": "chat resolution rate last month",
    "доля решённых тикетов за прошлый месяц || а чатов": "доля решённых чатов за прошлый месяц",
    # one group more, and a kind word
    "tickets by channel last month || by urgency too": "tickets by channel and urgency last month",
    "тикеты по каналам за прошлый месяц || ещё и по языкам": "тикеты по каналам и языкам за прошлый месяц",
    # a turn that asks nothing stands between, or asks for what is there
    "how many tickets did we get last week || thanks || and the week before?": "tickets the week before last",
    "тикеты вчера || ок || а позавчера": "тикеты позавчера",
    "tickets this week vs last week || what is the difference": "tickets this week vs last week",
    "csat email vs whatsapp last month || what is the difference": "csat email vs whatsapp last month",
    "how many urgent tickets yesterday || which ones": "list urgent tickets yesterday",
    "tickets last month || what percentage are high urgency": "share of high urgency tickets last month",
    # the first of each
    "tickets last month || most common category in each channel": "most common category in each channel last month",
    "csat last month || worst category in each channel": "worst category by csat in each channel last month",
    "most common category in each channel last month || only urgent":
        "most common category of urgent tickets in each channel last month",
    # what is left out in two turns
    "tickets last month || not email || not chat": "tickets last month not email and not chat",
}  # fmt: skip


@pytest.mark.parametrize("turns", SAID_AT_ONCE)
def test_turns_say_what_one_question_would(dash: Dash, turns: str) -> None:
    said, asked = ask_all(dash, *turns.split(" || "))[-1], dash.ask(SAID_AT_ONCE[turns])
    assert (said.outcome, asked.outcome) == ("answered", "answered"), (said.headline, asked.headline)
    assert sorted(map(repr, said.rows)) == sorted(map(repr, asked.rows))


@pytest.mark.parametrize(
    "turns",
    [
        # whose number is meant is not said, or nothing tells it
        "failed tasks yesterday || how many tickets is that",
        "comparisons last month || how many tickets is that",
        "эскалации за прошлый месяц || сколько это клиентов",
        "high urgency tickets last month || how many messages did they have",
        "rated tickets last month || first response time",
        "how many stuck tickets do we have || only high urgency || how many is that of all open tickets",
        "tickets last week || and when",
        # those that came first, or all
        "which country has the most open tickets || by category there",
        "top 5 agents by sent tickets last month || by channel",
        "which language has most chats || escalation rate there",
        "top 15 countries by tickets || by channel",
        # how far back
        "тикеты в прошлую пятницу || а в позапрошлую",
        "тикеты в октябре прошлого года || а в этом",
        "tickets in October last year || and this year",
        # what of them
        "messages last month || in chats",
        "failed tasks last week || how many tickets had them",
        # whether the old bound still holds, or what is bounded
        "categories with more than 10 tickets last month || and fewer than 100",
        "tickets older than 30 days still open || by agent || older than 60",
        # what was set beside each other would be lost
        "csat October vs September || by agent || only below 3",
        "tickets this week vs last week || only chat || by day",
        "csat by category in October vs September || only those that fell",
        "тикеты по категориям: октябрь против сентября || только те, что выросли",
        # what the order, the average or the share would be of
        "csat by agent last month || only below 3 || sort by tickets",
        "pipeline cost last month || per day || on average",
        "tickets rated below 3 last month || show them || sort by date",
        "failed tasks last week by step || what percent of all || only draft_answer",
        "time to send last month || the longest || which ticket",
        "tickets in October 2025 || and 2026 || by channel",
        "tickets last month || both by channel",
        # a period that is set against itself, or lies before nothing
        "tickets last week || compare with last week",
        "tickets in october || and the 30 days before that",
        # a unit that is no period, an average of another one
        "tickets last month || what about the quarter",
        "tickets last week || what about the month",
        "average tickets per day last month || per week",
        "tickets by weekday last month || csat || best day",
        # those, or how many they are
        "time to send last month || escalated ones",
        "csat last month || for chats",
        "failed tool calls last week || successful ones",
        "тикеты за прошлый месяц || отлично",
        "агенты по числу отправленных тикетов за прошлый месяц || отсортируй по csat",
        # the first of each, and what would lose them
        "most common category in each channel last month || by month",
        "most common category in each channel last month || csat",
        "most common category in each channel last month || show me those",
        "most common category in each channel last month || lowest first",
        # of the first five or of all, which number is bounded, and of what
        "csat by agent last month || with at least 5 ratings",
        "tickets by country last month || more than 100 || by language",
        # what is no part of what is named
        "tickets last month || what share of all tickets is that",
        "email tickets last month || what share of open tickets is that",
        "sent tickets last month || what percent of all tickets is that",
    ],
)
def test_a_turn_that_may_mean_two_things_is_asked_back(dash: Dash, turns: str) -> None:
    assert ask_all(dash, *turns.split(" || "))[-1].outcome != "answered"


def test_after_a_ranking_those_that_came_first_and_all_are_offered(dash: Dash) -> None:
    winner = dash.ask("which category has the most tickets").rows[0][0]
    asked = ask_all(dash, "which category has the most tickets", "by channel")[-1]
    assert asked.outcome == "clarification"
    few, every = (dash.ask(choice) for choice in asked.choices)
    assert sorted(every.rows) == sorted(dash.ask("tickets by channel").rows)
    assert sum(row[-1] for row in few.rows) == dict(dash.ask("tickets by category").rows)[winner]


def test_of_those_after_a_ranking_is_of_those_that_came_first(dash: Dash) -> None:
    winner = dash.ask("which category has the most tickets").rows[0][0]
    told = ask_all(dash, "which category has the most tickets", "how many of those are open")[-1]
    assert told.rows == ((dict(dash.ask("open tickets by category").rows)[winner],),)


@pytest.mark.parametrize(
    "ranking", ["which channel had the most tickets last week", "топ 3 категории по тикетам за октябрь"]
)
def test_the_rows_of_those_that_came_first_are_shown(dash: Dash, ranking: str) -> None:
    first, rows = ask_all(dash, ranking, "show me those")
    assert len(rows.rows) == sum(row[-1] for row in first.rows)


def test_another_number_of_those_that_came_first_is_told_of_each(dash: Dash) -> None:
    first, told = ask_all(dash, "топ 5 агентов по тикетам за прошлый месяц", "а их csat")
    every = {row[0]: row for row in dash.ask("csat по агентам за прошлый месяц").rows}
    assert sorted(told.rows) == sorted(every[row[0]] for row in first.rows if row[0] in every)


def test_a_split_is_kept_beside_the_steps_of_a_trend(dash: Dash) -> None:
    answer = ask_all(dash, "tickets per month this year", "only retention", "split by subcategory")[-1]
    assert [column.name for column in answer.columns] == ["month", "subcategory", "tickets"]


def test_a_table_is_sorted_by_what_it_shows(dash: Dash) -> None:
    before, answer = ask_all(dash, "csat, time to send and tickets by agent last month", "sort by time to send")
    place = [column.name for column in answer.columns].index("time_to_send")
    times = [row[place] for row in answer.rows if row[place] is not None]
    assert len(answer.rows) == len(before.rows)
    assert times == sorted(times, reverse=True)


def test_a_value_more_is_set_beside_the_others(dash: Dash) -> None:
    answer = ask_all(dash, "compare csat of email and whatsapp last month", "and facebook")[-1]
    assert {row[0] for row in answer.rows} == {"email", "whatsapp", "facebook"}


def test_a_name_whose_conditions_cannot_be_told_is_offered_for_the_period_and_for_all(dash: Dash) -> None:
    answer = ask_all(dash, "rated tickets last month", "first response time")[-1]
    assert answer.outcome == "clarification"
    assert len(answer.choices) == 2


def test_the_first_of_a_trend_are_the_earliest(dash: Dash) -> None:
    whole, answer = ask_all(dash, "tickets by month", "first 3")
    assert answer.rows == whole.rows[:3]


def test_a_state_of_now_is_of_no_period_before(dash: Dash) -> None:
    assert ask_all(dash, "tickets last week", "open tickets")[-1].rows == dash.ask("open tickets").rows
