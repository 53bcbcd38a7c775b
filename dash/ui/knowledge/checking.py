"""The check of the whole folder: what `dash check` says, done in the background because it asks every golden query."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import streamlit as st

from dash.access import may
from dash.catalogue.faults import find_faults
from dash.errors import Fault
from dash.knowledge.files import read_folder
from dash.ui.background import Progress, Work
from dash.ui.knowledge.opening import Shelf
from dash.ui.knowledge.use import day_of

_NAME = "check the knowledge"


@dataclass(frozen=True)
class _Checked:
    faults: tuple[Fault, ...]
    fingerprint: str


def show_check(shelf: Shelf) -> None:
    """Draw the latest check, or begin one."""
    settings = shelf.service.dash.settings
    st.caption(shelf.say("knowledge_check_text"))
    work = shelf.workshop.find(_NAME)
    if work is not None and work.running:
        _watch(shelf)
        return
    st.button(
        shelf.say("knowledge_check_begin"), icon=":material/rule:", key="check-begin", on_click=_begin, args=(shelf,)
    )
    if work is not None:
        _show_end(work, shelf, settings.knowledge.name)


@st.fragment(run_every=1.0)
def _watch(shelf: Shelf) -> None:
    work = shelf.workshop.find(_NAME)
    if work is None or not work.running:
        st.rerun()
    st.progress(0.0, shelf.say("knowledge_check_running", folder=shelf.service.dash.settings.knowledge.name))


def _begin(shelf: Shelf) -> None:
    if not may(shelf.viewer, "write_query"):
        return  # the page itself says so
    dash = shelf.service.dash
    settings = dash.settings

    def check(progress: Progress) -> _Checked:
        faults = find_faults(settings.knowledge, dash.database, settings.learnings, settings.home)
        return _Checked(faults, read_folder(settings.knowledge).fingerprint)

    shelf.workshop.begin(_NAME, check)


def _show_end(work: Work, shelf: Shelf, folder: str) -> None:
    if work.problem is not None:
        st.error(shelf.say("knowledge_check_broke", reason=""), icon=":material/error:")
        st.text(work.problem)
        return
    found = work.result
    if not isinstance(found, _Checked):
        return
    with st.container(key="small-checked"):
        st.text(shelf.say("knowledge_check_when", when=day_of(work.ended_at, shelf)))
    if found.fingerprint != shelf.service.dash.written.fingerprint:
        st.warning(shelf.say("knowledge_check_changed"), icon=":material/sync_problem:")
    if not found.faults:
        st.success(shelf.say("knowledge_check_none", folder=f"{folder}/"), icon=":material/task_alt:")
        return
    st.markdown(f"**{shelf.say('knowledge_faults', count=len(found.faults))}**")
    for path, faults in groupby(found.faults, key=lambda fault: fault.path):
        with st.container(border=True, key=f"faults-{path}"):
            st.text(path)
            for index, fault in enumerate(faults):
                show_fault(fault, shelf, f"{path}-{index}", "")


def show_fault(fault: Fault, shelf: Shelf, key: str, line: str) -> None:
    """One fault: its line, what is wrong and how to mend it. `line` is the text that stands there."""
    with st.container(key=f"finding-fault-{key}", gap=None):
        st.text(f"{shelf.say('knowledge_line', line=fault.line)}: {fault.what}", width="stretch")
        with st.container(key=f"small-finding-{key}"):
            st.text(shelf.say("knowledge_mend", mend=fault.mend), width="stretch")
        if line:
            with st.container(key=f"finding-line-{key}"):
                st.text(line, width="stretch")
