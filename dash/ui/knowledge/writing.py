"""The editor of a vetted query's file: its text, what is wrong with it, a dry run, and the file to download.

Every state of the text is kept in the store under the draft's id, which the address names; so a reload, another page or
a crash loses nothing. Only its author's pages see it.
"""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from dash.catalogue.beginning import empty_text
from dash.catalogue.drafts import Draft
from dash.catalogue.examining import Examined, Remark, examine
from dash.errors import DashError
from dash.knowledge.queries import query_names
from dash.ui.inert import label
from dash.ui.knowledge.address import current, go
from dash.ui.knowledge.checking import show_fault
from dash.ui.knowledge.opening import Shelf, begin_draft
from dash.ui.knowledge.trying import show_trial

_UNSAVED = "knowledge_unsaved"
_EXAMINED = "knowledge_examined"
_SECONDS_KEPT = 60.0
_SCRIPT = Path(__file__).with_name("typing.js")
_HEIGHT = 560


def show_editor(shelf: Shelf) -> None:
    """Draw the draft that the address names, else the latest one, else an invitation to begin one."""
    drafts = shelf.drafts.list(shelf.service.owner)
    draft = next((each for each in drafts if each.id == current("draft")), None) or next(iter(drafts), None)
    if draft is None:
        st.info(shelf.say("knowledge_write_empty"), icon=":material/edit_note:")
        st.button(shelf.say("knowledge_begin"), icon=":material/add:", key="draft-begin", type="primary",
                  on_click=_begin, args=(shelf,))  # fmt: skip
        return
    _show_drafts(drafts, draft, shelf)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        text = _show_text(draft, shelf)
    with right, st.container(key="draft-findings"):
        with st.spinner(shelf.say("knowledge_checking")):
            examined = _examined(text, shelf)
        _show_download(examined, shelf)
        _show_findings(examined, shelf)
    _show_dry_run(examined, draft, shelf)


def _examined(text: str, shelf: Shelf) -> Examined:
    """What is said about a text; a click elsewhere on the page does not ask all its questions again."""
    key = (text, shelf.service.dash.written.fingerprint, shelf.viewer)
    known = st.session_state.get(_EXAMINED)
    if known is None or known[0] != key or time.monotonic() - known[1] > _SECONDS_KEPT:
        known = (key, time.monotonic(), examine(shelf.service.dash, text, shelf.viewer))
        st.session_state[_EXAMINED] = known
    found: Examined = known[2]
    return found


def _show_drafts(drafts: tuple[Draft, ...], draft: Draft, shelf: Shelf) -> None:
    names = {each.id: ", ".join(query_names(each.text)) or shelf.say("knowledge_unnamed") for each in drafts}
    with st.container(horizontal=True, vertical_alignment="bottom", key="drafts"):
        chosen = st.selectbox(
            shelf.say("knowledge_drafts"),
            list(names),
            index=list(names).index(draft.id),
            format_func=lambda each: names.get(each, each),
            key=f"draft-choice-{draft.id}-{len(drafts)}",
        )
        st.button(shelf.say("knowledge_new"), icon=":material/add:", key="draft-new", on_click=_begin, args=(shelf,))
        with st.popover(shelf.say("knowledge_discard"), icon=":material/delete:"):
            st.button(
                shelf.say("knowledge_discard_sure"), key="draft-discard", on_click=_discard, args=(shelf, draft.id)
            )
    if chosen != draft.id:
        go(view="write", draft=chosen)
        st.rerun()


def _show_text(draft: Draft, shelf: Shelf) -> str:
    key = f"draft-text-{draft.id}"
    if key not in st.session_state:
        st.session_state[key] = draft.text
    with st.container(key="draft-editor"):
        text = st.text_area(
            shelf.say("knowledge_editor"),
            key=key,
            height=_HEIGHT,
            help=shelf.say("knowledge_editor_help"),
            on_change=_save,
            args=(shelf, draft.id, key),
        )
    # Hands the text over while the person types, as leaving the field would.
    st.html(f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)
    reason = st.session_state.get(_UNSAVED)
    if reason:
        st.error(label(shelf.say("knowledge_unsaved", reason=reason)), icon=":material/cloud_off:")
    return text


