"""Keeping an answer: under a name, and as a link that opens just this one."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from dash.errors import DashError
from dash.ui.inert import label
from dash.ui.view import AnswerDict, View

_TROUBLE = "saving_trouble"


def show_saving(answer: AnswerDict, view: View, key: str) -> None:
    """A name to save the answer under, or the one that it has."""
    run = view.run_of(answer)
    if run is None:
        return
    saved = view.saved.get(run.run_id)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"saving-{key}"):
        st.text_input(
            view.say("save_name"),
            value=saved or "",
            max_chars=120,
            key=f"name-{key}",
            placeholder=view.say("save_hint"),
        )
        st.button(view.say("save"), key=f"save-{key}", on_click=_save, args=(view, run.run_id, key))
        if saved:
            st.button(
                view.say("save_remove"), type="tertiary", key=f"let-go-{key}", on_click=_let_go, args=(view, run.run_id)
            )
    trouble = st.session_state.get(_TROUBLE)
    if trouble and trouble[0] == run.run_id:
        st.warning(label(trouble[1]), icon=":material/error:")


def show_link(answer: AnswerDict, view: View, key: str) -> None:
    """The address of this answer, with a button that copies it."""
    if view.run_of(answer) is None:
        return
    with st.container(gap=None, key=f"link-{key}"):
        st.caption(view.say("link"))
        st.code(answer_address(answer["run_id"]), language=None)


def answer_address(run_id: str) -> str:
    """The address that opens one answer, with the picture that was chosen for it."""
    parts = urlsplit(st.context.url or "/")
    asked = [("run", run_id)]
    asked += [("chart", entry) for entry in st.query_params.get_all("chart") if entry.startswith(f"{run_id}.")]
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", urlencode(asked), ""))


def _save(view: View, run_id: str, key: str) -> None:
    if view.service is None:
        return
    st.session_state.pop(_TROUBLE, None)
    name = str(st.session_state.get(f"name-{key}") or "")
    try:
        view.service.saved.save(run_id, name, owner=view.service.owner)
    except DashError as error:
        st.session_state[_TROUBLE] = (run_id, error.message)
        return
    st.toast(view.say("saved_as", title=label(name)), icon=":material/bookmark:")


def _let_go(view: View, run_id: str) -> None:
    if view.service is None:
        return
    try:
        view.service.saved.let_go(run_id, owner=view.service.owner)
    except DashError as error:
        st.session_state[_TROUBLE] = (run_id, error.message)
