"""Checking now: begun by a click, done in the background, so that a reload or another page does not break it off.

A person has one check at a time and hears how it ended; those of different people wait for each other in the desk.
"""

from __future__ import annotations

import streamlit as st

from dash.ops import Check, StuckDesk
from dash.ui.background import Progress, Workshop
from dash.ui.inert import label
from dash.ui.knowledge.opening import open_workshop
from dash.ui.opening import Service
from dash.ui.texts import text


def _name(service: Service) -> str:
    return f"check stuck tickets {service.owner}"


def show_check_button(service: Service, desk: StuckDesk, language: str, *, first: bool = False) -> None:
    """The button; while a check is at work, that it is."""
    workshop = open_workshop(service)
    work = workshop.find(_name(service))
    if work is not None and work.running:
        _watch(workshop, _name(service), language)
        return
    st.button(
        text("stuck_check_now", language),
        icon=":material/refresh:",
        key="stuck-check",
        type="primary" if first else "secondary",
        on_click=_begin,
        args=(workshop, _name(service), desk),
    )


def _begin(workshop: Workshop, name: str, desk: StuckDesk) -> None:
    def check(progress: Progress) -> Check:
        return desk.check()

    workshop.begin(name, check)


@st.fragment(run_every=0.5)
def _watch(workshop: Workshop, name: str, language: str) -> None:
    work = workshop.find(name)
    if work is None or not work.running:
        st.rerun()
    st.button(text("stuck_checking", language), icon="spinner", key="stuck-checking", disabled=True)


def show_check_end(service: Service, language: str, shown: int | None) -> None:
    """How the last check from here ended, once: why it came to nothing, or the page anew when it ended after the page
    had read the check that is `shown`."""
    workshop = open_workshop(service)
    work = workshop.find(_name(service))
    if work is None or work.running:
        return
    workshop.forget(_name(service))
    if work.problem is not None:
        why = work.problem or text("stuck_ours", language)
        st.error(label(text("stuck_check_broke", language, reason=why)), icon=":material/error:")
    elif isinstance(work.result, Check) and (shown is None or work.result.check_id > shown):
        st.rerun()
