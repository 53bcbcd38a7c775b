"""The list: one table with a box in each row, what to do about the rows that are ticked, and one ticket in full.

The table is drawn in a part of the page of its own, so a tick costs no more than the table. Its key is made of its
tickets in their order: when other tickets come, it is another table with nothing ticked, so a tick never slips from one
ticket to another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dash.access import may
from dash.ops import Cleared, Entry, left_out
from dash.ui.inert import label
from dash.ui.session import conversation_link
from dash.ui.stuck.acting import round_of, show_acts, was_done
from dash.ui.stuck.address import CLEARED, PAGE, Wanted, narrowed_by, put
from dash.ui.stuck.files import show_files
from dash.ui.stuck.filters import clear
from dash.ui.stuck.one import show_one
from dash.ui.stuck.rows import RowColumn, cleared_columns, cleared_rows, columns_of, rows_of
from dash.ui.stuck.sight import Sight
from dash.ui.tables import table_height

AT_ONCE = 5_000
"""Rows of one page: a browser holds them in sight of a second, and few companies ever see the next page."""
ROWS_IN_SIGHT = 15
"""The list is what the page is for; on a telephone it still leaves a hand's breadth to scroll the page by."""
_REPLAY = "replay"
_WIDTHS = {
    "ticket": 100,
    "change": 80,
    "reason": 215,
    "days": 60,
    "evidence": 340,
    "note": 220,
    "state": 170,
    "has_it": 100,
}


@dataclass(frozen=True)
class Listed:
    """The rows of the table that is shown: their entries in their order, and the table's key."""

    entries: tuple[Entry, ...]
    key: str

    @classmethod
    def of(cls, sight: Sight, entries: Sequence[Entry]) -> Listed:
        """A page of entries. The language is in the key, because a table keeps its headings; so is what was done
        here, because what was ticked for it is not ticked for the next thing."""
        names = "\n".join([sight.language, str(round_of()), *(entry.ticket.ticket for entry in entries)])
        return cls(tuple(entries), f"stuck-table-{hashlib.sha256(names.encode()).hexdigest()[:16]}")

    def ticked(self) -> tuple[Entry, ...]:
        """The entries of the rows that are ticked now."""
        selection = (st.session_state.get(self.key) or {}).get("selection") or {}
        rows = sorted(row for row in selection.get("rows") or () if isinstance(row, int))
        return tuple(self.entries[row] for row in rows if row < len(self.entries))


