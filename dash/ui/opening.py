"""One `Dash` per process, shared by every tab, opened when the process starts or by the first page that needs it.

Opening can fail for reasons that a person can mend (a database that is down, a knowledge file with a mistake). A
failure is not kept: the next rerun tries again, so "Try again" is all that the page has to offer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from dash.desk import NOBODY, OwnDesk, open_desk
from dash.errors import AccessError, DashError, DatabaseUnavailable, KnowledgeError, NotAllowed
from dash.records import Viewer
from dash.settings import Settings
from dash.shown import Cells, cells_in
from dash.ui.texts import text

if TYPE_CHECKING:
    from dash.ask import Dash
    from dash.feedback import FeedbackStore
    from dash.saved import SavedAnswers

logger = logging.getLogger(__name__)

_when_open: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Service:
    """What every page works with: the product, this person's questions at work, whose page this is, and what people
    said of answers and kept of them."""

    dash: Dash
    desk: OwnDesk
    viewer: Viewer
    saved: SavedAnswers
    feedback: FeedbackStore
    known_cells: dict[tuple[str, str], Cells] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """Whose threads are shown."""
        return self.viewer.name

    def cells(self, language: str) -> Cells:
        """How cells are shown in a language, by the knowledge as it is now."""
        knowledge = self.dash.knowledge
        key = (language, knowledge.fingerprint)
        if key not in self.known_cells:
            self.known_cells[key] = cells_in(language, knowledge)
        return self.known_cells[key]

    def languages(self) -> list[str]:
        """The names of the languages in which questions are read, each in itself."""
        return [language.name for language in self.dash.reader.languages.values()]

    def starters(self, language: str) -> list[str]:
        """Questions to begin with, in a language."""
        questions = [starter.question for starter in self.dash.knowledge.starters]
        found = [question.get(language) or question.get("") for question in questions]
        return [question for question in found if question]


def open_service(language: str, viewer: Viewer) -> Service | None:
    """The service for one person, or None after saying on the page why there is none and what to do."""
    try:
        settings = Settings.from_env()
        with st.spinner(text("opening", language)):
            service: Service = _open(hash(settings), settings)
            return replace(service, viewer=viewer, desk=replace(service.desk, viewer=viewer))
    except DashError as error:
        show_problem(error, language)
    except Exception:  # a surface's last net: no stack trace reaches the page
        logger.exception("Dash could not be opened.")
        show_problem(None, language)
    return None


def open_ahead() -> Service:
    """Open what the first page will need, before there is one. Raises what opening raises; the page tries again."""
    settings = Settings.from_env()
    service: Service = _open(hash(settings), settings)
    return service


def when_open(do: Callable[[], None]) -> None:
    """Call `do` as soon as Dash has been opened, once, whoever opens it. For a process that has not opened it yet."""
    _when_open.append(do)


def _close(service: Service) -> None:
    service.dash.close()


@st.cache_resource(show_spinner=False, on_release=_close)
def _open(fingerprint: int, _settings: Settings) -> Service:
    from dash.ask import Dash
    from dash.feedback import FeedbackStore
    from dash.saved import SavedAnswers

    dash = Dash.open(_settings)
    desk = OwnDesk(open_desk(dash), NOBODY)
    service = Service(dash, desk, NOBODY, SavedAnswers(dash.database), FeedbackStore(dash.database))
    while _when_open:
        _when_open.pop()()
    return service


def show_problem(error: DashError | None, language: str) -> None:
    """A designed page for "this does not work now": what, why, what to do, and a button that tries again."""
    with st.container(border=True, key="problem"):
        st.subheader(text(_title(error), language), anchor=False)
        if isinstance(error, KnowledgeError):
            st.markdown(text("knowledge_text", language))
            st.code("\n".join(str(fault) for fault in error.faults), language=None, wrap_lines=True)
        else:
            st.text(error.message if error else text("unexpected_text", language))
        st.button(text("retry", language), icon=":material/refresh:", key="retry", type="primary")


def _title(error: DashError | None) -> str:
    if error is None:
        return "unexpected_title"
    if isinstance(error, KnowledgeError):
        return "knowledge_title"
    if isinstance(error, AccessError):
        return "access_file_title"
    if isinstance(error, NotAllowed):
        return "not_allowed_title"
    return "database_title" if isinstance(error, DatabaseUnavailable) else "environment_title"
