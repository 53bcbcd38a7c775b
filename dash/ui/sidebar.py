"""The sidebar: a new conversation, this person's conversations (newest first), the language."""

from __future__ import annotations

import streamlit as st

from dash.errors import DashError
from dash.ui.inert import label
from dash.ui.opening import Service
from dash.ui.session import current_thread, leave_thread, open_thread, show_language_switch
from dash.ui.texts import text

_LONGEST_TITLE = 70


def show_sidebar(service: Service | None, language: str) -> None:
    """Draw it; without a service (nothing could be opened) only what works without one."""
    with st.sidebar:
        st.markdown(f"#### {text('page_title', language)}")
        st.button(
            text("new_thread", language),
            icon=":material/add_comment:",
            key="new-thread",
            width="stretch",
            on_click=leave_thread,
        )
        if service is not None:
            _show_threads(service, language)
        with st.container(key="language"):
            show_language_switch(language)


def _show_threads(service: Service, language: str) -> None:
    try:
        threads = [thread for thread in service.dash.threads.list(service.owner) if thread.turns]
    except DashError:
        return  # the page itself says that the database is away
    with st.container(key="threads", gap=None):
        st.caption(text("threads" if threads else "no_threads", language))
        for thread in threads:
            title = " ".join((thread.title or text("untitled_thread", language)).split())
            here = str(thread.id) == current_thread()
            st.button(
                label(title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"),
                key=f"thread-{'here-' if here else ''}{thread.id}",
                type="tertiary",
                width="stretch",
                on_click=open_thread,
                args=(str(thread.id),),
            )
