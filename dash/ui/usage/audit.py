"""The audit trail: who asked what, which SQL that led to, and the guard's verdict on each; for people who may see it.

What looks like an address or a telephone number is hidden, as in `dash audit`; values were hidden where they were
written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dash.runs import AuditEntry
from dash.shown.discretion import discreet
from dash.ui.opening import Service
from dash.ui.texts import text

_MOST = 200
_OUTCOMES = ("answered", "clarification", "declined", "error", "interrupted", "rejected", "failed")


def show_audit(service: Service, language: str, since: datetime) -> None:
    """Draw the trail since a moment, the newest first. Raises DatabaseUnavailable."""
    st.subheader(text("audit_title", language), anchor=False)
    with st.container(horizontal=True, gap="small", key="audit-bar"):
        outcome = st.selectbox(
            text("audit_outcome", language),
            _OUTCOMES,
            index=None,
            format_func=lambda name: text(f"audit_{name}", language),
            placeholder=text("audit_outcome", language),
            key="audit-outcome",
            label_visibility="collapsed",
            width=260,
        )
        person = st.text_input(
            text("usage_person", language),
            placeholder=text("usage_person", language),
            key="audit-person",
            label_visibility="collapsed",
            width=260,
        )
    asked_by = person.strip() or None
    entries = service.dash.runs.audit(
        since=since, asked_by=asked_by, outcome=outcome, limit=_MOST, viewer=service.viewer
    )
    if not entries:
        st.info(text("audit_none", language), icon=":material/search_off:")
        return
    chosen = _show_list(entries, service.dash.settings.zone, language)
    if len(entries) == _MOST:
        st.caption(text("audit_cut", language, count=_MOST))
    if chosen is not None:
        _show_entry(chosen, language)


def _show_list(entries: Sequence[AuditEntry], zone: str, language: str) -> AuditEntry | None:
    """The list; returns the entry that is picked."""
    import pandas
    from streamlit import column_config

    rows = [
        {
            "at": entry.asked_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S"),
            "who": entry.asked_by,
            "question": discreet(entry.question),
            "outcome": text(f"audit_{entry.outcome}", language),
            "queries": len(entry.queries),
            "refused": sum(query["verdict"] != "ran" for query in entry.queries),
        }
        for entry in entries
    ]
    names = {
        "at": f"{text('audit_at', language)} ({zone})",
        "who": text("usage_person", language),
        "question": text("audit_question", language),
        "outcome": text("audit_outcome", language),
        "queries": text("audit_queries", language),
        "refused": text("audit_refused", language),
    }
    picked = st.dataframe(
        pandas.DataFrame(rows),
        hide_index=True,
        column_config={name: column_config.Column(words) for name, words in names.items()},
        height=35 * (min(len(rows), 10) + 1) + 3,
        on_select="rerun",
        selection_mode="single-row",
        key="audit-list",
    )
    places = picked["selection"]["rows"]
    return entries[places[0]] if places and places[0] < len(entries) else None


def _show_entry(entry: AuditEntry, language: str) -> None:
    with st.container(border=True, key="audit-entry"):
        st.text(discreet(entry.question), width="stretch")
        st.caption(text("audit_run", language, run=entry.run_id))
        for query in entry.queries:
            words = [query["role"], query["provenance"], text(f"audit_{query['verdict']}", language)]
            words += [str(query["reason"])] if query.get("reason") else []
            words += (
                [text("milliseconds", language, value=f"{query['duration_ms']:.0f}")] if query["duration_ms"] else []
            )
            st.text(" · ".join(words))
            if query.get("message"):
                st.text(discreet(str(query["message"])))
            st.code(discreet(str(query["sql"])), language="sql", wrap_lines=True)
