"""What is asked most often and has no vetted query, each with a button that begins one."""

from __future__ import annotations

import streamlit as st

from dash.catalogue.beginning import text_from
from dash.evals.golden import VIEWER
from dash.runs import AskedQuestion
from dash.shown.discretion import discreet
from dash.ui.knowledge.opening import Shelf, begin_draft
from dash.ui.knowledge.use import day_of

MOST = 30
_GONE = "knowledge_gone"


def show_asked(shelf: Shelf) -> None:
    """Draw the list, most asked first."""
    st.caption(shelf.say("knowledge_asked_text"))
    if st.session_state.pop(_GONE, False):
        st.warning(shelf.say("knowledge_gone"), icon=":material/link_off:")
    asked = shelf.service.dash.runs.asked_without_vetted(not_people=[VIEWER.name], limit=MOST)
    if not asked:
        st.info(shelf.say("knowledge_asked_none"), icon=":material/task_alt:")
        return
    with st.container(key="knowledge-asked", gap=None):
        for each in asked:
            _show_row(each, shelf)


def _show_row(each: AskedQuestion, shelf: Shelf) -> None:
    count = shelf.service.cells(shelf.language).count
    with st.container(key=f"asked-row-{each.run_id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.text(discreet(each.question), width="stretch")
            said = shelf.say(
                "knowledge_asked_row",
                times=count(each.times),
                people=count(each.people),
                day=day_of(each.last_asked_at, shelf),
            )
            with st.container(key=f"small-asked-{each.run_id}"):
                st.text(f"{said} · {shelf.say(f'knowledge_answered_{each.answered_as}')}", width="stretch")
        st.button(
            shelf.say("knowledge_write_for"),
            icon=":material/edit:",
            key=f"write-{each.run_id}",
            on_click=_write,
            args=(shelf, each.run_id),
        )


def _write(shelf: Shelf, run_id: str) -> None:
    """A draft that begins with the question and with the SQL that answered it. Only listed runs can be begun from."""
    dash = shelf.service.dash
    listed = {each.run_id for each in dash.runs.asked_without_vetted(not_people=[VIEWER.name], limit=MOST)}
    if run_id not in listed:
        st.session_state[_GONE] = True
        return
    begin_draft(shelf, text_from(dash.runs.get(run_id), dash.written))
