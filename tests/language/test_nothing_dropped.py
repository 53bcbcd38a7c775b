"""What stands beside a number and must not be lost: a second number, the rows that an error is, a split by people."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from tests.language.test_reading import assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        # a number of rows beside a measure that is split
        ("pipeline cost per day last week with the number of tasks", "pipeline_cost pipeline_tasks ~day @last_week"),
        ("coût du pipeline par jour la semaine dernière, avec le nombre de tâches",
         "pipeline_cost pipeline_tasks ~day @last_week"),
        ("coste del pipeline por día la semana pasada con el número de tareas",
         "pipeline_cost pipeline_tasks ~day @last_week"),
        ("стоимость пайплайна по дням за прошлую неделю с числом задач",
         "pipeline_cost pipeline_tasks ~day @last_week"),
        ("csat by channel with the number of tickets", "csat tickets /channel"),
        ("tickets by channel with the number", "tickets /channel"),
    ],
)  # fmt: skip
def test_each_number_that_is_asked_for_is_told(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question",
    [
        "pipeline cost last week number of tasks",
        "tickets by day with the number of messages",  # both, or the messages of the tickets
        "csat by channel with tickets",
    ],
)
def test_a_second_number_that_is_not_plain_is_asked_about(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)
