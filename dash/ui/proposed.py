"""A question that a link brings (`?ask=…`), such as the one whose answer is the number of an alert.

It is shown, and asked by a click: no address asks anything by itself, so a link from a stranger costs nothing and puts
nothing into anybody's conversations.
"""

from __future__ import annotations

import streamlit as st

from dash.ui.conversation import ask
from dash.ui.opening import Service
from dash.ui.session import leave_thread
from dash.ui.texts import text

_ASK = "ask"
_LONGEST = 500


def show_proposed(service: Service, language: str) -> None:
    """Draw the question with its buttons, above the conversation; nothing without one."""
    question = " ".join(st.query_params.get(_ASK, "").split())[:_LONGEST]
    if not question:
        return
    with st.container(border=True, key="proposed"):
        st.caption(text("proposed", language))
        st.text(question, width="stretch")
        with st.container(horizontal=True, gap="small", key="proposed-buttons"):
            st.button(
                text("proposed_ask", language),
                icon=":material/send:",
                key="proposed-ask",
                type="primary",
                on_click=_ask,
                args=(service, question),
            )
            st.button(text("proposed_leave", language), key="proposed-leave", type="tertiary", on_click=_leave)


def _ask(service: Service, question: str) -> None:
    """In a conversation of its own, whatever was open here."""
    _leave()
    leave_thread()
    ask(service, question)


def _leave() -> None:
    if _ASK in st.query_params:
        del st.query_params[_ASK]
