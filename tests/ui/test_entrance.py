"""What the page shows instead of a page: no role, no right, a broken list of roles, an address without sign-in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dash.access import PAGES
from dash.database import Database
from dash.settings import REPOSITORY, Settings

OpenPage = Callable[..., AppTest]
AUTH = {
    "auth": {
        "redirect_uri": "http://localhost:8501/oauth2callback",
        "cookie_secret": "x" * 40,
        "client_id": "dash",
        "client_secret": "secret",
        "server_metadata_url": "http://localhost:9/.well-known/openid-configuration",
    }
}


@pytest.fixture
def roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give people roles."""

    def write(text: str) -> None:
        (tmp_path / "access.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("DASH_ACCESS", str(tmp_path / "access.yaml"))

    return write


@pytest.fixture
def bound_to() -> Iterator[Callable[[str], None]]:
    """Bind Streamlit to an address, as `streamlit run app.py --server.address …` by hand would."""
    before = config.get_option("server.address")
    yield lambda host: config.set_option("server.address", host)
    config.set_option("server.address", before)


def words(test: AppTest) -> str:
    return "\n".join([*(each.value for each in test.text), *(each.value for each in test.subheader)])


def signed_in(database: Database, in_environment: Callable[[Settings], None], **claims: Any) -> AppTest:
    """A tab of somebody whom a provider named."""
    in_environment(database.settings)
    test = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    test.context["locale"] = "en-US"
    test.secrets = dict(AUTH)
    test.user = {"is_logged_in": True, "iss": "https://id", "sub": "1", "iat": time.time(), "name": "Ann"} | claims
    return test.run()


@pytest.mark.parametrize(("locale", "title"), [("en-US", "You have no role yet"), ("ru-RU", "У вас пока нет роли")])
def test_who_has_no_role_is_told_and_sees_nothing_else(
    roles: Callable[[str], None], open_page: OpenPage, locale: str, title: str
) -> None:
    roles("local: []\n")
    test = open_page(locale=locale)
    assert not test.exception
    assert title in words(test)
    assert not test.chat_input


def test_a_page_for_others_is_refused_by_its_address_and_says_whose_it_is(
    roles: Callable[[str], None], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PAGES, "ask", "see_usage")  # type: ignore[arg-type]
    roles("local: lead\n")
    test = open_page()
    assert not test.exception
    assert "This page is not open to you" in words(test)
    assert "Open to: Engineer, Administrator" in words(test)
    assert not test.chat_input
    roles("local: [lead, engineer]\n")
    assert open_page().chat_input


def test_a_role_that_is_taken_away_is_gone_with_the_next_click(
    roles: Callable[[str], None], open_page: OpenPage
) -> None:
    roles("local: lead\n")
    test = open_page()
    assert test.chat_input
    roles("local: []  # on leave\n")
    test.run()
    assert not test.chat_input
    assert "You have no role yet" in words(test)


def test_a_broken_list_of_roles_lets_nobody_in_and_says_where_it_is_broken(
    roles: Callable[[str], None], open_page: OpenPage
) -> None:
    roles("people:\n  ann@example.com: boss\n")
    test = open_page()
    assert not test.exception
    assert not test.chat_input
    assert "Roles cannot be read" in words(test)
    assert "access.yaml:2: 'boss' is no role" in words(test)


def test_a_broken_list_of_roles_is_not_shown_to_strangers(
    roles: Callable[[str], None], database: Database, in_environment: Callable[[Settings], None]
) -> None:
    roles("people:\n  ann@example.com: lead\n  Ann@example.com: ops\n")
    test = signed_in(database, in_environment, is_logged_in=False)
    assert not test.exception
    assert "Roles cannot be read" in words(test)
    assert "ann@example.com" not in words(test).lower()


@pytest.mark.parametrize("host", ["0.0.0.0", "", "192.0.2.1"])
def test_another_address_without_sign_in_is_refused_also_when_streamlit_is_started_by_hand(
    bound_to: Callable[[str], None], open_page: OpenPage, host: str
) -> None:
    bound_to(host)
    test = open_page()
    assert not test.exception
    assert not test.chat_input
    assert "sign-in is not set up" in words(test)


def test_sign_in_that_the_page_was_not_started_with_does_not_make_everybody_an_admin(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ISSUER", "https://id"), ("CLIENT_ID", "dash"), ("CLIENT_SECRET", "s")):
        monkeypatch.setenv(f"DASH_OIDC_{name}", value)
    monkeypatch.setenv("DASH_PAGE_URL", "https://dash.example.com")
    test = open_page()
    assert not test.chat_input
    assert "./scripts/run" in words(test)


def test_secrets_that_cannot_be_read_do_not_make_everybody_an_admin(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_text("[auth\nclient_secret = 's3cret'\n", encoding="utf-8")
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(tmp_path / "secrets.toml")])
    try:
        test = open_page()
    finally:
        config.set_option("secrets.files", before)
    assert not test.exception
    assert not test.chat_input
    assert "cannot be read, so nobody can sign in" in words(test)
    assert "s3cret" not in words(test)


def test_who_is_signed_in_works_on_their_own_threads_and_sees_who_they_are(
    roles: Callable[[str], None], database: Database, in_environment: Callable[[Settings], None]
) -> None:
    roles("people: {'https://id#1': lead, 'https://id#2': lead}\n")
    test = signed_in(database, in_environment)
    assert not test.exception
    assert "Ann" in words(test)
    test.chat_input[0].set_value("How many tickets are there?").run()
    thread = test.query_params["thread"]
    other = signed_in(database, in_environment, sub="2", name="Bob")
    other.query_params["thread"] = thread
    other.run()
    assert other.info
    assert "How many tickets are there?" not in words(other)


@pytest.mark.parametrize("claims", [{"is_logged_in": False}, {"is_logged_in": "yes"}, {"iat": 0}, {"sub": None}])
def test_who_is_not_signed_in_is_asked_to(
    roles: Callable[[str], None],
    database: Database,
    in_environment: Callable[[Settings], None],
    claims: dict[str, Any],
) -> None:
    roles("default: admin\n")
    test = signed_in(database, in_environment, **claims)
    assert not test.exception
    assert not test.chat_input
    assert "Sign in to Dash" in words(test)
