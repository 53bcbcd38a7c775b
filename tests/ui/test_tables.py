"""Tables of answers."""

from __future__ import annotations

from dash.records import Column
from dash.ui.tables import MOST_ROWS, build_table, table_height
from tests.ui.answers import answer, cells


def test_numbers_stay_numbers_and_are_painted_by_unit() -> None:
    table, headings = build_table(answer(), cells())
    assert list(table.data["c1"]) == [40.25, 71.0]
    assert list(table.data["c0"]) == ["shipping", "damaged item"]
    painted = table._translate(True, True)["body"]
    assert painted[0][2]["display_value"] == "40.3%"
    assert painted[0][3]["display_value"] == "1,800"
    assert [heading["label"] for heading in headings.values()] == ["Category", "Resolution rate", "Tickets"]
    assert headings["c1"]["type_config"]["type"] == "number"


def test_a_time_column_says_its_zone_in_the_heading_and_sorts_as_text() -> None:
    column = Column("at", "Changed", "time", "time")
    table, headings = build_table(
        answer(columns=(column,), rows=((None,), ("2026-11-05T13:07:09+03:00",)), chart=None), cells()
    )
    assert headings["c0"]["label"] == "Changed (UTC+03:00)"
    assert list(table.data["c0"])[1] == "2026-11-05 13:07"


def test_two_columns_of_one_name_are_both_shown() -> None:
    column = Column("count", "Count", "count", "metric")
    table, _ = build_table(answer(columns=(column, column), rows=((1, 2),)), cells())
    assert table.data.values.tolist() == [[1, 2]]


def test_a_missing_number_is_a_dash_and_not_a_zero() -> None:
    table, _ = build_table(answer(rows=(("a", None, 1), ("b", 2.0, 1))), cells())
    assert table._translate(True, True)["body"][0][2]["display_value"] == "–"


def test_a_long_result_is_cut_on_the_page() -> None:
    table, _ = build_table(answer(rows=tuple((str(index), 1.0, 1) for index in range(MOST_ROWS + 5))), cells())
    assert len(table.data) == MOST_ROWS
    assert table_height(5) < table_height(11) == table_height(5000)


def test_a_number_that_only_the_sentences_use_is_no_column() -> None:
    columns = (Column("ticket", "Ticket", "text", "dimension"), Column("total", "In all", "count", "hidden"))
    table, headings = build_table(answer(columns=columns, rows=(("T-1", 9), ("T-2", 9)), chart=None), cells())
    assert [heading["label"] for heading in headings.values()] == ["Ticket"]
    assert table.data.values.tolist() == [["T-1"], ["T-2"]]
