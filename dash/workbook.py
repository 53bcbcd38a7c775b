"""An answer as an Excel workbook: its data in typed cells, and on a second sheet where they come from.

A number is a number and a date a date there, so that sums and filters work; a text is always a text, whatever a
stranger wrote: nothing is ever written as a formula or a link. A moment has no zone in Excel, so its column says which.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767
"""Characters that a cell of Excel holds."""
MOST_ROWS = 1_048_575
"""Rows below the heading that a sheet of Excel holds."""
_EXACT = 1e15
"""Excel keeps fifteen digits; a longer whole number, such as an id, would come back as another one."""
_FORMATS: Mapping[str, str] = {
    "count": "#,##0",
    "tokens": "#,##0",
    "percent": '#,##0.0"%"',
    "usd": '"$"#,##0.00',
    "date": "yyyy-mm-dd",
    "time": "yyyy-mm-dd hh:mm",
}
_WIDEST, _NARROWEST = 48, 9
_ROWS_MEASURED = 200


@dataclass(frozen=True)
class SheetColumn:
    """A column of the data: its heading and unit, as an answer has them."""

    heading: str
    unit: str = "text"


def workbook_bytes(
    columns: Sequence[SheetColumn],
    rows: Sequence[Sequence[Any]],
    about: Sequence[tuple[str, str]],
    *,
    names: tuple[str, str] = ("Data", "About"),
) -> bytes:
    """The .xlsx file. `about` are the lines of the second sheet; cells are what `Answer.rows` holds."""
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        _write_data(book, book.add_worksheet(names[0]), columns, rows[:MOST_ROWS])
        _write_about(book, book.add_worksheet(names[1]), about)
    return file.getvalue()


def _write_data(
    book: Workbook, sheet: Worksheet, columns: Sequence[SheetColumn], rows: Sequence[Sequence[Any]]
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks = {unit: book.add_format({"num_format": pattern}) for unit, pattern in _FORMATS.items()}
    for index, column in enumerate(columns):
        sheet.write_string(0, index, _text(_heading(column, [row[index] for row in rows])), bold)
        for place, row in enumerate(rows, start=1):
            _write_cell(sheet, place, index, row[index], column.unit, looks)
        sheet.set_column(index, index, _width(column, [row[index] for row in rows[:_ROWS_MEASURED]]))
    sheet.freeze_panes(1, 0)
    if columns and rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_about(book: Workbook, sheet: Worksheet, about: Sequence[tuple[str, str]]) -> None:
    bold = book.add_format({"bold": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (name, words) in enumerate(about):
        sheet.write_string(place, 0, _text(name), bold)
        sheet.write_string(place, 1, _text(words), plain)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, unit: str, looks: Mapping[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and math.isfinite(value) and abs(value) < _EXACT:
        sheet.write_number(row, column, value, looks.get(unit))
    elif unit in ("date", "time") and (moment := _moment(value)) is not None:
        sheet.write_datetime(row, column, moment, looks["date" if unit == "date" or not _has_clock(value) else "time"])
    else:
        sheet.write_string(row, column, _text(value))


def _moment(value: Any) -> datetime | None:
    """The moment as its zone's clocks show it; None for what Excel cannot hold."""
    try:
        moment = datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if moment.date() >= date(1900, 3, 1) else None


def _has_clock(value: Any) -> bool:
    return len(str(value)) > len("2026-11-20")


def _heading(column: SheetColumn, cells: Sequence[Any]) -> str:
    """The heading, for moments with the offset that they all have from UTC."""
    if column.unit != "time":
        return column.heading
    offsets = set()
    for cell in cells:
        try:
            offsets.add(datetime.fromisoformat(str(cell)).strftime("%z"))
        except ValueError:
            continue
    offsets.discard("")
    if not offsets:
        return column.heading
    return f"{column.heading} ({', '.join(f'UTC{each[:3]}:{each[3:5]}' for each in sorted(offsets))})"


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        words = ", ".join("" if item is None else str(item) for item in value)
    elif isinstance(value, dict):
        words = json.dumps(value, ensure_ascii=False)
    else:
        words = str(value)
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"


def _width(column: SheetColumn, cells: Sequence[Any]) -> float:
    longest = max((len(_text(cell)) for cell in cells if cell is not None), default=0)
    if column.unit in ("date", "time"):
        longest = min(longest, 16)
    return min(_WIDEST, max(_NARROWEST, longest + 2, min(len(column.heading) + 4, 20)))
