"""The whole page on the real database, as `streamlit run app.py` would draw it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from dash.database import Database
from dash.settings import REPOSITORY, Settings

OpenPage = Callable[..., AppTest]


def environment(settings: Settings) -> Mapping[str, str]:
    """The variables by which another process, or the page, finds the same database."""
    assert settings.database_url is not None
    return {
        "DASH_HOME": str(settings.home),
        "DASH_DATABASE_URL": settings.database_url,
        "DASH_KNOWLEDGE": str(settings.knowledge),
        "DASH_LEARNINGS": str(settings.learnings),
        "DASH_USER": "ui-test",
        "DASH_LOCK_TIMEOUT": "60",  # a test holds a lock while a page loads, however long that takes here
    }


@pytest.fixture
def in_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], None]]:
    """Point the page at a database; what it opened is closed afterwards."""

    def use(settings: Settings) -> None:
        for name, value in environment(settings).items():
            monkeypatch.setenv(name, value)

    streamlit.cache_resource.clear()
    yield use
    streamlit.cache_resource.clear()


@pytest.fixture
def open_page(database: Database, in_environment: Callable[[Settings], None]) -> OpenPage:
    """A browser tab: `open_page(thread=…, lang=…, locale=…)`."""
    in_environment(database.settings)

    def tab(locale: str = "en-US", **address: str) -> AppTest:
        test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        test.context["locale"] = locale
        for name, value in address.items():
            test.query_params[name] = value
        return test.run()

    return tab
