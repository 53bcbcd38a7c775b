"""One learning: what was learned, from what, what it would change, and what was decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dash.access import may
from dash.errors import DashError
from dash.learnings import Learning
from dash.learnings.files import text_of
from dash.learnings.store import Decision
from dash.shown.discretion import discreet
from dash.ui.knowledge.facts import show_facts, show_heading
from dash.ui.learnings.deciding import show_decision
from dash.ui.learnings.desk import Desk, show_told
from dash.ui.learnings.trial import show_trial

_ASK_PAGE = Path(__file__).parents[1] / "pages" / "ask.py"
_COLOURS = {"candidate": "orange", "active": "green", "retired": "gray"}
_ICONS = {"candidate": ":material/hourglass_empty:", "active": ":material/check_circle:", "retired": ":material/block:"}


def show_learning(learning: Learning, desk: Desk) -> None:
    """Draw it."""
    show_told()
    history = desk.learnings.history(learning.id)
    with st.container(key="entry"):
        with st.container(key="entry-title"):
            st.text(discreet(learning.learned), width="stretch")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.badge(
                desk.say(f"learnings_status_{learning.status}"),
                icon=_ICONS[learning.status],
                color=_COLOURS[learning.status],  # type: ignore[arg-type]
            )
            st.badge(desk.say(f"learnings_kind_{learning.kind}"), color="blue")
        if learning.flag:
            with st.container(key="finding-fault-flag", gap=None):
                st.text(f"{desk.say('learnings_flagged')}: {learning.flag}", width="stretch")
        _show_forms(learning, desk)
        _show_facts(learning, desk)
        _show_evidence(learning, desk)
    with st.container(border=True, key="learning-trial"):
        show_heading(desk.say("learnings_try"))
        trial = show_trial(learning, desk)
    with st.container(border=True, key="learning-decide"):
        show_heading(desk.say("learnings_decide"))
        show_decision(learning, trial, history, desk)
    _show_history(learning, history, desk)
    with st.expander(desk.say("learnings_as_file"), icon=":material/description:"):
        st.code(discreet(text_of(learning)), language="yaml", wrap_lines=True)


def _show_forms(learning: Learning, desk: Desk) -> None:
    """The wrong and the right form, side by side where there is room."""
    if not learning.wrong and not learning.right:
        return
    is_word = learning.word is not None
    with st.container(horizontal=True, key="learning-forms"):
        for name, words in (
            ("learnings_word" if is_word else "learnings_wrong", learning.wrong),
            ("learnings_meaning" if is_word else "learnings_right", learning.right),
        ):
            with st.container(gap=None, key=f"learning-form-{name}"):
                st.caption(desk.say(name))
                st.code(discreet(words), language=None if is_word else "sql", wrap_lines=True)


def _show_facts(learning: Learning, desk: Desk) -> None:
    seen = [desk.say("learnings_seen", count=learning.seen)]
    if learning.last_seen_at is not None:
        seen.append(desk.say("learnings_last_seen", day=desk.day(learning.last_seen_at)))
    author = desk.say("learnings_author_dash") if learning.author == "dash" else learning.author
    show_facts(
        [
            (desk.say("learnings_evidence"), ", ".join(seen)),
            (desk.say("learnings_applies_to"), ", ".join((desk.reach(learning), *learning.applies_to))),
            (desk.say("learnings_author"), author),
            (desk.say("learnings_reviewed_by"), learning.reviewed_by or ""),
            (desk.say("learnings_file"), learning.in_file or ""),
            (desk.say("learnings_check"), learning.check),
        ],
        "learning",
    )


def _show_evidence(learning: Learning, desk: Desk) -> None:
    evidence = learning.evidence
    if learning.scope not in (None, desk.owner) and not may(desk.viewer, "activate_learning"):
        evidence = ()  # what somebody else typed is for those who decide on it
    if not evidence:
        st.caption(desk.say("learnings_no_evidence"))
    for index, one in enumerate(evidence):
        with st.container(key=f"learning-evidence-{index}", gap=None):
            if one.question:
                st.text(f"“{discreet(one.question)}”", width="stretch")
            with st.container(key=f"small-evidence-{index}"):
                run = desk.say("learnings_run", run=one.run) if one.run else ""
                st.text(" · ".join(part for part in (discreet(one.error), run) if part), width="stretch")
            thread = _own_thread(one.run, desk)
            if thread:
                opens = st.button(
                    desk.say("learnings_open_run"), icon=":material/forum:", key=f"run-{index}", type="tertiary"
                )
                if opens:
                    st.switch_page(_ASK_PAGE, query_params={"thread": thread, "lang": desk.language})


def _own_thread(run: str | None, desk: Desk) -> str | None:
    """The conversation of a run, if it is this person's own."""
    try:
        return desk.dash.runs.get(run, owner=desk.owner).thread_id if run else None
    except DashError:
        return None


def _show_history(learning: Learning, history: Sequence[Decision], desk: Desk) -> None:
    show_heading(desk.say("learnings_history"))
    with st.container(key="learning-history", gap="xsmall"):
        if learning.first_seen_at is not None:
            author = desk.say("learnings_author_dash") if learning.author == "dash" else learning.author
            did = desk.say("learnings_did_recorded", who=author)
            st.text(f"{desk.day(learning.first_seen_at)} · {did}", width="stretch")
        active = False
        for one in history:
            what = "rejected" if one.decision == "retired" and not active else one.decision
            active = {"activated": True, "retired": False}.get(one.decision, active)
            did = desk.say(f"learnings_did_{what}", who=one.decided_by)
            note = f" · {discreet(one.note)}" if one.note else ""
            st.text(f"{desk.day(one.decided_at)} · {did}{note}", width="stretch")
        if not history:
            st.caption(desk.say("learnings_history_none"))
