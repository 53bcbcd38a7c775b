"""Signing in for real: a browser, the page's own process, and an identity provider on the loopback."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from dash.access.provider import sign_in_file
from dash.database import Database
from dash.settings import SignIn
from tests.ui.conftest import _wait_for, environment
from tests.ui.identity_provider import CLIENT, SECRET, Provider, provider  # noqa: F401

ROLES = """
people:
  ann@example.com: lead
groups:
  support-ops: ops
"""


@pytest.fixture(scope="module")
def guarded(
    database: Database,
    provider: Provider,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The page as `dash up` starts it with sign-in set up."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "access.yaml").write_text(ROLES, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    sign_in = SignIn(f"{provider.address}/.well-known/openid-configuration", CLIENT, SECRET, address)
    variables = {
        **os.environ,
        **environment(database.settings),
        "DASH_ACCESS": str(folder / "access.yaml"),
        "NO_PROXY": "127.0.0.1,localhost",
    }
    secrets = str(sign_in_file(sign_in, folder))
    command = [sys.executable, "-m", "dash.ui.process", "127.0.0.1", str(port), secrets, "localhost"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


@pytest.fixture
def tab(browser: Browser, guarded: str) -> Iterator[Callable[..., Page]]:
    """`tab("ann")`: a browser of its own in which somebody, perhaps at a link, chose themselves at the provider."""
    contexts = []

    def sign_in(person: str, link: str = "") -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{guarded}{link}")
        page.locator(".st-key-sign-in-default button").click()
        page.locator(f"#{person}").click()
        page.wait_for_url(re.compile(re.escape(guarded)))
        return page

    yield sign_in
    for context in contexts:
        context.close()


def test_nobody_gets_further_than_the_door_without_signing_in(
    browser: Browser, guarded: str, screenshots: Path
) -> None:
    for language, title, width, scheme in (
        ("en", "Sign in to Dash", 1440, "light"),
        ("ru", "Войдите в Dash", 390, "dark"),
    ):
        page = browser.new_page(viewport={"width": width, "height": 850}, color_scheme=scheme)
        page.goto(f"{guarded}/?lang={language}&thread=0123456789abcdef")
        expect(page.locator(".st-key-gate")).to_contain_text(title, timeout=60_000)
        expect(page.get_by_test_id("stChatInput")).to_have_count(0)
        page.screenshot(path=screenshots / f"sign-in-{width}.png")
        page.close()


def test_a_lead_signs_in_asks_and_signs_out(
    tab: Callable[..., Page],
    provider: Provider,  # noqa: F811
    database: Database,
    screenshots: Path,
) -> None:
    page = tab("ann")
    expect(page.locator(".st-key-account")).to_contain_text("Ann Lead", timeout=60_000)
    expect(page.locator(".st-key-account")).to_contain_text("Support lead")
    page.get_by_test_id("stChatInput").locator("textarea").fill("How many tickets are there?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3,000").first).to_be_visible(timeout=60_000)
    page.screenshot(path=screenshots / "signed-in.png")
    with psycopg.connect(database.owner_dsn()) as connection:
        owners = connection.execute("SELECT DISTINCT asked_by FROM dash.runs").fetchall()
    assert (f"{provider.address}#subject-of-ann",) in owners
    page.locator(".st-key-sign-out button").click()
    expect(page.locator(".st-key-gate")).to_contain_text("Sign in to Dash", timeout=60_000)
    page.reload()
    expect(page.locator(".st-key-gate")).to_contain_text("Sign in to Dash", timeout=60_000)


def test_a_link_is_where_one_lands_after_signing_in(tab: Callable[..., Page], guarded: str) -> None:
    link = "/stuck?compare=2026-11-20T07%3A00%3A00Z&reason=unanswered&lang=ru"
    page = tab("olga", link)
    expect(page.locator(".st-key-account")).to_contain_text("Olga Ops", timeout=60_000)
    expect(page.get_by_role("heading", name="Застрявшие тикеты")).to_be_visible(timeout=60_000)
    assert page.url == f"{guarded}{link}"
    page.goto(guarded)  # it was followed once: the front page is the front page again
    expect(page.get_by_test_id("stChatInput")).to_be_visible(timeout=60_000)
    assert page.url.rstrip("/") == guarded


def test_who_has_no_role_is_told_so_and_may_sign_out(tab: Callable[..., Page], screenshots: Path) -> None:
    for person in ("stranger", "borrower"):  # the borrower's address is not verified, so it gives nothing
        page = tab(person)
        expect(page.locator(".st-key-gate")).to_contain_text("You have no role yet", timeout=60_000)
        expect(page.get_by_test_id("stChatInput")).to_have_count(0)
        expect(page.locator(".st-key-sign-out")).to_be_visible()
        page.screenshot(path=screenshots / f"no-role-{person}.png")


@pytest.mark.parametrize("person", ["forged", "expired", "foreign", "replayed"])
def test_a_token_that_is_not_the_providers_own_for_this_sign_in_opens_nothing(
    tab: Callable[..., Page], person: str
) -> None:
    page = tab(person)
    expect(page.locator(".st-key-gate")).to_contain_text("Sign in to Dash", timeout=60_000)
    assert not [cookie for cookie in page.context.cookies() if cookie.get("name") == "_streamlit_user"]


def test_a_session_that_began_yesterday_has_ended(tab: Callable[..., Page]) -> None:
    expect(tab("yesterday").locator(".st-key-gate")).to_contain_text("Your session has ended", timeout=60_000)


def test_a_cookie_that_was_made_elsewhere_opens_nothing(tab: Callable[..., Page], browser: Browser) -> None:
    page = tab("ann")
    expect(page.locator(".st-key-account")).to_be_visible(timeout=60_000)
    for cookie in page.context.cookies():
        if cookie.get("name") == "_streamlit_user":
            value = str(cookie["value"])
            changed = value[:20] + ("A" if value[20] != "A" else "B") + value[21:]
            page.context.add_cookies([{**cookie, "value": changed}])  # type: ignore[list-item]
    page.reload()
    expect(page.locator(".st-key-gate")).to_contain_text("Sign in to Dash", timeout=60_000)
