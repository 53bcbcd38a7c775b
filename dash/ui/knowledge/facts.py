"""Small facts below each other, a name and what stands for it; what files say is shown as it is, never as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from dash.ui.inert import label
from dash.ui.knowledge.address import go
from dash.ui.knowledge.opening import Shelf


def show_facts(facts: Iterable[tuple[str, str]], key: str) -> None:
    """A grid of (name, words); what has no words is left out."""
    with st.container(key=f"facts-{key}", gap=None):
        for index, (name, words) in enumerate(facts):
            if words:
                with st.container(key=f"fact-{key}-{index}", gap=None):
                    st.caption(label(name))
                    st.text(words, width="stretch")


def show_heading(words: str) -> None:
    """What begins a part of an entry."""
    st.markdown(f"**{words}**")


def show_lines(lines: Sequence[str], key: str) -> None:
    """Sentences of a file, one below the other."""
    with st.container(key=f"lines-{key}", gap="xsmall"):
        for line in lines:
            st.text(f"• {line}", width="stretch")


def show_links(addresses: Iterable[str], shelf: Shelf, key: str) -> None:
    """Buttons that open other entries, as far as there are such."""
    found = [entry for address in addresses if (entry := shelf.catalogue.find(address)) is not None]
    if not found:
        return
    with st.container(horizontal=True, gap="small", key=f"links-{key}"):
        for entry in found:
            st.button(
                label(entry.title(shelf.language)),
                key=f"link-{key}-{entry.address}",
                on_click=go,
                kwargs={"entry": entry.address},
            )
