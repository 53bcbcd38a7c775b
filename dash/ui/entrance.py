"""Who is at the page, and what is shown instead of a page to whom it is not for.

Decided on the server at every click, before the page runs: a role that was taken away is gone with the next one. What
cannot be decided, because a file or a setting is broken, lets nobody in.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit import config

from dash.access import (
    Access,
    load_access,
    local_viewer,
    may,
    page_needs,
    require_guarded_address,
    roles_with,
    session_has_ended,
    signed_in_viewer,
)
from dash.access.provider import providers, require_complete
from dash.errors import AccessError, SettingsError
from dash.records import Viewer
from dash.settings import Settings
from dash.ui.arrival import follow_link, remember_link
from dash.ui.inert import label
from dash.ui.texts import text

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entrance:
    """`viewer` is None while nobody is signed in. `auth` is how one signs in; None where one need not."""

    viewer: Viewer | None
    auth: Mapping[str, Any] | None = None
    ended: bool = False

    def may_open(self, page: str) -> bool:
        """Whether the viewer may open a page."""
        return self.viewer is not None and may(self.viewer, page_needs(page))


def enter() -> Entrance:
    """Who is at the page. Raises SettingsError where it may not be served, AccessError when roles cannot be read."""
    settings = Settings.from_env()
    auth = _auth(settings)
    require_guarded_address(
        config.get_option("server.address"), sign_in=auth is not None, asked_for=st.context.headers.get("Host")
    )
    access = _roles(settings, everybody_sees=auth is not None)
    if auth is None:
        return Entrance(local_viewer(settings.user, access))
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is not True:
        return Entrance(None, auth)
    if session_has_ended(claims, access, datetime.now(UTC)):
        return Entrance(None, auth, ended=True)
    return Entrance(signed_in_viewer(claims, access), auth)


def _roles(settings: Settings, *, everybody_sees: bool) -> Access:
    """Who has which roles. What is wrong with the file is not for strangers to read: it names people."""
    try:
        return load_access(settings.access)
    except AccessError as error:
        if not everybody_sees:
            raise
        logger.error("%s", error.message)
        raise AccessError(()) from error


def _auth(settings: Settings) -> Mapping[str, Any] | None:
    """What Streamlit itself will sign people in with, so that we never believe in a sign-in that is not there."""
    auth = st.secrets.get("auth") if _secrets_are_there() else None
    if auth is not None:
        require_complete(auth)
        return auth.to_dict() if hasattr(auth, "to_dict") else dict(auth)
    if settings.sign_in is not None:
        raise SettingsError(
            "DASH_OIDC_ISSUER is set, but this page was started in a way that does not read it; "
            "start it with: ./scripts/run"
        )
    return None


def _secrets_are_there() -> bool:
    """False without any file of secrets. One that cannot be read is not the same as none: it may set up sign-in."""
    try:
        if st.secrets.load_if_toml_exists():
            return True
        broken = any(Path(file).exists() for file in config.get_option("secrets.files"))
    except OSError:
        broken = True
    if broken:
        raise SettingsError(
            "The secrets in .streamlit/secrets.toml cannot be read, so nobody can sign in; mend the file."
        )
    return False


def refuse(entrance: Entrance, page: str, language: str) -> None:
    """Say why the page is not shown, and what to do."""
    if entrance.viewer is None:
        _show_sign_in(entrance, language)
    elif not entrance.viewer.roles:
        _show_state("no_role", language, icon=":material/badge:")
    else:
        _show_state("no_permission", language, icon=":material/lock:")
        _show_needed(page, language)


def _show_sign_in(entrance: Entrance, language: str) -> None:
    with st.container(key="gate", border=True, horizontal_alignment="center"):
        st.markdown(":material/monitoring:", width="content")
        st.subheader(text("sign_in_title", language), anchor=False)
        st.text(text("session_ended" if entrance.ended else "sign_in_text", language))
        names = providers(entrance.auth or {})
        for name in names:
            words = text("sign_in", language) if name is None else text("sign_in_with", language, provider=name.title())
            st.button(
                label(words),
                key=f"sign-in-{name or 'default'}",
                type="primary",
                icon=":material/login:",
                on_click=partial(st.login, name),
            )
    remember_link()


def _show_state(name: Literal["no_role", "no_permission"], language: str, *, icon: str) -> None:
    with st.container(key="gate", border=True, horizontal_alignment="center"):
        st.markdown(icon, width="content")
        st.subheader(text(f"{name}_title", language), anchor=False)
        st.text(text(f"{name}_text", language))


def _show_needed(page: str, language: str) -> None:
    roles = [text(f"role_{role}", language) for role in roles_with(page_needs(page))]
    with st.container(key="small-gate", horizontal_alignment="center"):
        st.text(text("needed_roles", language, roles=", ".join(roles)))


def show_account(entrance: Entrance, language: str) -> None:
    """The foot of the sidebar: who is signed in, with which roles, and the way out. Nothing where nobody signs in."""
    viewer = entrance.viewer
    if viewer is None or entrance.auth is None:
        return
    roles = [text(f"role_{role}", language) for role in _ORDER if role in viewer.roles]
    with st.container(key="account", horizontal=True, vertical_alignment="center"):
        with st.container(key="account-name", gap=None):
            st.text(viewer.display)
            st.caption(", ".join(roles) or text("no_role", language))
        st.button(
            text("sign_out", language),
            key="sign-out",
            icon=":material/logout:",
            type="tertiary",
            on_click=st.logout,
        )
    follow_link()


_ORDER: tuple[Literal["viewer", "lead", "ops", "engineer", "admin"], ...] = (
    "viewer",
    "lead",
    "ops",
    "engineer",
    "admin",
)
