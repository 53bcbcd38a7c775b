"""Pictures of answers."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from dash.records import Chart, Column
from dash.settings import REPOSITORY
from dash.ui import charts
from dash.ui.charts import MOST_BARS, MOST_SERIES, Drawn
from tests.ui.answers import HOSTILE, answer, cells

MONTH = Column("month", "Month", "date", "time")
CHANNEL = Column("channel", "Channel", "text", "dimension")
TICKETS = Column("tickets", "Tickets", "count", "metric")
RATE = Column("rate", "Resolution rate", "percent", "metric")
MONTHS = ("2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01")


def build_chart(content: dict[str, Any]) -> Drawn | None:
    return charts.build_chart(content, cells(content["language"]))


def trend(**changes: object) -> dict[str, object]:
    rows = tuple((month, 60.0 + index) for index, month in enumerate(MONTHS))
    return answer(columns=(MONTH, RATE), rows=rows, chart=Chart("line", "month", ("rate",)), **changes)


def test_a_ranking_is_drawn_as_horizontal_bars_with_labels_and_formatted_numbers() -> None:
    drawn = build_chart(
        answer(rows=(("a name that has no label and is long enough", 40.25, 1), ("damaged_item", 71.0, 2)))
    )
    assert drawn is not None
    bars = drawn.figure.data[0]
    assert bars.orientation == "h"
    assert list(bars.x) == [40.25, 71.0]
    assert list(bars.text) == ["40.3%", "71.0%"]
    assert drawn.figure.layout.yaxis.ticktext[1] == "damaged item"
    assert drawn.figure.layout.yaxis.autorange == "reversed"


def test_few_short_names_stand_upright() -> None:
    rows = (("chat", 3), ("email", 5))
    drawn = build_chart(answer(columns=(CHANNEL, TICKETS), rows=rows, chart=Chart("bar", "channel", ("tickets",))))
    assert drawn is not None
    assert drawn.figure.data[0].orientation == "v"
    assert list(drawn.figure.data[0].y) == [3, 5]


def test_a_trend_is_a_line_at_its_places_in_time_from_zero() -> None:
    drawn = build_chart(trend())
    assert drawn is not None
    line = drawn.figure.data[0]
    assert list(line.x) == list(MONTHS)
    assert list(line.y) == [60.0, 61.0, 62.0, 63.0]
    assert drawn.figure.layout.yaxis.rangemode == "tozero"
    assert list(drawn.figure.layout.xaxis.ticktext) == ["Nov<br>2025", "Dec", "Jan<br>2026", "Feb"]


def test_a_russian_chart_speaks_russian() -> None:
    drawn = build_chart(trend(language="ru"))
    assert drawn is not None
    assert drawn.figure.layout.xaxis.ticktext[0].startswith("нояб")
    assert drawn.figure.layout.separators == ",\u00a0"
    assert "60,0\u00a0%" in drawn.figure.data[0].customdata[0]


def test_a_time_in_a_zone_stands_where_its_clock_says() -> None:
    column = Column("hour", "Hour", "time", "time")
    rows = (("2026-11-20T09:00:00+03:00", 1), ("2026-11-20T10:00:00+03:00", 2), (None, 3))
    drawn = build_chart(answer(columns=(column, TICKETS), rows=rows, chart=Chart("line", "hour", ("tickets",))))
    assert drawn is not None
    assert list(drawn.figure.data[0].x) == ["2026-11-20T09:00:00", "2026-11-20T10:00:00"]
    assert drawn.figure.layout.xaxis.ticktext[0] == "20 Nov 09:00"


def test_two_dimensions_are_stacked_and_a_missing_part_is_a_gap() -> None:
    rows = ((MONTHS[0], "chat", 3), (MONTHS[0], "email", 5), (MONTHS[1], "email", 4))
    chart = Chart("stacked_bar", "month", ("tickets",), "channel")
    drawn = build_chart(answer(columns=(MONTH, CHANNEL, TICKETS), rows=rows, chart=chart))
    assert drawn is not None
    assert drawn.figure.layout.barmode == "stack"
    assert {bars.name: list(bars.y) for bars in drawn.figure.data} == {"email": [5, 4], "chat": [3, None]}


def test_many_parts_of_a_count_become_other_and_add_up() -> None:
    rows = tuple((MONTHS[0], f"part {index}", index + 1) for index in range(20))
    chart = Chart("stacked_bar", "month", ("tickets",), "channel")
    drawn = build_chart(answer(columns=(MONTH, CHANNEL, TICKETS), rows=rows, chart=chart))
    assert drawn is not None
    assert len(drawn.figure.data) == MOST_SERIES
    assert drawn.figure.data[-1].name == "Other"
    assert sum(bars.y[0] for bars in drawn.figure.data) == sum(range(1, 21))


def test_a_long_ranking_is_cut_and_says_how_much_it_shows() -> None:
    rows = tuple((f"category {index}", index, 1) for index in range(100))
    drawn = build_chart(answer(rows=rows))
    assert drawn is not None
    assert (drawn.shown, drawn.count) == (MOST_BARS, 100)
    assert len(drawn.figure.data[0].x) == MOST_BARS


def test_no_text_of_the_data_is_markup_in_a_chart() -> None:
    drawn = build_chart(answer(rows=((HOSTILE, 1.0, 1), ("b", 2.0, 1))))
    assert drawn is not None
    written = drawn.figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
    for tag in ("<script", "<b>bold", "</script"):
        assert tag not in written


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": ()},
        {"chart": None},
        {"chart": Chart("table")},
        {"chart": Chart("number", None, ("rate",))},
        {"chart": Chart("bar", "nothing", ("rate",))},
        {"chart": Chart("bar", "category", ("nothing",))},
        {"chart": Chart("bar", "category", ())},
        {"rows": (("shipping_inquiry", None, 1),)},
        {"rows": (("shipping_inquiry", "text", 1),)},
    ],
)
def test_a_picture_that_would_say_nothing_is_not_drawn(changes: dict[str, object]) -> None:
    assert build_chart(answer(**changes)) is None


def test_both_palettes_have_as_many_colours_as_streamlit_needs_and_none_twice() -> None:
    theme = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name in ("light", "dark"):
        colours = theme[name]["chartCategoricalColors"]
        assert len(colours) == len(set(colours)) == 10
