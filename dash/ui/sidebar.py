"""The Ask page's part of the sidebar: a new conversation, and this person's conversations, newest first."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dash.errors import DashError
from dash.ui.frame import Frame
from dash.ui.inert import label
from dash.ui.opening import Service
from dash.ui.session import current_thread, leave_thread, open_thread
from dash.ui.texts import text

_LONGEST_TITLE = 70


def show_new_thread(frame: Frame) -> DeltaGenerator:
    """Draw what needs no database; returns the place for the conversations."""
    with frame.side:
        st.button(
            text("new_thread", frame.language),
            icon=":material/add_comment:",
            key="new-thread",
            width="stretch",
            on_click=leave_thread,
        )
        return st.container(key="threads", gap=None)


def show_threads(service: Service, language: str, place: DeltaGenerator) -> None:
    """Draw this person's conversations, the one at hand marked. The page itself says when the database is away."""
    try:
        threads = [thread for thread in service.dash.threads.list(service.owner) if thread.turns]
    except DashError:
        return
    with place:
        st.caption(text("threads" if threads else "no_threads", language))
        for thread in threads:
            title = " ".join((thread.title or text("untitled_thread", language)).split())
            here = thread.id == current_thread()
            st.button(
                label(title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"),
                key=f"thread-{'here-' if here else ''}{thread.id}",
                type="tertiary",
                width="stretch",
                on_click=open_thread,
                args=(thread.id,),
            )
