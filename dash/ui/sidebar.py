"""The Ask page's part of the sidebar: a new conversation, the answers that this person saved, and the conversations,
newest first, to return to, search, rename and hide. Hiding destroys nothing: a search finds it, a question brings it
back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dash.errors import DashError
from dash.threads import ThreadSummary
from dash.ui.frame import Frame
from dash.ui.inert import label
from dash.ui.opening import Service
from dash.ui.session import current_run, current_thread, leave_thread, open_run, open_thread
from dash.ui.texts import text

MANY_THREADS = 8
"""So many conversations can be overlooked at a glance; with more there is a search."""
_LONGEST_TITLE = 70
_LONGEST_LABEL = 200
_SEARCH = "thread-search"
_HIDDEN = "hidden_thread"
_TROUBLE = "thread_trouble"


def show_new_thread(frame: Frame) -> DeltaGenerator:
    """Draw what needs no database; returns the place for the rest."""
    with frame.side:
        st.button(
            text("new_thread", frame.language),
            icon=":material/add_comment:",
            key="new-thread",
            width="stretch",
            on_click=leave_thread,
        )
        return st.container(key="lists", gap="small")


def show_side(service: Service, language: str, place: DeltaGenerator) -> None:
    """Draw this person's saved answers and conversations. The page itself says when the database is away."""
    search = str(st.session_state.get(_SEARCH) or "").strip()
    try:
        saved = service.saved.list(service.owner)
        threads = service.dash.threads.list(service.owner, search=search or None, with_empty=False)
    except DashError:
        return
    with place:
        if saved:
            with st.container(key="saved", gap=None):
                st.caption(text("saved_answers", language))
                for each in saved:
                    here = "here-" if each.run_id == current_run() else ""
                    _line(each.name, f"saved-{here}{each.run_id}", open_run, each.run_id, each.thread_id)
        _show_undo(service, language)
        if search or len(threads) > MANY_THREADS:
            st.text_input(
                text("search_threads", language),
                key=_SEARCH,
                placeholder=text("search_threads", language),
                label_visibility="collapsed",
                icon=":material/search:",
            )
        _show_threads(threads, service, language, searched=bool(search))


def _show_threads(threads: Sequence[ThreadSummary], service: Service, language: str, *, searched: bool) -> None:
    with st.container(key="threads", gap=None):
        none = "none_found" if searched else "no_threads"
        st.caption(text("threads" if threads else none, language))
        for thread in threads:
            title = " ".join((thread.title or text("untitled_thread", language)).split())
            if thread.id != current_thread():
                _line(title, f"thread-{thread.id}", open_thread, thread.id)
                continue
            with st.container(
                horizontal=True, vertical_alignment="center", wrap=False, gap=None, key=f"row-{thread.id}"
            ):
                _line(title, f"thread-here-{thread.id}", open_thread, thread.id)
                _show_menu(thread, title, service, language)


def _line(title: str, key: str, click: object, *values: str) -> None:
    st.button(
        label(title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"),
        key=key,
        type="tertiary",
        width="stretch",
        on_click=click,  # type: ignore[arg-type]
        args=values,
    )


def _show_menu(thread: ThreadSummary, title: str, service: Service, language: str) -> None:
    """Rename and hide the conversation at hand."""
    with st.popover(
        "", icon=":material/more_vert:", type="tertiary", help=text("thread_menu", language), key=f"menu-{thread.id}"
    ):
        # The key holds the title: under a new title the field begins anew with it.
        key = f"title-{thread.id}-{hash(title)}"
        st.text_input(text("rename", language), value=title[:_LONGEST_LABEL], max_chars=_LONGEST_LABEL, key=key)
        with st.container(horizontal=True, gap="small"):
            st.button(
                text("rename_save", language),
                key=f"rename-{thread.id}",
                type="primary",
                on_click=_rename,
                args=(service, thread.id, key),
            )
            st.button(
                text("hide", language),
                icon=":material/visibility_off:",
                key=f"hide-{thread.id}",
                on_click=_hide,
                args=(service, thread.id),
            )
        st.caption(text("hide_explained", language))
        if trouble := st.session_state.get(_TROUBLE):
            st.warning(label(trouble), icon=":material/error:")


def _show_undo(service: Service, language: str) -> None:
    hidden = st.session_state.get(_HIDDEN)
    if hidden is None or current_thread() is not None:
        st.session_state.pop(_HIDDEN, None)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="hidden"):
        st.caption(text("hidden", language), width="stretch")
        st.button(text("undo", language), key="undo-hide", type="tertiary", on_click=_undo, args=(service, hidden))


def _rename(service: Service, thread_id: str, key: str) -> None:
    title = " ".join(str(st.session_state.get(key) or "").split())
    st.session_state.pop(_TROUBLE, None)
    if not title:
        return
    try:
        service.dash.threads.rename(thread_id, title, owner=service.owner)
    except DashError as error:
        st.session_state[_TROUBLE] = error.message


def _hide(service: Service, thread_id: str) -> None:
    st.session_state.pop(_TROUBLE, None)
    try:
        service.dash.threads.hide(thread_id, owner=service.owner)
    except DashError as error:
        st.session_state[_TROUBLE] = error.message
        return
    st.session_state[_HIDDEN] = thread_id
    leave_thread()


def _undo(service: Service, thread_id: str) -> None:
    st.session_state.pop(_HIDDEN, None)
    try:
        service.dash.threads.bring_back(thread_id, owner=service.owner)
    except DashError as error:
        st.session_state[_TROUBLE] = error.message
        return
    open_thread(thread_id)
