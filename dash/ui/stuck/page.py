"""The page Stuck tickets, in the order of a morning: what changed, why tickets are stuck, then the list to work on.

The desk below it judges, remembers and decides who may do what; the page only shows and asks.
"""

from __future__ import annotations

import logging
from dataclasses import replace

import streamlit as st

from dash.errors import DashError, NotFoundError, QueryFailed, QueryRejected
from dash.ops import StuckDesk, Wording
from dash.ui.opening import Service, show_problem
from dash.ui.stuck.acting import was_done
from dash.ui.stuck.address import CLEARED, Wanted, read_wanted
from dash.ui.stuck.changes import show_changes
from dash.ui.stuck.checking import show_check_button, show_check_end
from dash.ui.stuck.filters import show_filters
from dash.ui.stuck.listing import show_list
from dash.ui.stuck.pictures import show_ages, show_places
from dash.ui.stuck.reasons import show_reasons
from dash.ui.stuck.sight import Sight, show_told
from dash.ui.texts import text

logger = logging.getLogger(__name__)


def show_stuck(service: Service, language: str) -> None:
    """Draw the page. What is missing or goes wrong is said on it, with what to do."""
    with st.container(key="wide"):
        try:
            desk = StuckDesk.open(service.dash, service.viewer)
        except NotFoundError as missing:
            st.title(text("page_stuck", language), anchor=False)
            st.info(text("stuck_not_described", language), icon=":material/description:")
            st.text(missing.message)
            return
        except DashError as error:
            show_problem(error, language)
            return
        try:
            _show(service, desk, language)
        except (QueryFailed, QueryRejected):
            logger.exception("Stuck tickets could not be read.")
            st.warning(text("stuck_failed", language), icon=":material/sync_problem:")
            st.button(text("retry", language), icon=":material/refresh:", key="retry")
        except DashError as error:
            show_problem(error, language)


def _show(service: Service, desk: StuckDesk, language: str) -> None:
    wanted = read_wanted(desk.file)
    now = service.dash.clock()
    latest = desk.latest()
    if latest is None:
        _show_never(service, desk, language)
        return
    wording = Wording(desk.file, language, service.cells(language), service.dash.settings.zone)
    named = wanted.since
    try:
        diff = wanted.diff(desk, latest, now)
    except NotFoundError:  # a link from another database, or from before this one was set up anew
        wanted = replace(wanted, since=None)
        diff = wanted.diff(desk, latest, now)
    sight = Sight(service, desk, wording, diff, now)
    _show_head(sight)
    if named != wanted.since:
        st.info(sight.say("stuck_no_such_check", number=named), icon=":material/link_off:")
    if not latest.tickets and not diff.cleared:
        st.success(sight.say("stuck_none"), icon=":material/task_alt:")
        return
    _show_morning(sight, wanted)


def _show_morning(sight: Sight, wanted: Wanted) -> None:
    narrowing = wanted.narrowing()
    everything = sight.desk.everything(sight.diff)
    entries = sight.desk.narrowed(everything, narrowing)
    cleared = sight.desk.cleared(sight.diff, narrowing)
    show_changes(sight, wanted, entries, cleared)
    listed = tuple(entry for entry in entries if wanted.lists(entry))
    with st.container(horizontal=True, gap="large", key="stuck-overview"):
        with st.container(key="stuck-why"):
            show_reasons(sight, wanted, len(entries))
        with st.container(key="stuck-ages"):
            show_ages(sight, listed)
    show_filters(sight, wanted)
    was_done()  # the whole page is drawn just now, so nothing of it is out of date, and what is told stays
    show_told()
    show_list(sight, wanted, listed, cleared, everything)
    if wanted.change != CLEARED:
        show_places(sight, listed)


def _show_head(sight: Sight) -> None:
    """The title, when the last check was, what it is compared with, and a button that checks now."""
    with st.container(horizontal=True, vertical_alignment="center", key="stuck-title"):
        st.title(sight.say("page_stuck"), anchor=False, width="stretch")
        with st.container(key="small-stuck-as-of", width="content"):
            st.text(_moments(sight), width="content")
        show_check_button(sight.service, sight.desk, sight.language)
    show_check_end(sight.service, sight.language, sight.check.check_id)
    hours = (sight.now - sight.check.checked_at).total_seconds() / 3600
    if hours > 24:
        old = sight.say("stuck_old", waited=sight.wording.waiting(hours))
        st.warning(old, icon=":material/history:")


def _moments(sight: Sight) -> str:
    parts = [sight.say("stuck_checked", moment=sight.wording.moment(sight.check.checked_at))]
    if sight.diff.before is None:
        parts.append(sight.say("stuck_first"))
    else:
        parts.append(sight.say("stuck_compared", moment=sight.wording.moment_and_day(sight.diff.before.checked_at)))
    return " · ".join(parts)


def _show_never(service: Service, desk: StuckDesk, language: str) -> None:
    """Nothing was ever checked: what the page will do, and the button."""
    st.title(text("page_stuck", language), anchor=False)
    show_check_end(service, language, None)
    with st.container(border=True, key="stuck-never"):
        st.subheader(text("stuck_never", language), anchor=False)
        st.markdown(text("stuck_never_text", language))
        show_check_button(service, desk, language, first=True)