def _save(shelf: Shelf, draft_id: str, key: str) -> None:
    st.session_state.pop(_UNSAVED, None)
    try:
        shelf.drafts.save(shelf.service.owner, draft_id, st.session_state[key])
    except DashError as error:
        st.session_state[_UNSAVED] = error.message


def _begin(shelf: Shelf) -> None:
    begin_draft(shelf, empty_text())


def _discard(shelf: Shelf, draft_id: str) -> None:
    shelf.drafts.discard(shelf.service.owner, draft_id)
    go(view="write")


def _show_download(examined: Examined, shelf: Shelf) -> None:
    name = Path(examined.checked.path).name
    st.download_button(
        label(shelf.say("knowledge_download", file=name)),
        data=examined.text if examined.text.endswith("\n") else examined.text + "\n",
        file_name=name,
        mime="application/sql",
        icon=":material/download:",
        type="primary" if examined.is_sound else "secondary",
        on_click="ignore",
        width="stretch",
        key="draft-download",
    )
    if examined.is_sound:
        st.caption(shelf.say("knowledge_download_text", folder=f"`{Path(examined.checked.path).parent.as_posix()}/`"))


def _show_findings(examined: Examined, shelf: Shelf) -> None:
    lines = examined.text.splitlines()
    faults = examined.checked.faults
    if examined.is_sound:
        st.success(shelf.say("knowledge_sound"), icon=":material/task_alt:")
    elif faults:
        st.markdown(f":material/error: **{shelf.say('knowledge_faults', count=len(faults))}**")
    for index, fault in enumerate(faults):
        show_fault(fault, shelf, f"draft-{index}", _line(lines, fault.line))
    _show_guard(examined, shelf)
    if examined.remarks:
        st.markdown(f":material/visibility: **{shelf.say('knowledge_remarks', count=len(examined.remarks))}**")
    for index, remark in enumerate(examined.remarks):
        with st.container(key=f"finding-remark-{index}", gap=None):
            st.text(f"{shelf.say('knowledge_line', line=remark.line)}: {_remark_words(remark, shelf)}", width="stretch")


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _remark_words(remark: Remark, shelf: Shelf) -> str:
    about = remark.about
    if remark.kind == "question_unread":
        about = shelf.say("knowledge_remark_words", words=about) if about else ""
    return shelf.say(f"knowledge_remark_{remark.kind}").format(about=about, question=remark.question)


def _show_guard(examined: Examined, shelf: Shelf) -> None:
    for verdict in examined.verdicts:
        passes = verdict.reason is None
        if not passes and examined.checked.faults:
            continue  # it is among the faults, or follows from them
        with st.container(key=f"finding-{'guard' if passes else 'fault'}-{verdict.query}", gap=None):
            if verdict.reason is not None:
                st.text(shelf.say("knowledge_guard_rejects", query=verdict.query, reason=verdict.reason))
                continue
            relations = ", ".join(verdict.relations) or shelf.say("knowledge_reads_nothing")
            st.text(shelf.say("knowledge_guard_passes", query=verdict.query, relations=relations), width="stretch")
            if verdict.masked:
                st.text(shelf.say("knowledge_guard_masks", columns=", ".join(verdict.masked)), width="stretch")


def _show_dry_run(examined: Examined, draft: Draft, shelf: Shelf) -> None:
    with st.container(border=True, key="draft-try"):
        st.markdown(f"**{shelf.say('knowledge_try')}**")
        if not examined.is_sound or examined.reader is None:
            st.caption(shelf.say("knowledge_mend_first"))
            return
        st.caption(shelf.say("knowledge_try_text"))
        for query in examined.checked.queries:
            declared = abs(hash(repr(query.parameters))) % 10_000
            show_trial(query, shelf, key=f"draft-{draft.id}-{query.name}-{declared}", reader=examined.reader)
