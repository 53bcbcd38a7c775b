"""What only a browser can show of the Ask page: stopping, recalling with the arrow keys, pictures, links, two tabs."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from dash.database import Database
from tests.conftest import DEMO
from tests.ui.conftest import free_port, serving
from tests.ui.test_browser import CHART, INPUT, _ask, _wait_until_drawn

ALL_TICKETS = f"{DEMO['tickets']:,}"
QUESTION = "How many tickets are there?"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", accept_downloads=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.locator(INPUT).wait_for()
    yield page
    context.close()


def test_a_running_question_is_stopped_from_a_second_tab_and_after_a_reload(page: Page, database: Database) -> None:
    with psycopg.connect(database.owner_dsn()) as connection:
        connection.execute("LOCK TABLE support.support_threads_data IN ACCESS EXCLUSIVE MODE")
        _ask(page, QUESTION)
        page.get_by_text("Reading the data").wait_for()
        page.reload()
        page.get_by_text("Reading the data").wait_for()
        second = page.context.new_page()
        # A busy machine draws late and sees several states of the page at once; the steps must be in sight there too.
        second.context.new_cdp_session(second).send("Emulation.setCPUThrottlingRate", {"rate": 12})
        second.goto(page.url)
        second.get_by_text("Reading the data").wait_for()
        second.get_by_role("button", name="Stop").click()
        for tab in (second, page):
            tab.get_by_text("Stopped before the answer was ready").wait_for()
        waiting = """SELECT count(*) FROM pg_stat_activity
                     WHERE usename = 'dash_reader' AND state = 'active' AND datname = current_database()"""
        assert connection.execute(waiting).fetchone() == (0,)
        connection.rollback()
    page.get_by_role("button", name="Ask again").last.click()
    page.get_by_text(ALL_TICKETS).first.wait_for()


def test_the_arrow_keys_recall_questions_and_leave_what_is_typed_alone(page: Page) -> None:
    _ask(page, QUESTION)
    page.get_by_text(ALL_TICKETS).first.wait_for()
    _ask(page, "split that by channel")
    page.locator(CHART).first.wait_for()
    field = page.locator(INPUT)

    def shows(words: str) -> None:
        page.wait_for_function(f"document.querySelector('{INPUT}').value === {words!r}")

    field.focus()
    for key, words in (
        ("ArrowUp", "split that by channel"),
        ("ArrowUp", QUESTION),
        ("ArrowUp", QUESTION),
        ("ArrowDown", "split that by channel"),
        ("ArrowDown", ""),
        ("ArrowUp", "split that by channel"),
    ):
        field.press(key)
        shows(words)
    field.press("End")
    field.press_sequentially(" and category")
    field.press("ArrowUp")
    shows("split that by channel and category")
    field.fill("my own words")
    field.press("ArrowUp")
    shows("my own words")
    field.fill("")
    field.press("ArrowUp")
    shows("split that by channel")
    field.press("Enter")
    page.wait_for_function("document.querySelectorAll('[class*=st-key-asked-]').length === 3")


def test_what_is_clicked_is_not_covered_and_what_it_opens_comes_into_sight(page: Page) -> None:
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if "127.0.0.1" not in request.url else None)
    page.reload()
    page.locator(INPUT).wait_for()
    _ask(page, "How many tickets by category?")
    _wait_until_drawn(page)
    page.locator("[class*=st-key-menu-] button").first.click()
    page.get_by_label("Title").fill("By category")
    page.get_by_role("button", name="Rename", exact=True).click()
    page.locator("[class*=st-key-thread-here-]").get_by_text("By category").wait_for()
    page.keyboard.press("Escape")
    page.locator("[class*=st-key-more-] button").first.click()
    page.get_by_role("button", name="Why did this change?").click()
    page.get_by_text("Nothing has changed").wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stPopoverBody]')")
    page.wait_for_function(
        """() => {
          const place = document.querySelector('[class*="st-key-panel-changed-"]').getBoundingClientRect();
          const end = document.querySelector('[data-testid="stBottom"]').getBoundingClientRect().top;
          return place.top >= 0 && place.top + 150 < end;
        }"""
    )
    assert [url for url in strangers if url.startswith("http")] == [], "a browser asks nobody but the page"


def test_a_tab_that_stayed_open_says_that_the_server_is_away_and_goes_on_when_another_one_is_there(
    browser: Browser, database: Database, tmp_path: Path
) -> None:
    port = free_port()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.set_default_timeout(120_000)
    page = context.new_page()
    with serving(database.settings, port, tmp_path) as server:
        page.goto(f"http://127.0.0.1:{port}")
        page.locator(INPUT).wait_for()
        _ask(page, QUESTION)
        page.get_by_text(ALL_TICKETS).first.wait_for()
        server.kill()
        page.wait_for_function(
            "getComputedStyle(document.querySelector('[data-testid=stApp]'), '::after').visibility === 'visible'"
            " && getComputedStyle(document.querySelector('[data-testid=stApp]'), '::after').content.includes('server')"
        )
    with serving(database.settings, port, tmp_path):
        page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]", state="attached")
        _ask(page, "split that by channel")
        page.wait_for_function("document.querySelectorAll('[class*=st-key-asked-]').length === 2")
        page.locator(CHART).first.wait_for()
    context.close()


def test_an_answer_is_taken_along_as_a_picture_and_as_files(page: Page, tmp_path: Path) -> None:
    _ask(page, "How many tickets by category?")
    _wait_until_drawn(page)
    found = {}
    for kind in ("png", "xlsx", "csv"):
        button = page.locator(f"[class*=st-key-{kind}-] button")
        if not button.count():
            page.locator("[class*=st-key-more-] button").first.click()
        page.locator(".modebar-btn").first.wait_for(state="attached")
        page.wait_for_timeout(800)  # nobody clicks before what has opened stands still
        with page.expect_download() as download:
            button.click()
        assert download.value.suggested_filename.endswith(f".{kind}")
        download.value.save_as(tmp_path / kind)
        found[kind] = (tmp_path / kind).read_bytes()
        page.keyboard.press("Escape")
        button.wait_for(state="detached")
    assert found["png"].startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", found["png"][16:24])
    assert width > 600
    assert height > 300
    with zipfile.ZipFile(io.BytesIO(found["xlsx"])) as file:
        about = file.read("xl/sharedStrings.xml").decode()
    assert "How many tickets by category?" in about
    assert "SELECT" in about
    assert found["csv"].decode().startswith("Category,")


def test_a_link_opens_its_answer_in_sight_and_marked(page: Page, address: str) -> None:
    _ask(page, "How many tickets by category?")
    _wait_until_drawn(page)
    page.locator("[class*=st-key-more-] button").first.click()
    link = page.locator("[class*=st-key-link-] code").inner_text().strip()
    assert link.startswith(f"{address}/?run=")
    page.keyboard.press("Escape")
    for question in ("How many tickets by channel?", "Show stuck tickets"):
        _ask(page, question)
        page.wait_for_timeout(500)
    page.goto(link)
    page.locator("[class*=st-key-opened-]").wait_for()
    page.locator(CHART).first.wait_for()
    _wait_until_drawn(page)
    # What is drawn late below it moves the page once more, and the page then comes back to it.
    top = "document.querySelector('[class*=st-key-asked-]').getBoundingClientRect().y"
    page.wait_for_function(f"{top} >= 0 && {top} < 300", timeout=20_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_everything_below_an_answer_fits_its_window(
    address: str, browser: Browser, screenshots: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    russian = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="ru-RU" if russian else "en-US"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.locator(INPUT).wait_for()
    _ask(page, "Покажи stuck тикеты" if russian else "Show stuck tickets")
    for name in ("more", "refill"):
        page.locator(f"[class*=st-key-{name}-] button").first.click()
        page.locator("[data-testid=stPopoverBody] button").first.wait_for()
        page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
        page.wait_for_timeout(600)
        page.screenshot(path=screenshots / f"{name}-{width}-{scheme}.png")
        box = page.locator("[data-testid=stPopoverBody]").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
    page.locator("[class*=st-key-thumbs-] button").last.click()
    page.locator("[class*=st-key-correction-] input").first.wait_for()
    page.wait_for_timeout(1200)
    page.screenshot(path=screenshots / f"correction-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    context.close()
