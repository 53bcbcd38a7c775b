"""What stands below an answer: where it comes from, whether it is right, and what can be done with it.

Three things are in sight: the provenance, the thumbs, and two buttons behind which the rest waits. An answer stays
calm, however much can be done with it.
"""

from __future__ import annotations

import streamlit as st

from dash.ui.changed import show_way_to_change
from dash.ui.chart_kinds import show_kinds
from dash.ui.downloads import show_downloads
from dash.ui.evidence import show_evidence
from dash.ui.feedback import show_correction, show_thumbs
from dash.ui.keeping import show_link, show_saving
from dash.ui.parameters import ask_now, show_parameters
from dash.ui.view import AnswerDict, View

_PROVENANCE = {
    "vetted": (":material/verified:", "green"),
    "composed": (":material/account_tree:", "blue"),
    "model_read": (":material/smart_toy:", "violet"),
    "model_written": (":material/smart_toy:", "orange"),
    "model_unconfirmed": (":material/warning:", "red"),
}


def show_footer(answer: AnswerDict, view: View, key: str, *, drawn: bool) -> None:
    """Draw it; `drawn` says that there is a chart above it. A container `pin-KEY` is where an answer is pinned."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"footer-{key}"):
        _show_badge(answer, view)
        show_thumbs(answer, view, key)
        show_parameters(answer, view, key)
        if view.pin is not None and view.run_of(answer) is not None:
            with st.container(width="content", key=f"pin-{key}"):
                view.pin(answer["run_id"], key)
        _show_more(answer, view, key, drawn=drawn)
    show_correction(answer, view, key)
    with st.expander(view.say("how"), icon=":material/manage_search:", key=f"how-{key}"):
        show_evidence(answer, view.language, view.cells(view.language), key)


def _show_badge(answer: AnswerDict, view: View) -> None:
    provenance = answer["provenance"]
    if provenance in _PROVENANCE:
        icon, colour = _PROVENANCE[provenance]
        st.badge(
            view.say(f"provenance_{provenance}"),
            icon=icon,
            color=colour,  # type: ignore[arg-type]
            help=view.say(f"explain_{provenance}"),
        )


def _show_more(answer: AnswerDict, view: View, key: str, *, drawn: bool) -> None:
    has_data = bool(answer["rows"] and answer["columns"])
    if not has_data and view.run_of(answer) is None:
        return
    with st.popover(view.say("more"), icon=":material/more_horiz:", type="tertiary", key=f"more-{key}"):
        if has_data:
            show_kinds(answer, view, key)
            with st.container(gap=None):
                st.caption(view.say("download"))
                show_downloads(answer, view, key, drawn=drawn)
        show_saving(answer, view, key)
        show_link(answer, view, key)
        if view.run_of(answer) is not None:
            st.button(
                view.say("ask_now"),
                icon=":material/refresh:",
                type="tertiary",
                help=view.say("ask_now_help"),
                key=f"ask-now-{key}",
                on_click=ask_now,
                args=(answer, view),
            )
            show_way_to_change(answer, view.language, key)
