"""How others reach us: the address of the page, sign-in, and the HTTP API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dash.errors import SettingsError
from dash.settings.values import http_host, is_local, listed, number


@dataclass(frozen=True)
class SignIn:
    """How people sign in: an OpenID Connect provider, and the address at which they open the page."""

    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    page_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> SignIn | None:
        """None when none of the variables is set. Raises SettingsError when only some are."""
        names = ("DASH_OIDC_ISSUER", "DASH_OIDC_CLIENT_ID", "DASH_OIDC_CLIENT_SECRET", "DASH_PAGE_URL")
        issuer, client, secret, page = values = [env.get(name, "").strip() for name in names]
        if not any(values[:3]):
            return None
        if missing := [name for name, value in zip(names, values, strict=True) if not value]:
            raise SettingsError(f"Sign-in needs {', '.join(missing)} as well; docs/access.md says what they are.")
        if http_host(page) is None or (page.startswith("http:") and not is_local(page)):
            raise SettingsError("DASH_PAGE_URL must be the page's address, such as https://dash.example.com.")
        if http_host(issuer) is None:
            raise SettingsError("DASH_OIDC_ISSUER must look like https://login.example.com.")
        known = "/.well-known/openid-configuration"
        return cls(issuer if issuer.endswith(known) else issuer.rstrip("/") + known, client, secret, page)


@dataclass(frozen=True)
class ApiSettings:
    """How programs reach us over HTTP (docs/api.md). Rates are requests a minute; `audiences` are those of tokens that
    hold, beside the client id of sign-in; `origins` are pages whose scripts may ask; `proxies` say who asked."""

    host: str = "127.0.0.1"
    port: int = 8600
    key_rate: int = 600
    address_rate: int = 1200
    wait_seconds: float = 60.0
    audiences: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> ApiSettings:
        """DASH_API_* variables. Raises SettingsError."""
        origins = listed(env, "DASH_API_ORIGINS")
        if any(http_host(origin) is None or origin.endswith("/") for origin in origins):
            raise SettingsError("DASH_API_ORIGINS lists origins such as https://portal.example.com, without a path.")
        return cls(
            host=env.get("DASH_API_HOST") or cls.host,
            port=int(number(env, "DASH_API_PORT", cls.port, lowest=1, highest=65535)),
            key_rate=int(number(env, "DASH_API_KEY_RATE", cls.key_rate, lowest=1, highest=1_000_000)),
            address_rate=int(number(env, "DASH_API_ADDRESS_RATE", cls.address_rate, lowest=1, highest=1_000_000)),
            wait_seconds=number(env, "DASH_API_WAIT", cls.wait_seconds, lowest=0.1, highest=3600),
            audiences=listed(env, "DASH_API_AUDIENCE"),
            origins=origins,
            proxies=listed(env, "DASH_API_PROXIES"),
        )


@dataclass(frozen=True)
class SlackSettings:
    """A Slack app whose mentions are questions (docs/agentos.md): the token of its bot, and the secret with which Slack
    signs. `api_url` is another one for GovSlack alone."""

    token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str = "https://slack.com/api/"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> SlackSettings | None:
        """None when neither is set. Raises SettingsError when only one is."""
        names = ("DASH_SLACK_TOKEN", "DASH_SLACK_SIGNING_SECRET")
        token, secret = values = [env.get(name, "").strip() for name in names]
        if not any(values):
            return None
        if missing := [name for name, value in zip(names, values, strict=True) if not value]:
            raise SettingsError(f"Slack needs {missing[0]} as well; docs/agentos.md says what it is.")
        url = env.get("DASH_SLACK_API_URL", "").strip() or cls.api_url
        if http_host(url) is None:
            raise SettingsError("DASH_SLACK_API_URL must look like https://slack-gov.com/api/.")
        return cls(token, secret, url)


def page_address(env: Mapping[str, str]) -> str | None:
    text = env.get("DASH_PAGE_URL", "").strip().rstrip("/")
    if text and (http_host(text) is None or not text.isprintable() or " " in text):
        raise SettingsError("DASH_PAGE_URL must be the page's address, such as https://dash.example.com.")
    return text or None
