"""What the parts of the Learnings page share: the product, the work in the background, and where the page is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from dash.access import Permission, require
from dash.ask import Dash
from dash.errors import NotAllowed
from dash.learnings import Learning, Learnings
from dash.records import Viewer
from dash.shown.moments import show_moment
from dash.ui.background import Workshop
from dash.ui.knowledge.opening import open_workshop
from dash.ui.opening import Service
from dash.ui.texts import text

_ADDRESS = "learning"
_KEPT_STATUS = "learnings_status"
_SAID = "learnings_said"


@dataclass(frozen=True)
class Desk:
    """The page's own dependencies, and the language that it is drawn in."""

    service: Service
    language: str
    workshop: Workshop

    @property
    def dash(self) -> Dash:
        """The product."""
        return self.service.dash

    @property
    def learnings(self) -> Learnings:
        """What was learned."""
        return self.service.dash.learnings

    @property
    def owner(self) -> str:
        """Who decides."""
        return self.service.owner

    @property
    def viewer(self) -> Viewer:
        """The same person, with what they may do."""
        return self.service.viewer

    def say(self, name: str, **values: object) -> str:
        """A text of the page in its language."""
        return text(name, self.language, **values)

    def day(self, moment: datetime) -> str:
        """A moment in the reporting zone, as the language writes it."""
        return show_moment(moment, self.service.cells(self.language).phrases, self.dash.settings.zone)

    def reach(self, learning: Learning) -> str:
        """Whom it applies to."""
        if learning.scope is None:
            return self.say("learnings_for_everyone")
        return self.say("learnings_for_one", who=learning.scope)

    @property
    def kept_status(self) -> str:
        """The part of the queue that this person looked at last."""
        return str(st.session_state.get(_KEPT_STATUS, "candidate"))

    def keep_status(self, status: str) -> None:
        """Remember it while other pages are looked at."""
        st.session_state[_KEPT_STATUS] = status


def open_desk(service: Service, language: str) -> Desk:
    """The page's dependencies for this run of its script."""
    return Desk(service, language, open_workshop(service))


def current() -> str:
    """The learning that the address names; nobody has checked that it exists."""
    return st.query_params.get(_ADDRESS) or ""


def go(learning_id: str) -> None:
    """Show this learning from now on, or the list."""
    if learning_id:
        st.query_params[_ADDRESS] = learning_id
    elif _ADDRESS in st.query_params:
        del st.query_params[_ADDRESS]


def allowed(desk: Desk, permission: Permission) -> bool:
    """Whether this person may; if not, the page says whose right it is."""
    try:
        require(desk.viewer, permission)
    except NotAllowed as error:
        tell(error.message, trouble=True)
        return False
    return True


def tell(words: str, *, trouble: bool = False) -> None:
    """Say something on the page that is drawn next."""
    st.session_state[_SAID] = (words, trouble)


def show_told() -> None:
    """What was to be said, once."""
    from dash.ui.inert import label

    words, trouble = st.session_state.pop(_SAID, ("", False))
    if words:
        (st.warning if trouble else st.success)(
            label(words), icon=":material/error:" if trouble else ":material/task_alt:"
        )