def show_list(
    sight: Sight, wanted: Wanted, entries: Sequence[Entry], cleared: Sequence[Cleared], everything: Sequence[Entry]
) -> None:
    """Draw what the address asks for: tickets, or those that were cleared; of `everything` it says what is left out."""
    if wanted.change == CLEARED:
        _show_cleared(sight, wanted, cleared)
        return
    if not entries:
        _show_nothing(sight, wanted)
        return
    pages = -(-len(entries) // AT_ONCE)
    page = min(wanted.page, pages)
    listed = Listed.of(sight, entries[(page - 1) * AT_ONCE : page * AT_ONCE])
    columns = columns_of(sight)
    rows = list(rows_of(sight, listed.entries))
    _show_counts(sight, entries, everything)
    _show_table(sight, listed, _frame(sight, columns, rows), _looks(sight, columns))
    if pages > 1:
        _show_pages(sight, page, pages)
    show_files(sight, wanted, columns, lambda: list(rows_of(sight, entries)))


def _show_counts(sight: Sight, entries: Sequence[Entry], everything: Sequence[Entry]) -> None:
    words = sight.say("stuck_shown", count=sight.count(len(entries)))
    if left := left_out(everything, entries).items():
        parts = ", ".join(sight.say(f"stuck_left_{name}", count=sight.count(count)) for name, count in left)
        words += f" {sight.say('stuck_not_shown', left=parts)}"
    st.caption(label(words))


def _show_nothing(sight: Sight, wanted: Wanted) -> None:
    if not sight.check.tickets:
        st.success(sight.say("stuck_none"), icon=":material/task_alt:")
        return
    st.info(sight.say("stuck_none_found" if wanted.narrows else "stuck_none_left"), icon=":material/task_alt:")
    if wanted.narrows:
        st.button(
            sight.say("stuck_clear"),
            key="stuck-clear-all",
            icon=":material/filter_alt_off:",
            on_click=clear,
            args=(["reason", *narrowed_by(sight.desk.file)],),
        )


@st.fragment
def _show_table(sight: Sight, listed: Listed, frame: Any, looks: dict[str, Any]) -> None:
    """The table with what can be done; after something was done the whole page is drawn anew."""
    if was_done():
        st.rerun()
    ticked = listed.ticked()
    if sight.works:
        show_acts(sight, listed.ticked, ticked)
    else:
        st.caption(sight.say("stuck_only_look"))
    st.dataframe(
        frame,
        hide_index=True,
        column_config=looks,
        height=max(table_height(len(listed.entries), ROWS_IN_SIGHT), 110),
        key=listed.key,
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
    )
    if len(ticked) == 1:
        show_one(sight, ticked[0])


def _frame(sight: Sight, columns: Sequence[RowColumn], rows: Sequence[Sequence[Any]]) -> Any:
    import pandas

    data = {column.name: [row[index] for row in rows] for index, column in enumerate(columns)}
    for column in columns:
        if column.unit == "time":
            data[column.name] = [value[:16].replace("T", " ") for value in data[column.name]]
    if may(sight.desk.viewer, "replay"):
        links = [f"{conversation_link(row[0])}&lang={sight.language}" for row in rows]
        data = {"ticket": data.pop("ticket"), _REPLAY: links, **data}
    # A column in which nothing stands yet only takes room.
    kept = {name: cells for name, cells in data.items() if any(cell is not None for cell in cells)}
    return pandas.DataFrame(kept)


def _looks(sight: Sight, columns: Sequence[RowColumn]) -> dict[str, Any]:
    from streamlit import column_config

    looks: dict[str, Any] = {}
    for column in columns:
        width = _WIDTHS.get(column.name)
        if column.unit == "number":
            looks[column.name] = column_config.NumberColumn(column.heading, format="localized", width=width)
        elif column.unit == "count":
            looks[column.name] = column_config.NumberColumn(column.heading, width=width)
        else:
            pinned = column.name == "ticket"
            looks[column.name] = column_config.TextColumn(column.heading, width=width, pinned=pinned or None)
    looks[_REPLAY] = column_config.LinkColumn(
        sight.say("stuck_replay"), display_text=":material/play_circle:", width=60, help=sight.say("stuck_replay_help")
    )
    return looks


def _show_pages(sight: Sight, page: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="stuck-pages"):
        for step, icon in ((-1, ":material/chevron_left:"), (1, ":material/chevron_right:")):
            st.button(
                sight.say("stuck_page_before" if step < 0 else "stuck_page_after"),
                icon=icon,
                key=f"stuck-page{step}",
                disabled=not 1 <= page + step <= pages,
                on_click=put,
                args=(PAGE, [str(page + step)]),
            )
        st.caption(sight.say("stuck_page", page=page, pages=pages))


def _show_cleared(sight: Sight, wanted: Wanted, cleared: Sequence[Cleared]) -> None:
    """What is not stuck any more, and what became of it."""
    if not cleared:
        st.info(sight.say("stuck_none_cleared"), icon=":material/inbox:")
        return
    columns = cleared_columns(sight)
    rows = list(cleared_rows(sight, cleared))
    st.caption(sight.say("stuck_cleared_text"))
    st.dataframe(
        _frame(sight, columns, rows[:AT_ONCE]),
        hide_index=True,
        column_config=_looks(sight, columns),
        height=table_height(len(rows), ROWS_IN_SIGHT),
        key="stuck-cleared",
        placeholder="",
    )
    show_files(sight, wanted, columns, lambda: rows)
