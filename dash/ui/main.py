"""The frame around every page: its looks, its pages, its sidebar.

A page is a file in `pages/`, so that tests and addresses reach each by itself; adding one adds a line here.
"""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from dash.errors import DashError
from dash.ui.entrance import Entrance, enter, refuse
from dash.ui.frame import show_frame
from dash.ui.opening import show_problem
from dash.ui.session import interface_language
from dash.ui.texts import text

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_PAGES = {"page_ask": ("pages/ask.py", ":material/forum:")}


def _entered() -> tuple[Entrance, DashError | None]:
    """Who is at the page; nobody, and why, when that cannot be found out."""
    try:
        return enter(), None
    except DashError as error:
        return Entrance(None), error


def main() -> None:
    """Draw the page that the address names."""
    language = interface_language()
    st.set_page_config(
        page_title=text("page_title", language), page_icon=":material/monitoring:", initial_sidebar_state="auto"
    )
    for looks in sorted((_HERE / "looks").glob("*.css")):
        st.html(looks)
    entrance, problem = _entered()
    names = [Path(file).stem for file, _ in _PAGES.values()]
    pages = [
        st.Page(
            _HERE / file,
            title=text(title, language),
            icon=icon,
            visibility="visible" if entrance.may_open(name) else "hidden",
        )
        for name, (title, (file, icon)) in zip(names, _PAGES.items(), strict=True)
    ]
    page = st.navigation(pages)
    name = names[next(index for index, each in enumerate(pages) if each is page)]
    try:
        if problem is not None:
            raise problem
        if not entrance.may_open(name):
            show_frame(entrance)
            refuse(entrance, name, language)
            return
        page.run()
    except DashError as error:
        show_problem(error, language)
    except Exception:  # a surface's last net: no stack trace reaches the page
        logger.exception("A page could not be drawn.")
        show_problem(None, language)
