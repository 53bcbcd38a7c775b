"""The Review page: what a draft is in doubt about, one question at a time, as `dash review` asks it in a terminal.

Every answer is in the project's review.yaml before the next question is drawn, so whoever leaves loses nothing. Names
and values of a foreign database are shown as they are and never as markup.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dash.access import require
from dash.drafting.asking import Asked
from dash.drafting.reviewing import Done, Review
from dash.errors import KnowledgeError
from dash.ui.inert import label
from dash.ui.opening import Service, show_problem
from dash.ui.texts import text

_SKIPPED = "review_skipped"
_WRITTEN = "review_written"
_FEW = 12
"""So many choices are listed under each other; more are searched."""


def show_review(service: Service, language: str) -> None:
    """The whole page."""
    require(service.viewer, "review_draft")
    st.title(text("review_title", language), anchor=False)
    settings = service.dash.settings
    if not Review.is_possible(settings):
        st.info(text("review_no_draft", language), icon=":material/info:")
        return
    review = Review.open(settings)
    st.caption(text("review_intro", language))
    written = st.session_state.get(_WRITTEN)
    if isinstance(written, Done):
        _show_done(written, language)
    asked = review.next(_skipped())
    if asked is None:
        st.success(text("review_no_more", language), icon=":material/task_alt:")
    else:
        _show_question(review, asked, language)
    _show_end(service, review, language)
    _show_answers(review, language)


def _skipped() -> list[str]:
    found: list[str] = st.session_state.setdefault(_SKIPPED, [])
    return found


def _show_question(review: Review, asked: Asked, language: str) -> None:
    """One question with its evidence, its choices, and the ways on."""
    place = len(review.decisions.reviewed) + len(_skipped()) + 1
    most = max(place, review.count)
    st.progress((place - 1) / most, text("review_place", language, place=place, most=most))
    with st.container(border=True, key="review-question"):
        with st.container(key="review-text"):
            st.text(asked.text(language), width="stretch")
        with st.container(key="review-evidence"):
            st.text(asked.evidence(language), width="stretch")
        chosen = _choices(asked, language)
        with st.container(horizontal=True, key="review-ways"):
            confirm = text("review_confirm", language)
            if st.button(confirm, type="primary", icon=":material/check:", key=f"confirm-{asked.name}"):
                review.answer(asked, tuple(chosen))  # nothing chosen of several means none
                st.session_state.pop(_WRITTEN, None)
                st.rerun()
            if st.button(text("review_skip", language), icon=":material/skip_next:", key=f"skip-{asked.name}"):
                _skipped().append(asked.name)
                st.rerun()


def _choices(asked: Asked, language: str) -> Sequence[str]:
    """The choices, the proposed ones chosen. Radio buttons read markup, lists to search in do not."""
    name, key = text("review_choice", language), f"choice-{asked.name}"
    said = {choice: asked.choice(choice, language) for choice in asked.choices}
    if asked.several:
        return st.multiselect(name, asked.choices, asked.proposed, format_func=said.__getitem__, key=key,
                              placeholder=text("review_none_chosen", language))  # fmt: skip
    first = asked.choices.index(asked.proposed[0])
    if len(asked.choices) <= _FEW:
        return [st.radio(name, asked.choices, first, format_func=lambda one: label(said[one]), key=key)]
    return [st.selectbox(name, asked.choices, first, format_func=said.__getitem__, key=key)]


def _show_end(service: Service, review: Review, language: str) -> None:
    """The button that writes the files; it can be pressed after any answer."""
    if not review.decisions.reviewed:
        return
    st.caption(text("review_write_help", language))
    if not st.button(text("review_write", language), icon=":material/edit_document:", key="write"):
        return
    try:
        with st.spinner(text("review_writing", language)):
            st.session_state[_WRITTEN] = review.write()
            service.dash.reload()
    except KnowledgeError as error:
        show_problem(error, language)
        return
    st.rerun()


def _show_done(done: Done, language: str) -> None:
    figures = {"reviewed": done.reviewed, "metrics": done.metrics}
    st.success(text("review_written", language, **figures), icon=":material/task_alt:")
    for file in done.kept:
        st.text(text("review_kept", language, file=file))


def _show_answers(review: Review, language: str) -> None:
    """What was answered, each of which can be asked again."""
    answers = review.answers()
    if not answers and not _skipped():
        return
    with st.expander(text("review_answers", language, count=len(answers))):
        for asked, chosen in answers:
            with st.container(horizontal=True, vertical_alignment="center", key=f"answered-{asked.name}"):
                said = ", ".join(asked.choice(one, language) for one in chosen) or text("review_nothing", language)
                with st.container():
                    st.text(asked.text(language), width="stretch")
                    with st.container(key=f"answered-by-{asked.name}"):
                        st.text(said, width="stretch")
                if st.button(text("review_again", language), key=f"again-{asked.name}"):
                    review.reopen(asked.name)
                    st.rerun()
        if _skipped() and st.button(text("review_ask_skipped", language, count=len(_skipped())), key="ask-skipped"):
            _skipped().clear()
            st.rerun()
