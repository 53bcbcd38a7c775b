"""The page in a real browser: a question, its number and its chart, a reload, and pictures of it all.

The pictures go to the folder that DASH_SCREENSHOTS names, else to the test's own; they are made to be looked at.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dash.database import Database
from dash.settings import REPOSITORY
from tests.conftest import DEMO
from tests.ui.conftest import environment

ALL_TICKETS = f"{DEMO['tickets']:,}"
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
INPUT = "[data-testid=stChatInputTextArea]"
CHART = ".js-plotly-plot .main-svg"


@pytest.fixture(scope="module")
def address(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Streamlit on a free port of the loopback, on the test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / "app.py"), "--server.port", str(port)]
    with (tmp_path_factory.mktemp("streamlit") / "log").open("w") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **environment(database.settings)}, cwd=REPOSITORY, stdout=log, stderr=log
        )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
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


def _ask(page: Page, question: str) -> None:
    page.locator(INPUT).fill(question)
    page.locator(INPUT).press("Enter")
    page.get_by_text(question, exact=True).last.wait_for()


def _wait_until_drawn(page: Page) -> None:
    page.locator(CHART).first.wait_for()
    page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
    page.wait_for_timeout(1200)  # the page scrolls to the question until then


def test_a_question_in_a_browser_gets_its_number_and_its_chart_and_survives_a_reload(
    address: str, browser: Browser, screenshots: Path
) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    page.goto(address)
    _ask(page, "How many tickets are there?")
    page.get_by_text(ALL_TICKETS).first.wait_for()
    _ask(page, "How many tickets by category?")
    _wait_until_drawn(page)
    assert "thread=" in page.url
    assert page.locator("[data-testid=stAppDeployButton]").count() == 0
    box = page.locator("[class*=st-key-asked-]").last.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300, "the new answer begins at the top of the page"
    _ask(page, "split that by channel")
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length > 2")
    _wait_until_drawn(page)
    box = page.locator("[class*=st-key-asked-]").last.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300, "so does the one after it"
    page.screenshot(path=screenshots / "ask.png")
    page.reload()
    page.get_by_text(ALL_TICKETS).first.wait_for()
    page.locator(CHART).first.wait_for()
    assert page.locator("[class*=st-key-asked-]").count() == 3
    page.context.close()


def test_a_reload_while_a_question_is_at_work_loses_neither_the_work_nor_the_answer(
    address: str, browser: Browser, database: Database
) -> None:
    page = browser.new_context(locale="en-US").new_page()
    page.goto(address)
    with psycopg.connect(database.owner_dsn()) as connection:
        connection.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        _ask(page, "How many tickets are there?")
        page.get_by_text("Reading the data").wait_for()
        page.reload()
        page.get_by_text("Reading the data").wait_for()
        connection.rollback()
    page.get_by_text(ALL_TICKETS).first.wait_for()
    assert page.get_by_text("interrupted").count() == 0
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_fits_its_window_and_is_readable(
    address: str, browser: Browser, screenshots: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    height = 900 if width > 1000 else 844
    russian = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale="ru-RU" if russian else "en-US"
    )
    page = context.new_page()
    page.goto(address)
    page.locator(INPUT).wait_for()
    page.locator("[class*=st-key-starter-]").first.wait_for()
    page.screenshot(path=screenshots / f"empty-{width}-{scheme}.png")
    english = "Resolution rate by month for the last 6 months"
    _ask(page, "Тренд resolution rate по месяцам за последние 6 месяцев" if russian else english)
    _wait_until_drawn(page)
    page.screenshot(path=screenshots / f"answer-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    context.close()
