"""An answer's rows as a table: numbers aligned and formatted, values by their labels, times under their zone.

The cells stay data (so a click on a heading sorts numbers as numbers); only what is painted is formatted. A long
result is cut on the page, said so, and complete in the download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash.ui.values import NUMERIC_UNITS, Labels, shown, zone_of

MOST_ROWS = 1000
_ROW_HEIGHT = 35
_ROWS_IN_SIGHT = 11


def build_table(answer: Mapping[str, Any], labels: Mapping[str, Labels]) -> tuple[Any, dict[str, Any]]:
    """(what `st.dataframe` shows, its column_config) for an answer in `answer_json`'s shape."""
    import pandas

    columns, rows, language = answer["columns"], answer["rows"][:MOST_ROWS], answer["language"]
    keys = [f"c{index}" for index in range(len(columns))]
    data = {
        key: _cells([row[index] for row in rows], columns[index], language, labels) for index, key in enumerate(keys)
    }
    looks = {
        key: _look(column, language, _labels_of(column, labels))
        for key, column in zip(keys, columns, strict=True)
        if _is_numeric(column)
    }
    frame = pandas.DataFrame(data, columns=keys)
    return frame.style.format(looks, na_rep=shown(None, "text", language)), _headings(keys, columns, rows)


def table_height(rows: int) -> int:
    """Pixels: as many rows as there are, up to a screenful that scrolls."""
    return _ROW_HEIGHT * (min(rows, _ROWS_IN_SIGHT) + 1) + 3


def _is_numeric(column: Mapping[str, Any]) -> bool:
    return column["unit"] in NUMERIC_UNITS


def _cells(cells: Sequence[Any], column: Mapping[str, Any], language: str, labels: Mapping[str, Labels]) -> list[Any]:
    """Numbers as they are; times stay ISO text, which sorts; the rest as words."""
    if _is_numeric(column):
        return [float("nan") if cell is None else cell for cell in cells]
    known = _labels_of(column, labels)
    if column["unit"] in ("date", "time"):
        return [None if cell is None else _sortable_moment(str(cell), column["unit"]) for cell in cells]
    return [None if cell is None else shown(cell, column["unit"], language, known) for cell in cells]


def _sortable_moment(cell: str, unit: str) -> str:
    """2026-11-20 03:57: short, aligned, the same in every language, and sorted right as text."""
    return cell[:10] if unit == "date" or len(cell) <= 10 else cell[:16].replace("T", " ")


def _labels_of(column: Mapping[str, Any], labels: Mapping[str, Labels]) -> Labels:
    return labels.get(column.get("dimension") or column["name"], {})


def _look(column: Mapping[str, Any], language: str, labels: Labels) -> Any:
    return lambda value: shown(value, column["unit"], language, labels)


def _headings(
    keys: Sequence[str], columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Any]]
) -> dict[str, Any]:
    from streamlit import column_config

    found: dict[str, Any] = {}
    for index, (key, column) in enumerate(zip(keys, columns, strict=True)):
        zone = next((zone_of(row[index]) for row in rows if row[index]), "") if column["unit"] == "time" else ""
        heading = f"{column['label']} ({zone})" if zone else column["label"]
        kind = column_config.NumberColumn if _is_numeric(column) else column_config.TextColumn
        found[key] = kind(heading)
    return found
