"""The frame around every page: its looks, its pages, its sidebar.

A page is a file in `pages/`, so that tests and addresses reach each by itself; adding one adds a line here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from dash.drafting.reviewing import Review
from dash.errors import DashError
from dash.settings import Settings
from dash.ui.connection import watch_connection
from dash.ui.entrance import Entrance, enter, refuse
from dash.ui.frame import show_frame
from dash.ui.opening import show_problem
from dash.ui.session import interface_language
from dash.ui.texts import text

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
# A page: its title among the words → its file and icon. Which heading it stands under, and in what order, is below.
_PAGES = {
    "page_ask": ("pages/ask.py", ":material/forum:"),
    "page_board": ("pages/board.py", ":material/space_dashboard:"),
    "page_replay": ("pages/replay.py", ":material/play_circle:"),
    "page_stuck": ("pages/stuck.py", ":material/hourglass_top:"),
    "page_knowledge": ("pages/knowledge.py", ":material/menu_book:"),
    "page_learnings": ("pages/learnings.py", ":material/school:"),
    "page_review": ("pages/review.py", ":material/rule:"),
    "page_usage": ("pages/usage.py", ":material/query_stats:"),
}
# Headings of the navigation with the titles of their pages, in order; a page that none names stands at the end.
_SECTIONS = {
    "section_answers": ("page_ask", "page_board"),
    "section_tickets": ("page_replay", "page_stuck"),
    "section_inside": ("page_knowledge", "page_learnings", "page_review", "page_usage"),
}


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
        page_title=text("page_title", language),
        page_icon=_HERE / "looks" / "logo-small.svg",  # a sign by its name would come from a stranger's server
        initial_sidebar_state="auto",
    )
    for looks in sorted((_HERE / "looks").glob("*.css")):
        st.html(looks)
    st.logo(_HERE / "looks" / "logo.svg", size="large", icon_image=_HERE / "looks" / "logo-small.svg")
    watch_connection(language)
    entrance, problem = _entered()
    pages = _pages(language, entrance)
    page = st.navigation(_navigation(pages, language), expanded=True)
    name = next(_name(title) for title, each in pages.items() if each is page)
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


def _name(title: str) -> str:
    """What a page is called in the table of rights: by its file."""
    return Path(_PAGES[title][0]).stem


def _pages(language: str, entrance: Entrance) -> dict[str, st.Page]:
    """Title among the words → the page; one that is not for whoever is here is hidden, and refuses when opened."""
    return {
        title: st.Page(
            _HERE / file,
            title=text(title, language),
            icon=icon,
            visibility="visible" if entrance.may_open(_name(title)) and _has_use(_name(title)) else "hidden",
        )
        for title, (file, icon) in _PAGES.items()
    }


def _has_use(page: str) -> bool:
    """Whether a page has anything to show here: an interview needs a draft."""
    return page != "review" or Review.is_possible(Settings.from_env())


def _navigation(pages: Mapping[str, st.Page], language: str) -> dict[str, list[st.Page]]:
    """Heading → its pages. Headings without pages are left out."""
    left = dict(pages)
    found = {
        text(heading, language): [left.pop(title) for title in titles if title in left]
        for heading, titles in _SECTIONS.items()
    }
    found[text(list(_SECTIONS)[-1], language)] += left.values()
    return {heading: listed for heading, listed in found.items() if listed}
