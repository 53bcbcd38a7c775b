"""The Ask page: a conversation of questions and answers, or an invitation to begin one.

The page holds nothing itself. What was asked and answered is read from the store on every run of the script, and what
is still at work is at the desk (`work.py`); so a reload, a second tab or a crash of the page shows the same
conversation again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dash.errors import DashError, NotFoundError
from dash.ui.answer import View, show_answer, show_ask_again, show_questions
from dash.ui.opening import Service, show_problem
from dash.ui.session import current_thread, interface_language, open_thread
from dash.ui.texts import step_text, text
from dash.ui.work import Job

if TYPE_CHECKING:
    from dash.runs import RunRecord

logger = logging.getLogger(__name__)

TURNS_AT_ONCE = 12
# Most answers come within this time; then the page shows them at once instead of a flash of running steps.
_PATIENCE_SECONDS = 0.3
_SCROLL = Path(__file__).with_name("scroll.js")
_AVATAR = ":material/monitoring:"
_UNSENT = "unsent_question"
_ALL_TURNS = "all_turns"
_JUST_ASKED = "just_asked"


@dataclass(frozen=True)
class _Turn:
    """A question with its answer, or without one because it was interrupted."""

    key: str
    question: str
    answer: Mapping[str, Any] | None
    stored: bool = True


def show_conversation(service: Service) -> None:
    """Draw the page. Ends in a rerun when a question that was at work is done."""
    language = interface_language()
    view = View(language, service.cells, lambda question: ask(service, question), service)
    thread_id = current_thread()
    # The desk before the store: a question that is done by now is in the store by the time that we look there.
    jobs = service.desk.jobs(thread_id) if thread_id else ()
    running = [job for job in jobs if not job.done]
    stored: Sequence[RunRecord] = ()
    reachable = True
    try:
        stored = service.dash.threads.turns(thread_id, owner=service.owner) if thread_id else ()
    except NotFoundError:
        thread_id = None
        st.info(text("thread_missing", language), icon=":material/link_off:")
    except DashError as error:
        reachable = False
        show_problem(error, language)
    turns = _join(service, stored, running, [job for job in jobs if job not in running])
    if reachable and not turns and not running:
        _show_invitation(service, view)
    _show_turns(turns, view, idle=not running)
    _show_unsent(view)
    st.chat_input(
        text("input", language), key="question", on_submit=_submitted, args=(service,), disabled=bool(running)
    )
    if running:
        _watch(running, view, len(turns))
        st.rerun()
    if st.session_state.pop(_JUST_ASKED, False):
        _scroll_to_the_last_question(len(turns))


def ask(service: Service, question: str) -> None:
    """Begin a question in the conversation at hand, or in a new one. A question that cannot be sent is kept."""
    st.session_state.pop(_UNSENT, None)
    try:
        thread_id = current_thread()
        if thread_id is not None:
            thread_id = _existing(service, thread_id)
        if thread_id is None:
            thread_id = service.dash.threads.start(service.owner)
    except DashError as error:
        st.session_state[_UNSENT] = (question, error.message)
        return
    open_thread(thread_id)
    st.session_state[_JUST_ASKED] = True
    service.desk.start(thread_id, question).wait(_PATIENCE_SECONDS)


def _submitted(service: Service) -> None:
    question = st.session_state.get("question")
    if question and str(question).strip():
        ask(service, str(question))


def _existing(service: Service, thread_id: str) -> str | None:
    try:
        service.dash.threads.turns(thread_id, owner=service.owner)
    except NotFoundError:
        return None
    return thread_id


def _join(service: Service, stored: Sequence[RunRecord], running: Sequence[Job], done: Sequence[Job]) -> list[_Turn]:
    """What the store knows, and behind it what is only at the desk because the store could not be written.

    A question that is at work is already in the store without an outcome; it is watched, not called interrupted.
    """
    working = [job.text for job in running]
    turns = []
    for record in reversed(stored):
        if record.outcome is None and record.question in working:
            working.remove(record.question)
        else:
            turns.append(_Turn(record.run_id, record.question, record.answer))
    turns.reverse()
    answered = {record.run_id for record in stored if record.outcome is not None}
    interrupted = {record.question for record in stored if record.outcome is None}
    for index, job in enumerate(done):
        run_id = job.answer["run_id"] if job.answer else None
        if run_id in answered or (job.failed and job.text in interrupted):
            service.desk.forget(job)
        else:
            turns = [turn for turn in turns if turn.key != run_id]
            turns.append(_Turn(f"unsaved-{index}", job.text, job.answer, stored=False))
    return turns


def _show_invitation(service: Service, view: View) -> None:
    with st.container(key="invitation"):
        st.title(view.say("empty_title"), anchor=False)
        st.markdown(view.say("empty_text", languages=", ".join(service.languages())))
        starters = service.starters(view.language)
        if starters:
            show_questions(starters, view, view.say("starters"), key="starter")


def _show_turns(turns: Sequence[_Turn], view: View, *, idle: bool) -> None:
    hidden = 0 if st.session_state.get(_ALL_TURNS) == current_thread() else max(0, len(turns) - TURNS_AT_ONCE)
    if hidden:
        st.button(view.say("show_earlier", count=hidden), key="earlier", type="tertiary", on_click=_show_all)
    for index, turn in enumerate(turns[hidden:], start=hidden):
        _show_question(turn.question, turn.key)
        with st.chat_message("assistant", avatar=_AVATAR):
            if turn.answer is None:
                st.text(view.say("interrupted"))
                show_ask_again(turn.question, view, key=turn.key)
            else:
                _show_whatever_the_answer_is(turn, turn.answer, view, latest=idle and index == len(turns) - 1)


def _show_whatever_the_answer_is(turn: _Turn, answer: Mapping[str, Any], view: View, *, latest: bool) -> None:
    """One answer that cannot be drawn must not take the rest of the conversation with it."""
    if not turn.stored:
        st.caption(view.say("not_stored"))
    try:
        show_answer(answer, view, key=turn.key, latest=latest)
    except Exception:  # a surface's last net
        logger.exception("The answer of run %s could not be drawn.", turn.key)
        st.text(view.say("not_drawn", run=turn.key))


def _scroll_to_the_last_question(moment: int) -> None:
    """Streamlit stays at the end of a chat, where a new answer's headline is out of sight; go back to its question.

    `moment` only makes each script a new element, so that the browser runs it again.
    """
    script = _SCROLL.read_text(encoding="utf-8")
    st.html(f"<script>/* {moment:d} */{script}</script>", unsafe_allow_javascript=True)


def _show_all() -> None:
    st.session_state[_ALL_TURNS] = current_thread()


def _show_question(question: str, key: str) -> None:
    with st.chat_message("user", avatar=":material/person:"), st.container(key=f"asked-{key}"):
        st.text(question, width="stretch")


def _show_unsent(view: View) -> None:
    """A question that could not even be begun, with the reason and a way to send it again."""
    unsent = st.session_state.get(_UNSENT)
    if not unsent:
        return
    question, reason = unsent
    _show_question(question, "unsent")
    with st.chat_message("assistant", avatar=_AVATAR):
        with st.container(border=True, key="error-unsent"):
            st.markdown(f":material/error: **{view.say('outcome_error')}**")
            st.text(reason, width="stretch")
        show_ask_again(question, view, key="unsent")


def _watch(running: Sequence[Job], view: View, turns: int) -> None:
    """Show the steps of the questions at work until the last of them is done."""
    watched = []
    for index, job in enumerate(running):
        _show_question(job.text, f"working-{index}")
        with st.chat_message("assistant", avatar=_AVATAR):
            label = view.say("waiting" if index else "working")
            watched.append((job, st.status(label, expanded=True, type="compact")))
    if st.session_state.get(_JUST_ASKED):
        _scroll_to_the_last_question(-turns)
    for job, status in watched:
        seen = 0
        while not job.done:
            job.wait_for_change(seen, 0.5)
            for step in job.steps[seen:]:
                status.write(step_text(step, view.language))
            seen = len(job.steps)
            # A call into Streamlit is where an abandoned script stops; without one it would watch on for nobody.
            status.update(label=view.say("working"))
