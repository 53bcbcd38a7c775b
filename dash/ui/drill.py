"""What a click on a number opens: the rows that it counts, below the answer that it is in.

What is open stands in the address (`?behind=RUN~2.tickets~rest`), so a reload, a link and a second tab show it too. It
is read once for as long as it stays open; what stands there is of the moment when it was opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import streamlit as st

from dash.errors import DashError
from dash.shown import Cells, visible
from dash.ui.inert import label
from dash.ui.panel import bring_into_sight
from dash.ui.session import conversation_link
from dash.ui.tables import build_table, table_height
from dash.ui.texts import has_text, text

if TYPE_CHECKING:
    from dash.drill import Behind, CountedSide
    from dash.ui.opening import Service

_BEHIND = "behind"
_FOUND = "found_behind"
_CLOSED = "closed_behind"
MOST_DOWNLOADED = 10_000


def open_behind(run_id: str, cell: str, side: str | None = None) -> None:
    """Show what stands behind a cell from now on."""
    st.query_params[_BEHIND] = "~".join(part for part in (run_id, cell, side) if part)


def close_behind() -> None:
    """Show nothing behind anything."""
    if _BEHIND in st.query_params:
        del st.query_params[_BEHIND]
    st.session_state.pop(_FOUND, None)
    st.session_state[_CLOSED] = st.session_state.get(_CLOSED, 0) + 1


def clickable_key(stem: str, run_id: str | None) -> str:
    """The key of a chart or table of an answer. Once a panel was closed it is a new one, with nothing selected."""
    closed = st.session_state.get(_CLOSED, 0)
    return f"{stem}-{closed}" if closed and run_id else stem


def opened_in(run_id: str | None) -> tuple[str, str | None] | None:
    """The cell of an answer that the address names, and the side."""
    run, _, rest = st.query_params.get(_BEHIND, "").partition("~")
    cell, _, side = rest.partition("~")
    return (cell, side or None) if run and run == run_id and cell else None


def point_chosen(key: str, run_id: str, places: Sequence[Sequence[str | None]]) -> None:
    """A click on a bar or a point of a chart; a click beside them closes what was open."""
    points = _selection(key).get("points") or ()
    for point in points:
        trace, index = point.get("curve_number", 0), point.get("point_index")
        if isinstance(index, int) and trace < len(places) and index < len(places[trace]):
            cell = places[trace][index]
            if cell is not None:
                open_behind(run_id, cell)
                return
    if not points and opened_in(run_id):
        close_behind()


def cell_chosen(key: str, run_id: str, answer: Mapping[str, Any]) -> None:
    """A click on a cell of a table."""
    columns, _ = visible({**answer, "rows": []})
    for row, column in _selection(key).get("cells") or ():
        place = int(column[1:]) if column[:1] == "c" and column[1:].isdecimal() else len(columns)
        if place < len(columns):
            open_behind(run_id, f"{row}.{columns[place].name}")
            return


def _selection(key: str) -> Mapping[str, Any]:
    state: Mapping[str, Any] = st.session_state.get(key) or {}
    found: Mapping[str, Any] = state.get("selection") or {}
    return found


def show_ways_behind(names: Sequence[tuple[str, str]], run_id: str | None, language: str, key: str) -> None:
    """Buttons below large numbers: what does each count? `names` are columns and their labels."""
    if run_id is None:
        return
    with st.container(horizontal=True, gap="small", key=f"ways-behind-{key}"):
        for column, words in names:
            shown = text("behind_open", language) if len(names) == 1 else text("behind_open_one", language, label=words)
            st.button(
                label(shown),
                icon=":material/manage_search:",
                type="tertiary",
                key=f"behind-{column}-{key}",
                on_click=open_behind,
                args=(run_id, f"0.{column}"),
            )


def show_behind(service: Service | None, answer: Mapping[str, Any], language: str, key: str) -> None:
    """Draw what stands behind the cell that the address names, if it is one of this answer."""
    opened = opened_in(answer["run_id"])
    if service is None or opened is None:
        return
    fresh = (st.session_state.get(_FOUND) or (None,))[0] != (service.viewer, answer["run_id"], *opened)
    with st.container(border=True, key=f"panel-behind-{key}"):
        if fresh:
            bring_into_sight("behind", (answer["run_id"], *opened))
        try:
            with st.spinner(text("behind_reading", language)):
                behind = _find(service, answer["run_id"], *opened)
        except DashError as error:
            _show_none(service, error, answer, opened[0], language, key)
            return
        cells = service.cells(answer["language"])
        _show_heading(behind, answer, cells, language, key)
        _show_sides(behind, cells, language, key)
        _show_entries(service, behind, answer, cells, language, key)


def _find(service: Service, run_id: str, cell: str, side: str | None) -> Behind:
    """Looked up once for as long as the same is open."""
    from dash.drill import Cell, look_behind

    wanted = (service.viewer, run_id, cell, side)
    known = st.session_state.get(_FOUND)
    if known is not None and known[0] == wanted:
        found: Behind = known[1]
        return found
    run = service.dash.runs.get(run_id, owner=service.owner)
    found = look_behind(service.dash, run, Cell.read(cell), side=side, viewer=service.viewer)
    st.session_state[_FOUND] = (wanted, found)
    return found


def _show_heading(behind: Behind, answer: Mapping[str, Any], cells: Cells, language: str, key: str) -> None:
    by_name = {column.name: column for column in visible(answer)[0]}
    group = [
        cells.show(value, by_name[name])
        for name, value in behind.group.items()
        if name in by_name and value is not None
    ]
    group += [cells.phrases.numbers.not_set for value in behind.group.values() if value is None]
    _heading(" · ".join([behind.column.label, *group]), language, key)
    if behind.agrees is False:
        then, now = (cells.show(value, behind.column, spoken=True) for value in (behind.then, behind.now))
        st.warning(label(text("behind_moved", language, then=then, now=now)), icon=":material/update:")
    if behind.agrees is None and behind.then is not None:
        st.caption(text("behind_no_count", language))
    if behind.redefined:
        st.warning(text("behind_redefined", language), icon=":material/edit_note:")


def _heading(words: str, language: str, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, key=f"heading-behind-{key}"):
        st.text(words, width="stretch")
        st.button(
            text("behind_close", language),
            icon=":material/close:",
            type="tertiary",
            key=f"close-behind-{key}",
            on_click=close_behind,
        )


def _show_sides(behind: Behind, cells: Cells, language: str, key: str) -> None:
    """Which of the rows: those that a rate counts, the others, all."""
    if len(behind.sides) < 2:
        return
    by_name = {side.name: _side_words(side, cells, language) for side in behind.sides}
    picked = f"side-behind-{key}-{behind.cell}"

    def choose() -> None:
        open_behind(behind.run_id, str(behind.cell), st.session_state[picked])

    st.segmented_control(
        text("behind_sides", language),
        list(by_name),
        default=behind.listed,
        required=True,
        format_func=by_name.__getitem__,
        key=picked,
        on_change=choose,
        label_visibility="collapsed",
    )


def _side_words(side: CountedSide, cells: Cells, language: str) -> str:
    """`412 that did`: what a file calls the side, else what it is to the number."""
    name = side.name.removeprefix("previous_")
    words = f"{side.label[:1].upper()}{side.label[1:]}" if side.label else text(f"behind_{name}", language)
    if name != side.name:
        words = text("behind_before", language, words=words)
    return label(f"{words}: {cells.count(side.entries)}")


def _show_entries(
    service: Service, behind: Behind, answer: Mapping[str, Any], cells: Cells, language: str, key: str
) -> None:
    side = behind.side
    shown, count = (service.cells(language).count(number) for number in (len(behind.rows), side.entries))
    if not behind.rows:
        st.info(text("behind_empty", language), icon=":material/inbox:")
        return
    name = f"behind_{side.kind}_cut" if len(behind.rows) < side.entries else f"behind_{side.kind}_count"
    st.caption(text(name, language, shown=shown, count=count))
    listed = {"columns": [asdict(column) for column in behind.columns], "rows": [list(row) for row in behind.rows]}
    table, headings = _with_links(behind, *build_table(listed, cells))
    st.dataframe(
        table,
        hide_index=True,
        column_config=headings,
        height=table_height(len(behind.rows)),
        key=f"table-behind-{key}-{behind.cell}-{side.name}",
        placeholder=text("empty_cell", language),
    )
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            text("download", language),
            data=lambda: _csv(service, behind),
            file_name=f"dash-{behind.run_id[:8]}-{side.name}.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key=f"csv-behind-{key}",
        )
        with st.popover(text("behind_sql", language), icon=":material/code:", type="tertiary"):
            st.code(behind.sql.strip(), language="sql", wrap_lines=True)


def _with_links(behind: Behind, table: Any, headings: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The table with each conversation's id as a link to its replay."""
    if behind.conversation is None:
        return table, headings
    place = next(index for index, column in enumerate(behind.columns) if column.name == behind.conversation)
    key, column = f"c{place}", behind.columns[place]
    table.data[key] = [conversation_link(str(row[place])) if row[place] else None for row in behind.rows]
    heading = st.column_config.LinkColumn(column.label, display_text=r"conversation=(.+)$")
    return table, {**headings, key: heading}


