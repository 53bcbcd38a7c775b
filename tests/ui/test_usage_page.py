"""The Usage page: what was asked, how it ended, how long it took, and the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dash.ask import Dash
from dash.database import Database
from dash.knowledge import Knowledge
from dash.records import Viewer
from dash.runs import Runs, RunUse
from dash.settings import REPOSITORY, Settings
from dash.shown import cells_in
from dash.ui.charts import build_chart
from dash.ui.usage.page import days_as_answer

USAGE = str(REPOSITORY / "dash" / "ui" / "pages" / "usage.py")
QUESTIONS = {
    "ann": ["How many tickets?", "How many tickets by channel?", "What was the cost?"],
    "bob": ["What will the weather be?", "Tickets of jane@example.com"],
}


@pytest.fixture
def used(fresh_database: Database) -> Database:
    """A database in which two people asked."""
    with Dash.open(fresh_database.settings) as dash:
        for person, questions in QUESTIONS.items():
            for question in questions:
                dash.ask(question, viewer=Viewer(person), learns=False)
    return fresh_database


def page(database: Database, in_environment: Callable[[Settings], None], locale: str = "en-US") -> AppTest:
    in_environment(database.settings)
    test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    test.context["locale"] = locale
    test.run()
    test.switch_page(USAGE).run()
    assert not test.exception
    return test


def metrics(test: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\\", "") for metric in test.metric}


def test_use_adds_up_by_person_and_by_day(used: Database) -> None:
    uses = Runs(used).use("UTC")
    (total,) = [use for use in uses if use.day is None and use.asked_by is None]
    assert total.questions == 5
    assert total.answered + total.asked_back + total.declined + total.errors + total.interrupted == 5
    assert total.answered >= 2
    people = {use.asked_by: use.questions for use in uses if use.day is None and use.asked_by}
    assert people == {"ann": 3, "bob": 2}
    days = [use for use in uses if use.day is not None and use.asked_by is None]
    assert sum(use.questions for use in days) == 5
    assert total.median_ms is not None
    assert total.p95_ms is not None
    assert 0 < total.median_ms <= total.p95_ms


def test_use_can_be_of_one_person_and_of_a_time(used: Database) -> None:
    assert {use.asked_by for use in Runs(used).use("UTC", asked_by="ann") if use.asked_by} == {"ann"}
    later = Runs(used).use("UTC", since=datetime.now(UTC) + timedelta(hours=1))
    assert later == (RunUse(None, None, 0, 0, 0, 0, 0, 0, None, None),)


def test_the_page_counts_what_was_asked_and_lists_who_asked_what(
    used: Database, in_environment: Callable[[Settings], None]
) -> None:
    test = page(used, in_environment)
    assert metrics(test)["Questions"] == "5"
    assert test.get("plotly_chart") == [], "one day is no picture"
    trail = test.dataframe[-1].value
    assert sorted(trail["who"]) == ["ann", "ann", "ann", "bob", "bob"]
    assert "How many tickets by channel?" in list(trail["question"])
    assert not any("jane@example.com" in question for question in trail["question"])


def test_days_on_which_nobody_asked_have_their_place_in_the_picture(knowledge: Knowledge) -> None:
    uses = [RunUse(date(2026, 11, 2), None, 3, 2, 0, 1, 0, 0, 5.0, 9.0)]
    uses.append(RunUse(date(2026, 10, 30), None, 1, 1, 0, 0, 0, 0, 5.0, 9.0))
    answer = days_as_answer(uses, "en")
    assert answer["rows"] == [
        ["2026-10-30", "Answered", 1],
        ["2026-10-31", "Answered", 0],
        ["2026-11-01", "Answered", 0],
        ["2026-11-02", "Answered", 2],
        ["2026-11-02", "Declined", 1],
    ]
    drawn = build_chart(answer, cells_in("en", knowledge))
    assert drawn is not None
    assert [trace.name for trace in drawn.figure.data] == ["Answered", "Declined"]


def test_the_trail_can_be_narrowed(used: Database, in_environment: Callable[[Settings], None]) -> None:
    test = page(used, in_environment)
    test.text_input(key="audit-person").set_value("bob").run()
    assert set(test.dataframe[-1].value["who"]) == {"bob"}
    test.selectbox(key="audit-outcome").set_value("answered").run()
    assert not test.exception
    test.text_input(key="audit-person").set_value("nobody").run()
    assert any("Nothing fits." in info.value for info in test.info)


def test_a_page_that_nobody_used_says_so_in_russian(
    fresh_database: Database, in_environment: Callable[[Settings], None]
) -> None:
    test = page(fresh_database, in_environment, "ru-RU")
    assert test.title[0].value == "Использование"
    assert any("никто ничего не спрашивал" in info.value for info in test.info)
