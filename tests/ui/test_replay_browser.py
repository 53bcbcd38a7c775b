"""The player in a real browser: it plays by itself, stops where it is told, and a reload stands there again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from dash.database import Database
from tests.replay.shop import HOSTILE

EVENT = ".replay .event"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def chat(database: Database) -> str:
    """A Hebrew chat with an approval."""
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(
            "SELECT thread_id FROM support.active_interrupts JOIN support.support_threads_data USING (thread_id) "
            "WHERE language = 'he' AND resolved_at IS NOT NULL ORDER BY 1 LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


def opened(page: Page, address: str, chat: str) -> None:
    page.goto(f"{address}/replay?conversation={chat}")
    page.locator(EVENT).first.wait_for(timeout=PATIENCE)


def test_a_conversation_plays_stops_and_is_there_again_after_a_reload(
    address: str, browser: Browser, screenshots: Path, chat: str
) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    opened(page, address, chat)
    page.locator(".replay .speed").select_option("600")
    page.locator(".replay .play").click()
    page.wait_for_function(
        "document.querySelectorAll('*').length && [...document.querySelectorAll('*')].some(host => host.shadowRoot && "
        "[...host.shadowRoot.querySelectorAll('.event')].findIndex(line => line.classList.contains('here')) >= 3)",
        timeout=PATIENCE,
    )
    page.locator(".replay .play").click()
    here = page.locator(f"{EVENT}.here")
    ref = here.get_attribute("data-ref")
    assert ref
    expect(page).to_have_url(re.compile(rf"at={re.escape(ref)}$"), timeout=PATIENCE)
    assert page.locator(f"{EVENT}.later").count() > 0
    page.reload()
    here.wait_for(timeout=PATIENCE)
    assert here.get_attribute("data-ref") == ref
    page.get_by_role("button", name="Next approval").click()
    expect(here).to_have_class(re.compile("kind-approval"), timeout=PATIENCE)
    page.screenshot(path=screenshots / "replay.png")
    page.context.close()


def test_a_kind_that_is_switched_off_is_not_shown(address: str, browser: Browser, chat: str) -> None:
    page = browser.new_context(locale="en-US").new_page()
    opened(page, address, chat)
    assert page.locator(f"{EVENT}.kind-task").count() > 0
    page.locator(".replay .chip.kind-task").click()
    expect(page.locator(f"{EVENT}.kind-task")).to_have_count(0)
    assert page.locator(f"{EVENT}.kind-message").count() > 0
    page.context.close()


def test_right_to_left_messages_begin_on_the_right_and_hostile_ones_stay_text(
    address: str, browser: Browser, database: Database, chat: str
) -> None:
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        row = connection.execute(
            "SELECT id, body FROM support.support_dialogs WHERE thread_id = %s ORDER BY position DESC LIMIT 1", (chat,)
        ).fetchone()
        assert row
        connection.execute("UPDATE support.support_dialogs SET body = %s WHERE id = %s", (HOSTILE, row[0]))
        try:
            page = browser.new_context(locale="en-US").new_page()
            asked: list[str] = []
            page.on("dialog", lambda dialog: asked.append(dialog.message))
            opened(page, address, chat)
            bodies = page.locator(f"{EVENT}.kind-message .body")
            first, last = bodies.first, page.locator(f"[data-ref='messages.{row[0]}'] .body")
            assert first.evaluate("e => getComputedStyle(e).direction") == "rtl"
            assert last.text_content() == HOSTILE
            assert last.locator("*").count() == 0
            assert asked == []
            page.context.close()
        finally:
            connection.execute("UPDATE support.support_dialogs SET body = %s WHERE id = %s", (row[1], row[0]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_search_and_replay_fit_their_window(
    address: str, browser: Browser, screenshots: Path, chat: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 1000 else 844},
        color_scheme=scheme,
        locale="ru-RU" if scheme == "dark" else "en-US",
    )
    page = context.new_page()
    page.goto(f"{address}/replay")
    page.locator("[class*=st-key-open-]").nth(24).wait_for(timeout=PATIENCE)
    page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
    page.screenshot(path=screenshots / f"replay-search-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    opened(page, address, chat)
    page.screenshot(path=screenshots / f"replay-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    context.close()