def _csv(service: Service, behind: Behind) -> str:
    """All the entries, read anew, up to the limit of any result."""
    from dash.drill import look_behind
    from dash.export import csv_text

    run = service.dash.runs.get(behind.run_id, owner=service.owner)
    found = look_behind(
        service.dash, run, behind.cell, side=behind.listed, limit=MOST_DOWNLOADED, viewer=service.viewer
    )
    return csv_text([column.label for column in found.columns], found.rows)


def _show_none(
    service: Service, error: DashError, answer: Mapping[str, Any], cell: str, language: str, key: str
) -> None:
    """Why there are no rows to show; for a row of a list, the way to its conversation."""
    why = getattr(error, "why", None)
    conversation = _conversation_of(service, answer, cell) if why == "row" else None
    if conversation is not None:
        _heading(conversation, language, key)
        st.link_button(text("behind_replay", language), conversation_link(conversation), icon=":material/play_circle:")
        return
    _heading(text("behind_title", language), language, key)
    known = f"behind_none_{why}"
    if why and has_text(known):
        st.info(text(known, language), icon=":material/info:")
        return
    st.text(error.message, width="stretch")
    st.button(text("retry", language), icon=":material/refresh:", key=f"retry-behind-{key}")


def _conversation_of(service: Service, answer: Mapping[str, Any], cell: str) -> str | None:
    """The conversation that a row of a list is about, or belongs to."""
    model = service.dash.reader.model
    dimension = model.conversation_dimension
    number, _, _ = cell.partition(".")
    rows = answer["rows"]
    if dimension is None or not number.isdecimal() or int(number) >= len(rows):
        return None
    names = {column.name for _, column in model.dimensions.get(dimension, ())}
    for column, value in zip(answer["columns"], rows[int(number)], strict=True):
        if column.get("dimension") == dimension or column["name"] in names:
            return str(value) if value is not None else None
    return None
