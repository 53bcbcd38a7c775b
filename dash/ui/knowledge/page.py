"""The Knowledge page: a catalogue to search, an editor for a new query, what is asked without one, and the check.

Which of them is shown, and which entry or draft, stands in the address, so that a link and a reload show the same.
"""

from __future__ import annotations

import streamlit as st

from dash.access import may, require
from dash.drift import Finding
from dash.errors import DashError
from dash.ui.knowledge.address import VIEWS, View, current, go
from dash.ui.knowledge.asked import show_asked
from dash.ui.knowledge.checking import show_check
from dash.ui.knowledge.entry import show_entry
from dash.ui.knowledge.listing import show_list
from dash.ui.knowledge.opening import Shelf, open_shelf
from dash.ui.knowledge.writing import show_editor
from dash.ui.opening import Service, show_problem

_SWITCH = "knowledge-view"


def show_knowledge(service: Service, language: str) -> None:
    """Draw the page."""
    shelf = open_shelf(service, language)
    with st.container(key="wide"):
        st.title(shelf.say("page_knowledge"), anchor=False)
        _show_drift(shelf)
        view = _show_switch(shelf)
        try:
            _show(view, shelf)
        except DashError as error:
            show_problem(error, language)


def _show_drift(shelf: Shelf) -> None:
    """Where the database is not any more as the files say, for those who can mend them."""
    drift = shelf.service.dash.drift
    if not drift or not may(shelf.viewer, "write_query"):
        return
    with st.container(border=True, key="finding-drift"):
        st.warning(shelf.say("knowledge_drift"), icon=":material/sync_problem:")
        for finding in drift:
            st.text(_said(finding, shelf), width="stretch")
        st.caption(shelf.say("knowledge_drift_mend"))
        st.code("dash check --live --propose mend.diff", language=None)


def _said(finding: Finding, shelf: Shelf) -> str:
    facts = {"about": finding.name, "before": finding.before, "now": finding.now, "values": finding.shown}
    maybe = shelf.say("knowledge_drift_renamed", about=finding.renamed_to) if finding.renamed_to else ""
    return f"{shelf.say(f'knowledge_drift_{finding.kind}', **facts)}{maybe}"


def _show(view: View, shelf: Shelf) -> None:
    if view != "catalogue":  # what others asked, and work that the whole folder is checked with, are the editor's
        require(shelf.viewer, "write_query")
    if view == "write":
        show_editor(shelf)
    elif view == "asked":
        show_asked(shelf)
    elif view == "check":
        show_check(shelf)
    elif address := current("entry"):
        show_entry(address, shelf)
    else:
        show_list(shelf)


def _show_switch(shelf: Shelf) -> View:
    """The four parts of the page; what the address says is what is chosen, also after "back" in the browser."""
    named = current("view")
    view: View = named if named in VIEWS else "catalogue"
    if st.session_state.get(_SWITCH) != view:
        st.session_state[_SWITCH] = view
    st.segmented_control(
        shelf.say("knowledge_view"),
        [each for each in VIEWS if each in (view, "catalogue") or may(shelf.viewer, "write_query")],
        format_func=lambda each: shelf.say(f"knowledge_view_{each}"),
        required=True,
        key=_SWITCH,
        on_change=_switched,
        label_visibility="collapsed",
    )
    return view


def _switched() -> None:
    go(view=st.session_state[_SWITCH])
