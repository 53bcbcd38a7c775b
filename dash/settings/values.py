"""Values of variables, checked as they are read: numbers, addresses, lists, paths. Errors name the variable, and repeat
a value only where it is no secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dash.errors import SettingsError


def postgres_url(env: Mapping[str, str], name: str) -> str | None:
    url = env.get(name)
    if not url:
        return None
    if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise SettingsError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return url


def number(env: Mapping[str, str], name: str, default: float, *, lowest: float, highest: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not lowest <= value <= highest:
        raise SettingsError(f"{name}={text!r} must be a number from {lowest:g} to {highest:g}.")
    return value


def header_text(text: str, name: str) -> str:
    """Text that can stand in an HTTP header. The error does not repeat it: it is a secret."""
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise SettingsError(f"{name} has characters that no key has; copy it again, on one line and without quotes.")
    return text


def http_url(text: str, name: str) -> str:
    """An address of a server. The error does not repeat it: it may hold a password."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and text.isprintable()
    except ValueError:
        fits = False
    if text and (not fits or " " in text):
        raise SettingsError(f"{name} must look like https://api.openai.com/v1 or http://127.0.0.1:11434/v1.")
    return text


def http_host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def is_local(url: str) -> bool:
    return http_host(url) in ("localhost", "127.0.0.1", "::1")


def listed(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """ "a, b" → ("a", "b")."""
    return tuple(part for part in map(str.strip, env.get(name, "").split(",")) if part)


def path(env: Mapping[str, str], name: str) -> Path | None:
    """An absolute path; None where nothing is set."""
    return absolute(Path(env[name]), name) if env.get(name) else None


def absolute(given: Path, name: str) -> Path:
    """`given` from the root on, "~" being the user's folder. Raises SettingsError where ~somebody is nobody here."""
    try:
        return given.expanduser().absolute()
    except RuntimeError:
        raise SettingsError(f"{name}={str(given)!r} names the folder of a user who is not on this machine.") from None


def named(env: Mapping[str, str], prefix: str) -> dict[str, str]:
    """DASH_TARGET_OPS_CHAT=… as "ops-chat"; what is empty is as good as not there."""
    found = {name.removeprefix(prefix): value.strip() for name, value in env.items() if name.startswith(prefix)}
    return {name.lower().replace("_", "-"): value for name, value in sorted(found.items()) if name and value}


def checked_zone(name: str, origin: str) -> str:
    """`name` when it is a time zone, else SettingsError; `origin` is the variable or option that it came from."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"{origin}={name!r} is not a time zone; use a name such as Europe/Berlin.") from error
    return name
