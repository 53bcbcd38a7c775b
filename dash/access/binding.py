"""Whether a page may be served at an address: without sign-in only where nobody but this machine's people come."""

from __future__ import annotations

import ipaddress

from dash.errors import SettingsError


def is_loopback(host: str | None) -> bool:
    """Whether a server that is bound to `host` is reached from this machine alone. An empty one is every address."""
    name = (host or "").strip().strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:127.0.0.1
    return (mapped or address).is_loopback


def host_of(header: str) -> str:
    """The host of a Host header: "[::1]:8501" → "::1", "127.0.0.1:8501" → "127.0.0.1"."""
    if header.startswith("["):
        return header[1:].split("]")[0]
    return header.rsplit(":", 1)[0] if header.count(":") == 1 else header


def require_guarded_address(host: str | None, *, sign_in: bool, asked_for: str | None = None) -> None:
    """Raise SettingsError when strangers could open the page and nobody would have to sign in.

    `host` is what the server is bound to, `asked_for` the Host header of a request: another name than this machine's
    means that something hands requests of others on, or that a strange page makes a browser ask us.
    """
    if sign_in:
        return
    if not is_loopback(host):
        shown = host or "every address of this machine"
        raise SettingsError(
            f"The page would be served at {shown}, where others can open it, and sign-in is not set up. "
            "Either set up sign-in as docs/access.md says (five minutes with any OpenID Connect provider), "
            "or serve it to this machine alone: DASH_HOST=127.0.0.1 ./scripts/run"
        )
    if asked_for and not is_loopback(host_of(asked_for)):
        raise SettingsError(
            "This page was opened under another name than this machine's own, so it may be others who open it, and "
            "sign-in is not set up. Either set up sign-in as docs/access.md says, or open the page at "
            "http://127.0.0.1 or http://localhost with its port."
        )
