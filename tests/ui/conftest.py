"""The whole page on the real database: as `streamlit run app.py` would draw it, and in a real browser.

Pictures go to the folder that DASH_SCREENSHOTS names, else to the test's own; they are made to be looked at.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import Browser, sync_playwright
from streamlit.testing.v1 import AppTest

from dash.database import Database
from dash.settings import REPOSITORY, Settings

OpenPage = Callable[..., AppTest]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


@pytest.fixture(scope="module")
def address(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Streamlit on a free port of the loopback, on the test's database."""
    port = free_port()
    with serving(database.settings, port, tmp_path_factory.mktemp("streamlit")):
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(settings: Settings, port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The page's process while it is wanted; it may be killed before."""
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / "app.py"), "--server.port", str(port)]
    with (folder / "log").open("a") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **environment(settings)}, cwd=REPOSITORY, stdout=log, stderr=log
        )
    try:
        _wait_for(port, server)
        yield server
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; Playwright's own download is not needed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "The browser test needs Chromium: apt-get install chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures go."""
    folder = Path(os.environ.get("DASH_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "Streamlit ended before it listened."
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("Streamlit did not listen within a minute.")
