"""An OpenID Connect provider of the test's own: discovery, sign-in page, tokens with signed identity, its keys.

It does what the specification asks of a provider and checks what it asks of a client (secret, code, redirect, PKCE), so
that a page that signs in here signs in elsewhere. Some of its people are attackers: their tokens are what a stolen,
forged or foreign token would be.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "dash", "the client's secret"

PEOPLE: dict[str, dict[str, Any]] = {
    "ann": {"name": "Ann Lead", "email": "Ann@example.com", "email_verified": True},
    "olga": {"name": "Olga Ops", "email": "olga@example.com", "email_verified": True, "groups": ["support-ops"]},
    "stranger": {"name": "Sam Stranger", "email": "sam@example.com", "email_verified": True},
    "borrower": {"name": "Not Ann", "email": "ann@example.com", "email_verified": False},
    "forged": {"name": "Forged", "email": "ann@example.com", "email_verified": True},
    "expired": {"name": "Expired", "email": "ann@example.com", "email_verified": True},
    "foreign": {"name": "Foreign", "email": "ann@example.com", "email_verified": True},
    "replayed": {"name": "Replayed", "email": "ann@example.com", "email_verified": True},
    "yesterday": {"name": "Yesterday", "email": "ann@example.com", "email_verified": True},
}


@dataclass
class Provider:
    """The provider as a test sees it; `refusals` says why the provider refused a client."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    strange_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        """The document that clients begin with."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def sign_in_page(self, query: dict[str, str]) -> str:
        """A link for each person."""
        links = []
        for person in PEOPLE:
            code = secrets.token_urlsafe(8)
            self.codes[code] = (person, query)
            back = f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
            links.append(f'<p><a id="{person}" href="{back}">{person}</a></p>')
        return "<title>Provider</title>" + "".join(links)

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What a code is exchanged for, or None when the client is not the one that it was made for."""
        expected = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization not in (f"Basic {expected}", f"Basic {plain}"):
            return self._refuse("not our client")
        person, query = self.codes.pop(form.get("code", ""), ("", {}))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if not person or form.get("redirect_uri") != query["redirect_uri"]:
            return self._refuse("unknown code or another redirect")
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != query.get("code_challenge"):
            return self._refuse("PKCE")
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self._id_token(person, query)}

    def _refuse(self, why: str) -> None:
        self.refusals.append(why)

    def _id_token(self, person: str, query: dict[str, str]) -> str:
        issued = int(time.time()) - {"expired": 3600, "yesterday": 86_400}.get(person, 0)
        claims = {
            "iss": self.address,
            "sub": f"subject-of-{person}",
            "aud": "another-client" if person == "foreign" else CLIENT,
            "nonce": "of another sign-in" if person == "replayed" else query.get("nonce"),
            "iat": issued,
            "exp": issued + (86_400 * 30 if person == "yesterday" else 600),
            **PEOPLE[person],
        }
        key = self.strange_key if person == "forged" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self._json(provider.discovery())
            elif parts.path == "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/authorize":
                self._send(200, "text/html", provider.sign_in_page(query))
            elif parts.path == "/logout":
                self.send_response(302)
                self.send_header("Location", query["post_logout_redirect_uri"])
                self.end_headers()
            else:
                self._send(404, "text/plain", "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            answer = provider.tokens(form, self.headers.get("Authorization", ""))
            self._json(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def _json(self, value: Any, status: int = 200) -> None:
            self._send(status, "application/json", json.dumps(value))

        def _send(self, status: int, kind: str, body: str) -> None:
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Handler


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider, listening on the loopback."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join(10)
