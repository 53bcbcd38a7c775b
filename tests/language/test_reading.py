"""What a question is understood as, from the user's side: one row per question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dash.language.reader import Reader
from dash.language.readings import AMBIGUITY
from dash.records import Filter, SemanticQuery, Threshold
from dash.semantics.json import from_json, to_json

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

SIGNS = {"in": "=", "ge": ">=", "le": "<="}

# question → the parts of the query that matter, in a short notation (see _short)
CASES = [
    ("csat по прошлому месяцу", "csat @last_month"),  # the case says that it is about it, and not until then
    ("тикеты по прошлой неделе", "tickets @last_week"),
    ("сколько тикетов на смену адреса", "tickets category=change_address"),  # «на смену» alone is "per shift"
    ("процент упавших задач пайплайна по шагам", "pipeline_failure_rate /task_type"),
    ("How many tickets last week?", "tickets @last_week"),
    ("сколько тикетов за прошлую неделю", "tickets @last_week"),
    ("Сколько тикетов обработал AI сегодня?", "ai_handled_tickets @today"),
    ("How many tickets did AI handle today?", "ai_handled_tickets @today"),
    ("Какой resolution rate по retention кейсам за январь?",
     "resolution_rate category=cancel_subscription,pause_subscription @month:2026-01"),
    ("Какой средний penalty score AI ответов за эту неделю?", "penalty_score @this_week"),
    ("tickets by channel last month", "tickets /channel @last_month"),
    ("тикеты по каналам за прошлый месяц", "tickets /channel @last_month"),
    ("CSAT by channel and language last quarter", "csat /channel /language @last_quarter"),
    ("tickets per day in the last 14 days", "tickets ~day @last_n_days:14"),
    ("Тренд resolution rate по неделям", "resolution_rate ~week"),
    ("resolution rate trend this month", "resolution_rate ~day @this_month"),
    ("Which channel has the lowest CSAT?", "csat /channel ^csat:asc #1"),
    ("какая категория имеет самый низкий resolution rate", "resolution_rate /category ^resolution_rate:asc #1"),
    ("top 5 categories by number of tickets this year", "tickets /category ^tickets:desc #5 @this_year"),
    ("топ-3 канала по количеству тикетов", "tickets /channel ^tickets:desc #3"),
    ("median time to send by category", "median:time_to_send /category"),
    ("compare email and whatsapp tickets in October", "tickets /channel channel=email,whatsapp @month:2026-10"),
    ("resolution rate of email vs chat", "resolution_rate /channel channel=email,chat"),
    ("how many tickets this week vs last week", "tickets @this_week vs last_week"),
    ("share of shipping tickets last month", "tickets share category=shipping_inquiry? @last_month"),
    ("what percentage of tickets are stuck?", "stuck_tickets share"),
    ("categories with more than 100 tickets last month", "tickets /category >tickets:gt:100 @last_month"),
    ("show tickets from Germany except email", "list:tickets country=DE channel!=email"),
    ("сколько обращений из Германии в октябре кроме почты", "tickets country=DE channel!=email @month:2026-10"),
    ("show T-000123", "list:tickets ticket_id=T-000123"),
    ("how many tickets were sent last week", "sent_tickets @last_week"),
    ("tickets stuck for more than 48 hours", "stuck_tickets(hours=48)"),
    ("tickets and csat by channel", "tickets csat /channel"),
    ("how did the resolution rate change this week", "resolution_rate @this_week vs previous"),
    ("tickets since March", "tickets @since:2026-03-01"),
    ("tickets not from Germany and Israel", "tickets country!=DE,IL"),
    ("oldest open tickets", "list:open_tickets ^created_at:asc"),
    ("medain time to send", "median:time_to_send"),
    # ranges of numbers; both ends belong to them
    ("how many comparisons with a penalty between 20 and 50",
     "comparisons each:penalty_score:ge:20 each:penalty_score:le:50"),
    ("comparisons with a penalty from 20 to 50, count per model",
     "comparisons /model each:penalty_score:ge:20 each:penalty_score:le:50"),
    ("сколько сравнений с penalty от 10 до 30", "comparisons each:penalty_score:ge:10 each:penalty_score:le:30"),
    ("tickets with csat 1-2 by channel", "tickets /channel each:csat:ge:1 each:csat:le:2"),
    ("how many conversations had 10–20 turns", "conversations turn_count>=10 turn_count<=20"),
    ("categories with a resolution rate between 80 and 90",
     "resolution_rate /category >resolution_rate:ge:80 >resolution_rate:le:90"),
    ("which categories got between 100 and 200 tickets last month",
     "tickets /category >tickets:ge:100 >tickets:le:200 @last_month"),
    ("tickets between 1 and 5 October by channel", "tickets /channel @between:2026-10-01..2026-10-05"),
    ("how many chats lasted between 5 and 10 minutes",
     "conversations each:chat_duration:ge:5 each:chat_duration:le:10"),
    ("pipeline tasks that ran longer than 20 seconds", "pipeline_tasks each:task_duration:gt:20"),
    # what is added leaves nothing out; what is left out leaves out nothing else
    ("backlog by assignee, including unassigned", "open_tickets /assignee"),
    ("CSAT по исполнителям, включая неназначенные", "csat /assignee"),
    ("backlog by assignee without the unassigned", "open_tickets /assignee assignee:not_null"),
    ("тикеты по исполнителям, кроме неназначенных", "tickets /assignee assignee:not_null"),
    ("worst channels by CSAT", "csat /channel ^csat:asc"),
    ("top 3 countries by tickets and their csat", "tickets csat /country ^tickets:desc #3"),
    ("CSAT по языкам за послдние 3 месяца", "csat /language @last_n_months:3"),
    # periods that are both named are what they are, also where the second one is only "the last"
    ("сравни число тикетов: этот месяц и прошлый", "tickets @this_month vs last_month"),
    ("tickets this month vs the previous one", "tickets @this_month vs last_month"),
    # a word with a slip says what it says without it
    ("how many open tikets", "open_tickets"),
    ("compare chat and telegram by number of tickets", "tickets /channel channel=chat,telegram"),
    ("messages written by ai vs human agents last week", "messages /author_type author_type=ai,agent @last_week"),
    ("what share of sent tickets got a csat score", "csat_response_rate"),
    # of rows that are measured: what share is above or below a number
    ("what share of scored comparisons in October came out with a penalty above 50",
     "scored_comparisons share each:penalty_score:gt:50? @month:2026-10"),
    ("share of scored comparisons with a penalty above 50 per category",
     "scored_comparisons share each:penalty_score:gt:50? /category"),
    ("tickets sent within an hour last month", "sent_tickets each:time_to_send:le:1 @last_month"),
    ("какой процент закрытых чатов ушёл в эскалацию вчера", "escalation_rate @yesterday"),
    # words that name the same thing twice, or nothing
    ("Which of our human agents are sitting on more than 20 open tickets each?",
     "open_tickets /assignee >open_tickets:gt:20"),
    ("why were chats escalated last month? rank the reasons",
     "escalated_conversations /escalation_reason @last_month ^escalated_conversations:desc"),
    ("do telegram customers score us higher than email ones? mean csat for both",
     "csat /channel channel=telegram,email"),
    ("Сколько всего категорий сейчас проходят по критериям auto-send?", "auto_send_ready_categories"),
    ("which categories can we switch to auto-send today", "list:auto_send_ready_categories"),
    ("what step of the pipeline has the highest failure rate, and how high is it",
     "pipeline_failure_rate /task_type ^pipeline_failure_rate:desc #1"),
    ("Кто из AI-агентов чаще всего участвует в чатах? все с числом, последние 7 дней",
     "agent_usage /ai_agent @last_n_days:7 ^agent_usage:desc"),
    ("tickets creatd yestreday", "tickets @yesterday"),
    ("How many comparisons had a penalty over 80?", "comparisons each:penalty_score:gt:80"),
    ("Which agents sent more than 10 tickets last week?", "sent_tickets /assignee >sent_tickets:gt:10 @last_week"),
    ("Tickets yet to be assigned", "tickets assignee:is_null"),
    ("channels with the lowest csat", "csat /channel ^csat:asc"),
    ("Сравни CSAT в чате и почте", "csat /channel channel=chat,email"),
    # what is thrown out, and how many there must be
    ("which 3 countries have the lowest csat this year? skip the ones with under 20 ratings",
     "csat rated_tickets /country >rated_tickets:ge:20 of:rated_tickets ^csat:asc #3 @this_year"),
    ("abandonment rate of live conversations per country, only countries with 40+ closed ones",
     "abandonment_rate closed_conversations /country >closed_conversations:ge:40"),
    ("тикеты по категориям, где меньше 10 тикетов выкинь", "tickets /category >tickets:ge:10"),
    ("топ-5 стран по числу тикетов, пустую страну не считай", "tickets /country country:not_null ^tickets:desc #5"),
    ("tool with the worst success rate? dont count tools called fewer than 30 times",
     "tool_success_rate tool_calls /tool >tool_calls:ge:30 ^tool_success_rate:asc #1"),
    ("how many tickets have more than 8 messages in the thread", "messages /ticket_id >messages:gt:8 counted"),
    ("застрявшие тикеты — на каком статусе сколько?", "stuck_tickets /ticket_status"),
    ("рейтинг категорий по числу тикетов", "tickets /category ^tickets:desc"),
    ("rank channels by resolution rate", "resolution_rate /channel ^resolution_rate:desc"),
    ("сколько задач пайплайна сейчас в очереди, а сколько крутится?",
     "pipeline_tasks /task_status task_status=queued,running"),
    ("damaged tickets this year by subcategory, as shares",
     "tickets /subcategory share category=damaged_item @this_year"),
    ("what share of german chats was escalated", "escalation_rate country=DE"),
    ("какая доля сравнений у claude-sonnet-4-5 была вничью", "tie_rate model=claude-sonnet-4-5"),
    ("pct high urgency per category", "tickets /category share urgency=high?"),
    ("share of open tickets for each channel", "tickets /channel share"),
    ("в какой категории AI чаще всего проигрывает людям?", "ai_loss_rate /category ^ai_loss_rate:desc #1"),
    ("доля тикетов ночью, с 22:00 до 6:00", "tickets share hour_of_day=0,1,2,3,4,5,22,23?"),
    ("chat errors in live chats by error category", "chat_errors /error_category"),
    # things that have so many of something
    ("how many customers have more than 3 tickets", "tickets /customer_id >tickets:gt:3 counted"),
    ("how many customers contacted us at least twice", "tickets /customer_id >tickets:ge:2 counted"),
    ("which customers contacted us more than 5 times", "tickets /customer_id >tickets:gt:5"),
    ("how many categories had 100 or more tickets last month",
     "tickets /category >tickets:ge:100 counted @last_month"),
    ("how many tickets had at least one failed pipeline task",
     "pipeline_errors /ticket_id >pipeline_errors:ge:1 counted"),
    # conditions on single rows by what is measured of them
    ("tickets with csat below 3 by channel", "tickets /channel each:csat:lt:3"),
    ("how many tickets with a time to send over 2 days", "tickets each:time_to_send:gt:48"),
    ("how many comparisons have a penalty score above 20", "scored_comparisons each:penalty_score:gt:20"),
    ("comparisons without a penalty score", "unscored_comparisons"),
    ("for how many tickets is the country missing?", "tickets country:is_null"),
    # beside the average, the sum so far, the step before
    ("which categories have csat above average", "csat /category >csat:gt:average"),
    ("which human agents have more tickets than the average", "tickets /assignee >tickets:gt:average"),
    ("tickets per category vs average", "tickets /category beside-average"),
    ("categories whose average time to send is longer than 20 hours", "time_to_send /category >time_to_send:gt:20"),
    ("AI loss rate per category, only those with 20+ comparisons",
     "ai_loss_rate comparisons /category >comparisons:ge:20"),
    ("running total of tickets by day this month", "tickets ~day running @this_month"),
    ("тикеты по неделям нарастающим итогом за этот квартал", "tickets ~week running @this_quarter"),
    ("growth of tickets by month this year", "tickets ~month growth @this_year"),
    # lists with columns, rows by a number
    ("which approvals are waiting, and for what action?", "list:pending_approvals"),
    ("the 5 whatsapp tickets that have been stuck the longest: id, category, status and since when",
     "list:stuck_tickets channel=whatsapp ^status_changed_at:asc #5"),
    ("top 5 most expensive chats yesterday", "list:conversations ^chat_cost:desc #5 @yesterday"),
    ("who is T-012045 assigned to, and what status is it in?", "list:tickets ticket_id=T-012045"),
    # stages, clocks, places, words that say nothing
    ("tickets that reached AI Answered by whatsapp yesterday", "ai_handled_tickets channel=whatsapp @yesterday"),
    ("tickets after 6 pm last week", "tickets hour_of_day=18,19,20,21,22,23 @last_week"),
    ("tickets between 22:00 and 02:00 yesterday", "tickets hour_of_day=0,1,22,23 @yesterday"),
    ("tickets on weekends in october", "tickets weekday=6,7 @month:2026-10"),
    ("cost in the pipeline last month", "pipeline_cost @last_month"),
    ("good morning! how many tickets yesterday, just the number", "tickets @yesterday"),
    ("neither email nor chat tickets yesterday", "tickets channel!=email,chat @yesterday"),
    ("tickets in October of last year", "tickets @month:2025-10"),
    ("monthly pipeline cost for Q2 and Q3 2026", "pipeline_cost ~month @between:2026-04-01..2026-09-30"),
    ("how many tickets by email and how many by chat", "tickets /channel channel=email,chat"),
    ("penalty score per category, worst one first", "penalty_score /category ^penalty_score:desc"),
    ("csat by channel from best to worst", "csat /channel ^csat:desc"),
    ("which tool is the slowest this month", "tool_duration /tool ^tool_duration:desc #1 @this_month"),
    ("most common escalation reason last month",
     "escalated_conversations /escalation_reason escalation_reason:not_null ^escalated_conversations:desc #1 "
     "@last_month"),
    ("how many more tickets in October than in September", "tickets @month:2026-10 vs month:2026-09"),
    ("tickets in January vs February 2025", "tickets @month:2025-02 vs month:2025-01"),
    ("tickets in December vs January 2026", "tickets @month:2026-01 vs month:2025-12"),
    ("tickets in December vs March 2026", "tickets @month:2026-03 vs month:2025-12"),
    ("csat in October 2025 vs March", "csat @month:2026-03 vs month:2025-10"),
    ("tickets from November 2025 to January", "tickets @between:2025-11-01..2026-01-31"),
    ("csat, 5 October", "csat @day:2026-10-05"),
    ("Which customers opened more than 3 tickets this month?", "tickets /customer_id >tickets:gt:3 @this_month"),
    ("tickets in October vs October 2025", "tickets @month:2026-10 vs month:2025-10"),
    ("csat in March 2025 vs April", "csat @month:2025-04 vs month:2025-03"),
    ("tickets between 1 March and 31 May 2025", "tickets @between:2025-03-01..2025-05-31"),
    ("csat in H1 vs H2 2025", "csat @between:2025-07-01..2025-12-31 vs between:2025-01-01..2025-06-30"),
    ("how many tickets with csat 5 in october", "tickets csat_score=5 @month:2026-10"),
    ("сколько тикетов с оценкой 5 в октябре", "tickets csat_score=5 @month:2026-10"),
    ("how many tickets took more than 48 hours to send", "tickets each:time_to_send:gt:48"),
    ("Median time to send in hours for each channel, tickets from October",
     "median:time_to_send /channel @month:2026-10"),
    ("how many customers have opened more than 5 tickets since the beginning of this year",
     "counted tickets /customer_id >tickets:gt:5 @this_year"),
    ("лучший месяц по csat", "csat ~month ^csat:desc #1"),
    ("лучшие месяцы по csat", "csat ~month ^csat:desc"),
    ("тикеты по будням", "tickets weekday=1,2,3,4,5"),
    # a mere length of time: of what lasts, of what takes that long, of how old it is
    ("chats longer than 30 minutes yesterday", "conversations each:chat_duration:gt:30 @yesterday"),
    ("чаты дольше 15 минут", "conversations each:chat_duration:gt:15"),
    ("how many tickets were sent in less than a day", "sent_tickets each:time_to_send:lt:24"),
    ("tickets that took more than 2 days to send", "tickets each:time_to_send:gt:48"),
    ("сколько тикетов отправили дольше двух суток", "sent_tickets each:time_to_send:gt:48"),
    ("approvals waiting for more than 30 minutes", "pending_approvals @older_than_minutes:30"),
    ("tickets open for more than 3 days", "open_tickets @older_than_hours:72"),
    ("which chats cost more than 1 dollar", "list:conversations each:chat_cost:gt:1"),
    ("fastest channel to send", "time_to_send /channel ^time_to_send:asc #1"),
    ("which step is the slowest", "task_duration /task_type ^task_duration:desc #1"),
    ("max time to send last month", "max:time_to_send @last_month"),
    ("the most expensive chat last week", "list:conversations ^chat_cost:desc #1 @last_week"),
    ("top 10 oldest open tickets", "list:open_tickets ^created_at:asc #10"),
    # both of two, each of two
    ("how many chats and how many escalations yesterday", "conversations escalated_conversations @yesterday"),
    ("сколько чатов и сколько эскалаций вчера", "conversations escalated_conversations @yesterday"),
    ("did we get more tickets in October than in September?", "tickets @month:2026-10 vs month:2026-09"),
    ("more tickets in chat than in email?", "tickets /channel channel=chat,email"),
    ("tickets by channel and month", "tickets /channel ~month"),
    ("chats in Hebrew that were abandoned", "abandoned_conversations language=he"),
    ("share of chats that used the discount agent", "conversations ai_agent=discount? share"),
    # an aggregation inside of a phrase, an order of those who do it
    ("temps médian d'envoi par urgence", "median:time_to_send /urgency"),
    ("tiempo mediano de envío por categoría", "median:time_to_send /category"),
    ("who sent the most tickets last month",
     "sent_tickets /assignee assignee:not_null ^sent_tickets:desc #1 @last_month"),
    ("what share of payment tickets is handled by AI", "ai_handled_rate category=payment_issue"),
    ("failed tasks and failure rate by step", "pipeline_errors pipeline_failure_rate /task_type"),
    ("who has the best csat", "csat /assignee assignee:not_null ^csat:desc #1"),
    ("tickets au T3 par canal", "tickets /channel @quarter:2026-Q3"),
    ("top 3 countries by tickets, US excluded", "tickets /country country!=US ^tickets:desc #3"),
    ("number of 1-star ratings last quarter", "tickets csat_score=1 @last_quarter"),
    ("ошибки в пайплайне за последние сутки", "pipeline_errors @last_n_days:1"),
    ("воронка по damage за прошлый квартал", "tickets /ticket_status category=damaged_item @last_quarter"),
    ("qué porcentaje de conversaciones en vivo terminó abandonada este trimestre", "abandonment_rate @this_quarter"),
    ("quietest weekday for new tickets", "tickets /weekday ^tickets:asc #1"),
    (
        "gpt-5.2 vs sonnet avg penalty on retention",  # one word for two categories is no side of a comparison
        "penalty_score /model category=cancel_subscription,pause_subscription model=gpt-5.2,claude-sonnet-4-5",
    ),
    (
        "resolution rate of shipping and damage this quarter",  # one rate of both would pass for each
        "resolution_rate /category category=shipping_inquiry,damaged_item @this_quarter",
    ),
    ("tickets from Mexico and Argentina", "tickets country=MX,AR"),
    ("таски пайплайна по T-000126 с их статусами", "list:pipeline_tasks ticket_id=T-000126"),
    ("траты на пайплайн нарастающим итогом за октябрь", "pipeline_cost running ~day @month:2026-10"),
    # a phrase that is parted by a period or a value
    ("what was the resolution last month rate", "resolution_rate @last_month"),
    ("resolution for shipping last month rate", "resolution_rate category=shipping_inquiry @last_month"),
    ("how many tickets did AI yesterday handle", "ai_handled_tickets @yesterday"),
    ("какой процент чатов в телеграме бросили", "abandonment_rate channel=telegram"),
    ("сколько AI за прошлую неделю обработал тикетов", "ai_handled_tickets @last_week"),
    ("penalty for shipping score", "penalty_score category=shipping_inquiry"),
    # just as many
    ("comparisons with penalty 0", "comparisons each:penalty_score:eq:0"),
    ("tickets with a score of 5", "tickets csat_score=5"),
    ("how many customers wrote exactly once", "tickets /customer_id >tickets:eq:1 counted"),
    ("сколько тикетов с ровно одним сообщением", "messages /ticket_id >messages:eq:1 counted"),
    ("сколько чатов с одной репликой", "conversations turn_count=1"),
    ("Сколько оценок 5 получили в ноябре", "tickets csat_score=5 @month:2026-11"),  # not the fifth of November
    ("what share of ratings is 5", "tickets csat_score=5? share of:rated_tickets"),
    # several aggregations, several rates
    ("average and median time to send by channel", "time_to_send median:time_to_send /channel"),
    ("min, max and average time to send in October",
     "time_to_send min:time_to_send max:time_to_send @month:2026-10"),
    ("минимальное и максимальное время до отправки", "min:time_to_send max:time_to_send"),
    ("escalation, abandonment and containment rates by channel",
     "escalation_rate abandonment_rate containment_rate /channel"),
    ("доля эскалаций и брошенных чатов", "escalation_rate abandonment_rate"),
    # the change is ranked
    ("which country had the biggest increase in tickets this month",
     "tickets /country ^tickets_change:desc #1 @this_month vs previous"),
    ("in which category did csat drop the most last month",
     "csat /category ^csat_change:asc #1 @last_month vs previous"),
    ("топ-3 категории по росту тикетов за прошлый месяц",
     "tickets /category ^tickets_change:desc #3 @last_month vs previous"),
    # from one name of the calendar to another
    ("tickets January–October by month", "tickets ~month @between:2026-01-01..2026-10-31"),
    ("csat Q1 to Q3", "csat @between:2026-01-01..2026-09-30"),
    ("тикеты за январь-март", "tickets @between:2026-01-01..2026-03-31"),
    ("compare tickets January to March", "tickets @month:2026-03 vs month:2026-01"),
    # tickets that have some of something
    ("how many tickets have failed tasks", "pipeline_errors /ticket_id >pipeline_errors:ge:1 counted"),
    ("сколько тикетов с упавшими задачами", "pipeline_errors /ticket_id >pipeline_errors:ge:1 counted"),
    ("number of tickets with at least one failed task", "pipeline_errors /ticket_id >pipeline_errors:ge:1 counted"),
    ("покажи тикеты, в которых больше 10 сообщений", "messages /ticket_id >messages:gt:10"),
    ("tickets that have been open for more than 5 days", "open_tickets @older_than_hours:120"),
    # how often, and a value for the word of its kind
    ("how often was track_package called last week", "tool_calls tool=track_package @last_week"),
    ("how often does get_order fail", "tool_failure_rate tool=get_order"),
    ("как часто вызывался get_order в октябре", "tool_calls tool=get_order @month:2026-10"),
    ("create_damage_claim success rate", "tool_success_rate tool=create_damage_claim"),
    ("which in october channel had the lowest csat", "csat /channel ^csat:asc #1 @month:2026-10"),
    ("which tool is called the most", "tool_calls /tool ^tool_calls:desc #1"),
    # scales
    ("histogram of csat", "rated_tickets /csat_score"),
    ("распределение оценок за октябрь", "rated_tickets /csat_score @month:2026-10"),
    ("how many 5 star ratings did we get last week", "tickets csat_score=5 @last_week"),
    ("both email and chat tickets by month", "tickets channel=email,chat ~month"),
    ("max and median time to send by channel", "max:time_to_send median:time_to_send /channel"),
    ("тикеты в субботу и воскресенье", "tickets weekday=6,7"),
]  # fmt: skip


def assert_not_read(reader: Reader, question: str) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert not read.readings, [_short(r.query) for r in read.readings]


def assert_understood(reader: Reader, question: str, meaning: str) -> None:
    """The question has one reading, and it is the meaning in the notation of CASES."""
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert read.readings, (read.unknown, read.failures[:2])
    assert _short(read.readings[0].query) == _normal(meaning)
    rivals = [r for r in read.readings[1:] if r.cost - read.readings[0].cost < AMBIGUITY]
    assert not rivals, [_short(r.query) for r in rivals]


@pytest.mark.parametrize(("question", "meaning"), CASES, ids=[case[0] for case in CASES])
def test_a_question_is_understood(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # "AI answer" is a column that is never shown; to the letter it is a status all the same.
        ("tickets stuck at AI Answered over 48 hours", "stuck_tickets(hours=48) ticket_status=AI Answered"),
        ("how many tickets are in Draft Created now", "ticket_status=Draft Created tickets"),
        ("Penalty of open tickets", "penalty_score ticket_status=Data collected,AI Answered,Draft Created"),
    ],
)
def test_a_value_is_meant_as_the_data_spells_it(reader: Reader, question: str, meaning: str) -> None:
    read = reader.read(question, *reader.ground(question, NOW, "UTC"), NOW, "UTC")
    assert _short(read.readings[0].query) == meaning


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("csat of tickets sent in october", "sent_at"),
        ("csat тикетов отправленных в октябре", "sent_at"),
        ("csat of sent tickets created in october", "created_at"),
        ("tickets with status Sent in october", None),
    ],
)
def test_a_period_is_that_of_what_is_said_beside_it(reader: Reader, question: str, time: str | None) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    assert reader.read(question, tokens, spans, NOW, "UTC").readings[0].query.time_dimension == time


@pytest.mark.parametrize("question", [case[0] for case in CASES])
def test_a_query_survives_its_own_json(reader: Reader, question: str) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    query = reader.read(question, tokens, spans, NOW, "UTC").readings[0].query
    assert from_json(to_json(query)) == query


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("how many quokkas last week", {"quokkas"}),
        ("resolution rate of the blue tickets", {"blue"}),
        ("сколько тикетов про котиков", {"котиков"}),
        ("why did tickets drop last week", {"why"}),
    ],
)
def test_an_unknown_word_is_never_dropped(reader: Reader, question: str, unknown: set[str]) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert not read.readings
    assert unknown <= set(read.unknown)


@pytest.mark.parametrize(
    "question",
    [
        "tickets 17",  # a number that bounds nothing
        "what percent of tickets got a first response within an hour last month",  # those without one are of which part
        "at whom are how many open tickets",
        "how many tickets were created and sent in October",
        "Сколько тикетов создано и отправлено в октябре?",
        "first ticket of each customer last month",
        "В какой категории чаще всего первое обращение?",
        "How many tickets were handled only by AI?",
        "How many tickets were handled by humans only?",
        "How many chats were handled only by the router?",
        "How many customers wrote only in October?",
        "How many customers have only open tickets?",
        "How many customers never rated us?",
        "Which agents never sent more than 10 tickets last week?",
        "How many tickets were ever stuck?",
        "How many tickets were open last month?",
        "How many tasks failed and then succeeded?",
        "tickets from customers who also chatted",
        "how many tickets were opened by agents",
        "Tickets with no agent messages",
        "How many chats had no tool calls?",
        "What percentage of open tickets is older than a week?",
        "difference between created and sent tickets last week",
        "What's the difference between open and stuck tickets?",
        "which model is cheapest per task",
        "how many tokens per task by model",
        "which category costs the most per ticket",
        "Max penalty by category",
        "What is the total csat of the top 3 agents?",
        "Most expensive chat by channel",
        "Who has at least 3 stuck tickets?",
        "Which agents sent more than 10 tickets more than once last week?",
        "Pipeline and chat cost",
        "Chats active for over an hour",
        "How many tasks are running for more than an hour?",
        "tickets on Monday morning",
        "Tickets unassigned for 2 days",
        "open tickets since Monday",
        "Average rating of escalated chats",
        "Stuck or urgent tickets",
        "Chat and WhatsApp escalations",
        "Стоимость чатов на тикет",
        "valid chats",
        "How many tickets were completely handled by AI last week?",
        "How many instructions changed last month?",
        "Сколько тикетов почти дошли до отправки?",
        "Сколько тикетов приходит в последний день каждого месяца?",
        "tickets 17 last week",
        "tickets last week yesterday",  # two periods and no comparison
        "csat tickets resolution rate",  # metrics in a heap
        "not tickets last week",
        "csat by",
        "top tickets",  # a ranking of what?
        "resolution rate by model",  # the model belongs to comparisons, not to tickets
        "best channel",
        "compare shipping and not billing tickets last month",  # one wanted, one not: both would be silently wrong
        "compare tickets in shipping, not billing",
        "tickets not in shipping vs billing last month",
        "how many chats had an error",  # errors are more than the chats that had one
        "how many tickets about discounts",  # nor are discounts the tickets about them
        "csat 5 october",  # rated five in October, or rated on the fifth
        "how many open tickets yesterday",  # opened then, or open then
        "how many chats right now",  # all that there ever were are not now
        "has ticket volume increased compared to September?",  # which period has?
        "what % of chats are escalated by agent",  # of each agent's, or of all
        "tickets in the first half of October",
        "T-012345 - what channel, which status and when did it come in?",  # nothing of it is left out
        "messages by body",
        "time to send for open tickets",  # none of them was sent
        "compared to September, csat",
        "Tickets without a draft last month",  # never had one, or is at another stage now
        "How many customers had no tickets last month?",
        "tickets in H2 2027",
        "time to send by ticket and channel last week",
        "slowest category",  # to be sent, to be answered
        "categories where time to send is above the average of all sent tickets",
        "which subcategories of shipping grew in October compared to September",  # all of them are not those
        "клиенты, которые писали пять раз и больше",  # «писали» is no form of «писем»
        "how many chats with more than 10 customer messages",  # those of the ticket are not the chat's
        "Насколько изменилась доля брошенных чатов с прошлого месяца",  # against what?
        "chats with the discount agent and the retention agent",  # with both, or with either
        "what percentage of chats used each agent",  # a chat may have several
        "cost of the pipeline and chats",  # the cost of chats, or how many there were
        "share of tickets that took more than 48 hours to send",
        "tickets to send",
        "average pipeline cost per day",  # of a task, or of a day
        "who wrote the most tickets",
        "resolution rate of chats and tickets",
        "backlog today vs yesterday",  # what came in and is open, or what was open
        "stuck tickets since monday",
        "failed draft tasks this year by error category",  # a kind of error, or by errors and of each category
        "share of tickets sent last week that were urgent",  # of those sent, or the sent ones of the urgent ones
        "csat in october of sent tickets",  # sent or created in October
        "instructions that were not updated since May",  # never, or not in that time
        "which category grew the most",  # since when?
        "biggest change in csat by category last month",  # up or down?
        "ignore categories with exactly 5 tickets",
        "categories with exactly 0 tickets",
        "рост csat больше всего по каналам за октябрь",  # the number, or its change
        "tickets with failed tasks",  # how many, or which
        "how often are approvals rejected",  # of all, or of those that were decided
        "как часто инструмент падает",  # how many times, or what share
        "distribution of csat by channel",  # its values, or its average
        "how many tickets have been open for over a week by tool",
        "share of tickets with more than 3 messages",
        "how many chats did both the retention and the discount agent take part in",
        "how many customers used both email and chat",
        "сколько клиентов писали и на email, и в whatsapp",
        "share of open tickets by channel",  # of all that are open, or of each channel's
        "tool failures by error category",  # only errors have one
        "дай рейтинг категорий за сентябрь, от лучшей к худшей",  # by what?
        "какой язык у нас самый проблемный",
        "which channel has the highest and lowest csat",
    ],
)
def test_words_that_do_not_go_together_are_not_answered(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many tickets last week?", "en"),
        ("Сколько тикетов за неделю?", "ru"),
        ("Какой resolution rate по retention кейсам?", "ru"),
        ("show stuck тикеты", "en"),
        ("CSAT", "en"),
    ],
)
def test_the_language_is_that_of_the_sentence_and_not_of_its_terms(
    reader: Reader, question: str, language: str
) -> None:
    assert reader.detect_language(reader.ground(question, NOW, "UTC")[0]) == language


def _normal(meaning: str) -> str:
    return " ".join(sorted(meaning.replace(" vs ", " vs:").split()))


def _short(query: SemanticQuery) -> str:
    """The notation of CASES: metric /group ~grain dim=values @window vs:window ^order #limit >threshold share, and
    |one side|the other."""
    parts = []
    for use in query.metrics if query.shape == "aggregate" else ():
        parameters = ",".join(f"{name}={value}" for name, value in use.parameters)
        parts.append(
            f"{use.aggregation}:{use.name}" if use.aggregation else use.name + (f"({parameters})" if parameters else "")
        )
    if query.shape == "list":
        parts.append(f"list:{query.rows_of}")
    parts += [f"/{dimension}" for dimension in query.dimensions]
    parts += [f"~{query.grain}"] if query.grain else []
    parts += map(_condition, query.filters)
    parts += [f"{part.dimension}={','.join(map(str, part.values))}?" for part in query.numerator]
    parts += [f"@{query.window.phrase}"] if query.window else []
    if query.sides:
        named = [s.within or (_condition(s.filter) if s.filter is not None else "rest") for s in query.sides]
        parts.append("|".join(["", *named]))
    elif query.comparison:
        parts.append(f"vs:{query.comparison.window.phrase if query.comparison.window else query.comparison.kind}")
    parts += [f"^{query.order.by}:{'desc' if query.order.descending else 'asc'}"] if query.order else []
    parts += [f"#{query.limit}"] if query.limit else []
    parts += [f">{_bound(t)}" for t in query.having] + [f"each:{_bound(t)}" for t in query.each]
    parts += [f"each:{_bound(t)}?" for t in query.numerator_each]
    for said in ("count_groups", "running", "growth", "against_average"):
        if getattr(query, said):
            parts.append({"count_groups": "counted", "against_average": "beside-average"}.get(said, said))
    parts += ["share"] if query.share else []
    parts += [f"of:{name}" for name in query.within]
    return " ".join(sorted(parts))


def _condition(part: Filter) -> str:
    if part.operator in ("is_null", "not_null"):
        return f"{part.dimension}:{part.operator}"
    return f"{part.dimension}{SIGNS.get(part.operator, '!=')}{','.join(map(str, part.values))}"


def _bound(threshold: Threshold) -> str:
    return f"{threshold.metric}:{threshold.operator}:{'average' if threshold.value is None else f'{threshold.value:g}'}"
