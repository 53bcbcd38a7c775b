"""The catalogue as a list: a search, kinds to narrow it, and a row for each entry that opens it."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dash.catalogue.entries import KINDS, Kind
from dash.catalogue.finding import Hit
from dash.runs import QueryUse
from dash.ui.inert import label
from dash.ui.knowledge.address import go
from dash.ui.knowledge.opening import Shelf
from dash.ui.knowledge.use import use_of, used_words

AT_ONCE = 24
_SEARCH, _KINDS, _SHOWN = "knowledge-search", "knowledge-kinds", "knowledge-shown"
_KEPT_SEARCH, _KEPT_KINDS = "knowledge_search", "knowledge_kinds"
_LONGEST_SUMMARY = 220
_LONGEST_TITLE = 130
_SAID_BY_TITLE = ("rule", "issue")
ICONS: dict[Kind, str] = {
    "metric": ":material/monitoring:",
    "query": ":material/verified:",
    "table": ":material/table:",
    "word": ":material/translate:",
    "rule": ":material/gavel:",
    "gotcha": ":material/warning:",
    "topic": ":material/block:",
}


def show_list(shelf: Shelf) -> None:
    """Draw the search and what it finds."""
    query = _show_search(shelf)
    hits = shelf.search.find(query)
    kinds = _show_kinds(hits, shelf)
    if kinds:
        hits = tuple(hit for hit in hits if hit.entry.kind in kinds)
    if not hits:
        st.info(shelf.say("knowledge_nothing"), icon=":material/search_off:")
        return
    shown = st.session_state.get(_SHOWN, AT_ONCE)
    uses = use_of(shelf)
    with st.container(key="knowledge-list", gap=None):
        for hit in hits[:shown]:
            _show_row(hit, shelf, uses)
    if len(hits) > shown:
        more = min(AT_ONCE, len(hits) - shown)
        st.button(shelf.say("knowledge_more", count=more), key="knowledge-more", on_click=_more, type="tertiary")


def _show_search(shelf: Shelf) -> str:
    """The search keeps its words while the person looks at an entry or at another page."""
    if _SEARCH not in st.session_state:
        st.session_state[_SEARCH] = st.session_state.get(_KEPT_SEARCH, "")
    words = st.text_input(
        shelf.say("knowledge_search"),
        key=_SEARCH,
        placeholder=shelf.say("knowledge_search"),
        icon=":material/search:",
        label_visibility="collapsed",
        on_change=_less,
    )
    st.session_state[_KEPT_SEARCH] = words
    return words


def _show_kinds(hits: tuple[Hit, ...], shelf: Shelf) -> list[Kind]:
    counts = Counter(hit.entry.kind for hit in hits)
    if _KINDS not in st.session_state:
        st.session_state[_KINDS] = st.session_state.get(_KEPT_KINDS, [])
    chosen: list[Kind] = st.pills(
        shelf.say("knowledge_kinds"),
        list(KINDS),
        selection_mode="multi",
        format_func=lambda kind: f"{ICONS[kind]} {shelf.say(f'knowledge_kinds_{kind}')} {counts[kind]}",
        key=_KINDS,
        on_change=_less,
        label_visibility="collapsed",
    )
    st.session_state[_KEPT_KINDS] = chosen
    return chosen


def _show_row(hit: Hit, shelf: Shelf, uses: dict[str, QueryUse]) -> None:
    entry = hit.entry
    with st.container(key=f"knowledge-row-{entry.address}", gap=None):
        title = _cut(entry.title(shelf.language), _LONGEST_TITLE)
        st.button(
            label(title),
            icon=ICONS[entry.kind],
            key=f"open-{entry.address}",
            type="tertiary",
            on_click=go,
            kwargs={"entry": entry.address},
        )
        summary = entry.summary(shelf.language)
        if summary:
            st.text(_cut(summary, _LONGEST_SUMMARY), width="stretch")
        small = [shelf.say(f"knowledge_kind_{entry.kind}")]
        if entry.owner:
            small.append(entry.owner)
        if entry.kind == "query":
            small.append(f"{shelf.say('knowledge_used')}: {used_words(uses.get(entry.name), shelf)}")
        if hit.field and hit.field not in _SAID_BY_TITLE:
            field = shelf.say(f"knowledge_field_{hit.field}")
            small.append(shelf.say("knowledge_because", field=field, words=_cut(hit.words, 80)))
        with st.container(key=f"small-row-{entry.address}"):
            st.text(" · ".join(small), width="stretch")


def _cut(words: str, longest: int) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= longest else one_line[: longest - 1].rstrip() + "…"


def _more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, AT_ONCE) + AT_ONCE


def _less() -> None:
    st.session_state.pop(_SHOWN, None)
