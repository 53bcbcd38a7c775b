"""The page in a real browser: a question, its number and its chart, a reload, and pictures of it all."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from dash.database import Database
from tests.conftest import DEMO

ALL_TICKETS = f"{DEMO['tickets']:,}"
INPUT = "[data-testid=stChatInputTextArea]"
CHART = ".js-plotly-plot .main-svg"


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
