"""The Board page: one bar, the standing picture as of one moment, and the answers that this person pinned.

A card opens as a question by a click on the page and by nothing else: no address asks anything, so a link from a
stranger costs nothing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from dash.board import Board, Standing
from dash.board.asking import question_of, question_of_pin
from dash.board.refreshing import Pinned
from dash.board.running import shared_caveats
from dash.errors import DashError
from dash.knowledge.board import CardFile
from dash.records import Refill
from dash.semantics.dimensions import text_in
from dash.ui.board.bar import show_bar
from dash.ui.board.cards import Look, show_card, show_said
from dash.ui.board.opening import open_board
from dash.ui.board.pinning import show_pins
from dash.ui.conversation import ask
from dash.ui.opening import Service, show_problem
from dash.ui.session import current_run, current_thread, leave_thread, open_run
from dash.ui.texts import text

_ASK_PAGE = Path(__file__).parents[1] / "pages" / "ask.py"
_ASKED = "board_asked"
_NO_QUESTION = "board_no_question"
_ANEW = "board_anew"


def show_board(service: Service, language: str) -> None:
    """Draw the page. A card or a pin that was clicked leads to the Ask page."""
    if st.session_state.pop(_ASKED, False):
        opened = {"run": run} if (run := current_run()) else {}
        st.switch_page(_ASK_PAGE, query_params={"thread": current_thread() or "", "lang": language, **opened})
    with st.container(key="wide"):
        try:
            board = open_board(service)
        except DashError as error:
            show_problem(error, language)
            return
        if board is None:
            st.info(text("board_missing", language), icon=":material/dashboard_customize:")
            return
        _show(service, board, language)


def _show(service: Service, board: Board, language: str) -> None:
    labels = service.cells(language).labels
    zone = service.dash.settings.zone
    head = st.container(horizontal=True, vertical_alignment="center", key="board-title")
    bar = show_bar(board.file, labels, language, service.dash.clock().astimezone(ZoneInfo(zone)).date())
    anew = st.session_state.pop(_ANEW, False)
    standing = board.open(bar, service.viewer, language, anew=anew)
    _show_head(head, standing, zone, service, language)
    if st.session_state.pop(_NO_QUESTION, False):
        st.warning(text("board_no_question", language), icon=":material/help:")
    with st.spinner(text("board_working", language)):
        said = shared_caveats(standing.wait())
    show_said(said)
    look = Look(language, service.cells(language), said, partial(_ask_card, service, board, standing))
    for number, section in enumerate(board.file.sections):
        st.subheader(text_in(section.title, language, ""), anchor=False)
        with st.container(key=f"board-cards-{number}"):
            for card in section.cards:
                show_card(standing.card(card.name), look)
    show_pins(service, board, standing, partial(_ask_pin, service, board, standing))


def _show_head(
    place: st.delta_generator.DeltaGenerator, standing: Standing, zone: str, service: Service, language: str
) -> None:
    from dash.shown.moments import show_time

    moment = standing.now.astimezone(ZoneInfo(zone))
    phrases = service.cells(language).phrases
    with place:
        st.title(text("page_board", language), anchor=False, width="stretch")
        with st.container(key="small-board-as-of", width="content"):
            st.text(text("board_as_of", language, time=show_time(moment, phrases), zone=zone), width="content")
        st.button(text("board_refresh", language), icon=":material/refresh:", key="board-refresh", on_click=_read_anew)


def _read_anew() -> None:
    st.session_state[_ANEW] = True


def _ask_card(service: Service, board: Board, standing: Standing, card: CardFile) -> None:
    """A click on a card: its question, with the range and the filters at hand, in a conversation of its own."""
    dash = service.dash
    labels = service.cells(standing.language).labels
    zone = dash.settings.zone
    question = question_of(card, standing.bar, board.file, dash.reader, labels, standing.now, zone, standing.viewer)
    if question is None:
        st.session_state[_NO_QUESTION] = True
    else:
        _ask(service, question)


def _ask_pin(service: Service, board: Board, standing: Standing, pinned: Pinned) -> None:
    """A click on a pin: what gives its numbers; where no words do, the answer that was pinned, where it was given."""
    dash, viewer = service.dash, standing.viewer
    try:
        run = dash.runs.get(pinned.pin.run_id, owner=service.owner)
        found = question_of_pin(dash, run, standing.bar, board.file, standing.now, viewer, own_period=pinned.own_period)
    except DashError:
        st.session_state[_NO_QUESTION] = True
        return
    if found is not None:
        _ask(service, *found)
        return
    open_run(run.run_id, run.thread_id)
    st.session_state[_ASKED] = True


def _ask(service: Service, question: str, refill: Refill | None = None) -> None:
    leave_thread()
    ask(service, question, refill)
    st.session_state[_ASKED] = True
