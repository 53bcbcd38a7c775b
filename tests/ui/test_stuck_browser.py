"""Stuck tickets in a real browser: its pictures, and rows that are ticked, acknowledged, and so after a reload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from dash.ask import Dash
from dash.database import Database
from dash.ops import StuckDesk
from dash.records import Viewer
from dash.settings import Settings
from tests.conftest import cloned
from tests.ui.mornings import desk_after_two_checks, diff_of

PATIENCE = 120_000
ROW = 35


@pytest.fixture(scope="module")
def desk(server: Database, settings: Settings, template: str) -> Iterator[StuckDesk]:
    """A desk with a list over data of this module's own."""
    with cloned(server, settings, template) as database, Dash.open(database.settings) as dash:
        yield desk_after_two_checks(dash, Viewer("bob", roles=frozenset({"ops"})))


@pytest.fixture(scope="module")
def database(desk: StuckDesk) -> Database:
    """What the server of `address` shows."""
    return desk.dash.database


def open_stuck(page: Page, address: str, query: str = "") -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/stuck{query}")
    page.locator(".stuck-places").wait_for()
    # The grid describes its cells to screen readers once it can be clicked.
    page.locator("[data-testid=stDataFrame] canvas [role=gridcell]").first.wait_for(state="attached")


def tick(page: Page, *rows: int) -> None:
    for count, row in enumerate(rows, start=1):
        table = page.locator("[data-testid=stDataFrame]")
        table.scroll_into_view_if_needed()
        table.click(position={"x": 20, "y": ROW * (row + 1) + ROW / 2})
        expect(page.get_by_text(f"Ticked: {count}", exact=True)).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_page_fits_its_window(
    address: str, browser: Browser, screenshots: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    locale = "ru-RU" if scheme == "dark" else "en-US"
    context = browser.new_context(viewport={"width": width, "height": 1900}, color_scheme=scheme, locale=locale)
    page = context.new_page()
    open_stuck(page, address)
    page.wait_for_timeout(1000)
    page.screenshot(path=screenshots / f"stuck-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    tiles = [box.bounding_box() for box in page.locator("[class*=st-key-stuck-tile-]").all()]
    tops = {round(box["y"]) for box in tiles if box}
    assert len(tops) == (1 if width == 1440 else 3)
    context.close()


def test_rows_that_are_ticked_are_acknowledged_and_are_so_after_a_reload(
    address: str, browser: Browser, screenshots: Path, desk: StuckDesk
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1500}, locale="en-US")
    page = context.new_page()
    open_stuck(page, address, "?reason=unanswered")
    listed = [entry for entry in desk.entries(diff_of(desk)) if entry.ticket.reason == "unanswered"]
    tick(page, 0, 2)
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    page.get_by_text("Acknowledged: 2", exact=True).first.wait_for()
    page.reload()
    page.locator("[data-testid=stDataFrame] canvas [role=gridcell]").first.wait_for(state="attached")
    states = page.locator("[data-testid=stDataFrame] canvas [role=gridcell]", has_text="acknowledged · ui-test")
    expect(states).to_have_count(2, timeout=PATIENCE)
    assert "reason=unanswered" in page.url
    page.screenshot(path=screenshots / "stuck-acknowledged.png")
    standings = {entry.ticket.ticket: entry.state.standing for entry in desk.entries(diff_of(desk))}
    assert [standings[entry.ticket.ticket] for entry in listed[:4]] == ["acknowledged", "open", "acknowledged", "open"]
    context.close()
