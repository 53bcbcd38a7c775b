"""The Replay page: the search, or the conversation that the address names.

The address says everything (filters, conversation, moment), so a bookmark, a reload and a second tab show the same.
"""

from __future__ import annotations

import logging

import streamlit as st

from dash.access import require
from dash.errors import DashError, NotFoundError, QueryFailed, QueryRejected
from dash.replay import Replay
from dash.replay.searching import get_conversation
from dash.ui.opening import Service, show_problem
from dash.ui.replay.conversation import show_conversation
from dash.ui.replay.search import show_search
from dash.ui.replay.wording import Wording
from dash.ui.session import current_conversation
from dash.ui.texts import text

logger = logging.getLogger(__name__)


def show_replay(service: Service, language: str) -> None:
    """Draw the page. What goes wrong with the database or the description is said on it."""
    dash = service.dash
    try:
        require(service.viewer, "replay")
        replay = Replay.open(dash, service.viewer)
    except NotFoundError as missing:
        st.info(text("replay_not_described", language), icon=":material/description:")
        st.text(missing.message)
        return
    except DashError as error:
        show_problem(error, language)
        return
    try:
        _show(replay, Wording(language, service.cells(language), dash.settings.zone, replay.description))
    except (QueryFailed, QueryRejected):
        logger.exception("A replay could not be read.")
        st.warning(text("replay_failed", language), icon=":material/sync_problem:")
        st.button(text("retry", language), icon=":material/refresh:", key="retry")
    except DashError as error:
        show_problem(error, language)


def _show(replay: Replay, wording: Wording) -> None:
    conversation, at = current_conversation()
    if conversation is not None:
        try:
            head = get_conversation(replay, conversation)
        except NotFoundError:
            st.warning(wording.say("replay_missing"), icon=":material/search_off:")
        else:
            show_conversation(replay, head, at, wording)
            return
    show_search(replay, wording)
