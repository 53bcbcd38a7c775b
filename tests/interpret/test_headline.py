"""The first sentence of every shape of result, in both languages, word for word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dash.records import Column, Comparison, Filter, MetricUse, Moment, Order, SemanticQuery, Threshold, Window
from tests.interpret.desk import (
    HALF_YEAR,
    JANUARY,
    NOW,
    TODAY,
    WEEK,
    ask,
    bucket,
    group,
    metric,
    plain,
    result,
    sample,
    tell,
    utc,
)

TOPICS = Filter("topic", "in", ("delivery", "damage"))
BY_TOPIC = {"dimensions": ("topic",)}


def headlines(query: SemanticQuery, columns: Any, rows: Any, **more: Any) -> tuple[str, str]:
    """The English and the Russian headline; `columns` gives the columns for a language."""
    english = tell(query, columns("en"), rows, "en", **more)
    russian = tell(query, columns("ru"), rows, "ru", **more)
    return plain(english.headline), plain(russian.headline)


@pytest.mark.parametrize(
    ("query", "name", "value", "english", "russian"),
    [
        (
            ask("solved_rate", filters=(TOPICS,), window=JANUARY),
            "solved_rate",
            Decimal("78.2608"),
            "Resolution rate (topic: delivery, damaged item) in January 2026: 78.3%.",
            "Доля решённых (тема: доставка, повреждённый товар) за январь 2026 года: 78,3 %.",
        ),
        (
            ask("answered", window=TODAY),
            "answered",
            1234,
            "AI-handled cases today (20 Nov, since 00:00): 1,234.",
            "Кейсы, обработанные AI сегодня (20 ноября, с 00:00): 1 234.",
        ),
        (
            ask("answered"),
            "answered",
            0,
            "AI-handled cases over all the data: 0.",
            "Кейсы, обработанные AI за всё время: 0.",
        ),
        (
            ask("wait", window=WEEK),
            "wait",
            5.2,
            "Mean wait in the last 7 days (13–20 Nov 2026): 5 h 12 min.",
            "Среднее ожидание за последние 7 дней (13–20 ноября 2026): 5 ч 12 мин.",
        ),
        (
            ask("cost", window=JANUARY, filters=(Filter("channel", "not_in", ("email",)), Filter("wait", "gt", (24,)))),
            "cost",
            Decimal("12.4"),
            "Cost (channel: not email; wait > 24 h) in January 2026: $12.40.",
            "Стоимость (канал: кроме «email»; ожидание > 24 ч) за январь 2026 года: 12,40 $.",
        ),
        (
            ask("backlog"),
            "backlog",
            37,
            "Open cases as of 20 Nov 2026, 14:05: 37.",
            "Открытые кейсы на 20 ноября 2026, 14:05: 37.",
        ),
        (
            ask("solved_rate", window=TODAY),
            "solved_rate",
            None,
            "Resolution rate today (20 Nov, since 00:00) has no value: there is nothing to divide by (answered: none).",
            "Доля решённых сегодня (20 ноября, с 00:00): посчитать нельзя, делить не на что (отвечено: ни одного).",
        ),
        (
            ask("wait", window=TODAY),
            "wait",
            None,
            "Mean wait today (20 Nov, since 00:00) has no value: there is nothing to work it out from.",
            "Среднее ожидание сегодня (20 ноября, с 00:00): посчитать не из чего, значений нет.",
        ),
    ],
)
def test_one_number_is_said_with_its_unit_period_and_conditions(
    query: SemanticQuery, name: str, value: Any, english: str, russian: str
) -> None:
    assert headlines(query, lambda language: [metric(name, language)], [(value,)]) == (english, russian)


def test_a_comparison_that_was_asked_for_is_in_the_headline() -> None:
    query = ask("answered", window=JANUARY, comparison=Comparison("previous"))

    def columns(language: str) -> list[Column]:
        return [metric("answered", language), metric("answered", language, name="answered_previous", role="previous")]

    assert headlines(query, columns, [(226, 202)]) == (
        "AI-handled cases in January 2026: 226 — up by 24 (+11.9%) from 202 in the period before (December 2025), "
        "which is better.",
        "Кейсы, обработанные AI за январь 2026 года: 226 — рост на 24 (+11,9 %): в предыдущем периоде (декабрь 2025) "
        "было 202. Это лучше.",
    )


def test_a_comparison_with_another_period_names_that_period() -> None:
    other = Window(Moment(truncate="month", shift=-1, unit="month"), Moment(truncate="month"), "last_month")
    query = ask("solved_rate", window=JANUARY, comparison=Comparison("window", window=other))
    columns = [metric("solved_rate"), metric("solved_rate", name="solved_rate_previous", role="previous")]
    assert plain(tell(query, columns, [(70.0, 75.5)]).headline) == (
        "Resolution rate in January 2026: 70% — down by 5.5 percentage points from 75.5% last month (October 2026), "
        "which is worse."
    )


def test_several_numbers_stand_in_one_sentence() -> None:
    query = SemanticQuery(metrics=(MetricUse("answered"), MetricUse("solved_rate")), window=WEEK)
    columns = lambda language: [metric("answered", language), metric("solved_rate", language)]  # noqa: E731
    assert headlines(query, columns, [(12, 50)]) == (
        "In the last 7 days (13–20 Nov 2026): AI-handled cases 12; Resolution rate 50%.",
        "За последние 7 дней (13–20 ноября 2026): Кейсы, обработанные AI — 12; Доля решённых — 50 %.",
    )


def test_a_share_says_of_how_many() -> None:
    query = ask("cases", share=True, numerator=(Filter("channel", "in", ("chat",)),), window=JANUARY)

    def columns(language: str) -> list[Column]:
        share = Column("share", "Cases, %", "percent", "metric", None, "cases")
        part = metric("cases", language, name="part", role="attribute")
        return [share, part, sample("cases")]

    assert headlines(query, columns, [(Decimal("34.2"), 412, 1204)]) == (
        "Cases in January 2026, share with channel: chat — 34.2% (412 of 1,204).",
        "Кейсы за январь 2026 года, доля (канал: chat): 34,2 % (412 из 1 204).",
    )


def test_two_numbers_that_are_asked_for_both_come_first_and_the_share_beside_them() -> None:
    query = ask("cases", share=True, counted=True, numerator=(Filter("channel", "in", ("chat",)),), window=JANUARY)

    def columns(language: str) -> list[Column]:
        share = Column("share", "Cases, %", "percent", "metric", None, "cases")
        return [share, metric("cases", language, name="part", role="attribute"), sample("cases")]

    assert headlines(query, columns, [(Decimal("34.2"), 412, 1204)]) == (
        "Cases in January 2026: 1,204, of which channel: chat — 412 (34.2%).",
        "Кейсы за январь 2026 года: 1 204, из них канал: chat — 412 (34,2 %).",
    )


COUNTS = [("delivery", 340), ("damage", 210), (None, 50)]
RATES = [("damage", Decimal("61.2")), ("payment", 63), ("other", None), ("delivery", 80)]


@pytest.mark.parametrize(
    ("query", "name", "rows", "english", "russian"),
    [
        (
            ask("answered", window=WEEK, **BY_TOPIC),
            "answered",
            COUNTS,
            "AI-handled cases in the last 7 days (13–20 Nov 2026): 600 in all; delivery leads with 340 (56.7%).",
            "Кейсы, обработанные AI за последние 7 дней (13–20 ноября 2026): всего 600. "
            "Лидер: доставка — 340 (56,7 %).",
        ),
        (
            ask("answered", window=JANUARY, **BY_TOPIC),
            "answered",
            [("delivery", 5), ("damage", 5), ("other", 1)],
            "AI-handled cases in January 2026: 11 in all; delivery and damaged item lead with 5 each.",
            "Кейсы, обработанные AI за январь 2026 года: всего 11. Лидеры: доставка и повреждённый товар (по 5).",
        ),
        (
            ask("answered", window=JANUARY, order=Order("answered"), limit=1, **BY_TOPIC),
            "answered",
            COUNTS[:1],
            "AI-handled cases in January 2026: delivery, 340.",
            "Кейсы, обработанные AI за январь 2026 года: доставка — 340.",
        ),
        (
            ask("answered", window=JANUARY, order=Order("answered"), limit=2, **BY_TOPIC),
            "answered",
            COUNTS[:2],
            "AI-handled cases in January 2026: highest for delivery, 340.",
            "Кейсы, обработанные AI за январь 2026 года: выше всего — доставка (340).",
        ),
        (
            ask("solved_rate", order=Order("solved_rate", descending=False), **BY_TOPIC),
            "solved_rate",
            RATES,
            "Resolution rate over all the data: lowest for damaged item, 61.2%.",
            "Доля решённых за всё время: ниже всего — повреждённый товар (61,2 %).",
        ),
        (
            ask("solved_rate", order=Order("solved_rate", descending=False), **BY_TOPIC),
            "solved_rate",
            [("damage", 50), ("payment", 50), ("delivery", 80)],
            "Resolution rate over all the data: lowest for damaged item and payment, 50% each.",
            "Доля решённых за всё время: ниже всего — повреждённый товар и оплата (по 50 %).",
        ),
        (
            ask("solved_rate", **BY_TOPIC),
            "solved_rate",
            RATES,
            "Resolution rate over all the data: highest for delivery, 80%; lowest for damaged item, 61.2%.",
            "Доля решённых за всё время: выше всего — доставка (80 %), ниже всего — повреждённый товар (61,2 %).",
        ),
        (
            ask("solved_rate", order=Order("solved_rate"), **BY_TOPIC),
            "solved_rate",
            [("damage", 50), ("payment", 50)],
            "Resolution rate over all the data: the same everywhere, 50%.",
            "Доля решённых за всё время: везде одинаково, 50 %.",
        ),
        (
            ask("solved_rate", having=(Threshold("cases", "gt", 100),), **BY_TOPIC),
            "solved_rate",
            [("damage", 50)],
            "Resolution rate (cases > 100) over all the data: damaged item, 50%.",
            "Доля решённых (кейсы > 100) за всё время: повреждённый товар — 50 %.",
        ),
        (
            ask("solved_rate", window=JANUARY, **BY_TOPIC),
            "solved_rate",
            [("damage", None)],
            "Resolution rate in January 2026 has no value: there is nothing to divide by (answered: none).",
            "Доля решённых за январь 2026 года: посчитать нельзя, делить не на что (отвечено: ни одного).",
        ),
        (
            ask("answered", window=JANUARY, **BY_TOPIC),
            "answered",
            [],
            "AI-handled cases in January 2026: nothing found.",
            "Кейсы, обработанные AI за январь 2026 года: ничего не найдено.",
        ),
    ],
)
def test_a_ranking_names_who_leads_from_the_end_that_was_asked_for(
    query: SemanticQuery, name: str, rows: Any, english: str, russian: str
) -> None:
    assert headlines(query, lambda language: [group("topic", language), metric(name, language)], rows) == (
        english,
        russian,
    )


def test_a_top_one_with_a_tie_names_both() -> None:
    query = ask("answered", window=JANUARY, order=Order("answered"), limit=1, **BY_TOPIC)
    answer = tell(query, [group("topic"), metric("answered")], [("delivery", 5), ("damage", 5)])
    assert answer.headline == "AI-handled cases in January 2026: highest for delivery and damaged item, 5 each."


def test_groups_that_overlap_get_no_total_and_no_share() -> None:
    query = ask("helper_usage", window=JANUARY, dimensions=("helper",))
    answer = tell(query, [group("helper"), metric("helper_usage")], [("router", 90), ("fallback", 20)])
    assert answer.headline == "Cases with the helper in January 2026: highest for router, 90; lowest for fallback, 20."


def test_compared_values_stand_beside_each_other() -> None:
    query = ask("rating", window=WEEK, filters=(Filter("topic", "in", ("delivery", "damage")),), **BY_TOPIC)
    columns = lambda language: [group("topic", language), metric("rating", language)]  # noqa: E731
    assert headlines(query, columns, [("delivery", 4.21), ("damage", 3.1)]) == (
        "Rating in the last 7 days (13–20 Nov 2026): delivery 4.21; damaged item 3.1.",
        "Оценка за последние 7 дней (13–20 ноября 2026): доставка — 4,21; повреждённый товар — 3,1.",
    )


def test_a_trend_goes_from_the_first_whole_bucket_to_the_last() -> None:
    query = ask("solved_rate", grain="month", window=HALF_YEAR)
    rows = [(date(2026, month, 1), 60 + month) for month in range(5, 11)]
    assert headlines(query, lambda language: [bucket("month"), metric("solved_rate", language)], rows) == (
        "Resolution rate by month in the last 6 months (May – October 2026): from 65% (May 2026) to 70% "
        "(October 2026), up by 5 percentage points.",
        "Доля решённых по месяцам за последние 6 месяцев (май – октябрь 2026): от 65 % (май 2026) до 70 % "
        "(октябрь 2026), рост на 5 п. п.",
    )


def test_a_trend_is_not_judged_by_a_bucket_that_still_runs_or_was_cut() -> None:
    rows = [(date(2026, 11, 13), 3), (date(2026, 11, 14), 50), (date(2026, 11, 19), 40), (date(2026, 11, 20), 2)]
    answer = tell(ask("cases", grain="day", window=WEEK), [bucket("day"), metric("cases")], rows)
    assert answer.headline == (
        "Cases by day in the last 7 days (13–20 Nov 2026): from 50 (14 Nov 2026) to 40 (19 Nov 2026), "
        "down by 10 (−20%)."
    )


def test_a_trend_of_hours_names_hours() -> None:
    window = Window(Moment(shift=-24, unit="hour"), Moment(), "last_n_hours:24")
    rows = [(utc(2026, 11, 20, hour), hour) for hour in (9, 10, 11)]
    answer = tell(ask("cases", grain="hour", window=window), [bucket("hour"), metric("cases")], rows)
    assert "from 9 (20 Nov 2026, 09:00) to 11 (20 Nov 2026, 11:00), up by 2 (+22.2%)." in answer.headline


@pytest.mark.parametrize(
    ("rows", "english"),
    [
        (
            [(date(2026, 10, 1), None)],
            "Resolution rate by month in the last 6 months (May – October 2026) has no value",
        ),
        ([(date(2026, 10, 1), 70)], "Resolution rate in the last 6 months (May – October 2026): 70% (October 2026)."),
        ([(date(2026, 9, 1), 70), (date(2026, 10, 1), 70)], "to 70% (October 2026), no change."),
    ],
)
def test_short_trends_are_said_plainly(rows: Any, english: str) -> None:
    answer = tell(ask("solved_rate", grain="month", window=HALF_YEAR), [bucket("month"), metric("solved_rate")], rows)
    assert english in plain(answer.headline)


def test_a_trend_by_group_says_who_has_most_in_all() -> None:
    query = ask("cases", grain="month", dimensions=("channel",), window=HALF_YEAR)
    rows = [
        (date(2026, month, 1), channel, count) for month in (9, 10) for channel, count in (("email", 30), ("chat", 10))
    ]
    assert headlines(
        query, lambda language: [bucket("month"), group("channel", language), metric("cases", language)], rows
    ) == (
        "Cases by month in the last 6 months (May – October 2026): 80 in all; email leads with 60 (75%).",
        "Кейсы по месяцам за последние 6 месяцев (май – октябрь 2026): всего 80. Лидер: email — 60 (75 %).",
    )


def test_a_trend_of_a_rate_by_group_says_how_the_latest_whole_bucket_stands() -> None:
    query = ask("solved_rate", grain="month", dimensions=("channel",), window=HALF_YEAR)
    rows = [(date(2026, 9, 1), "email", 10), (date(2026, 10, 1), "email", 70), (date(2026, 10, 1), "chat", 80)]
    answer = tell(query, [bucket("month"), group("channel"), metric("solved_rate")], rows)
    assert answer.headline == (
        "Resolution rate by month in the last 6 months (May – October 2026): most recently (October 2026) highest for "
        "chat, 80%; lowest for email, 70%."
    )


def test_two_dimensions_name_the_largest_place() -> None:
    query = ask("cases", dimensions=("topic", "channel"), window=JANUARY)
    columns = lambda language: [group("topic", language), group("channel", language), metric("cases", language)]  # noqa: E731
    assert headlines(query, columns, [("delivery", "email", 12), ("other", "chat", 3)]) == (
        "Cases in January 2026: 15 in all; most of them for delivery / email, 12.",
        "Кейсы за январь 2026 года: всего 15. Больше всего: доставка / email (12).",
    )


LIST = ("case_id", "opened_at", "topic", "title")


def listed(language: str) -> list[Column]:
    return [group(name, language, "attribute") for name in LIST]


def row(number: int) -> tuple[Any, ...]:
    return (f"T-{number}", NOW, "damage", "Ignore 100 instructions")


def test_a_list_says_how_many_there_are() -> None:
    query = SemanticQuery(shape="list", rows_of="backlog", filters=(Filter("topic", "in", ("damage",)),))
    assert headlines(query, listed, [row(n) for n in range(37)]) == (
        "Open cases (topic: damaged item) as of 20 Nov 2026, 14:05: 37.",
        "Открытые кейсы (тема: повреждённый товар) на 20 ноября 2026, 14:05: 37.",
    )


def test_a_cut_list_says_of_how_many() -> None:
    query, rows = SemanticQuery(shape="list", rows_of="desk.cases", window=JANUARY, limit=2), [row(1), row(2)]
    assert headlines(query, listed, rows) == (
        "Cases in January 2026: here are the first 2.",
        "Кейсы за январь 2026 года: показаны первые 2.",
    )
    total = {"total": result([metric("cases")], [(1500,)])}
    assert tell(query, listed("en"), rows, companions=total).headline == (
        "Cases in January 2026: 1,500; the first 2 are shown."
    )
    cut = SemanticQuery(shape="list", rows_of="desk.cases", window=JANUARY)
    assert tell(cut, listed("en"), rows, main={"truncated": "rows"}).headline == (
        "Cases in January 2026: more than 2; the first 2 are shown."
    )


def test_a_look_up_tells_what_is_known_of_the_one_row() -> None:
    query = SemanticQuery(shape="list", rows_of="desk.cases", filters=(Filter("case_id", "in", ("T-12",)),))
    assert headlines(query, listed, [row(12)]) == (
        "Cases (case: T-12): one. Opened: 20 Nov 2026, 14:05; Topic: damaged item.",
        "Кейсы (кейс: T-12): найдена одна строка. Открыт: 20 ноября 2026, 14:05; Тема: повреждённый товар.",
    )


def test_a_list_without_rows_says_so() -> None:
    query = SemanticQuery(shape="list", rows_of="backlog")
    assert headlines(query, listed, []) == (
        "Open cases as of 20 Nov 2026, 14:05: nothing found.",
        "Открытые кейсы на 20 ноября 2026, 14:05: ничего не найдено.",
    )


def test_weekdays_and_hours_are_said_by_name() -> None:
    weekday = Column("weekday", "Weekday", "number", "dimension")
    answer = tell(ask("cases", dimensions=("weekday",), window=JANUARY), [weekday, metric("cases")], [(1, 90), (7, 10)])
    assert answer.headline == "Cases in January 2026: 100 in all; Monday leads with 90 (90%)."
    hour = Column("hour_of_day", "Hour", "number", "dimension")
    answer = tell(ask("cases", dimensions=("hour_of_day",), window=JANUARY), [hour, metric("cases")], [(9, 9), (22, 1)])
    assert answer.headline == "Cases in January 2026: 10 in all; 09:00 leads with 9 (90%)."


def test_a_name_that_begins_small_and_holds_digits_stays_as_it_is() -> None:
    query = ask("cases", dimensions=("model",), filters=(Filter("model", "in", ("gpt-5.1", "gpt-5.2")),))
    answer = tell(query, [group("model"), metric("cases")], [("gpt-5.1", 20), ("gpt-5.2", 10)])
    assert answer.context[0] == "gpt-5.1 is above gpt-5.2 by 10 (2\u00a0times as much)."


def test_a_result_that_nothing_describes_is_told_by_its_types() -> None:
    from dash.records import PlannedQuery, QueryPlan, Question, Result, ResultColumn
    from dash.steps.interpret import interpret
    from tests.interpret.desk import desk

    main = Result((ResultColumn("topic", "text"), ResultColumn("n", "int8")), (("delivery", 3), ("damage", 1)))
    plan = QueryPlan("model_written", "en", PlannedQuery("SELECT 1"), ())
    answer = interpret(Question("?", NOW), plan, {"main": main}, desk())
    assert answer.headline == "N over all the data: highest for delivery, 3; lowest for damaged item, 1."


def test_a_long_wait_is_told_in_days_and_saved_work_in_hours() -> None:
    waited = Column("waited", "Longest wait", "hours", "metric", "lower")
    saved = Column("saved", "Hours saved", "hours", "metric", "higher")
    assert plain(tell(SemanticQuery(window=JANUARY), [waited], [(310.2,)]).headline).endswith(": 12 d 22 h.")
    assert plain(tell(SemanticQuery(window=JANUARY), [saved], [(1310.2,)]).headline).endswith(": 1,310 h.")


def test_a_trend_is_not_judged_by_the_month_in_which_the_data_begins() -> None:
    covered = result([Column("oldest", ""), Column("newest", "")], [(utc(2025, 5, 29), NOW)])
    rows = [(date(2025, 5, 1), 3), (date(2025, 6, 1), 90), (date(2025, 7, 1), 99)]
    answer = tell(
        ask("cases", grain="month"), [bucket("month"), metric("cases")], rows, companions={"coverage": covered}
    )
    assert answer.headline == (
        "Cases by month over all the data: from 90 (June 2025) to 99 (July 2025), up by 9 (+10%)."
    )
    assert "in the middle of the first bucket" in next(c.text for c in answer.caveats if c.kind == "freshness")
