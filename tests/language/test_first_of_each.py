"""The first of each group: who is ranked, within what, and how many."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader
from dash.records import Order
from tests.language.test_reading import NOW


@pytest.mark.parametrize(
    ("question", "dimensions", "limit", "descending"),
    [
        ("most common category in each channel", ("channel", "category"), 1, True),
        ("most common category by channel", ("channel", "category"), 1, True),
        ("top 3 categories by tickets for each channel", ("channel", "category"), 3, True),
        ("Top 3 categories by tickets in each channel", ("channel", "category"), 3, True),
        ("least common category in each channel last month", ("channel", "category"), 1, False),
        ("для каждого канала самая частая категория", ("channel", "category"), 1, True),
        ("самая частая категория в каждом канале за прошлый месяц", ("channel", "category"), 1, True),
        ("for each channel the category with the most tickets", ("channel", "category"), 1, True),
        ("for each channel, which category has the most tickets?", ("channel", "category"), 1, True),
    ],
)
def test_the_first_of_each_is_ranked_within_it(
    reader: Reader, question: str, dimensions: tuple[str, ...], limit: int, descending: bool
) -> None:
    query = reader.read_text(question, NOW, "UTC").readings[0].query
    assert (query.of_each, query.dimensions, query.limit) == (dimensions[0], dimensions, limit)
    assert query.order == Order("tickets", descending)


def test_it_is_ranked_by_what_is_named(reader: Reader) -> None:
    query = reader.read_text("Best agent in each channel by CSAT", NOW, "UTC").readings[0].query
    assert (query.of_each, query.dimensions, query.limit) == ("channel", ("channel", "assignee"), 1)
    assert query.order == Order("csat", descending=True)


@pytest.mark.parametrize(
    ("question", "within", "descending"),
    [
        ("which agent has the worst csat in each category", ("category", "assignee"), False),
        ("в каждой категории исполнитель с самым высоким csat", ("category", "assignee"), True),
    ],
)
def test_it_is_ranked_by_what_somebody_or_something_has(
    reader: Reader, question: str, within: tuple[str, str], descending: bool
) -> None:
    query = reader.read_text(question, NOW, "UTC").readings[0].query
    assert (query.of_each, query.dimensions, query.limit) == (within[0], within, 1)
    assert query.order == Order("csat", descending)


@pytest.mark.parametrize(
    "question",
    [
        "top 3 categories by channel",  # the first of all, or of each?
        "most common category in each channel this month vs last month",
        "most common category per month",
        "top categories in each channel",  # how many?
        "for each category the models with the lowest penalty",
        "category with the highest cost per ticket for each month",
        "top 5 categories by tickets by month this year",
        "3 worst agents by channel by csat",
        "кто отправил больше всего тикетов в каждом месяце",
    ],
)
def test_what_may_be_the_first_of_all_is_asked_about(reader: Reader, question: str) -> None:
    assert all(reading.query.of_each is None for reading in reader.read_text(question, NOW, "UTC").readings)
