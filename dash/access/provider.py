"""How the page reaches the identity provider: what Streamlit reads from its secrets, made from our settings or by hand.

Streamlit signs people in by itself, but only with a TOML file of secrets. With the DASH_OIDC_* variables we write that
file into the state folder, readable for us alone; without them it is a person's own `.streamlit/secrets.toml`.
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dash.access.binding import is_loopback
from dash.errors import SettingsError
from dash.settings import REPOSITORY, SignIn

_CLIENT = ("client_id", "client_secret", "server_metadata_url")
_SHORTEST_COOKIE_SECRET = 32
_FOLDER = "sign-in"


def sign_in_file(sign_in: SignIn, home: Path) -> Path:
    """Write Streamlit's secrets for these settings; returns the file. The key of the sessions is made once and kept."""
    folder = home / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    auth = {
        "redirect_uri": f"{sign_in.page_url.rstrip('/')}/oauth2callback",
        "cookie_secret": _cookie_secret(folder / "cookie-secret"),
        "client_id": sign_in.client_id,
        "client_secret": sign_in.client_secret,
        "server_metadata_url": sign_in.metadata_url,
    }
    file = folder / "secrets.toml"
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in auth.items()]
    _write_private(file, "[auth]\n" + "".join(lines))
    return file


def configured_auth(sign_in: SignIn | None) -> Mapping[str, Any] | None:
    """What a page that we start will sign people in with, or None when nothing is configured. Raises SettingsError."""
    if sign_in is not None:
        return {"redirect_uri": sign_in.page_url, "client_id": sign_in.client_id}
    found: dict[str, Any] = {}
    for file in (Path.home() / ".streamlit" / "secrets.toml", REPOSITORY / ".streamlit" / "secrets.toml"):
        try:
            found |= tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise SettingsError(f"The secrets in .streamlit/{file.name} cannot be read; mend the file.") from error
    auth = found.get("auth")
    if auth is not None:
        require_complete(auth)
    return auth


def require_complete(auth: Any) -> None:
    """Raise SettingsError, which never repeats a secret, unless people can be signed in with this."""
    problems = list(_problems(auth)) if isinstance(auth, Mapping) else ["[auth] is a table"]
    if problems:
        raise SettingsError(
            f"Sign-in is not set up completely: {'; '.join(problems)}. "
            "Mend [auth] in .streamlit/secrets.toml as docs/access.md shows."
        )


def providers(auth: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The names of the providers to choose from; None is the one without a name."""
    named = tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)
    return (None, *named) if "client_id" in auth else named


def _problems(auth: Mapping[str, Any]) -> Iterator[str]:
    redirect = str(auth.get("redirect_uri", ""))
    parts = urlsplit(redirect)
    if parts.scheme not in ("http", "https") or parts.path.rsplit("/", 1)[-1] != "oauth2callback":
        yield "redirect_uri is the page's address followed by /oauth2callback"
    elif parts.scheme == "http" and not is_loopback(parts.hostname):
        yield "redirect_uri begins with https://, because a session over http:// can be stolen on its way"
    if len(str(auth.get("cookie_secret", ""))) < _SHORTEST_COOKIE_SECRET:
        yield f"cookie_secret has at least {_SHORTEST_COOKIE_SECRET} random characters"
    names = providers(auth)
    if not names:
        yield f"{', '.join(_CLIENT)} name the provider"
    for name in names:
        section = auth if name is None else auth[name]
        missing = [key for key in _CLIENT if not section.get(key)]
        if missing:
            yield f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing" + (
                f" in {name}" if name else ""
            )


def _cookie_secret(file: Path) -> str:
    try:
        kept = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    if len(kept) < _SHORTEST_COOKIE_SECRET:
        kept = secrets.token_urlsafe(48)
        _write_private(file, kept)
    return kept


def _write_private(file: Path, text: str) -> None:
    """Whole or not at all, and never for a moment readable by others."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    fresh.replace(file)
