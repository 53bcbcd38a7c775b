"""CSV for spreadsheets: nothing that a stranger wrote becomes a formula, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.export import csv_text


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (3, "3"),
        (-3, "-3"),
        (-0.25, "-0.25"),
        (1e-07, "1e-07"),
        ("-12.5", "-12.5"),
        ("+7", "+7"),
        ("T-000001", "T-000001"),
        ("доставка", "доставка"),
        ('say "hi", twice', 'say "hi", twice'),
        (["router", "retention"], "router, retention"),
        ({"a": 1}, '{"a": 1}'),
        ("2026-11-20T03:57:51+00:00", "2026-11-20T03:57:51+00:00"),
    ],
)
def test_a_cell_is_written_as_a_reader_of_csv_expects(value: Any, written: str) -> None:
    assert cells(csv_text(["x"], [[value]])) in ([["x"], [written]], [["x"], []])


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1",
        "=HYPERLINK(0)",
        "+1+1",
        "-1+1",
        "-2-3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\n=1+1",
        "\ufeff=1+1",
        "＝1+1",
        "+49 170 1234567",
        "-",
    ],
)
def test_a_cell_that_a_spreadsheet_would_calculate_gets_an_apostrophe(hostile: str) -> None:
    assert cells(csv_text(["x"], [[hostile]]))[1] == ["'" + hostile]


def test_a_heading_and_a_list_cannot_start_a_formula_either() -> None:
    assert cells(csv_text(["=x"], [[["=1", "b"]]])) == [["'=x"], ["'=1, b"]]


def test_a_formula_behind_another_programs_separator_stays_inside_its_cell() -> None:
    assert csv_text(["x"], [["hello;=1+1"]]) == 'x\n"hello;=1+1"\n'


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_text_comes_back_whole_and_never_starts_a_formula(rows: list[list[str]]) -> None:
    read = cells(csv_text(["a", "b"], rows))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    for row in read:
        for cell in row:
            assert (
                cell[:1] not in tuple("=+-@\t\r") or re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", cell) or not cell
            )
