"""The bar of the Board page: a range and filters for all cards. It lives in the address, so a link opens the same one.

Whatever the address says is held against the board's own periods and the known values; what is neither is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from dash.board.bar import Bar, find_period, opening_bar
from dash.knowledge.board import BoardFile
from dash.records.semantic_query import Scalar
from dash.semantics.dimensions import text_in
from dash.shown.labels import Labels
from dash.ui.inert import label
from dash.ui.texts import text

_KEPT = "board_bar"
_PERIOD, _FROM, _TO = "period", "from", "to"
_OWN = "own"


def show_bar(board: BoardFile, labels: Labels, language: str, today: date) -> Bar:
    """Draw the bar; returns what is chosen, and writes it into the address."""
    values = {one.dimension: _values(one.dimension, labels) for one in board.filters}
    start = _from_address(board, values) or st.session_state.get(_KEPT) or opening_bar(board)
    with st.container(key="board-bar", gap="small"):
        bar = _show_period(board, language, start, today)
        filters = _show_filters(board, values, labels, start)
    bar = Bar(bar.period, bar.first, bar.last, filters)
    st.session_state[_KEPT] = bar
    _into_address(bar)
    return bar


def _show_period(board: BoardFile, language: str, start: Bar, today: date) -> Bar:
    names = {period.name: text_in(period.label, language, period.name) for period in board.periods}
    own = text("board_own_range", language)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="board-range"):
        chosen = st.pills(
            text("board_period", language),
            [*names, _OWN],
            default=start.period if start.period in names else _OWN if start.first else board.default_period,
            required=True,
            format_func=lambda name: label(names.get(name, own)),
            key="board-period",
            label_visibility="collapsed",
            wrap=True,
        )
        if chosen != _OWN:
            return Bar(chosen)
        days = st.date_input(
            own,
            value=(start.first or today.replace(day=1), start.last or today),
            max_value=today,
            format="YYYY-MM-DD",
            key="board-days",
            label_visibility="collapsed",
            width=240,
        )
    if isinstance(days, tuple) and len(days) == 2:
        return Bar(None, days[0], days[1])
    # The person has picked the first day and is about to pick the last.
    return Bar(None, start.first or today.replace(day=1), start.last or today)


def _show_filters(
    board: BoardFile, values: Mapping[str, Mapping[Scalar, str]], labels: Labels, start: Bar
) -> tuple[tuple[str, tuple[Scalar, ...]], ...]:
    chosen: list[tuple[str, tuple[Scalar, ...]]] = []
    with st.container(horizontal=True, gap="small", key="board-filters"):
        for one in board.filters:
            known = values[one.dimension]
            name = labels.dimension_label(one.dimension)
            picked: Sequence[Any] = st.multiselect(
                label(name),
                list(known),
                default=[value for value in start.chosen.get(one.dimension, ()) if value in known],
                format_func=partial(_named, known),
                placeholder=name,
                key=f"board-filter-{one.dimension}",
                label_visibility="collapsed",
                width=220,
            )
            if picked:
                chosen.append((one.dimension, tuple(picked)))
    return tuple(chosen)


def _named(known: Mapping[Scalar, str], value: Scalar) -> str:
    return known.get(value, str(value))


def _values(dimension: str, labels: Labels) -> dict[Scalar, str]:
    """The known values of a dimension with what people call them."""
    listed = [value.value for column in labels.columns_of(dimension) for value in column.values]
    return {value: labels.find_value_label(dimension, value) or str(value) for value in dict.fromkeys(listed)}


def _from_address(board: BoardFile, values: Mapping[str, Mapping[Scalar, str]]) -> Bar | None:
    """The bar that the address names, or None when it names nothing."""
    address = st.query_params
    period = find_period(board, address.get(_PERIOD))
    first, last = _day(address.get(_FROM)), _day(address.get(_TO))
    filters = []
    for dimension, known in values.items():
        named = address.get(dimension, "").split(",")
        found = tuple(value for value in known if str(value) in named)
        if found:
            filters.append((dimension, found))
    if period is None and (first is None or last is None) and not filters:
        return None
    if first is not None and last is not None and period is None:
        return Bar(None, first, last, tuple(filters))
    return Bar(period.name if period else board.default_period, filters=tuple(filters))


def _into_address(bar: Bar) -> None:
    wanted = {dimension: ",".join(map(str, values)) for dimension, values in bar.chosen.items()}
    if bar.period is not None:
        wanted[_PERIOD] = bar.period
    elif bar.first and bar.last:
        wanted |= {_FROM: bar.first.isoformat(), _TO: bar.last.isoformat()}
    own = {_PERIOD, _FROM, _TO, *(dimension for dimension, _ in bar.filters)}
    known = own | set(st.session_state.get("board_address", ()))
    for name in known:
        if name not in wanted and name in st.query_params:
            del st.query_params[name]
    for name, value in wanted.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    st.session_state["board_address"] = tuple(wanted)


def _day(written: str | None) -> date | None:
    """A day such as 2026-11-20, of a year that a calendar has on both sides."""
    try:
        day = datetime.strptime(written or "", "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None
