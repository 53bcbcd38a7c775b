"""Which pictures an answer's rows can be, and what becomes of the one that is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from dash.records import Chart, Column
from dash.ui.chart_kinds import kinds_of, with_kind
from dash.ui.charts import build_chart
from tests.ui.answers import answer, cells

MONTH = Column("month", "Month", "date", "time")
CHANNEL = Column("channel", "Channel", "text", "dimension")
TICKETS = Column("tickets", "Tickets", "count", "metric")
RATE = Column("rate", "Rate", "percent", "metric")


def months(measure: Column) -> dict[str, Any]:
    rows = (("2026-09-01", 12), ("2026-10-01", 20), ("2026-11-01", 9))
    return answer(columns=(MONTH, measure), rows=rows, chart=Chart("line", "month", (measure.name,)))


def split() -> dict[str, Any]:
    rows = tuple((f"2026-{month}-01", channel, 5) for month in ("09", "10") for channel in ("email", "chat"))
    chart = Chart("line", "month", ("tickets",), "channel")
    return answer(columns=(MONTH, CHANNEL, TICKETS), rows=rows, chart=chart)


def listing(rows: int) -> dict[str, Any]:
    made = tuple((f"T-{number}", number) for number in range(rows))
    ticket = Column("ticket", "Ticket", "text", "dimension")
    hours = Column("hours", "Hours", "hours", "metric")
    return answer(columns=(ticket, hours), rows=made, chart=Chart("table"))


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (months(TICKETS), ("line", "area", "bar", "table")),
        (months(RATE), ("line", "bar", "table")),
        (split(), ("line", "area", "bar", "stacked_bar", "table")),
        (answer(), ("bar", "table")),
        (listing(20), ("table", "bar")),
        (listing(200), ()),
        (answer(rows=(("shipping", 40.0, 3),)), ()),
        (answer(rows=(), chart=None), ()),
        (answer(columns=(TICKETS,), rows=((3,),), chart=Chart("number", None, ("tickets",))), ()),
    ],
)
def test_only_pictures_that_say_something_are_offered(content: dict[str, Any], kinds: tuple[str, ...]) -> None:
    assert kinds_of(content) == kinds


@pytest.mark.parametrize("content", [months(TICKETS), months(RATE), split(), answer(), listing(20)])
def test_every_picture_that_is_offered_can_be_drawn_of_the_same_rows(content: dict[str, Any]) -> None:
    for kind in kinds_of(content):
        chosen = with_kind(content, kind)
        assert chosen["rows"] == content["rows"]
        drawn = build_chart(chosen, cells())
        assert (drawn is None) == (kind == "table")
        if drawn is not None:
            assert {trace.type for trace in drawn.figure.data} == {"bar" if "bar" in kind else "scatter"}
            assert all(
                (trace.stackgroup == "all") == (kind == "area")
                for trace in drawn.figure.select_traces({"type": "scatter"})
            )


def test_an_answers_own_picture_is_the_answer_itself() -> None:
    content = months(TICKETS)
    assert with_kind(content, None) is content
    assert with_kind(content, "line") is content
