"""The list as files: what is listed, with the filters that hold, as CSV and as an Excel workbook.

They are made when they are asked for, of all that was found and not of one page of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dash.ui.stuck.address import CLEARED, Wanted
from dash.ui.stuck.rows import RowColumn
from dash.ui.stuck.sight import Sight

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Callable[[], Sequence[Sequence[Any]]]


def show_files(sight: Sight, wanted: Wanted, columns: Sequence[RowColumn], rows: Rows) -> None:
    """The two buttons."""
    what = "cleared" if wanted.change == CLEARED else "stuck"
    name = f"{what}-{sight.check.checked_at:%Y-%m-%d-%H%M}"
    with st.container(horizontal=True, gap="small", key="stuck-files"):
        st.download_button(
            sight.say("download_csv"),
            data=lambda: csv_of(columns, rows()),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/csv:",
            on_click="ignore",
            key="stuck-csv",
        )
        st.download_button(
            sight.say("download_xlsx"),
            data=lambda: xlsx_of(sight, wanted, columns, rows()),
            file_name=f"{name}.xlsx",
            mime=_XLSX,
            icon=":material/table_view:",
            on_click="ignore",
            key="stuck-xlsx",
        )


def csv_of(columns: Sequence[RowColumn], rows: Sequence[Sequence[Any]]) -> str:
    """The CSV text; no cell of it starts a formula."""
    from dash.export import csv_text

    return csv_text([column.heading for column in columns], rows)


def xlsx_of(sight: Sight, wanted: Wanted, columns: Sequence[RowColumn], rows: Sequence[Sequence[Any]]) -> bytes:
    """The workbook, with what the list is on its second sheet."""
    from dash.workbook import SheetColumn, workbook_bytes

    about = [(sight.say("page_stuck"), sight.say("stuck_checked", moment=sight.wording.moment(sight.check.checked_at)))]
    if sight.diff.before is not None:
        compared = sight.say("stuck_compared", moment=sight.wording.moment(sight.diff.before.checked_at))
        about.append((sight.say("stuck_change"), compared))
    about += _filters(sight, wanted)
    heads = [SheetColumn(column.heading, column.unit) for column in columns]
    names = (sight.say("sheet_data"), sight.say("sheet_about"))
    return workbook_bytes(heads, rows, about, names=names)


def _filters(sight: Sight, wanted: Wanted) -> list[tuple[str, str]]:
    found = []
    if wanted.reasons:
        found.append((sight.say("stuck_reason"), ", ".join(map(sight.wording.reason, wanted.reasons))))
    for name, values in wanted.facts.items():
        found.append((sight.wording.fact_label(name), ", ".join(sight.value_words(name, value) for value in values)))
    if wanted.change:
        found.append((sight.say("stuck_change"), sight.say(f"stuck_tile_{wanted.change}")))
    found += [(sight.say(f"stuck_{name}"), "✓") for name in ("mine", "away") if getattr(wanted, name)]
    return found
