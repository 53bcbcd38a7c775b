"""A click on a bar, a point or a cell in a real browser, and what it opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

INPUT = "[data-testid=stChatInputTextArea]"
PANEL = "[class*=st-key-panel-behind-]"


def _ask(page: Page, question: str) -> None:
    page.set_default_timeout(120_000)  # the first page opens the product, which takes as long as the machine is busy
    page.locator(INPUT).fill(question)
    page.locator(INPUT).press("Enter")
    page.get_by_text(question, exact=True).last.wait_for()


def _click_bar(page: Page, number: int) -> None:
    """As a person does: the pointer rests on the bar, then clicks. A busy machine may miss the first click."""
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.wait_for_timeout(1200)  # the page scrolls to the question until then
    for _ in range(5):
        box = page.locator(".js-plotly-plot .bars .point path").nth(number).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x - 10, y)
        page.mouse.move(x, y)
        page.wait_for_timeout(600)
        page.mouse.down()
        page.wait_for_timeout(100)
        page.mouse.up()
        page.wait_for_timeout(3000)
        if "behind=" in page.url:
            return


@pytest.mark.parametrize(
    ("locale", "question", "scheme", "width"),
    [
        ("en-US", "Resolution rate by category last quarter", "light", 1440),
        ("ru-RU", "Resolution rate по категориям за прошлый квартал", "dark", 390),
    ],
)
def test_a_click_on_a_bar_opens_the_tickets_behind_it_and_a_reload_keeps_them(
    address: str, browser: Browser, screenshots: Path, locale: str, question: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale=locale,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(address)
    _ask(page, question)
    _click_bar(page, 1)
    page.locator(PANEL).wait_for()
    page.locator(f"{PANEL} [data-testid=stDataFrame]").wait_for()
    assert "behind=" in page.url
    page.locator(PANEL).scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    page.screenshot(path=screenshots / f"drill-{locale[:2]}-{scheme}-{width}.png")
    sides = page.locator(f"{PANEL} [data-testid=stButtonGroup] button")
    assert sides.count() == 3, "a rate has those that did, the others, and all"
    sides.nth(1).click()
    page.wait_for_url("**~rest")
    page.reload()
    page.locator(f"{PANEL} [data-testid=stDataFrame]").wait_for()
    assert page.url.endswith("~rest")
    page.locator("[class*=st-key-close-behind-] button").click()
    page.locator(PANEL).wait_for(state="detached")
    context.close()


def test_a_click_on_a_cell_of_the_table_opens_the_rows_behind_it(
    address: str, browser: Browser, screenshots: Path
) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    page.goto(address)
    _ask(page, "How many tickets by channel?")
    page.get_by_text("Table (").last.click()
    table = page.locator("[data-testid=stDataFrame]").first
    table.wait_for()
    page.wait_for_timeout(1200)
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 60, box["y"] + 35 + 17)
    page.locator(PANEL).wait_for()
    page.locator(f"{PANEL} [data-testid=stDataFrame]").wait_for()
    assert page.url.endswith("~0.tickets")
    page.locator(PANEL).scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / "drill-cell.png")
    page.context.close()


def test_an_old_answer_says_why_it_is_another_number_now(address: str, browser: Browser, screenshots: Path) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    page.goto(address)
    _ask(page, "How many tickets are there?")
    page.locator("[class*=st-key-more-] button").last.click()
    page.get_by_text("Why did this change?").last.click()
    page.locator("[class*=st-key-panel-changed-]").wait_for()
    page.get_by_text("Nothing has changed", exact=False).wait_for()
    page.get_by_text("See what is counted").last.click()
    page.locator(f"{PANEL} [data-testid=stDataFrame]").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / "changed-nothing.png")
    page.context.close()
