"""Pinned answers below the board, and the button that pins one.

A pin is drawn from the answer of its own plan as of the board's moment; its words, like all words that people typed,
are shown as text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dash.access import may, require
from dash.alone import question_alone
from dash.board import Board, Standing
from dash.board.pins import Pin, Pins
from dash.board.refreshing import Pinned
from dash.board.showing import Point
from dash.errors import DashError
from dash.records import Answer, Column, Viewer
from dash.shown.cells import is_number
from dash.ui.board.cards import bars_of
from dash.ui.board.drawing import (
    bars_html,
    change_html,
    failure_html,
    head_html,
    line_html,
    notes_html,
    number_html,
    standing_beside,
)
from dash.ui.opening import Service
from dash.ui.texts import text

_FAILED = "board_pin_failed"


def show_pin_button(service: Service, run_id: str, pin: Pin | None, *, key: str, language: str) -> None:
    """Draw "Pin to board" for an answered run of this person, or "Pinned" with a way to take it down again where `pin`
    hangs there."""
    if not may(service.viewer, "pin"):
        return
    pins = Pins(service.dash.database)
    st.button(
        text("board_pinned" if pin else "board_pin", language),
        icon=":material/keep_off:" if pin else ":material/keep:",
        type="tertiary",
        key=f"pin-{key}",
        help=text("board_unpin" if pin else "board_pin_help", language),
        on_click=_quietly,
        args=(
            service.viewer,
            partial(pins.unpin, pin.pin_id, service.owner) if pin else partial(_pin, service, pins, run_id),
        ),
    )


def _pin(service: Service, pins: Pins, run_id: str) -> None:
    """Pin an answer; one whose question leans on the turn before gets a title that says it in full."""
    dash, title = service.dash, None
    if dash.threads.turn_before(run_id) is not None:
        found = question_alone(dash, dash.runs.get(run_id, owner=service.owner), service.viewer)
        title = found[0] if found else None
    pins.pin(run_id, service.owner, title)


def show_pins(service: Service, board: Board, standing: Standing, ask: Callable[[Pinned], None]) -> None:
    """Draw this person's pinned answers, or how to get some."""
    language = standing.language
    pins = Pins(service.dash.database)
    try:
        own = pins.list(service.owner)
    except DashError as error:
        st.text(error.message)
        return
    st.subheader(text("board_pins", language), anchor=False)
    if st.session_state.pop(_FAILED, None):
        st.warning(text("board_pin_lost", language), icon=":material/warning:")
    if not own:
        with st.container(key="small-board-no-pins"):
            st.text(text("board_no_pins", language))
        return
    with st.container(key="board-cards-pins"):
        for number, pinned in enumerate(board.pinned(standing, own)):
            _show_pin(pinned, pins, service, ask, language, first=number == 0, last=number == len(own) - 1)


def _show_pin(
    pinned: Pinned,
    pins: Pins,
    service: Service,
    ask: Callable[[Pinned], None],
    language: str,
    *,
    first: bool,
    last: bool,
) -> None:
    pin = pinned.pin
    with st.container(border=True, key=f"board-pin-{pin.pin_id}"):
        st.html(pin_html(pinned, service, language))
        with st.container(horizontal=True, gap="xsmall", key=f"board-pin-row-{pin.pin_id}"):
            st.button(
                text("board_ask", language),
                key=f"board-pin-ask-{pin.pin_id}",
                icon=":material/forum:",
                type="tertiary",
                on_click=ask,
                args=(pinned,),
            )
            for name, icon, work, disabled in (
                ("up", ":material/arrow_upward:", partial(pins.move, pin.pin_id, service.owner, -1), first),
                ("down", ":material/arrow_downward:", partial(pins.move, pin.pin_id, service.owner, 1), last),
                ("unpin", ":material/keep_off:", partial(pins.unpin, pin.pin_id, service.owner), False),
            ):
                st.button(
                    "",
                    key=f"board-pin-{name}-{pin.pin_id}",
                    icon=icon,
                    help=text(f"board_{name}", language),
                    type="tertiary",
                    disabled=disabled,
                    on_click=_quietly,
                    args=(service.viewer, work),
                )


def _quietly(viewer: Viewer, work: Callable[[], object]) -> None:
    """A pin that somebody has taken down meanwhile, or a database that is away, is a sentence on the next page."""
    try:
        require(viewer, "pin")
        work()
    except DashError:
        st.session_state[_FAILED] = True


def pin_html(pinned: Pinned, service: Service, language: str) -> str:
    """The inside of a pin."""
    title = title_of(pinned.pin)
    answer = pinned.answer
    if answer is None:
        return head_html(title, (), "") + failure_html(pinned.failure or text("board_card_failed", language))
    notes = [text("board_own_period" if pinned.own_period else "board_range", language)]
    notes += [caveat.text for caveat in answer.caveats[: standing_beside(answer.caveats, 1)]]
    about = [answer.headline, *(definition.text for definition in answer.definitions)]
    head = head_html(title, about, text("board_definition", language))
    return head + _body(answer, service) + notes_html(notes)


def title_of(pin: Pin) -> str:
    """What stands above a pin."""
    return pin.title or pin.question


def _body(answer: Answer, service: Service) -> str:
    """A number, bars or a line, whichever the answer's rows are; else its headline."""
    cells = service.cells(answer.language)
    column = next((one for one in answer.columns if one.role == "metric"), None)
    if column is None or not answer.rows:
        return failure_html(answer.headline)
    place = answer.columns.index(column)
    if any(one.role == "time" for one in answer.columns):
        points = _points(answer, place)
        latest = points[-1].value if points else None
        line = line_html(points, column, answer.columns[0].name, cells) if points else ""
        return number_html(latest, column, cells) + change_html(None, answer.headline, cells) + line
    bars = bars_of(answer, column, cells)
    if bars is not None:
        return bars_html(bars, f"+ {cells.count(bars.count - 6)}", cells)
    if len(answer.rows) == 1 and is_number(answer.rows[0][place]):
        return number_html(answer.rows[0][place], column, cells) + change_html(None, _context(answer, column), cells)
    return failure_html(answer.headline)


def _context(answer: Answer, column: Column) -> str:
    return answer.context[0] if answer.context else column.label


def _points(answer: Answer, place: int) -> tuple[Point, ...]:
    """The rows of a trend without groups as points; none when there are groups, or when the times cannot be read."""
    from datetime import datetime

    times = [index for index, one in enumerate(answer.columns) if one.role == "time"]
    if len(times) != 1 or any(one.role == "dimension" for one in answer.columns):
        return ()
    try:
        return tuple(
            Point(datetime.fromisoformat(str(row[times[0]])), row[place] if is_number(row[place]) else None, True)
            for row in answer.rows
        )
    except ValueError:
        return ()
