"""The trial of a learning: begun by a click, done in the background, watched, stopped, and its changes shown.

It belongs to the process and not to the page, so a reload or another tab finds it where it is.
"""

from __future__ import annotations

import streamlit as st

from dash.access import may
from dash.evals.review import Trial, try_out
from dash.evals.shadow import Change
from dash.learnings import Learning
from dash.ui.background import Progress, Work
from dash.ui.inert import label
from dash.ui.knowledge.facts import show_facts
from dash.ui.learnings.desk import Desk, allowed

MOST_CHANGES = 20
_LONGEST = 600


def show_trial(learning: Learning, desk: Desk) -> Trial | None:
    """Draw it; the trial, if there is one that still holds."""
    st.caption(desk.say("learnings_try_text"))
    work = desk.workshop.find(_name(learning))
    if work is not None and work.running:
        _watch(learning, desk)
        return None
    trial = work.result if work is not None and isinstance(work.result, Trial) else None
    holds = trial is not None and trial.holds(desk.dash)
    if work is not None:
        _show_end(work, trial, desk)
    if trial is not None:
        if not holds:
            st.warning(desk.say("learnings_stale"), icon=":material/sync_problem:")
        _show_changes(trial, desk)
    _show_buttons(learning, desk, again=work is not None)
    return trial if holds else None


def _name(learning: Learning) -> str:
    return f"try {learning.id}"


def _show_buttons(learning: Learning, desk: Desk, *, again: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            desk.say("learnings_try_again" if again else "learnings_try_begin"),
            icon=":material/science:",
            key="trial-begin",
            type="secondary" if again else "primary",
            on_click=_begin,
            args=(learning, desk, False),
        )
        if learning.word is not None:
            st.button(desk.say("learnings_try_all"), key="trial-all", on_click=_begin, args=(learning, desk, True))


def _begin(learning: Learning, desk: Desk, everything: bool) -> None:
    dash = desk.dash
    if not allowed(desk, "try_learning"):
        return

    def work(progress: Progress) -> Trial:
        return try_out(dash, learning, everything=everything, progress=progress)

    desk.workshop.begin(_name(learning), work)


@st.fragment(run_every=1.0)
def _watch(learning: Learning, desk: Desk) -> None:
    """How far it is, until it is done."""
    work = desk.workshop.find(_name(learning))
    if work is None or not work.running:
        st.rerun()
        return
    words = desk.say("learnings_trying_begins")
    if work.cancelled:
        words = desk.say("learnings_trying_ends")
    elif work.total:
        words = desk.say("learnings_trying", done=work.done, total=work.total)
    st.progress(min(1.0, work.done / work.total) if work.total else 0.0, words)
    st.button(desk.say("learnings_stop"), icon=":material/stop_circle:", key="trial-stop", on_click=work.cancel,
              disabled=work.cancelled or not may(desk.viewer, "try_learning"))  # fmt: skip


def _show_end(work: Work, trial: Trial | None, desk: Desk) -> None:
    """In one sentence, what came of it."""
    if work.problem is not None:
        st.error(desk.say("learnings_try_broke", reason=label(work.problem or desk.say("learnings_ours"))))
    elif trial is None:
        st.info(desk.say("learnings_stopped"), icon=":material/stop_circle:")
    else:
        _show_verdict(trial, desk)
        with st.container(key="small-tried"):
            st.text(desk.say("learnings_tried_on", when=desk.day(trial.tried_at)))


def _show_verdict(trial: Trial, desk: Desk) -> None:
    run = trial.run
    what = desk.say("learnings_what_fix" if run.learning.fix is not None else "learnings_what_word")
    if run.worse:
        worse = desk.say("learnings_tried_worse", count=run.tried, what=what, worse=len(run.worse))
        st.error(worse, icon=":material/gpp_bad:")
    elif run.changes:
        changes = desk.say("learnings_tried_changes", count=run.tried, what=what, changes=len(run.changes))
        st.success(changes, icon=":material/task_alt:")
    elif run.tried:
        st.success(desk.say("learnings_tried_same", count=run.tried, what=what), icon=":material/task_alt:")
    else:
        prose = run.learning.fix is None and run.learning.word is None
        st.info(desk.say("learnings_tried_prose" if prose else "learnings_tried_none"), icon=":material/info:")


def _show_changes(trial: Trial, desk: Desk) -> None:
    """Every change, what is worse first."""
    changes = sorted(trial.run.changes, key=lambda change: not change.worse)
    for index, change in enumerate(changes[:MOST_CHANGES]):
        _show_change(change, index, desk)
    if len(changes) > MOST_CHANGES:
        st.caption(desk.say("learnings_more_changes", count=len(changes) - MOST_CHANGES))


def _show_change(change: Change, index: int, desk: Desk) -> None:
    kind = "fault" if change.worse else "remark"
    with st.container(key=f"finding-{kind}-change-{index}", gap=None):
        mark = desk.say("learnings_change_worse" if change.worse else "learnings_change_other")
        st.text(f"{mark}: {change.question or change.name}", width="stretch")
        show_facts(
            [
                (desk.say("learnings_without"), _cut(change.before)),
                (desk.say("learnings_with"), _cut(change.after)),
            ],
            f"change-{index}",
        )


def _cut(words: str) -> str:
    words = words.strip()
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
