"""What the page needs beside the product, made once per process: the catalogue with its search, and drafts."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dash.access import may
from dash.catalogue.drafts import Drafts
from dash.catalogue.entries import Catalogue
from dash.catalogue.finding import CatalogueSearch
from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.records import Viewer
from dash.ui.background import Workshop
from dash.ui.knowledge.address import go
from dash.ui.opening import Service
from dash.ui.texts import text


@dataclass(frozen=True)
class Shelf:
    """The page's own dependencies, and the language that it is drawn in."""

    service: Service
    language: str
    search: CatalogueSearch
    drafts: Drafts
    workshop: Workshop

    @property
    def catalogue(self) -> Catalogue:
        """What is searched."""
        return self.search.catalogue

    @property
    def viewer(self) -> Viewer:
        """On whose behalf something is tried."""
        return self.service.viewer

    def say(self, name: str, **values: object) -> str:
        """A text of the page in its language."""
        return text(name, self.language, **values)


def begin_draft(shelf: Shelf, text: str) -> None:
    """Go on with a new draft; whoever may not write queries is only taken to where that is said."""
    writes = may(shelf.viewer, "write_query")
    go(view="write", draft=shelf.drafts.begin(shelf.service.owner, text) if writes else "")


def open_shelf(service: Service, language: str) -> Shelf:
    """The page's dependencies for this run of its script."""
    search = _search(service.dash.written.fingerprint, service.dash.reader, service.dash.written)
    return Shelf(service, language, search, Drafts(service.dash.database), open_workshop(service))


def open_workshop(service: Service) -> Workshop:
    """The work in the background of this process on this database."""
    workshop: Workshop = _workshop(hash(service.dash.settings))
    return workshop


@st.cache_resource(show_spinner=False, max_entries=2)
def _search(fingerprint: str, _reader: Reader, _written: Knowledge) -> CatalogueSearch:
    from dash.catalogue.entries import catalogue_of

    return CatalogueSearch(catalogue_of(_written), _reader.lexicon.function_words)


@st.cache_resource(show_spinner=False)
def _workshop(settings: int) -> Workshop:
    return Workshop()
