"""An answer's rows as a table: numbers aligned and formatted, values by their labels, times under their zone.

The cells stay data (so a click on a heading sorts numbers as numbers); only what is painted is formatted. A long
result is cut on the page, said so, and complete in the download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash.records import Column
from dash.shown import Cells, visible
from dash.shown.cells import EMPTY, is_numeric
from dash.shown.moments import find_zone

MOST_ROWS = 1000
_ROW_HEIGHT = 35
_ROWS_IN_SIGHT = 11


def build_table(answer: Mapping[str, Any], cells: Cells) -> tuple[Any, dict[str, Any]]:
    """(what `st.dataframe` shows, its column_config) for an answer in `answer_json`'s shape."""
    import pandas

    columns, rows = visible({**answer, "rows": answer["rows"][:MOST_ROWS]})
    keys = [f"c{index}" for index in range(len(columns))]
    data = {key: _cells([row[index] for row in rows], columns[index], cells) for index, key in enumerate(keys)}
    looks = {key: _look(column, cells) for key, column in zip(keys, columns, strict=True) if is_numeric(column)}
    frame = pandas.DataFrame(data, columns=keys)
    return frame.style.format(looks, na_rep=EMPTY), _headings(keys, columns, rows)


def table_height(rows: int, most: int = _ROWS_IN_SIGHT) -> int:
    """Pixels: as many rows as there are, up to `most`, behind which they scroll."""
    return _ROW_HEIGHT * (min(rows, most) + 1) + 3


def _cells(values: Sequence[Any], column: Column, cells: Cells) -> list[Any]:
    """Numbers as they are; times stay ISO text, which sorts; the rest as words."""
    if is_numeric(column):
        return [float("nan") if value is None else value for value in values]
    if column.unit in ("date", "time"):
        return [None if value is None else _sortable_moment(str(value), column.unit) for value in values]
    return [None if value is None else cells.show(value, column) for value in values]


def _sortable_moment(cell: str, unit: str) -> str:
    """2026-11-20 03:57: short, aligned, the same in every language, and sorted right as text."""
    return cell[:10] if unit == "date" or len(cell) <= 10 else cell[:16].replace("T", " ")


def _look(column: Column, cells: Cells) -> Any:
    return lambda value: cells.show(value, column)


def _headings(keys: Sequence[str], columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    from streamlit import column_config

    found: dict[str, Any] = {}
    for index, (key, column) in enumerate(zip(keys, columns, strict=True)):
        zone = next((find_zone(row[index]) for row in rows if row[index]), "") if column.unit == "time" else ""
        heading = f"{column.label} ({zone})" if zone else column.label
        kind = column_config.NumberColumn if is_numeric(column) else column_config.TextColumn
        found[key] = kind(heading)
    return found
