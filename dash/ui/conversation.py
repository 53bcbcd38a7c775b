"""The Ask page: a conversation of questions and answers, or an invitation to begin one.

The page holds nothing itself. What was asked and answered is read from the store on every run of the script, and what
is still at work is at the desk (`dash/desk.py`); so a reload, a second tab or a crash of the page shows the same
conversation again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dash.desk import Job
from dash.errors import DashError, NotFoundError
from dash.records import Refill
from dash.ui.answer import View, show_answer, show_ask_again, show_questions
from dash.ui.opening import Service, show_problem
from dash.ui.session import current_run, current_thread, interface_language, leave_run, open_run, open_thread
from dash.ui.texts import text
from dash.ui.waiting import watch

if TYPE_CHECKING:
    from dash.runs import RunRecord

logger = logging.getLogger(__name__)

TURNS_AT_ONCE = 12
# Most answers come within this time; then the page shows them at once instead of a flash of running steps.
_PATIENCE_SECONDS = 0.3
_SCROLL = Path(__file__).with_name("scroll.js")
_KEYS = Path(__file__).with_name("page.js")
_AVATAR = ":material/monitoring:"
_UNSENT = "unsent_question"
_ALL_TURNS = "all_turns"
_JUST_ASKED = "just_asked"
_SCROLLED_TO = "scrolled_to"
_TAKEN = "taken_question"


@dataclass(frozen=True)
class _Turn:
    """A question with its answer, or without one because it was interrupted."""

    key: str
    question: str
    answer: Mapping[str, Any] | None
    stored: bool = True


def show_conversation(service: Service, opened: str | None = None) -> None:
    """Draw the page; `opened` is the answer that a link names. Ends in a rerun when a question at work is done."""
    language = interface_language()
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
    # An answer that is in the store is shown, whatever its question still has to do there (learning of it).
    answered = {record.run_id for record in stored if record.outcome is not None}
    running = [job for job in running if job.run_id not in answered]
    turns = _join(service, stored, running, [job for job in jobs if job.done])
    view = _view(service, language, stored)
    if reachable and not turns and not running:
        _show_invitation(service, view)
    _show_turns(turns, view, idle=not running, opened=opened)
    _show_unsent(view)
    sent = st.chat_input(
        text("input", language), key="question", on_submit=_submitted, args=(service,), disabled=bool(running)
    )
    if not st.session_state.pop(_TAKEN, False) and sent and str(sent).strip():
        # A process that was started anew calls nobody for what a tab sends that it has not drawn yet.
        ask(service, str(sent))
        st.rerun()
    st.html(f"<script>{_KEYS.read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)
    if running:
        if st.session_state.get(_JUST_ASKED):
            _scroll_to_a_question(-len(turns))
        watch(running, view, _AVATAR, _show_question)
        st.rerun()
    if st.session_state.pop(_JUST_ASKED, False):
        _scroll_to_a_question(len(turns))
    elif opened is not None and st.session_state.get(_SCROLLED_TO) != opened:
        st.session_state[_SCROLLED_TO] = opened
        _scroll_to_a_question(len(turns), opened)


def _view(service: Service, language: str, stored: Sequence[RunRecord]) -> View:
    """What the page knows of the answers beside the answers. Without the store they are shown all the same."""

    from dash.board.pins import Pins
    from dash.ui.board.pinning import show_pin_button

    def go_on(question: str) -> None:
        ask(service, question)

    def pin(run_id: str, key: str) -> None:
        show_pin_button(service, run_id, pinned.get(run_id), key=f"board-{key}", language=language)

    runs = {record.run_id: record for record in stored if record.answer is not None}
    try:
        said = service.feedback.latest(runs, by=service.owner) if runs else {}
        saved = {each.run_id: each.name for each in service.saved.list(service.owner)} if runs else {}
        pinned = {each.run_id: each for each in Pins(service.dash.database).list(service.owner)} if runs else {}
    except DashError:
        return View(language, service.cells, go_on)
    return View(
        language,
        service.cells,
        go_on,
        service,
        runs,
        said,
        saved,
        refill=lambda question, refill: ask(service, question, refill),
        pin=pin,
    )


def open_named_answer(service: Service) -> str | None:
    """The answer that a link opens, with its conversation around it; one of somebody else is as none."""
    language = interface_language()
    run_id = current_run()
    if run_id is None:
        return None
    try:
        thread_id = service.dash.runs.get(run_id, owner=service.owner).thread_id
    except NotFoundError:
        leave_run()
        st.info(text("answer_missing", language), icon=":material/link_off:")
        return None
    except DashError:
        return None  # the conversation says what is wrong
    if thread_id != current_thread():
        open_run(run_id, thread_id)
    return run_id


def ask(service: Service, question: str, refill: Refill | None = None) -> None:
    """Begin a question in the conversation at hand, or in a new one. A question that cannot be sent is kept."""
    st.session_state.pop(_UNSENT, None)
    try:
        service.desk.require_place()
        thread_id = current_thread()
        if thread_id is not None:
            thread_id = _existing(service, thread_id)
        if thread_id is None:
            thread_id = service.dash.threads.start(service.owner)
        job = service.desk.start(thread_id, question, refill)
    except DashError as error:
        st.session_state[_UNSENT] = (question, error.message)
        return
    open_thread(thread_id)
    st.session_state[_JUST_ASKED] = True
    job.wait(_PATIENCE_SECONDS)


def _submitted(service: Service) -> None:
    question = st.session_state.get("question")
    st.session_state[_TAKEN] = True
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


def _show_turns(turns: Sequence[_Turn], view: View, *, idle: bool, opened: str | None) -> None:
    hidden = 0 if st.session_state.get(_ALL_TURNS) == current_thread() else max(0, len(turns) - TURNS_AT_ONCE)
    hidden = min([hidden, *(index for index, turn in enumerate(turns) if turn.key == opened)])
    if hidden:
        st.button(view.say("show_earlier", count=hidden), key="earlier", type="tertiary", on_click=_show_all)
    for index, turn in enumerate(turns[hidden:], start=hidden):
        _show_question(turn.question, turn.key)
        with st.chat_message("assistant", avatar=_AVATAR):
            if turn.key == opened:
                _show_that_it_was_opened(turn, view)
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


def _show_that_it_was_opened(turn: _Turn, view: View) -> None:
    """The mark of the answer that a link or the list of saved ones opened: since when it is as it is."""
    run = view.runs.get(turn.key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"opened-{turn.key}"):
        st.markdown(":material/bookmark:" if turn.key in view.saved else ":material/link:", width="content")
        words = view.say("opened_saved" if turn.key in view.saved else "opened", title=view.saved.get(turn.key, ""))
        st.text(words if run is None else f"{words} {_written(run.asked_at, run.zone, view)}", width="content")


def _written(moment: datetime, zone: str, view: View) -> str:
    from dash.shown.moments import show_moment

    return f"{show_moment(moment, view.cells(view.language).phrases, zone)} ({zone})"


def _scroll_to_a_question(moment: int, named: str = "") -> None:
    """Streamlit stays at the end of a chat, where a new answer's headline is out of sight; go back to its question, or
    to the one of the run that is `named`.

    `moment` only makes each script a new element, so that the browser runs it again.
    """
    script = _SCROLL.read_text(encoding="utf-8").replace("{{named}}", named)
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
