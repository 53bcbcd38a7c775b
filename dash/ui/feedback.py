"""The thumbs below an answer, and what a person says when it is wrong.

A thumb is kept at once; the form behind a thumb down only adds to it, so nothing is lost by leaving it. A question that
was meant instead is asked as the next turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dash.access import require
from dash.errors import DashError
from dash.ui.inert import label
from dash.ui.view import AnswerDict, View

if TYPE_CHECKING:
    from dash.feedback import Correction, Feedback

_OPEN = "correcting"
_TROUBLE = "feedback_trouble"
_WAYS = ("meant", "right", "other")


def show_thumbs(answer: AnswerDict, view: View, key: str) -> None:
    """Thumb up, thumb down; the one that was given is marked, and a second click takes it back."""
    run = view.run_of(answer)
    if run is None:
        return
    given = view.said.get(run.run_id)
    st.feedback(
        "thumbs",
        default=None if given is None else int(given.verdict == "good"),
        key=f"thumbs-{key}",
        on_change=_judged,
        args=(view, run.run_id, key),
    )


def show_correction(answer: AnswerDict, view: View, key: str) -> None:
    """What the person said before, or the form right after a thumb down."""
    run = view.run_of(answer)
    if run is None:
        return
    trouble = st.session_state.get(_TROUBLE)
    if trouble and trouble[0] == key:
        st.warning(label(trouble[1]), icon=":material/error:")
    given = view.said.get(run.run_id)
    if given is not None and given.correction is not None:
        _show_given(given, view, key)
    elif st.session_state.get(_OPEN) == key:
        _show_form(answer, view, key)


def _show_given(given: Feedback, view: View, key: str) -> None:
    with st.container(horizontal=True, gap="xsmall", key=f"small-said-{key}"):
        st.text(view.say(f"said_{given.correction}", said=given.said), width="stretch")


def _show_form(answer: AnswerDict, view: View, key: str) -> None:
    with st.container(border=True, key=f"correction-{key}"):
        st.markdown(f"**{view.say('correct_title')}**")
        way = st.radio(
            view.say("correct_title"),
            _WAYS,
            format_func=lambda name: view.say(f"correct_{name}"),
            horizontal=True,
            label_visibility="collapsed",
            key=f"way-{key}",
        )
        if way == "meant":
            _show_readings(answer, view, key)
        said = st.text_input(view.say(f"correct_{way}_words"), key=f"said-{way}-{key}", max_chars=500)
        note = ""
        if way == "right":
            note = st.text_input(view.say("correct_note"), key=f"note-{key}", max_chars=500)
        with st.container(horizontal=True, gap="small"):
            st.button(
                view.say("correct_ask" if way == "meant" else "correct_send"),
                type="primary",
                disabled=not said.strip(),
                key=f"send-{key}",
                on_click=_corrected,
                args=(view, answer["run_id"], key, way, said, note),
            )
            st.button(view.say("correct_skip"), type="tertiary", key=f"skip-{key}", on_click=_close)
        st.caption(view.say("correct_explained"))
    _bring_into_sight()


def _bring_into_sight() -> None:
    """The form opens below the thumb, often out of sight."""
    script = """for (const wait of [50, 400, 1000]) setTimeout(() => {
      const found = document.querySelectorAll('[class*="st-key-correction-"]');
      found[found.length - 1]?.scrollIntoView({ block: "center", behavior: "smooth" });
    }, wait);"""
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _show_readings(answer: AnswerDict, view: View, key: str) -> None:
    """The nearest other readings of the question, to choose with one click."""
    from dash.feedback import other_readings

    run = view.run_of(answer)
    if run is None or view.service is None:
        return
    with st.container(horizontal=True, gap="small", key=f"questions-meant-{key}"):
        for index, question in enumerate(other_readings(view.service.dash, run)):
            st.button(
                label(question),
                key=f"meant-{index}-{key}",
                on_click=_corrected,
                args=(view, run.run_id, key, "meant", question, ""),
                wrap=True,
            )


def _judged(view: View, run_id: str, key: str) -> None:
    value = st.session_state.get(f"thumbs-{key}")
    verdict = "withdrawn" if value is None else "good" if value else "bad"
    _close()
    if _give(view, run_id, key, verdict) and verdict == "bad":
        st.session_state[_OPEN] = key
    elif verdict == "good":
        st.toast(view.say("thanks"), icon=":material/thumb_up:")


def _corrected(view: View, run_id: str, key: str, way: Correction, said: str, note: str) -> None:
    if not _give(view, run_id, key, "bad", way, said, note):
        return
    _close()
    st.toast(view.say("thanks_correction"), icon=":material/check:")
    if way == "meant":
        view.ask(said)


def _give(
    view: View, run_id: str, key: str, verdict: str, way: Correction | None = None, said: str = "", note: str = ""
) -> bool:
    from dash.feedback import Feedback, give

    if view.service is None:
        return False
    st.session_state.pop(_TROUBLE, None)
    try:
        require(view.service.viewer, "give_feedback")
        give(view.service.dash, Feedback(run_id, view.service.owner, verdict, way, said, note))  # type: ignore[arg-type]
    except DashError as error:
        st.session_state[_TROUBLE] = (key, error.message)
        return False
    return True


def _close() -> None:
    st.session_state.pop(_OPEN, None)
