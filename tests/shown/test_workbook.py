"""An answer as a workbook: typed cells, and never a formula, whatever a stranger wrote."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash.workbook import LONGEST_TEXT, SheetColumn, workbook_bytes

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(content: bytes) -> tuple[list[list[tuple[str, str]]], list[list[tuple[str, str]]]]:
    """The two sheets as rows of (type, value): "n" number, "s" text, "b" boolean, "f" formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
        assert not any("external" in name.lower() for name in names)
        texts = file.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else b"<none/>"
        items = ElementTree.fromstring(texts).iter(f"{SPACE}si")
        shared = ["".join(part.text or "" for part in item.iter(f"{SPACE}t")) for item in items]
        found = [_rows(file.read(f"xl/worksheets/sheet{number}.xml"), shared) for number in (1, 2)]
    return found[0], found[1]


def _rows(content: bytes, shared: list[str]) -> list[list[tuple[str, str]]]:
    rows = []
    for row in ElementTree.fromstring(content).iter(f"{SPACE}row"):
        cells = []
        for cell in row.iter(f"{SPACE}c"):
            value, kind = cell.findtext(f"{SPACE}v") or "", cell.get("t", "n")
            kind = "f" if cell.find(f"{SPACE}f") is not None else kind
            cells.append((kind, shared[int(value)] if kind == "s" else value))
        rows.append(cells)
    return rows


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    columns = [SheetColumn("Day", "date"), SheetColumn("At", "time"), SheetColumn("Tickets", "count")]
    columns += [SheetColumn("Rate", "percent"), SheetColumn("Open", "boolean"), SheetColumn("Id", "text")]
    rows = [["2026-11-20", "2026-11-20T15:30:00+03:00", 12, 40.25, True, 12345678901234567890]]
    data, about = sheets(workbook_bytes(columns, rows, [("Question", "Why?"), ("SQL", "SELECT 1")]))
    assert [value for _, value in data[0]] == ["Day", "At (UTC+03:00)", "Tickets", "Rate", "Open", "Id"]
    assert data[1] == [
        ("n", "46346"),
        ("n", "46346.64583333334"),
        ("n", "12"),
        ("n", "40.25"),
        ("b", "1"),
        ("s", "12345678901234567890"),
    ]
    assert about == [[("s", "Question"), ("s", "Why?")], [("s", "SQL"), ("s", "SELECT 1")]]


def test_what_is_not_there_is_an_empty_cell_and_no_rows_are_a_heading() -> None:
    data, _ = sheets(workbook_bytes([SheetColumn("A"), SheetColumn("B", "count")], [[None, None]], []))
    assert [cell for row in data[1:] for cell in row] == []
    assert len(sheets(workbook_bytes([SheetColumn("A")], [], []))[0]) == 1


def test_a_text_in_a_column_of_numbers_or_dates_stays_a_text() -> None:
    columns = [SheetColumn("A", "count"), SheetColumn("B", "time"), SheetColumn("C", "count")]
    data, _ = sheets(workbook_bytes(columns, [["12", "soon", float("inf")], [1, "1799-01-01", 2]], []))
    assert [kind for kind, _ in data[1]] == ["s", "s", "s"]
    assert data[2][1] == ("s", "1799-01-01")


@pytest.mark.parametrize("text", ["=1+1", "+A1", "@SUM(A1)", "-2", "\t=1", "{=1}", "http://x.example", "internal:A!A1"])
def test_a_text_is_never_a_formula_or_a_link(text: str) -> None:
    content = workbook_bytes([SheetColumn(text)], [[text], [[text, text]], [{"a": text}]], [(text, text)])
    for sheet in sheets(content):
        assert {kind for row in sheet for kind, _ in row} == {"s"}
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = b"".join(file.read(name) for name in file.namelist() if name.startswith("xl/worksheets"))
    assert not re.search(rb"<f>|<hyperlink", parts)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_any_text_makes_a_file_that_can_be_read(cells: list[str]) -> None:
    data, _ = sheets(workbook_bytes([SheetColumn("Text")], [[cell] for cell in cells], []))
    assert all(kind in ("s", "str") for row in data for kind, _ in row)


def test_a_text_that_no_cell_can_hold_is_cut_visibly() -> None:
    data, _ = sheets(workbook_bytes([SheetColumn("Text")], [["x" * 40_000]], []))
    assert len(data[1][0][1]) == LONGEST_TEXT
    assert data[1][0][1].endswith("…")
