"""Where a page may be served without sign-in, and what sign-in needs."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from dash.access import is_loopback, require_guarded_address
from dash.access.provider import providers, require_complete, sign_in_file
from dash.errors import SettingsError
from dash.settings import Settings, SignIn

SIGN_IN = SignIn("https://id/.well-known/openid-configuration", "dash", 'se"cr\\et', "https://dash.example.com/")
COMPLETE = {
    "redirect_uri": "https://dash.example.com/oauth2callback",
    "cookie_secret": "x" * 40,
    "client_id": "dash",
    "client_secret": "s3cret",
    "server_metadata_url": "https://id/.well-known/openid-configuration",
}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST.", "::1", "[::1]", "::ffff:127.0.0.1"]
)
def test_this_machine_alone_is_served_without_sign_in(host: str) -> None:
    require_guarded_address(host, sign_in=False, asked_for="localhost:8501")
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "", None, "10.0.0.4", "dash.example.com", "127.0.0.1.example.com", "localhost.evil.com", "0"],
)
def test_another_address_needs_sign_in_and_says_what_to_do(host: str | None) -> None:
    with pytest.raises(SettingsError, match=r"docs/access\.md.*DASH_HOST=127\.0\.0\.1"):
        require_guarded_address(host, sign_in=False)
    require_guarded_address(host, sign_in=True)


@pytest.mark.parametrize("header", ["dash.example.com", "10.0.0.4:8501", "evil.example:8501", "[2001:db8::1]:80"])
def test_a_request_under_another_name_needs_sign_in_although_the_server_is_bound_to_the_loopback(header: str) -> None:
    with pytest.raises(SettingsError, match="another name"):
        require_guarded_address("127.0.0.1", sign_in=False, asked_for=header)


@pytest.mark.parametrize("header", ["127.0.0.1:8501", "localhost", "[::1]:8501", None])
def test_a_request_under_this_machines_own_name_is_fine(header: str | None) -> None:
    require_guarded_address("127.0.0.1", sign_in=False, asked_for=header)


def test_streamlits_secrets_are_for_us_alone_and_sessions_outlive_a_restart(tmp_path: Path) -> None:
    file = sign_in_file(SIGN_IN, tmp_path)
    first = tomllib.loads(file.read_text(encoding="utf-8"))["auth"]
    require_complete(first)
    assert first["client_secret"] == SIGN_IN.client_secret
    assert first["redirect_uri"] == "https://dash.example.com/oauth2callback"
    for path in (file, file.parent):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    again = tomllib.loads(sign_in_file(SIGN_IN, tmp_path).read_text(encoding="utf-8"))["auth"]
    assert again == first
    assert len(first["cookie_secret"]) >= 32


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"cookie_secret": "short"}, "cookie_secret has at least 32"),
        ({"redirect_uri": "https://dash.example.com/"}, "/oauth2callback"),
        ({"redirect_uri": "http://dash.example.com/oauth2callback"}, "https://"),
        ({"client_secret": ""}, "client_secret is missing"),
        ({"client_id": ""}, "client_id is missing"),
    ],
)
def test_an_incomplete_sign_in_is_a_sentence_without_secrets(change: dict[str, str], what: str) -> None:
    with pytest.raises(SettingsError) as error:
        require_complete(COMPLETE | change)
    assert what in error.value.message
    assert "s3cret" not in error.value.message


def test_several_providers_may_be_chosen_from() -> None:
    shared = {name: COMPLETE[name] for name in ("redirect_uri", "cookie_secret")}
    client = {name: COMPLETE[name] for name in ("client_id", "client_secret", "server_metadata_url")}
    auth = shared | {"google": client, "okta": client}
    require_complete(auth)
    assert providers(auth) == ("google", "okta")


def test_the_environment_sets_up_sign_in_whole_or_not_at_all() -> None:
    whole = {
        "DASH_OIDC_ISSUER": "https://id/",
        "DASH_OIDC_CLIENT_ID": "dash",
        "DASH_OIDC_CLIENT_SECRET": "s3cret",
        "DASH_PAGE_URL": "https://dash.example.com",
    }
    sign_in = Settings.from_env(whole).sign_in
    assert sign_in is not None
    assert sign_in.metadata_url == "https://id/.well-known/openid-configuration"
    assert "s3cret" not in repr(sign_in)
    assert Settings.from_env({}).sign_in is None
    with pytest.raises(SettingsError, match="DASH_PAGE_URL"):
        Settings.from_env({name: value for name, value in whole.items() if name != "DASH_PAGE_URL"})
    with pytest.raises(SettingsError, match="DASH_PAGE_URL"):
        Settings.from_env(whole | {"DASH_PAGE_URL": "http://dash.example.com"})
