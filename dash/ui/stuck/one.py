"""One ticket in full, below the list: why it is stuck, what shows it, what to do, and what people did about it."""

from __future__ import annotations

import streamlit as st

from dash.access import may
from dash.ops import Action, Entry
from dash.ui.inert import label
from dash.ui.session import conversation_link
from dash.ui.stuck.rows import snooze_words, state_words
from dash.ui.stuck.sight import Sight


def show_one(sight: Sight, entry: Entry) -> None:
    """Draw it."""
    ticket, wording = entry.ticket, sight.wording
    with st.container(border=True, key="stuck-one"):
        with st.container(horizontal=True, vertical_alignment="center", key="stuck-one-head"):
            st.subheader(label(f"{ticket.ticket} · {wording.reason(ticket.reason)}"), anchor=False)
            if may(sight.desk.viewer, "replay"):
                link = f"{conversation_link(ticket.ticket)}&lang={sight.language}"
                st.link_button(sight.say("stuck_open_replay"), link, icon=":material/play_circle:")
        if advice := wording.advice(ticket.reason):
            with st.container(key="stuck-advice-one"):
                st.text(advice, width="stretch")
        _show_lines(sight, entry)
        _show_history(sight, sight.desk.actions(ticket.ticket))


def _show_lines(sight: Sight, entry: Entry) -> None:
    ticket, wording = entry.ticket, sight.wording
    waits = sight.say(
        "stuck_waits",
        stage=wording.stage(ticket.stage),
        moment=wording.moment(ticket.since),
        waited=wording.waiting(ticket.hours(sight.now)),
        checks=sight.count(ticket.checks),
    )
    lines = [waits]
    evidence = " · ".join(f"{name}: {value}" for name, value in wording.evidence(ticket))
    facts = " · ".join(f"{name}: {value}" for name, value in wording.facts(ticket))
    lines += [words for words in (evidence, facts) if words]
    if state := state_words(sight, entry):
        lines.append(state)
    if entry.state.assignee:
        lines.append(f"{sight.say('stuck_has_it')}: {entry.state.assignee}")
    with st.container(key="lines-stuck-one", gap=None):
        for line in lines:
            st.text(line, width="stretch")


def _show_history(sight: Sight, actions: tuple[Action, ...]) -> None:
    if not actions:
        return
    with st.container(key="small-stuck-history", gap=None):
        for action in reversed(actions):
            st.text(_words(sight, action), width="stretch")


def _words(sight: Sight, action: Action) -> str:
    name = f"stuck_history_{action.deed}"
    if action.deed == "assign" and action.text is None:
        name = "stuck_history_unassign"
    words = sight.say(name, who=action.who, whom=action.text or "")
    if action.deed == "snooze":
        words += f", {snooze_words(sight, action.until)}"
    said = sight.say("stuck_said", text=action.text) if action.text and action.deed != "assign" else ""
    return f"{sight.wording.moment(action.at)} · {words}{said}"
