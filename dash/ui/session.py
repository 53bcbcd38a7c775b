"""What one browser tab is looking at: its language, its conversation, and one answer of it.

They live in the address (`?lang=ru&thread=…&run=…`), so a reload, a bookmark and a second tab show the same thing.
"""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from dash.ui.texts import languages, preferred, text

_LANGUAGE = "lang"
_SWITCH = "language_switch"
_THREAD = "thread"
_RUN = "run"


def interface_language() -> str:
    """The language of the page: what the address names, else what was chosen before, else the browser's."""
    for chosen in (st.query_params.get(_LANGUAGE), st.session_state.get(_LANGUAGE)):
        if chosen in languages():
            st.session_state[_LANGUAGE] = chosen  # the address of the next page will not name it
            return str(chosen)
    return preferred(st.context.locale)


def show_language_switch(language: str) -> None:
    """The switch at the foot of the sidebar."""
    names = languages()
    st.segmented_control(
        text("interface_language", language),
        list(names),
        default=language,
        required=True,
        format_func=lambda code: names[code],
        key=_SWITCH,
        on_change=_switched,
        label_visibility="collapsed",
    )


def _switched() -> None:
    language = st.session_state[_SWITCH]
    st.session_state[_LANGUAGE] = language
    st.query_params[_LANGUAGE] = language


def current_thread() -> str | None:
    """The conversation that the address names; nobody has checked that it exists."""
    return st.query_params.get(_THREAD) or None


def open_thread(thread_id: str) -> None:
    """Show this conversation from now on."""
    st.query_params[_THREAD] = thread_id
    leave_run()


def current_run() -> str | None:
    """The answer that the address names; nobody has checked that it exists."""
    return st.query_params.get(_RUN) or None


def open_run(run_id: str, thread_id: str) -> None:
    """Show this answer of this conversation."""
    st.query_params[_THREAD] = thread_id
    st.query_params[_RUN] = run_id


def leave_run() -> None:
    """Show no answer before the others any more."""
    if _RUN in st.query_params:
        del st.query_params[_RUN]


def leave_thread() -> None:
    """Show an empty page to begin a new conversation on."""
    leave_run()
    if _THREAD in st.query_params:
        del st.query_params[_THREAD]


def conversation_link(conversation_id: str) -> str:
    """The address of the replay of a customer's conversation, as seen from any page."""
    return f"replay?conversation={quote(conversation_id, safe='')}"
