"""Moments that are asked for by "when" or "time" among the columns of a list."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader

from .test_reading import NOW, assert_not_read


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("sent tickets yesterday: assignee, when", ("assignee", "sent_at")),
        ("open tickets from Israel: channel and when", ("channel", "created_at")),
        ("show me the 10 oldest open tickets and when each one was created", ("created_at",)),
        ("last 5 failed tasks: step, error message, time", ("task_type", "error_message", "task_created_at")),
        ("покажи открытые тикеты: канал, дата", ("channel", "created_at")),
        ("выведи переписку по T-000777 по порядку: тип автора, когда, текст",
         ("author_type", "body", "message_at")),
    ],
)  # fmt: skip
def test_when_is_the_time_that_the_rows_go_by(reader: Reader, question: str, columns: tuple[str, ...]) -> None:
    plain = reader.read_text(question, NOW, "UTC").plain
    assert plain is not None
    assert plain.query.shape == "list"
    assert {*columns} <= {*plain.query.columns}


@pytest.mark.parametrize(
    "question",
    [
        "how many tickets came in yesterday, and when",
        "tickets last week by channel and when",
        "what is the csat and when",
        "open tickets by agent, time",
    ],
)
def test_of_a_number_or_a_group_no_time_is_told(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)
