"""Questions to ask next: those of the file, then those of the planner, never the same one again."""

from __future__ import annotations

from dash.records import MetricUse, SemanticQuery
from tests.interpret.desk import WEEK, metric, tell

CASES = SemanticQuery(metrics=(MetricUse("cases"),), window=WEEK)


def test_what_the_planner_offers_is_suggested_in_its_order() -> None:
    offered = ("Cases by topic?", "Cases by channel?", "Cases by month?", "Open cases?")
    assert tell(CASES, [metric("cases")], [(5,)], follow_ups=offered).follow_ups == offered[:3]


def test_the_question_itself_is_not_suggested_however_it_is_written() -> None:
    offered = ("Cases by topic in the last 7 days?", "Open cases?", "OPEN cases")
    answer = tell(CASES, [metric("cases")], [(5,)], text="cases by TOPIC, in the last 7 days", follow_ups=offered)
    assert answer.follow_ups == ("Open cases?",)


def test_nothing_is_made_up_where_nothing_is_offered() -> None:
    assert tell(CASES, [metric("cases")], [(5,)]).follow_ups == ()
