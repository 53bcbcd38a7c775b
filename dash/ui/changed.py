"""Why did this number change? An old answer and what it would be now, one cause at a time, below the answer.

Like a drill-down it is opened by the address (`?changed=RUN`), and worked out once for as long as it stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import streamlit as st

from dash.errors import DashError
from dash.records import Column
from dash.shown import Cells
from dash.shown.cells import is_number
from dash.shown.moments import show_written_moment
from dash.ui.inert import label
from dash.ui.panel import bring_into_sight
from dash.ui.tables import table_height
from dash.ui.texts import text

if TYPE_CHECKING:
    from dash.rerun import CellChange, Rerun, Step
    from dash.ui.opening import Service

_CHANGED = "changed"
_FOUND = "found_changed"
_OPENED = "opened_changed"
MOST_CHANGES = 200


def show_way_to_change(answer: Mapping[str, Any], language: str, key: str) -> None:
    """The button that runs an answer again."""
    if answer["run_id"] is not None:
        st.button(
            text("changed_open", language),
            icon=":material/history:",
            type="tertiary",
            key=f"changed-{key}",
            on_click=_open,
            args=(answer["run_id"],),
        )


def _open(run_id: str) -> None:
    st.session_state.pop(_FOUND, None)
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    st.query_params[_CHANGED] = run_id


def _close() -> None:
    st.session_state.pop(_FOUND, None)
    if _CHANGED in st.query_params:
        del st.query_params[_CHANGED]


def show_changed(service: Service | None, answer: Mapping[str, Any], language: str, key: str) -> None:
    """Draw then and now, if the address asks for it of this answer."""
    if service is None or answer["run_id"] is None or st.query_params.get(_CHANGED) != answer["run_id"]:
        return
    fresh = (st.session_state.get(_FOUND) or (None,))[0] != (service.viewer, answer["run_id"])
    with st.container(border=True, key=f"panel-changed-{key}"):
        _show_heading(language, key)
        if fresh:
            bring_into_sight("changed", (answer["run_id"], st.session_state.get(_OPENED)))
        try:
            with st.spinner(text("changed_running", language)):
                again = _find(service, answer["run_id"])
        except DashError as error:
            st.text(error.message, width="stretch")
            st.button(text("retry", language), icon=":material/refresh:", key=f"retry-changed-{key}")
            return
        cells = service.cells(answer["language"])
        _show_moments(again, service.cells(language), language)
        _show_main_number(again, cells, language, key)
        _show_causes(again, language)
        for step in again.steps:
            _show_step(step, again, cells, language, key)
        _show_definitions(again, language)
        _show_notes(again, language)


def _find(service: Service, run_id: str) -> Rerun:
    from dash.rerun import run_again

    known = st.session_state.get(_FOUND)
    wanted = (service.viewer, run_id)
    if known is not None and known[0] == wanted:
        found: Rerun = known[1]
        return found
    found = run_again(service.dash, service.dash.runs.get(run_id, owner=service.owner), viewer=service.viewer)
    st.session_state[_FOUND] = (wanted, found)
    return found


def _show_heading(language: str, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, key=f"heading-changed-{key}"):
        st.text(text("changed_title", language), width="stretch")
        st.button(
            text("behind_close", language),
            icon=":material/close:",
            type="tertiary",
            key=f"close-changed-{key}",
            on_click=_close,
        )


def _show_moments(again: Rerun, cells: Cells, language: str) -> None:
    """When it was asked and which period was meant, then and now, each with its zone."""
    then, now = _moment(again.then_now, again.then_zone, cells), _moment(again.now, again.zone, cells)
    st.caption(label(text("changed_asked", language, then=then, now=now)))
    if again.period_then and again.period_now and again.period_then != again.period_now:
        periods = [
            " – ".join(_moment(edge, zone, cells) if edge else "…" for edge in period)
            for period, zone in ((again.period_then, again.then_zone), (again.period_now, again.zone))
        ]
        st.caption(label(text("changed_period", language, then=periods[0], now=periods[1])))


def _moment(moment: datetime, zone: str, cells: Cells) -> str:
    return show_written_moment(moment.astimezone(ZoneInfo(zone)).isoformat(), cells.phrases)


def _show_main_number(again: Rerun, cells: Cells, language: str, key: str) -> None:
    """Of an answer that is one row: its number then and now, large."""
    place = next((index for index, column in enumerate(again.columns) if column.role == "metric"), None)
    if place is None or len(again.then) != 1 or len(again.latest) != 1:
        return
    column, then, now = again.columns[place], again.then[0][place], again.latest[0][place]
    delta = None
    if is_number(then) and is_number(now) and then != now:
        delta = ("+" if now > then else "−") + cells.show(abs(now - then), column, spoken=True)
    with st.container(horizontal=True, gap="large", key=f"numbers-changed-{key}"):
        st.metric(text("changed_then", language), label(cells.show(then, column, spoken=True)), width="content")
        st.metric(
            text("changed_now", language),
            label(cells.show(now, column, spoken=True)),
            delta=delta and delta.replace("−", "-"),
            delta_color="off",
            width="content",
        )


def _show_causes(again: Rerun, language: str) -> None:
    if not again.causes:
        st.success(text("changed_nothing", language), icon=":material/check_circle:")
        return
    causes = ", ".join(text(f"changed_cause_{cause}", language) for cause in again.causes)
    st.info(text("changed_by", language, causes=causes), icon=":material/difference:")


def _show_step(step: Step, again: Rerun, cells: Cells, language: str, key: str) -> None:
    """One cause, and every cell that it changed."""
    count = cells.count(len(step.changes))
    found = text("changed_cells", language, count=count) if step.changes else text("changed_same", language)
    icon = ":material/change_circle:" if step.changes or step.failure else ":material/check:"
    st.markdown(f"{icon} **{label(text(f'changed_step_{step.cause}', language))}** · {label(found)}")
    if step.failure:
        st.text(text("changed_gone", language) if step.failure == "gone" else step.failure, width="stretch")
        return
    if not step.changes:
        return
    import pandas

    shown = step.changes[:MOST_CHANGES]
    where, what, then, now, difference = (
        text(f"changed_{name}", language) for name in ("where", "what", "then", "now", "difference")
    )
    rows = [_change(change, again, cells, language) for change in shown]
    frame = pandas.DataFrame(rows, columns=[where, what, then, now, difference])
    unneeded = [where] if not any(change.group for change in shown) else []
    st.dataframe(
        frame.drop(columns=unneeded),
        hide_index=True,
        height=table_height(len(shown)),
        key=f"table-changed-{step.cause}-{key}",
    )
    if len(shown) < len(step.changes):
        st.caption(text("changed_cut", language, shown=cells.count(len(shown)), count=count))


def _change(change: CellChange, again: Rerun, cells: Cells, language: str) -> list[str]:
    by_name = {column.name: column for column in again.columns}
    where = ", ".join(_shown(value, by_name[name], cells) for name, value in change.group.items())
    if change.column is None:
        return [where, text("changed_added" if change.kind == "added" else "changed_removed", language), "", "", ""]
    then, now = (_shown(value, change.column, cells) for value in (change.then, change.now))
    difference = ""
    if is_number(change.then) and is_number(change.now):
        amount = change.now - change.then
        difference = ("+" if amount > 0 else "−") + cells.show(abs(amount), change.column, spoken=True)
    return [where, change.column.label, then, now, difference]


def _shown(value: Any, column: Column, cells: Cells) -> str:
    if value is None and column.role == "dimension":
        return cells.phrases.numbers.not_set
    return cells.show(value, column, spoken=True)


def _show_definitions(again: Rerun, language: str) -> None:
    """Definitions and SQL that read differently today, each then and now."""
    if again.definitions:
        st.markdown(f"**{text('changed_text', language)}**")
        for change in again.definitions:
            lines = [change.label, f"{text('changed_then', language)}: {change.then}"]
            st.text("\n".join([*lines, f"{text('changed_now', language)}: {change.today}"]), width="stretch")
    if again.sql:
        with st.expander(text("changed_sql", language), icon=":material/code:"):
            st.code("\n".join(again.sql), language="diff", wrap_lines=True)


def _show_notes(again: Rerun, language: str) -> None:
    notes = []
    if again.rereads:
        notes.append(text("changed_rereads", language))
    if again.restricted:
        notes.append(text("changed_restricted", language))
    if again.hidden:
        notes.append(text("changed_hidden", language, columns=", ".join(_labels(again.hidden, again.columns))))
    for note in notes:
        st.caption(label(note))


def _labels(names: Sequence[str], columns: Sequence[Column]) -> list[str]:
    by_name = {column.name: column.label for column in columns}
    return [by_name.get(name, name) for name in names]
