""" "Not by model, but by month": how something is told that somebody wants otherwise."""

from __future__ import annotations

import pytest

from dash.language.reader import Reader

from .test_reading import assert_not_read, assert_understood


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("tickets by month, not by week this year", "tickets ~month @this_year"),
        ("tickets by channel but not by category last week", "tickets /channel @last_week"),
        ("time to send by channel last month, the median not the average",
         "median:time_to_send /channel @last_month"),
        ("тикеты по каналам, а не по категориям за октябрь", "tickets /channel @month:2026-10"),
        # a value that is left out is a condition
        ("tickets not by email last week", "tickets channel!=email @last_week"),
        ("tickets by channel, not chat", "tickets /channel channel!=chat"),
        ("тикеты не по почте", "tickets channel!=email"),
    ],
)  # fmt: skip
def test_what_is_denied_is_not_told(reader: Reader, question: str, meaning: str) -> None:
    assert_understood(reader, question, meaning)


@pytest.mark.parametrize(
    "question", ["tickets last week not by channel", "по каналам тикеты за октябрь, не по категориям"]
)
def test_what_else_is_told_instead_must_be_said(reader: Reader, question: str) -> None:
    assert_not_read(reader, question)
