"""The Learnings page: what waits for a person first; one learning with its evidence, its trial and its history.

Which learning is open stands in the address (`?learning=…`), so a link and a reload show the same.
"""

from __future__ import annotations

import streamlit as st

from dash.errors import DashError, NotFoundError
from dash.learnings import Learning
from dash.shown.discretion import discreet
from dash.ui.inert import label
from dash.ui.learnings.all import show_all
from dash.ui.learnings.desk import Desk, current, go, open_desk
from dash.ui.learnings.one import show_learning
from dash.ui.opening import Service, show_problem

STATUSES = ("candidate", "active", "retired")
KINDS = ("query_fix", "vocabulary", "data_quality", "join_path", "definition")
AT_ONCE = 30
_STATUS, _KIND, _SHOWN = "learnings-status", "learnings-kind", "learnings-shown"
ICONS = {
    "query_fix": ":material/build:",
    "vocabulary": ":material/translate:",
    "data_quality": ":material/dataset:",
    "join_path": ":material/join:",
    "definition": ":material/rate_review:",
}


def show_learnings(service: Service, language: str) -> None:
    """Draw the page."""
    desk = open_desk(service, language)
    with st.container(key="wide"):
        st.title(desk.say("page_learnings"), anchor=False)
        try:
            if current():
                _show_one(desk)
            else:
                _show_list(desk)
        except DashError as error:
            show_problem(error, language)


def _show_one(desk: Desk) -> None:
    st.button(
        desk.say("learnings_back"),
        icon=":material/arrow_back:",
        key="learnings-back",
        type="tertiary",
        on_click=go,
        args=("",),
    )
    try:
        learning = desk.learnings.get(current())
    except NotFoundError:
        st.info(desk.say("learnings_missing"), icon=":material/link_off:")
        return
    show_learning(learning, desk)


def _show_list(desk: Desk) -> None:
    st.caption(desk.say("learnings_intro"))
    everything = desk.learnings.list()
    status = _choose_status(everything, desk)
    kind = st.selectbox(
        desk.say("learnings_kind"),
        [None, *KINDS],
        format_func=lambda each: desk.say(f"learnings_kind_{each or 'all'}"),
        key=_KIND,
        label_visibility="collapsed",
        width=260,
    )
    of_status = [each for each in everything if each.status == status]
    found = [each for each in of_status if kind in (None, each.kind)]
    if not found:
        empty = f"learnings_none_{status}" if not of_status else "learnings_none_of_kind"
        st.info(desk.say(empty), icon=":material/task_alt:")
    shown = st.session_state.get(_SHOWN, AT_ONCE)
    with st.container(key="learnings-list", gap=None):
        for each in found[:shown]:
            _show_row(each, desk)
    if len(found) > shown:
        more = min(AT_ONCE, len(found) - shown)
        st.button(desk.say("knowledge_more", count=more), key="learnings-more", type="tertiary", on_click=_more)
    show_all(everything, desk)


def _choose_status(everything: tuple[Learning, ...], desk: Desk) -> str:
    counts = {status: sum(each.status == status for each in everything) for status in STATUSES}
    if _STATUS not in st.session_state:
        st.session_state[_STATUS] = desk.kept_status
    chosen = st.segmented_control(
        desk.say("learnings_status"),
        list(STATUSES),
        format_func=lambda each: desk.say(f"learnings_tab_{each}", count=counts[each]),
        required=True,
        key=_STATUS,
        label_visibility="collapsed",
    )
    desk.keep_status(str(chosen))
    return str(chosen)


def _show_row(learning: Learning, desk: Desk) -> None:
    with st.container(key=f"learnings-row-{learning.id}", gap=None):
        st.button(
            label(discreet(learning.learned)),
            icon=ICONS.get(learning.kind),
            key=f"learning-{learning.id}",
            type="tertiary",
            on_click=go,
            args=(learning.id,),
        )
        small = [desk.say(f"learnings_kind_{learning.kind}"), desk.say("learnings_seen", count=learning.seen)]
        if learning.last_seen_at is not None:
            small.append(desk.say("learnings_last_seen", day=desk.day(learning.last_seen_at)))
        small.append(desk.reach(learning))
        with st.container(key=f"small-learning-{learning.id}"):
            st.text(" · ".join(small), width="stretch")
        if learning.flag:
            with st.container(key=f"finding-fault-{learning.id}", gap=None):
                st.text(f"{desk.say('learnings_flagged')}: {learning.flag}", width="stretch")


def _more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, AT_ONCE) + AT_ONCE
