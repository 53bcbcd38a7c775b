"""What every page begins with: its part of the sidebar, the language switch below it, and the product behind it.

It is drawn before the product is open, so that the first page of a fresh process has its frame while the database still
starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dash.records import Viewer
from dash.ui.entrance import Entrance, enter, show_account
from dash.ui.opening import Service, open_service
from dash.ui.session import interface_language, show_language_switch


@dataclass(frozen=True)
class Frame:
    """The language of the page, the page's own place in the sidebar, and who is at the page."""

    language: str
    side: DeltaGenerator
    viewer: Viewer

    def open(self) -> Service | None:
        """The product, or None after saying on the page why it cannot be had and what to do."""
        return open_service(self.language, self.viewer)


def show_frame(entrance: Entrance | None = None) -> Frame:
    """Draw what is around the page. Without an entrance, who is at the page is found out."""
    entrance = entrance or enter()
    language = interface_language()
    with st.sidebar:
        side = st.container(key="side")
        with st.container(key="language"):
            show_language_switch(language)
        show_account(entrance, language)
    # A page runs only for somebody; around what is shown to nobody there is a viewer without any right.
    return Frame(language, side, entrance.viewer or Viewer(""))
