"""Questions at work on the page: their steps as they come, and a button that stops each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dash.desk import Job
from dash.ui.texts import step_text
from dash.ui.view import View

_LOOK_SECONDS = 0.25


def watch(running: Sequence[Job], view: View, avatar: str, show_question: Callable[[str, str], None]) -> None:
    """Show the steps of the questions at work until the last of them is done. A click or a reload stops the watching
    and not the work; only the button does."""
    watched = []
    for index, job in enumerate(running):
        show_question(job.text, f"working-{index}")
        with st.chat_message("assistant", avatar=avatar):
            status = st.status(_title(job, view, waits=index > 0), expanded=True, type="compact")
            st.button(
                view.say("cancel"),
                icon=":material/stop_circle:",
                type="tertiary",
                key=f"cancel-{job.thread_id}-{index}",
                disabled=job.cancelled.is_set(),
                on_click=job.cancelled.set,
            )
            watched.append((job, status))
    for job, status in watched:
        seen = 0
        while not job.done:
            job.wait_for_change(seen, _LOOK_SECONDS)
            for step in job.steps[seen:]:
                status.write(step_text(step, view.language))
            seen = len(job.steps)
            # A call into Streamlit is where an abandoned script stops; without one it would watch on for nobody.
            # It says "expanded" again: a busy browser draws the first time what came last, which else would be closed.
            status.update(label=_title(job, view), expanded=True)


def _title(job: Job, view: View, *, waits: bool = False) -> str:
    if job.cancelled.is_set():
        return view.say("cancelling")
    return view.say("waiting" if waits else "working")
