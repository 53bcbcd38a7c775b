"""The Knowledge and the Learnings page in a real browser: typing is checked without leaving the field, and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.catalogue.test_examining import SOUND

EDITOR = ".st-key-draft-editor textarea"
PATIENCE = 120_000
"""Milliseconds: the first page of a fresh process reads all words of the knowledge."""


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_what_is_typed_is_checked_while_it_is_typed_and_survives_a_reload(
    address: str, browser: Browser, screenshots: Path
) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-US").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/knowledge?view=write")
    page.get_by_role("button", name="Begin with an empty form").click()
    page.locator(EDITOR).fill(SOUND.replace("support.conversations", "support.conversation"))
    page.get_by_text("write support.conversations").wait_for()
    assert page.evaluate(f"document.activeElement === document.querySelector('{EDITOR}')"), "nobody left the field"
    page.screenshot(path=screenshots / "knowledge-write.png")
    page.locator(EDITOR).fill(SOUND)
    page.get_by_text("Nothing to mend").wait_for()
    assert "draft=" in page.url
    page.reload()
    page.locator(EDITOR).wait_for()
    assert page.locator(EDITOR).input_value() == SOUND
    with page.expect_download() as download:
        page.get_by_role("button", name="Download longest_chats.sql").click()
    assert download.value.suggested_filename == "longest_chats.sql"
    assert Path(download.value.path()).read_text(encoding="utf-8") == SOUND
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_fit_their_window_and_are_readable(
    address: str, browser: Browser, screenshots: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    russian = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 1000 else 844},
        color_scheme=scheme,
        locale="ru-RU" if russian else "en-US",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/knowledge")
    page.locator("[class*=st-key-knowledge-row-]").first.wait_for()
    page.get_by_placeholder("Поиск" if russian else "Search").fill("csat")
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-open-metric-csat]").first.wait_for()
    assert _fits(page), "nothing sticks out sideways"
    page.screenshot(path=screenshots / f"knowledge-{width}-{scheme}.png")
    page.goto(f"{address}/knowledge?entry=table:support.support_threads_data")
    page.locator(".st-key-entry [data-testid=stDataFrame]").first.wait_for()
    assert _fits(page)
    page.screenshot(path=screenshots / f"knowledge-table-{width}-{scheme}.png")
    page.goto(f"{address}/learnings")
    page.locator(".st-key-learnings-kind").wait_for()
    assert _fits(page)
    page.screenshot(path=screenshots / f"learnings-{width}-{scheme}.png")
    page.goto(address)
    page.locator("[data-testid=stChatInputTextArea]").fill("How many tickets are there?")
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-headline-]").last.wait_for()
    page.goto(f"{address}/usage")
    numbers = page.locator(".st-key-usage-numbers [data-testid=stMetric]")
    numbers.first.wait_for()
    assert _fits(page)
    boxes = [box for box in (one.bounding_box() for one in numbers.all()) if box]
    rows = sorted({round(box["y"]) for box in boxes})
    assert len(rows) == 1 or rows[1] - rows[0] < 1.5 * max(box["height"] for box in boxes), "one group of numbers"
    page.screenshot(path=screenshots / f"usage-{width}-{scheme}.png")
    context.close()
