"""How often vetted queries were used, in words; asked of the records at most once in a while."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from dash.database import Database
from dash.errors import DashError
from dash.evals.golden import VIEWER
from dash.runs import QueryUse, Runs
from dash.shown.moments import show_moment
from dash.ui.knowledge.opening import Shelf

_SECONDS = 15


def use_of(shelf: Shelf) -> dict[str, QueryUse]:
    """The use of every vetted query by people; nothing where the records cannot be read: the catalogue can."""
    try:
        found: dict[str, QueryUse] = _use(hash(shelf.service.dash.settings), shelf.service.dash.database)
    except DashError:
        return {}
    return found


def used_words(use: QueryUse | None, shelf: Shelf) -> str:
    """ "12 times by 3, last on 20 Nov 2026"."""
    if use is None:
        return shelf.say("knowledge_used_never")
    count = shelf.service.cells(shelf.language).count
    day = day_of(use.last_asked_at, shelf)
    return shelf.say("knowledge_used_times", count=count(use.times), people=count(use.people), day=day)


def day_of(moment: object, shelf: Shelf) -> str:
    """A moment in the reporting zone, as the language of the page writes it."""
    return show_moment(
        moment, shelf.service.cells(shelf.language).phrases, str(ZoneInfo(shelf.service.dash.settings.zone))
    )


@st.cache_data(ttl=_SECONDS, show_spinner=False)
def _use(settings: int, _database: Database) -> dict[str, QueryUse]:
    return Runs(_database).vetted_use(not_people=[VIEWER.name])
