"""What a question is understood as, from the user's side: one row per question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dash.language.reader import Reader
from dash.language.readings import AMBIGUITY
from dash.records import SemanticQuery
from dash.semantics.json import from_json, to_json

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

# question → the parts of the query that matter, in a short notation (see _short)
CASES = [
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
]  # fmt: skip


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
    ],
)
def test_words_that_do_not_go_together_are_not_answered(reader: Reader, question: str) -> None:
    tokens, spans = reader.ground(question, NOW, "UTC")
    read = reader.read(question, tokens, spans, NOW, "UTC")
    assert not read.readings, [_short(r.query) for r in read.readings]


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
    """The notation of CASES: metric /group ~grain dim=values @window vs:window ^order #limit >threshold share."""
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
    for part in query.filters:
        parts.append(f"{part.dimension}{'=' if part.operator == 'in' else '!='}{','.join(map(str, part.values))}")
    parts += [f"{part.dimension}={','.join(map(str, part.values))}?" for part in query.numerator]
    parts += [f"@{query.window.phrase}"] if query.window else []
    if query.comparison:
        parts.append(f"vs:{query.comparison.window.phrase if query.comparison.window else query.comparison.kind}")
    parts += [f"^{query.order.by}:{'desc' if query.order.descending else 'asc'}"] if query.order else []
    parts += [f"#{query.limit}"] if query.limit else []
    parts += [f">{t.metric}:{t.operator}:{t.value:g}" for t in query.having]
    parts += ["share"] if query.share else []
    return " ".join(sorted(parts))
