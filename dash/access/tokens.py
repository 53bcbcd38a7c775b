"""Tokens of the identity provider, sent as `Authorization: Bearer`: who somebody is, proven by its signature.

The provider's keys are read from where its metadata says and kept for a while; a key that is not among them makes us
look again, but not more often than every half a minute, so that nobody can make us ask the provider all the time.
Algorithms are listed here and never taken from the token: what is signed with a shared secret, or not at all, is
nobody's word.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dash.access.binding import is_loopback
from dash.errors import NotSignedIn, ProviderUnavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
LONGEST_TOKEN = 8_192
CLOCKS_DIFFER_SECONDS = 60

_KEPT_SECONDS = 600.0
_BETWEEN_LOOKS_SECONDS = 30.0
_TIMEOUT_SECONDS = 5.0
_AFTER_A_FAILURE_SECONDS = 5.0
_MOST_BYTES = 1_000_000


class TokenVerifier:
    """Reads the claims of tokens that one provider signed for one of `audiences`. Thread-safe."""

    def __init__(self, metadata_url: str, audiences: tuple[str, ...]) -> None:
        self._metadata_url = metadata_url
        self._audiences = audiences
        self._lock = threading.Lock()
        self._issuer = ""
        self._keys: Any = None
        self._read_at = self._failed_at = float("-inf")

    def claims(self, token: str) -> Mapping[str, Any]:
        """What the provider says about the bearer. Raises NotSignedIn, ProviderUnavailable."""
        if len(token) > LONGEST_TOKEN or token.count(".") != 2:
            raise NotSignedIn(REFUSED)
        issuer, keys = self._provider(_KEPT_SECONDS)
        try:
            return self._verified(token, issuer, keys)
        except _UnknownKey:
            # The provider may have changed its keys since.
            issuer, keys = self._provider(_BETWEEN_LOOKS_SECONDS)
        try:
            return self._verified(token, issuer, keys)
        except _UnknownKey as error:
            raise NotSignedIn(REFUSED) from error

    def _verified(self, token: str, issuer: str, keys: Any) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        demands = jwt.JWTClaimsRegistry(
            leeway=CLOCKS_DIFFER_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "values": list(self._audiences)},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
            demands.validate(claims)
        except InvalidKeyIdError as error:
            raise _UnknownKey from error
        except (JoseError, ValueError, TypeError, RecursionError) as error:  # the last: JSON that is nested too deep
            raise NotSignedIn(REFUSED) from error
        return dict(claims)

    def _provider(self, kept_seconds: float) -> tuple[str, Any]:
        """The issuer's name and its keys, read anew when what is known is older than that."""
        with self._lock:
            if time.monotonic() - self._read_at > kept_seconds:
                self._read()
            return self._issuer, self._keys

    def _read(self) -> None:
        """Ask the provider. One that does not answer is not asked again at once, or everybody would wait for it."""
        if time.monotonic() - self._failed_at < _AFTER_A_FAILURE_SECONDS:
            raise ProviderUnavailable(_UNAVAILABLE)
        try:
            self._issuer, self._keys = _read_provider(self._metadata_url)
        except ProviderUnavailable:
            self._failed_at = time.monotonic()
            raise
        self._read_at = time.monotonic()


_UNAVAILABLE = "The identity provider cannot be asked just now; try again in a moment."
REFUSED = "This key or token does not hold; make a new one, or sign in again."


class _UnknownKey(Exception):
    """The token names a key that is not among those that we know."""


def _read_provider(metadata_url: str) -> tuple[str, Any]:
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        metadata = _read_json(metadata_url)
        issuer = str(metadata["issuer"])
        return issuer, KeySet.import_key_set(_read_json(str(metadata["jwks_uri"])))  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise ProviderUnavailable(_UNAVAILABLE) from error


def _read_json(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("keys that come over plain http could be anybody's")
    with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as response:
        read = json.loads(response.read(_MOST_BYTES))
    if not isinstance(read, dict):
        raise ValueError("not an object")
    return read
