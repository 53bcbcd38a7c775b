"""What concerns all learnings: checking them against the data, files for git, and a remark on an answer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from dash.access import require
from dash.errors import DashError
from dash.evals.review import check_all
from dash.learnings import Learning, load_learnings
from dash.learnings.candidates import remark_candidate
from dash.learnings.files import reviewed, text_of
from dash.shown.discretion import discreet
from dash.ui.background import Progress
from dash.ui.inert import label
from dash.ui.learnings.desk import Desk, allowed, show_told, tell

_CHECK = "check the learnings"
_RUN, _REMARK, _WRONG = "remark-run", "remark-text", "remark-wrong"


def show_all(learnings: Sequence[Learning], desk: Desk) -> None:
    """Draw the part below the list."""
    show_told()
    with st.expander(desk.say("learnings_all"), icon=":material/tune:"):
        _show_check(desk)
        _show_files(learnings, desk)
    with st.expander(desk.say("learnings_remark"), icon=":material/rate_review:"):
        st.text_input(desk.say("learnings_remark_run"), key=_RUN, width=320)
        st.text_area(desk.say("learnings_remark_text"), key=_REMARK, height=80)
        st.checkbox(desk.say("learnings_remark_wrong"), key=_WRONG)
        st.button(desk.say("learnings_remark_send"), key="remark-send", on_click=_remark, args=(desk,))


def _show_check(desk: Desk) -> None:
    st.caption(desk.say("learnings_check_all_text"))
    work = desk.workshop.find(_CHECK)
    if work is not None and work.running:
        _watch(desk)
        return
    st.button(desk.say("learnings_check_all"), icon=":material/rule:", key="check-all", on_click=_check, args=(desk,))
    if work is not None and work.problem is not None:
        st.error(desk.say("learnings_try_broke", reason=label(work.problem or desk.say("learnings_ours"))))
    elif work is not None and work.result is not None:
        failed = sum(bool(why) for _, why in work.result)
        words = desk.say("learnings_checked", count=len(work.result), failed=failed)
        (st.warning if failed else st.success)(words, icon=":material/rule:")


@st.fragment(run_every=1.0)
def _watch(desk: Desk) -> None:
    work = desk.workshop.find(_CHECK)
    if work is None or not work.running:
        st.rerun()
        return
    share = min(1.0, work.done / work.total) if work.total else 0.0
    st.progress(share, desk.say("learnings_checking", done=work.done, total=work.total))


def _check(desk: Desk) -> None:
    dash = desk.dash
    if not allowed(desk, "try_learning"):
        return

    def work(progress: Progress) -> tuple[tuple[Learning, str], ...]:
        return check_all(dash, datetime.now(UTC), progress)

    desk.workshop.begin(_CHECK, work)


def _show_files(learnings: Sequence[Learning], desk: Desk) -> None:
    found = reviewed(learnings, discreet)
    st.caption(desk.say("learnings_export_text"))
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            desk.say("learnings_export", count=len(found)),
            data=lambda: _zipped(found),
            file_name="learnings.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            disabled=not found,
            key="export",
        )
        folder = desk.dash.settings.learnings.name
        st.button(
            label(desk.say("learnings_import", folder=folder)),
            icon=":material/upload_file:",
            key="import",
            on_click=_take_in,
            args=(desk,),
        )


def _zipped(learnings: Sequence[Learning]) -> bytes:
    """The files that `dash learnings export` writes, in one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for learning in learnings:
            files.writestr(f"learnings/{learning.id}.yaml", text_of(learning))
    return archive.getvalue()


def _take_in(desk: Desk) -> None:
    try:
        require(desk.viewer, "activate_learning")
        files = load_learnings(desk.dash.settings.learnings)
        changed = desk.learnings.take_in(files)
        desk.dash.refresh()
    except DashError as error:
        tell(error.message, trouble=True)
        return
    tell(desk.say("learnings_imported", changed=len(changed), count=len(files)))


def _remark(desk: Desk) -> None:
    run_id = str(st.session_state.get(_RUN) or "").strip()
    words = str(st.session_state.get(_REMARK) or "").strip()
    if not run_id or not words:
        tell(desk.say("learnings_remark_empty"), trouble=True)
        return
    try:
        require(desk.viewer, "give_feedback")
        run = desk.dash.runs.get(run_id, owner=desk.owner)
        wrong = bool(st.session_state.get(_WRONG))
        desk.learnings.record(remark_candidate(run.run_id, words, by=desk.owner, wrong=wrong))
    except DashError as error:
        tell(error.message, trouble=True)
        return
    st.session_state[_RUN] = st.session_state[_REMARK] = ""
    tell(desk.say("learnings_remarked"))
