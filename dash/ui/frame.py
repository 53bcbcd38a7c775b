"""What every page begins with: its part of the sidebar, the language switch below it, and the product behind it.

It is drawn before the product is open, so that the first page of a fresh process has its frame while the database still
starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dash.ui.opening import Service, open_service
from dash.ui.session import interface_language, show_language_switch


@dataclass(frozen=True)
class Frame:
    """The language of the page and the page's own place in the sidebar."""

    language: str
    side: DeltaGenerator

    def open(self) -> Service | None:
        """The product, or None after saying on the page why it cannot be had and what to do."""
        return open_service(self.language)


def show_frame() -> Frame:
    """Draw what is around the page."""
    language = interface_language()
    with st.sidebar:
        side = st.container(key="side")
        with st.container(key="language"):
            show_language_switch(language)
    return Frame(language, side)
