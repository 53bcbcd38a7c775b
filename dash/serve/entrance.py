"""Who asks, and whether they may: one answer for every request, whatever it is for.

A program shows a key of ours or a token of the identity provider. Without either it is let in only as the one local
user of this machine, where nobody else can come: bound to the loopback, called by its name, nothing set up for others
to come by, and no key ever given out. Keys and people have a rate of their own; an address pays only for requests that
show nothing that holds, so that strangers behind a proxy do not shut out those who share its address.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from dash.access import (
    Access,
    Permission,
    is_loopback,
    load_access,
    local_viewer,
    require,
    session_has_ended,
    signed_in_viewer,
)
from dash.access.binding import host_of
from dash.access.keys import Keys, looks_like_a_key
from dash.access.provider import configured_auth
from dash.access.rates import Rate, Rates, address_bucket
from dash.access.tokens import REFUSED, TokenVerifier
from dash.errors import AccessError, NotSignedIn, ProviderUnavailable, SettingsError, TooManyRequests, UserError
from dash.records import Viewer
from dash.serve.meters import Meters
from dash.settings import Settings

logger = logging.getLogger(__name__)

BEARER = HTTPBearer(
    scheme_name="bearer",
    description="A key (`dash key create`), or a token of the identity provider that people sign in with.",
    auto_error=False,
)
_NEEDED = "This needs a key or a token: Authorization: Bearer …; docs/api.md says how to get one."
_LONGEST_NAME = 60
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


class Entrance:
    """Lets requests in on somebody's behalf."""

    def __init__(
        self, settings: Settings, keys: Keys, rates: Rates, meters: Meters, clock: Callable[[], datetime]
    ) -> None:
        self.keys, self.rates = keys, rates
        self._settings = settings
        self._meters = meters
        self._clock = clock
        self._address_rate = Rate(settings.api.address_rate)
        self._key_rate = Rate(settings.api.key_rate)
        self._verifier: TokenVerifier | None = None
        if settings.sign_in is not None:
            audiences = (settings.sign_in.client_id, *settings.api.audiences)
            self._verifier = TokenVerifier(settings.sign_in.metadata_url, audiences)

    def admit(self, connection: HTTPConnection) -> Viewer:
        """On whose behalf the request is. Raises NotSignedIn, TooManyRequests, AccessError,
        ProviderUnavailable, DatabaseUnavailable."""
        try:
            bucket, viewer = self._who(connection)
        except (NotSignedIn, ProviderUnavailable) as error:
            self.knock(connection)
            if isinstance(error, NotSignedIn):
                self._meters.refused("not_signed_in")
            raise
        self._take(bucket, self._key_rate, "key")
        return viewer

    def knock(self, connection: HTTPConnection) -> None:
        """Count a request that shows nothing that holds. Raises TooManyRequests, DatabaseUnavailable."""
        self._take(address_bucket(connection.client.host if connection.client else None), self._address_rate, "address")

    def vouched(self, issuer: str, subject: str) -> Viewer:
        """Somebody for whom another service stands, under the name that its sign-in would give them.
        Raises TooManyRequests, AccessError, DatabaseUnavailable."""
        viewer = signed_in_viewer({"iss": issuer, "sub": subject}, self._roles())
        if viewer is None:
            raise NotSignedIn(REFUSED)
        self._take(_person(viewer), self._key_rate, "key")
        return viewer

    def _who(self, connection: HTTPConnection) -> tuple[str, Viewer]:
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if not scheme and not token:
            viewer = self._local(connection)
            return _person(viewer), viewer
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn(_NEEDED)
        if looks_like_a_key(token):
            key = self.keys.find(token)
            if key is None:
                raise NotSignedIn(REFUSED)
            return f"key:{key.id}", key.viewer()
        viewer = self._signed_in(token)
        return _person(viewer), viewer

    def _signed_in(self, token: str) -> Viewer:
        if self._verifier is None:
            raise NotSignedIn(REFUSED)
        claims = self._verifier.claims(token)
        access = self._roles()
        viewer = None if session_has_ended(claims, access, self._clock()) else signed_in_viewer(claims, access)
        if viewer is None:
            raise NotSignedIn(REFUSED)
        return viewer

    def _local(self, connection: HTTPConnection) -> Viewer:
        """The local user, where nobody else can be the one who asks."""
        if not self._is_alone() or not _is_from_here(connection) or self.keys.known()[0]:
            raise NotSignedIn(_NEEDED)
        return local_viewer(self._settings.user, self._roles())

    def _is_alone(self) -> bool:
        """Whether nothing is set up by which others could come: no address of theirs, no sign-in, no proxy."""
        settings = self._settings
        if not is_loopback(settings.api.host) or settings.page_url is not None or settings.api.proxies:
            return False
        try:
            return configured_auth(settings.sign_in) is None
        except SettingsError:  # sign-in that is set up and broken is no reason to let everybody in
            return False

    def _roles(self) -> Access:
        try:
            return load_access(self._settings.access)
        except AccessError as error:
            logger.error("%s", error.message)  # it names people, so it is not for strangers
            raise AccessError(()) from error

    def _take(self, bucket: str, rate: Rate, by: str) -> None:
        seconds = self.rates.take(bucket, rate)
        if seconds > 0:
            self._meters.refused(f"{by}_rate")
            raise TooManyRequests(seconds)


class Needs:
    """The dependency of an endpoint: who asks, when they have the right to."""

    def __init__(self, permission: Permission | None) -> None:
        """`permission` None lets in whoever is somebody."""
        self.permission = permission

    def __call__(
        self, request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]
    ) -> Viewer:
        entrance: Entrance = request.app.state.service.entrance
        viewer = entrance.admit(request)
        if self.permission is not None:
            require(viewer, self.permission)
        _require_known_parameters(request)
        return viewer


def require_guarded(settings: Settings, keys: Keys) -> None:
    """Raise SettingsError when the API would be reached by others and nobody of them could show who they are."""
    if is_loopback(settings.api.host) or settings.sign_in is not None or keys.known()[1]:
        return
    raise SettingsError(
        f"The API would be served at {settings.api.host or 'every address of this machine'}, where others can reach "
        "it, and there is no key that they could use. Make one first: ./scripts/dash key create NAME --role lead; "
        "or set up sign-in as docs/access.md says; or serve this machine alone: ./scripts/dash serve --host 127.0.0.1"
    )


def _require_known_parameters(request: Request) -> None:
    """Raise UserError for a parameter that the endpoint has not: a misspelled one would be silently ignored."""
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    for name in request.query_params:
        if name not in known:
            raise UserError(
                f"There is no parameter {name[:_LONGEST_NAME]!r} here; there are: {', '.join(sorted(known)) or 'none'}."
            )


def _is_from_here(connection: HTTPConnection) -> bool:
    """Whether the request comes from a program of this machine: called by its name, and handed on by nobody.

    A page of somebody else makes a browser send its Origin, and a name that was bent to this machine is in Host.
    """
    headers = connection.headers
    return (
        is_loopback(host_of(headers.get("host", "")))
        and "origin" not in headers
        and headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        and not any(name in headers for name in _FORWARDED)
    )


def _person(viewer: Viewer) -> str:
    return f"person:{hashlib.sha256(viewer.name.encode('utf-8', 'replace')).hexdigest()[:32]}"
