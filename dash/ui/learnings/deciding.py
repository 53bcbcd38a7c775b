"""Activating, retiring and rejecting: what may be decided is asked again where it is done, not where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dash.errors import DashError, UserError
from dash.evals.review import Trial, activate
from dash.evals.support import require_usable
from dash.learnings import Learning
from dash.learnings.store import Decision
from dash.ui.inert import label
from dash.ui.learnings.desk import Desk, tell

_NOTE, _EVERYONE = "decide-note", "decide-everyone"


def show_decision(learning: Learning, trial: Trial | None, history: Sequence[Decision], desk: Desk) -> None:
    """The buttons that its status leaves, and why one of them cannot be used."""
    why = _unusable(learning, desk) if learning.status != "active" else ""
    may_activate = trial is not None and not trial.run.worse and not why
    if why:
        st.warning(label(desk.say("learnings_unusable", reason=why)), icon=":material/block:")
    elif learning.status != "active" and trial is None:
        st.caption(desk.say("learnings_try_first"))
    st.text_input(desk.say("learnings_note"), key=_NOTE)
    if learning.scope is not None and learning.status != "active":
        st.checkbox(label(desk.say("learnings_everyone", who=learning.scope)), key=_EVERYONE)
    with st.container(horizontal=True, gap="small"):
        if learning.status != "active":
            st.button(
                desk.say("learnings_activate_again" if learning.status == "retired" else "learnings_activate"),
                icon=":material/check:",
                key="decide-activate",
                type="primary",
                disabled=not may_activate,
                on_click=_activate,
                args=(learning, trial, desk),
            )
        elif learning.scope is not None:
            st.button(desk.say("learnings_share"), key="decide-share", on_click=_share, args=(learning, desk))
        if learning.status != "retired":
            st.button(
                desk.say("learnings_retire" if learning.status == "active" else "learnings_reject"),
                icon=":material/block:",
                key="decide-retire",
                on_click=_retire,
                args=(learning, desk),
            )


def _unusable(learning: Learning, desk: Desk) -> str:
    """Why it could not be activated whatever a trial says, or ""."""
    try:
        require_usable(desk.dash, learning)
    except UserError as error:
        return error.message
    return ""


def _activate(learning: Learning, trial: Trial | None, desk: Desk) -> None:
    def decide() -> str:
        if trial is None or trial.run.learning.id != learning.id:
            raise UserError(desk.say("learnings_try_first"))
        everyone = bool(st.session_state.get(_EVERYONE))
        activate(desk.dash, trial, by=desk.owner, note=_note(), everyone=everyone, viewer=desk.viewer)
        return desk.say("learnings_activated")

    _decide(decide, desk)


def _share(learning: Learning, desk: Desk) -> None:
    def decide() -> str:
        desk.learnings.share(learning.id, by=desk.owner, note=_note(), viewer=desk.viewer)
        return desk.say("learnings_activated")

    _decide(decide, desk)


def _retire(learning: Learning, desk: Desk) -> None:
    def decide() -> str:
        found = desk.learnings.retire(learning.id, by=desk.owner, note=_note(), viewer=desk.viewer)
        if found.in_file and learning.status == "active":
            return desk.say("learnings_still_in_file", file=found.in_file)
        return desk.say("learnings_retired")

    _decide(decide, desk)


def _note() -> str:
    return str(st.session_state.get(_NOTE) or "").strip()


def _decide(decide: Callable[[], str], desk: Desk) -> None:
    """Do it, use it at once in this process, and say what came of it."""
    try:
        said = decide()
        desk.dash.refresh()
    except DashError as error:
        tell(error.message, trouble=True)
        return
    st.session_state[_NOTE] = ""
    tell(said)
