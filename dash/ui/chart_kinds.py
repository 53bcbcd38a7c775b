"""Other pictures of the same rows: which make sense for an answer, and which one this tab has chosen.

No query runs again for it. The choice is in the address (`?chart=RUN.line`), so a reload shows the same picture, and so
does a link that somebody sends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dash.records import Column
from dash.shown.cells import ADDITIVE_UNITS, is_number, read_column
from dash.ui.view import AnswerDict, View

_ADDRESS = "chart"
_MOST_REMEMBERED = 12
_MOST_GROUPS = 50
_ICONS = {
    "line": ":material/show_chart:",
    "area": ":material/area_chart:",
    "bar": ":material/bar_chart:",
    "stacked_bar": ":material/stacked_bar_chart:",
    "table": ":material/table_rows:",
}


def kinds_of(answer: AnswerDict) -> tuple[str, ...]:
    """The pictures that this answer's rows can be, its own first; none where there is nothing to choose."""
    chart = _drawable(answer)
    if chart is None:
        return ()
    columns = {column["name"]: read_column(column) for column in answer["columns"]}
    measure, along = columns[chart["y"][0]], columns[chart["x"]]
    adds_up = measure.unit in ADDITIVE_UNITS
    several = bool(chart.get("series")) or len(chart["y"]) > 1
    kinds = ["line", "bar"] if _is_trend(along, answer, chart["x"]) else ["bar"]
    if "line" in kinds and adds_up:
        kinds.insert(1, "area")
    if several and adds_up:
        kinds.append("stacked_bar")
    own = (answer.get("chart") or {}).get("kind") or "table"
    found = dict.fromkeys([own, *kinds, "table"])
    return tuple(found) if len(found) > 1 else ()


def chosen_kind(answer: AnswerDict) -> str | None:
    """The picture that the address names for this answer; None for its own."""
    prefix = f"{answer['run_id']}."
    for entry in st.query_params.get_all(_ADDRESS):
        if entry.startswith(prefix) and entry.removeprefix(prefix) in kinds_of(answer):
            return entry.removeprefix(prefix)
    return None


def with_kind(answer: AnswerDict, kind: str | None) -> AnswerDict:
    """The answer with another picture; the same one for None and for what it already is."""
    own = (answer.get("chart") or {}).get("kind")
    if kind is None or kind == own:
        return answer
    if kind == "table":
        return {**answer, "chart": {**(answer.get("chart") or {}), "kind": "table"}}
    return {**answer, "chart": {**(_drawable(answer) or {}), "kind": kind}}


def show_kinds(answer: AnswerDict, view: View, key: str) -> None:
    """The choice, where there is one."""
    kinds = kinds_of(answer)
    if not kinds or not answer["run_id"]:
        return
    st.segmented_control(
        view.say("chart_kind"),
        kinds,
        default=chosen_kind(answer) or kinds[0],
        required=True,
        format_func=lambda kind: f"{_ICONS[kind]} {view.say(f'chart_{kind}')}",
        key=f"kind-{key}",
        on_change=_chosen,
        args=(answer["run_id"], f"kind-{key}", kinds[0]),
    )


def _chosen(run_id: str, widget: str, own: str) -> None:
    kept = [entry for entry in st.query_params.get_all(_ADDRESS) if not entry.startswith(f"{run_id}.")]
    kind = st.session_state[widget]
    if kind != own:
        kept.append(f"{run_id}.{kind}")
    st.query_params[_ADDRESS] = kept[-_MOST_REMEMBERED:]


def _drawable(answer: AnswerDict) -> Mapping[str, Any] | None:
    """The answer's own picture, or for a table the one that its columns suggest; None where there is none."""
    chart = answer.get("chart") or {}
    if len(answer["rows"]) < 2:
        return None
    names = [column["name"] for column in answer["columns"]]
    if chart.get("kind") in ("line", "bar", "stacked_bar"):
        drawn = chart.get("x") in names and any(name in names for name in chart.get("y") or ())
        return chart if drawn else None
    columns = [read_column(column) for column in answer["columns"]]
    along = _along(columns, answer["rows"])
    if along is None or len(answer["rows"]) > _MOST_GROUPS:
        return None
    measures = [
        column
        for index, column in enumerate(columns)
        if column.role == "metric" and any(is_number(row[index]) for row in answer["rows"])
    ]
    if not measures:
        return None
    alike = tuple(column.name for column in measures if column.unit == measures[0].unit)
    return {"kind": "bar", "x": along.name, "y": alike[:2], "series": None, "title": ""}


def _along(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Column | None:
    """The column that names the rows: a time or a dimension of which no two rows have the same."""
    for index, column in enumerate(columns):
        if column.role in ("time", "dimension") and len({str(row[index]) for row in rows}) == len(rows):
            return column
    return None


def _is_trend(along: Column, answer: AnswerDict, name: str) -> bool:
    place = next(index for index, column in enumerate(answer["columns"]) if column["name"] == name)
    return along.unit in ("date", "time") and len({str(row[place]) for row in answer["rows"]}) > 1
