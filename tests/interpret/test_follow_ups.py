"""Questions to ask next: along dimensions that exist, in the language of the question, never the same one again."""

from __future__ import annotations

from typing import Any

from dash.records import Filter, MetricUse, SemanticQuery
from tests.interpret.desk import HALF_YEAR, JANUARY, WEEK, bucket, group, metric, tell


def ask(name: str, **slots: Any) -> SemanticQuery:
    return SemanticQuery(metrics=(MetricUse(name),), **slots)


def test_a_number_leads_to_its_usual_dimension_its_trend_and_its_change() -> None:
    assert tell(ask("cases", window=WEEK), [metric("cases")], [(5,)]).follow_ups == (
        "Cases by topic in the last 7 days?",
        "Cases by month in the last 6 months?",
        "How did Cases change in the last 7 days?",
    )
    assert tell(ask("cases", window=WEEK), [metric("cases", "ru")], [(5,)], "ru").follow_ups == (
        "Кейсы за последние 7 дней, разбивка: тема?",
        "Кейсы по месяцам за последние 6 месяцев?",
        "Кейсы за последние 7 дней: какое изменение?",
    )


def test_the_conditions_of_the_question_are_kept() -> None:
    query = ask("cases", window=JANUARY, filters=(Filter("topic", "in", ("damage",)),))
    answer = tell(query, [metric("cases")], [(5,)])
    assert answer.follow_ups[0] == "Cases for damaged item by channel in January 2026?"
    assert not any("by topic" in question for question in answer.follow_ups)


def test_a_trend_is_not_followed_by_the_same_trend() -> None:
    from datetime import date

    columns, rows = [bucket("month"), metric("cases")], [(date(2026, 9, 1), 5), (date(2026, 10, 1), 6)]
    answer = tell(ask("cases", grain="month", window=HALF_YEAR), columns, rows)
    assert answer.follow_ups[0] == "Cases by topic in the last 6 months?"
    assert not any("by month" in question for question in answer.follow_ups)


def test_the_question_itself_is_not_suggested() -> None:
    answer = tell(ask("cases", window=WEEK), [metric("cases")], [(5,)], text="cases by TOPIC, in the last 7 days")
    assert "Cases by topic in the last 7 days?" not in answer.follow_ups


def test_the_present_state_has_no_trend_and_one_known_row_nothing_to_split() -> None:
    assert tell(ask("backlog"), [metric("backlog")], [(5,)]).follow_ups == (
        "Open cases by topic?",
        "Open cases by channel?",
        "Open cases by helper?",
    )
    query = SemanticQuery(shape="list", rows_of="desk.cases", filters=(Filter("case_id", "in", ("T-1",)),))
    assert tell(query, [group("case_id", "en", "attribute")], [("T-1",)]).follow_ups == ()


def test_what_the_planner_offers_goes_first() -> None:
    offered = ("Cases by channel?", "Open cases?")
    query = ask("cases", window=WEEK)
    assert tell(query, [metric("cases")], [(5,)], text="open cases", follow_ups=offered).follow_ups == offered[:1]


def test_a_list_leads_to_its_counts() -> None:
    query = SemanticQuery(shape="list", rows_of="desk.cases", window=WEEK)
    answer = tell(query, [group("case_id", "en", "attribute")], [("T-1",), ("T-2",)])
    assert answer.follow_ups[0] == "Cases by topic in the last 7 days?"
