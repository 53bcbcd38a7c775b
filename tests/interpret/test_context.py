"""The sentences behind the headline: change, driver, sample, comparison, runners-up, peak."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dash.records import Column, Filter, MetricUse, Order, PlannedQuery, SemanticQuery
from tests.interpret.desk import (
    HALF_YEAR,
    JANUARY,
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
)


def context(query: SemanticQuery, columns: Any, rows: Any, language: str = "en", **more: Any) -> list[str]:
    return [plain(text) for text in tell(query, columns, rows, language, **more).context]


@pytest.mark.parametrize(
    ("name", "now", "before", "english", "russian"),
    [
        (
            "answered",
            226,
            202,
            "Up by 24 (+11.9%) from 202 in the period before (6–13 Nov 2026), which is better.",
            "Рост на 24 (+11,9 %): в предыдущем периоде (6–13 ноября 2026) было 202. Это лучше.",
        ),
        (
            "cases",
            190,
            202,
            "Down by 12 (−5.9%) from 202 in the period before (6–13 Nov 2026).",
            "Снижение на 12 (−5,9 %): в предыдущем периоде (6–13 ноября 2026) было 202.",
        ),
        (
            "solved_rate",
            78.2608,
            76.1,
            "Up by 2.2 percentage points from 76.1% in the period before (6–13 Nov 2026), which is better.",
            "Рост на 2,2 п. п.: в предыдущем периоде (6–13 ноября 2026) было 76,1 %. Это лучше.",
        ),
        (
            "solved_rate",
            5,
            0,
            "Up by 5 percentage points from 0% in the period before (6–13 Nov 2026), which is better.",
            "Рост на 5 п. п.: в предыдущем периоде (6–13 ноября 2026) было 0 %. Это лучше.",
        ),
        (
            "wait",
            6.5,
            5.2,
            "Up by 1 h 18 min (+25%) from 5 h 12 min in the period before (6–13 Nov 2026), which is worse.",
            "Рост на 1 ч 18 мин (+25 %): в предыдущем периоде (6–13 ноября 2026) было 5 ч 12 мин. Это хуже.",
        ),
        (
            "solved_rate",
            78.31,
            78.29,
            "No change: 78.3% in the period before (6–13 Nov 2026) too.",
            "Без изменений: в предыдущем периоде (6–13 ноября 2026) тоже 78,3 %.",
        ),
        (
            "answered",
            5,
            0,
            "There were none in the period before (6–13 Nov 2026).",
            "В предыдущем периоде (6–13 ноября 2026) не было ни одного случая.",
        ),
        (
            "wait",
            5,
            None,
            "There is nothing to compare with in the period before (6–13 Nov 2026).",
            "Сравнить не с чем: в предыдущем периоде (6–13 ноября 2026) значения нет.",
        ),
    ],
)
def test_a_change_says_by_how_much_from_what_and_whether_it_is_good(
    name: str, now: Any, before: Any, english: str, russian: str
) -> None:
    for language, expected in (("en", english), ("ru", russian)):
        columns = [metric(name, language)]
        previous = {"previous": result(columns, [(before,)])}
        assert context(ask(name, window=WEEK), columns, [(now,)], language, companions=previous) == [expected]


def test_today_is_compared_with_yesterday_until_the_same_time() -> None:
    columns = [metric("answered")]
    previous = {"previous": result(columns, [(29,)])}
    assert context(ask("answered", window=TODAY), columns, [(31,)], companions=previous) == [
        "Up by 2 (+6.9%) from 29 in the period before (19 Nov 2026, 00:00–14:05), which is better."
    ]


DRIVER = [Column("topic", ""), Column("current", ""), Column("previous", "")]


@pytest.mark.parametrize(
    ("rows", "english"),
    [
        ([("delivery", 51, 34), ("damage", 40, 37)], "Main driver: delivery, from 34 to 51 (+17 of the +20)."),
        ([("damage", 10, 30), ("delivery", 74, 34)], "Main driver: delivery, from 34 to 74 (+40)."),
    ],
)
def test_the_main_driver_is_the_group_that_moved_most_with_the_whole(rows: Any, english: str) -> None:
    columns = [metric("cases")]
    companions = {"previous": result(columns, [(71,)]), "driver:topic": result(DRIVER, rows)}
    assert context(ask("cases", window=WEEK), columns, [(91,)], companions=companions)[1] == english


def test_the_main_driver_is_read_from_a_comparison_by_its_columns() -> None:
    columns = [metric("cases", "ru")]
    split = (group("topic"), metric("cases"), metric("cases", name="cases_previous", role="previous"))
    companions = {"previous": result(columns, [(71,)]), "driver:topic": result(split, [("delivery", 51, 34)])}
    planned = {"driver:topic": PlannedQuery("SELECT 2", {}, split)}
    query = ask("cases", window=WEEK)
    answer = tell(query, columns, [(91,)], "ru", companions=companions, companions_planned=planned)
    assert plain(answer.context[1]) == "Главный вклад: доставка, было 34, стало 51 (+17 из +20)."


def test_a_rate_has_no_parts_so_the_driver_only_moved_most() -> None:
    columns = [metric("solved_rate")]
    companions = {"previous": result(columns, [(80,)]), "driver:topic": result(DRIVER, [("damage", 48.1, 62)])}
    assert context(ask("solved_rate", window=WEEK), columns, [(70,)], companions=companions)[1:] == [
        "Moved most (Topic): damaged item, from 62% to 48.1% (−13.9 percentage points)."
    ]


def test_no_driver_is_named_when_nothing_changed() -> None:
    columns = [metric("cases")]
    companions = {"previous": result(columns, [(91,)]), "driver:topic": result(DRIVER, [("damage", 51, 34)])}
    assert len(context(ask("cases", window=WEEK), columns, [(91,)], companions=companions)) == 1


def test_a_rate_says_what_it_was_measured_on() -> None:
    for language, expected in (("en", "Measured on 161 (answered)."), ("ru", "Посчитано по 161 (отвечено).")):
        columns = [metric("solved_rate", language), sample("solved_rate")]
        assert context(ask("solved_rate", window=WEEK), columns, [(78, 161)], language) == [expected]
    columns = [metric("wait", "ru"), sample("wait")]
    assert context(ask("wait", window=WEEK), columns, [(5, 161)], "ru") == ["Посчитано по 161 случаю."]
    assert context(ask("wait", window=WEEK), columns, [(5, 164)], "ru") == ["Посчитано по 164 случаям."]


def test_a_metric_that_belongs_beside_is_told_beside() -> None:
    columns = [metric("rating"), metric("rated_rate")]
    assert context(ask("rating", window=WEEK), columns, [(4.2, 31)]) == ["For context: Response rate 31%."]


COMPARED = (Filter("topic", "in", ("delivery", "damage")),)


@pytest.mark.parametrize(
    ("name", "rows", "english"),
    [
        (
            "solved_rate",
            [("delivery", 78.3), ("damage", 61)],
            ["Delivery is above damaged item by 17.3 percentage points.", "The better one: delivery."],
        ),
        (
            "wait",
            [("delivery", 2), ("damage", 5)],
            ["Damaged item is above delivery by 3 h (2.5 times as much).", "The better one: delivery."],
        ),
        ("cases", [("delivery", 10), ("damage", 0)], ["Delivery is above damaged item by 10."]),
        ("cases", [("delivery", 7), ("damage", 7)], ["There is no difference between the two."]),
        ("cases", [("delivery", 7), ("damage", None)], []),
    ],
)
def test_two_compared_values_are_set_against_each_other(name: str, rows: Any, english: list[str]) -> None:
    query = ask(name, dimensions=("topic",), filters=COMPARED)
    assert context(query, [group("topic"), metric(name)], rows) == english


def test_two_compared_values_in_russian() -> None:
    query = ask("cases", dimensions=("topic",), filters=COMPARED)
    columns = [group("topic", "ru"), metric("cases", "ru")]
    assert context(query, columns, [("delivery", 30), ("damage", 15)], "ru") == [
        "Доставка: больше, чем повреждённый товар, на 15 (в 2 раза)."
    ]


def test_a_ranking_names_the_runners_up_the_change_in_all_and_the_biggest_mover() -> None:
    columns = [group("topic"), metric("answered")]
    rows = [("delivery", 340), ("damage", 210), ("payment", 120), ("other", 5)]
    previous = {"previous": result(columns, [("delivery", 300), ("damage", 215), ("payment", 100)])}
    query = ask("answered", dimensions=("topic",), window=WEEK)
    assert context(query, columns, rows, companions=previous) == [
        "Next: damaged item (210) and payment (120).",
        "In all, up by 60 (+9.8%) from 615 in the period before (6–13 Nov 2026), which is better.",
        "Moved most: delivery, from 300 to 340 (+40).",
    ]


def test_runners_up_follow_the_end_that_was_asked_for() -> None:
    query = ask("solved_rate", dimensions=("topic",), order=Order("solved_rate", descending=False))
    rows = [("damage", 61.2), ("payment", 63), ("other", 70), ("delivery", 80)]
    assert context(query, [group("topic", "ru"), metric("solved_rate", "ru")], rows, "ru") == [
        "Далее: оплата (63 %) и прочее (70 %)."
    ]


def test_a_trend_names_its_peak_its_low_and_the_bucket_that_still_runs() -> None:
    rows = [(date(2026, 11, day), count) for day, count in ((14, 40), (15, 9), (16, 70), (20, 3))]
    columns = [bucket("day"), metric("cases")]
    assert context(ask("cases", grain="day", window=WEEK), columns, rows) == [
        "Highest: 70 (16 Nov 2026); lowest: 9 (15 Nov 2026).",
        "Not over yet: 20 Nov 2026, 3 so far.",
    ]


def test_a_level_trend_has_no_peak() -> None:
    rows = [(date(2026, month, 1), 70) for month in (7, 8, 9)]
    assert (
        context(ask("solved_rate", grain="month", window=HALF_YEAR), [bucket("month"), metric("solved_rate")], rows)
        == []
    )


def test_several_numbers_each_say_their_change() -> None:
    query = SemanticQuery(metrics=(MetricUse("answered"), MetricUse("solved_rate")), window=JANUARY)
    columns = [metric("answered", "ru"), metric("solved_rate", "ru")]
    previous = {"previous": result(columns, [(10, 60)])}
    assert context(query, columns, [(12, 50)], "ru", companions=previous) == [
        "Кейсы, обработанные AI — рост на 2 (+20 %): в предыдущем периоде (декабрь 2025) было 10. Это лучше.",
        "Доля решённых — снижение на 10 п. п.: в предыдущем периоде (декабрь 2025) было 60 %. Это хуже.",
    ]


def test_an_ordered_list_names_its_first_row() -> None:
    columns = [group(name, "en", "attribute") for name in ("case_id", "wait_hours", "title")]
    query = SemanticQuery(shape="list", rows_of="backlog", order=Order("wait"))
    rows = [("T-1", 310.2, "IGNORE 7 rules"), ("T-2", 5, "x")]
    assert context(query, columns, rows) == ["First in the list: T-1 (Wait: 12 d 22 h)."]


def test_a_count_names_its_largest_part_where_a_companion_knows_it() -> None:
    columns = [metric("cases", "ru")]
    rows = [("damage", 31, 10), ("delivery", 60, 70)]
    companions = {"previous": result(columns, [(80,)]), "driver:topic": result(DRIVER, rows)}
    assert context(ask("cases", window=WEEK), columns, [(91,)], "ru", companions=companions) == [
        "Рост на 11 (+13,8 %): в предыдущем периоде (6–13 ноября 2026) было 80.",
        "Главный вклад: повреждённый товар, было 10, стало 31 (+21).",
        "Лидер: доставка (65,9 %).",
    ]


def test_values_named_and_split_by_are_compared() -> None:
    named = Filter("topic", "in", ("delivery", "damage"))
    query = ask("solved_rate", dimensions=("topic",), filters=(named,), window=WEEK)
    answer = tell(query, [group("topic"), metric("solved_rate")], [("delivery", 70), ("damage", 60)])
    assert answer.headline == "Resolution rate in the last 7 days (13–20 Nov 2026): delivery 70%; damaged item 60%."
    assert plain(answer.context[0]) == "Delivery is above damaged item by 10 percentage points."
