"""The Board in a real browser: its pictures, a card's way to the Ask page, and an address that keeps the choice."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from dash.knowledge import Knowledge
from dash.language.reader import Reader
from dash.settings import Settings

NUMBER = ".board-number"


@pytest.fixture(scope="module", autouse=True)
def read_before(knowledge: Knowledge, settings: Settings) -> None:
    """What the page's process would build first is kept for it, so that no test waits for that in a browser."""
    Reader(knowledge, settings.home)


def open_board(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/board{query}")
    page.set_default_timeout(120_000)  # the first page of a process reads the knowledge first
    page.locator(NUMBER).first.wait_for()
    page.locator(
        ".st-key-board-card-error_steps .board-bar, .st-key-board-card-error_steps .board-failure"
    ).first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_board_fits_its_window(
    address: str, browser: Browser, screenshots: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    locale = "ru-RU" if scheme == "dark" else "en-US"
    context = browser.new_context(viewport={"width": width, "height": 1100}, color_scheme=scheme, locale=locale)
    page = context.new_page()
    open_board(page, address)
    page.wait_for_timeout(1000)
    page.screenshot(path=screenshots / f"board-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    boxes = [box.bounding_box() for box in page.locator("[class*=st-key-board-card-]").all()[:4]]
    assert all(box is not None for box in boxes)
    tops = {round(box["y"]) for box in boxes if box}
    heights = {round(box["height"]) for box in boxes if box}
    if width == 1440:
        assert len(tops) == len(heights) == 1, "the cards of a row stand level and are of one height"
    else:
        assert len(tops) == 4, "a phone has one column"
    context.close()


def test_a_card_opens_as_its_question_and_the_board_is_as_it_was(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    open_board(page, address, "?period=last_month&channel=email")
    number = page.locator(f".st-key-board-card-volume {NUMBER}").inner_text()
    page.locator(".st-key-board-ask-volume button").click()
    page.get_by_text("How many tickets were created last month, channel email?").first.wait_for()
    page.locator("[data-testid=stMetricValue]").first.wait_for()
    assert page.locator("[data-testid=stMetricValue]").first.inner_text() == number
    assert "thread=" in page.url
    assert page.locator("[data-testid=stSidebarLogo]").count() == 1
    page.locator("[data-testid=stSidebarNavLink]").nth(1).click()
    page.locator(NUMBER).first.wait_for()
    page.wait_for_url("**/board?*channel=email*")
    assert page.locator(f".st-key-board-card-volume {NUMBER}").inner_text() == number
    context.close()


def test_a_step_of_a_line_tells_its_day_and_number(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    open_board(page, address, "?period=last_7_days")
    step = page.locator(".st-key-board-card-volume .board-line i").nth(3)
    step.hover()
    told = step.evaluate("e => getComputedStyle(e, '::after').content")
    assert "2026" in told or ":" in told
    assert (
        page.locator(".st-key-board-card-volume .board-line > div")
        .evaluate("e => getComputedStyle(e).maskImage || getComputedStyle(e).webkitMaskImage")
        .startswith("url(")
    )
    context.close()
