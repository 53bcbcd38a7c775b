"""What one browser tab is looking at: its language, its conversation with the product and one answer of it, and a
customer's conversation.

All live in the address (`?lang=ru&thread=…&run=…`, `?conversation=…&at=…`), so a reload, a bookmark and a second tab
show the same thing.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from dash.ui.texts import languages, preferred, text

_LANGUAGE = "lang"
_SWITCH = "language_switch"
_THREAD = "thread"
_RUN = "run"
_CONVERSATION = "conversation"
_MOMENT = "at"
_REPLAY_PAGE = "pages/replay.py"


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


def current_conversation() -> tuple[str | None, str | None]:
    """The customer's conversation that the address names and the event or moment in it; nobody has checked either."""
    return st.query_params.get(_CONVERSATION) or None, st.query_params.get(_MOMENT) or None


def conversation_address(conversation: str, at: str | None = None) -> dict[str, str]:
    """The address parameters of a replay, for `st.page_link(…, query_params=…)` and `st.switch_page`.

    `at` is an event (messages.17) or a moment in ISO 8601, from which the first event on is shown.
    """
    return {_CONVERSATION: conversation} | ({_MOMENT: at} if at else {})


def conversation_link(conversation: str, at: str | None = None) -> str:
    """A link to a replay, such as replay?conversation=T-000001, as seen from any page: for places that hold only an
    address."""
    return "replay?" + urlencode(conversation_address(conversation, at))


def open_conversation(conversation: str, at: str | None = None) -> None:
    """Leave this page for the replay of a conversation. Not for callbacks: Streamlit cannot change pages in one."""
    st.switch_page(Path(__file__).parent / _REPLAY_PAGE, query_params=conversation_address(conversation, at))


def show_conversation_here(conversation: str, at: str | None = None) -> None:
    """On the Replay page: show this conversation, at this event, from now on."""
    st.query_params[_CONVERSATION] = conversation
    move_to_moment(at)


def move_to_moment(at: str | None) -> None:
    """On the Replay page: let the address name this event."""
    if at:
        st.query_params[_MOMENT] = at
    elif _MOMENT in st.query_params:
        del st.query_params[_MOMENT]


def leave_conversation() -> None:
    """Back to the search, whose filters are still in the address."""
    for name in (_CONVERSATION, _MOMENT):
        if name in st.query_params:
            del st.query_params[name]
