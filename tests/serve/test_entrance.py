"""Who comes in: keys, tokens of the provider, the local user, and how often."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from dash.access import PERMISSIONS, ROLES, Permission
from dash.access.keys import Keys
from dash.access.rates import Rate, Rates, address_bucket
from dash.database import Database
from dash.errors import NotFoundError, SettingsError, UserError
from dash.serve.application import ROUTERS
from dash.serve.describing import need_of, routes_of
from dash.serve.entrance import require_guarded
from dash.settings import ApiSettings, SignIn
from tests.conftest import NOW
from tests.serve.conftest import PEOPLE, UNBOUNDED, Served, ask, served
from tests.ui.identity_provider import CLIENT, Provider
from tests.ui.identity_provider import provider as provider  # a fixture of this module

# Written out by hand, as in tests/access: an endpoint that asks for another right shows in review.
NEEDS: dict[str, Permission | None] = {
    "POST /api/v1/questions": "ask",
    "GET /api/v1/runs/{run_id}": "ask",
    "GET /api/v1/runs/{run_id}/answer": "ask",
    "GET /api/v1/runs/{run_id}/answer.csv": "ask",
    "POST /api/v1/runs/{run_id}/cancel": "ask",
    "GET /api/v1/runs/{run_id}/drill": "ask",
    "POST /api/v1/runs/{run_id}/feedback": "give_feedback",
    "GET /api/v1/threads": "ask",
    "GET /api/v1/threads/{thread_id}": "ask",
    "PATCH /api/v1/threads/{thread_id}": "ask",
    "GET /api/v1/conversations": "replay",
    "GET /api/v1/conversations/{conversation_id}": "replay",
    "GET /api/v1/conversations/{conversation_id}/events": "replay",
    "GET /api/v1/stuck": "see_stuck",
    "GET /api/v1/stuck/checks": "see_stuck",
    "POST /api/v1/stuck/checks": "see_stuck",
    "POST /api/v1/stuck/actions": "work_stuck_list",
    "GET /api/v1/stuck/tickets/{ticket}/actions": "see_stuck",
    "GET /api/v1/metrics": "see_knowledge",
    "GET /api/v1/metrics/{name}": "see_knowledge",
    "GET /api/v1/queries": "see_knowledge",
    "GET /api/v1/queries/{name}": "see_knowledge",
    "POST /api/v1/queries/{name}/run": "try_query",
    "GET /api/v1/knowledge/faults": "write_query",
    "GET /api/v1/learnings": "see_learnings",
    "GET /api/v1/learnings/{learning_id}": "see_learnings",
    "GET /metrics": "see_usage",
    "GET /api/v1/me": None,
    "GET /api/v1/problems/{name}": None,
    "GET /api/v1/openapi.json": None,
}
OPEN = {f"{method} /{path}" for method in ("GET", "HEAD") for path in ("healthz", "readyz")}
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/questions": {"question": "How many tickets are there?"},
    "POST /api/v1/runs/{run_id}/feedback": {"verdict": "good"},
    "PATCH /api/v1/threads/{thread_id}": {"title": "x"},
    "POST /api/v1/queries/{name}/run": {},
    "POST /api/v1/stuck/actions": {"deed": "acknowledge", "tickets": ["x"]},
}


def test_every_endpoint_asks_for_the_right_that_the_table_says() -> None:
    found = {}
    for route in routes_of(ROUTERS):
        need = need_of(route)
        for method in route.methods or ():
            found[f"{method} {route.path}"] = need.permission if need else "open"
    assert found == NEEDS | dict.fromkeys(OPEN, "open")


@pytest.mark.parametrize("endpoint", NEEDS)
def test_an_endpoint_refuses_whoever_has_not_the_right_and_whoever_is_nobody(
    endpoint: str, api: Served, people: dict[str, httpx2.Client]
) -> None:
    method, path = endpoint.split()
    path = path.format_map(defaultdict(lambda: "x"))
    body, need = BODIES.get(endpoint), NEEDS[endpoint]
    for name, role in PEOPLE.items():
        allowed = need is None or need in ROLES[role]
        if allowed and path == "/api/v1/knowledge/faults":
            continue  # seconds of work; test_catalogue.py does it once
        status = people[name].request(method, path, json=body).status_code
        assert (status == 403) == (not allowed), f"{name} got {status}"
        assert status not in (401, 500)
    for token in (None, "nonsense", "dash_0123456789ab_" + "0" * 64, "a.b.c"):
        with api.client(token) as stranger:
            response = stranger.request(method, path, json=body)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


def test_a_key_does_what_its_scopes_say_and_no_more(api: Served) -> None:
    keys = Keys(api.dash.database)
    scopes: list[Permission] = ["see_knowledge", "see_usage"]
    key, token = keys.create("watcher", ["engineer"], by="test", scopes=scopes)
    with api.client(token) as client:
        who = client.get("/api/v1/me").json()
        assert (who["name"], who["permissions"]) == (f"key#{key.id}", sorted(scopes))
        assert client.get("/metrics").text.startswith("# HELP")
        assert client.get("/api/v1/metrics").status_code == 200
        refused = client.post("/api/v1/questions", json={"question": "How many tickets are there?"})
        beyond = client.post("/api/v1/stuck/actions", json=BODIES["POST /api/v1/stuck/actions"])
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/problems/not-allowed")
    # Its role would do: what it is narrowed to is the reason.
    assert "without the scope ask;" in refused.json()["detail"] and "role" not in refused.json()["detail"]
    assert beyond.status_code == 403
    assert "one of the roles ops, admin, and a key with the scope work_stuck_list" in beyond.json()["detail"]


def test_a_key_that_was_taken_back_or_is_over_is_nobodys(api: Served) -> None:
    keys = Keys(api.dash.database)
    key, token = keys.create("short", ["lead"], by="test", days=1)
    with api.client(token) as client:
        assert client.get("/api/v1/me").status_code == 200
        keys.revoke(key.id, by="test")
        keys.revoke(key.id, by="test")  # twice is once
        assert client.get("/api/v1/me").status_code == 401
    _, old = keys.create("old", ["lead"], by="test", days=1)
    with psycopg.connect(api.dash.database.owner_dsn()) as connection:
        # A day cannot be waited for, and the table refuses changes; its trigger is put aside for this one.
        connection.execute("ALTER TABLE dash.api_keys DISABLE TRIGGER append_only")
        connection.execute("UPDATE dash.api_keys SET expires_at = now() WHERE name = 'old'")
        connection.execute("ALTER TABLE dash.api_keys ENABLE TRIGGER append_only")
    assert keys.find(old) is None
    with pytest.raises(NotFoundError):
        keys.revoke("nothing", by="test")


def test_of_a_key_the_database_has_only_the_hash_and_when_it_was_used(api: Served) -> None:
    keys = Keys(api.dash.database)
    key, token = keys.create("hashed", ["viewer"], by="test")
    assert key.last_used_at is None
    assert keys.find(token) is not None
    assert keys.find(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert next(each for each in keys.list() if each.id == key.id).last_used_at is not None
    with psycopg.connect(api.dash.database.owner_dsn()) as connection:
        row = connection.execute("SELECT k::text FROM dash.api_keys k WHERE key_id = %s", (key.id,)).fetchone()
    assert row is not None
    assert token.rsplit("_", 1)[1] not in row[0]


@pytest.mark.parametrize("table", ["api_keys", "api_key_revocations", "run_cancellations"])
def test_who_had_which_key_and_what_was_stopped_is_never_changed(api: Served, table: str) -> None:
    with psycopg.connect(api.dash.database.owner_dsn()) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(f"TRUNCATE dash.{table} CASCADE".encode())


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 121}, {"roles": []}, {"roles": ["king"]}, {"days": 0}, {"days": 367},
     {"scopes": []}, {"scopes": ["fly"]}, {"roles": ["viewer"], "scopes": ["replay"]}],
    ids=str,
)  # fmt: skip
def test_a_key_that_nobody_should_have_is_not_made(api: Served, wrong: dict[str, Any]) -> None:
    keys = Keys(api.dash.database)
    before = len(keys.list())
    given: dict[str, Any] = {"name": "x", "roles": ["lead"]} | wrong
    with pytest.raises(UserError):
        keys.create(by="test", **given)
    assert len(keys.list()) == before


def test_only_who_works_on_tickets_sees_personal_columns_and_a_scope_can_take_it(api: Served) -> None:
    keys = Keys(api.dash.database)
    for roles, scopes, sees in ((["ops"], None, True), (["admin"], None, False), (["ops"], ["ask"], False)):
        key, _ = keys.create("x", roles, by="test", scopes=scopes)  # type: ignore[arg-type]
        assert key.viewer().sees_personal is sees


class TestWithoutKeys:
    """A database in which no key was ever given out."""

    def test_this_machine_asks_as_the_local_user_until_there_is_a_key(self, fresh_database: Database) -> None:
        with served(fresh_database.settings) as running, running.client() as client:
            assert client.get("/api/v1/me").json()["roles"] == ["admin"]
            assert ask(client, "How many tickets are there?")["outcome"] == "answered"
            key, _ = Keys(fresh_database).create("first", ["viewer"], by="test")
            assert client.get("/api/v1/me").status_code == 401
            Keys(fresh_database).revoke(key.id, by="test")
            assert client.get("/api/v1/me").status_code == 401  # taking back the last key opens nothing

    @pytest.mark.parametrize(
        "headers",
        [{"Host": "dash.example.com"}, {"Host": "127.0.0.1.example.com"}, {"Origin": "https://example.com"},
         {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"X-Forwarded-For": "203.0.113.9"},
         {"Forwarded": "for=203.0.113.9"}, {"Via": "1.1 proxy"}, {"X-Forwarded-Proto": "https"}],
        ids=str,
    )  # fmt: skip
    def test_what_may_come_from_others_is_not_the_local_user(self, quiet: Served, headers: dict[str, str]) -> None:
        with quiet.client() as client:
            assert client.get("/api/v1/me").status_code == 200
            assert client.get("/api/v1/me", headers=headers).status_code == 401

    def test_bound_for_others_nobody_is_the_local_user(self, fresh_database: Database) -> None:
        with served(fresh_database.settings, host="0.0.0.0") as running, running.client() as client:
            assert client.get("/api/v1/me").status_code == 401

    @pytest.mark.parametrize("others", ["page", "proxy", "secrets", "broken secrets"])
    def test_where_something_is_set_up_for_others_nobody_is_the_local_user(
        self, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: str
    ) -> None:
        settings, proxies = database.settings, ("203.0.113.1",) if others == "proxy" else ()
        if others == "page":
            settings = replace(settings, page_url="https://dash.example.com")
        with served(settings, proxies=proxies) as running, running.client() as client:
            if "secrets" in others:
                assert client.get("/api/v1/me").status_code == 200
                monkeypatch.setenv("HOME", str(tmp_path))
                (tmp_path / ".streamlit").mkdir()
                auth = "[auth" if others == "broken secrets" else "[auth]\nclient_id = 'dash'\n"
                (tmp_path / ".streamlit" / "secrets.toml").write_text(auth)
            assert client.get("/api/v1/me").status_code == 401

    def test_it_is_not_served_to_others_before_somebody_can_come_in(self, fresh_database: Database) -> None:
        settings = replace(fresh_database.settings, api=ApiSettings(host="0.0.0.0"))
        keys = Keys(fresh_database)
        with pytest.raises(SettingsError, match="dash key create"):
            require_guarded(settings, keys)
        require_guarded(replace(settings, api=ApiSettings(host="127.0.0.1")), keys)
        key, _ = keys.create("x", ["viewer"], by="test")
        require_guarded(settings, keys)
        keys.revoke(key.id, by="test")
        with pytest.raises(SettingsError):
            require_guarded(settings, keys)

    def test_pages_of_others_may_not_ask_unless_they_are_listed(self, quiet: Served, fresh_database: Database) -> None:
        asked = {"Origin": "https://portal.example.com", "Access-Control-Request-Method": "GET"}
        with quiet.client() as client:
            assert "access-control-allow-origin" not in client.options("/api/v1/me", headers=asked).headers
        with (
            served(fresh_database.settings, origins=("https://portal.example.com",)) as running,
            running.client() as client,
        ):
            allowed = client.options("/api/v1/me", headers=asked)
            refused = client.options("/api/v1/me", headers=asked | {"Origin": "https://example.com"})
        assert allowed.headers["access-control-allow-origin"] == "https://portal.example.com"
        assert "access-control-allow-credentials" not in allowed.headers
        assert "access-control-allow-origin" not in refused.headers


@pytest.fixture(scope="module")
def quiet(database: Database) -> Iterator[Served]:
    """A server without keys, on the database that other tests share: nothing is changed through it."""
    with served(database.settings) as running:
        yield running


@pytest.fixture(scope="module")
def signed(database: Database, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server where people sign in."""
    roles = tmp_path_factory.mktemp("roles") / "access.yaml"
    roles.write_text("people: {ann@example.com: lead}\ngroups: {support-ops: ops}\nsession_hours: 12\n")
    sign_in = SignIn(f"{provider.address}/.well-known/openid-configuration", CLIENT, "s", "http://localhost")
    settings = replace(database.settings, access=roles, sign_in=sign_in)
    with served(settings, audiences=("dash-api",)) as running:
        yield running


class TestTokens:
    """Tokens of an identity provider that the test starts."""

    @pytest.mark.parametrize("audience", [CLIENT, "dash-api", ["other", "dash-api"]])
    def test_a_token_brings_the_roles_of_the_page(self, signed: Served, provider: Provider, audience: Any) -> None:
        token = token_of(provider, aud=audience)
        with signed.client(token) as client:
            who = client.get("/api/v1/me").json()
        assert (who["name"], who["roles"]) == (f"{provider.address}#subject-of-ann", ["lead"])

    def test_who_has_no_role_is_somebody_who_may_nothing(self, signed: Served, provider: Provider) -> None:
        with signed.client(token_of(provider, email="sam@example.com")) as client:
            assert client.get("/api/v1/me").json()["permissions"] == []
            assert client.get("/api/v1/threads").status_code == 403

    @pytest.mark.parametrize(
        "wrong",
        ["forged", "expired", "foreign", "elsewhere", "without an end", "yesterday", "not yet", "of nobody", "unsigned",
         "signed with our public key", "changed", "half", "too long", "with an unknown key", "nested"],
    )  # fmt: skip
    def test_a_token_that_does_not_hold_lets_nobody_in(self, signed: Served, provider: Provider, wrong: str) -> None:
        with signed.client(bad_token(provider, wrong)) as client:
            response = client.get("/api/v1/me")
        assert response.status_code == 401
        assert response.json()["detail"] == "This key or token does not hold; make a new one, or sign in again."

    def test_with_sign_in_nobody_is_the_local_user(self, signed: Served) -> None:
        with signed.client() as client:
            assert client.get("/api/v1/me").status_code == 401

    def test_when_the_provider_is_gone_that_is_said(self, database: Database) -> None:
        sign_in = SignIn("http://127.0.0.1:9/.well-known/openid-configuration", CLIENT, "s", "http://localhost")
        with served(replace(database.settings, sign_in=sign_in)) as running, running.client("a.b.c") as client:
            response = client.get("/api/v1/me")
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")


def token_of(provider: Provider, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token for Ann as the provider makes them."""
    now = int(NOW.timestamp())  # by the product's clock, which decides how long a session lasts
    usual = {
        "iss": provider.address, "sub": "subject-of-ann", "aud": CLIENT, "iat": now, "exp": int(time.time()) + 10**8,
        "name": "Ann", "email": "ann@example.com", "email_verified": True,
    }  # fmt: skip
    given = {name: value for name, value in (usual | claims).items() if value is not None}
    return jwt.encode(header or {"alg": "RS256", "kid": "one"}, given, key or provider.key)


def bad_token(provider: Provider, wrong: str) -> str:
    day = 86_400
    now = int(NOW.timestamp())
    if wrong == "nested":
        return f"{_encoded(b'[' * 380)}.e30.eA"  # as deep as the library reads a header
    if wrong == "unsigned":
        head = _encoded(b'{"alg":"none"}')
        return f"{head}.{token_of(provider).split('.')[1]}."
    if wrong == "signed with our public key":
        # By hand, because the library refuses to make one.
        parts = [{"alg": "HS256", "kid": "one"}, json.loads(_decoded(token_of(provider).split(".")[1]))]
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        mac = hmac.new(provider.key.as_pem(private=False), signed.encode(), "sha256").digest()
        return f"{signed}.{_encoded(mac)}"
    if wrong == "changed":
        head, body, signature = token_of(provider).split(".")
        claims = json.loads(_decoded(body)) | {"sub": "subject-of-olga"}
        return f"{head}.{_encoded(json.dumps(claims).encode())}.{signature}"
    if wrong == "with an unknown key":
        return token_of(provider, RSAKey.generate_key(2048), {"alg": "RS256", "kid": "two"})
    changes: dict[str, dict[str, Any]] = {
        "forged": {"key": provider.strange_key},
        "expired": {"exp": int(time.time()) - 3600},
        "foreign": {"aud": "another-client"},
        "elsewhere": {"iss": "https://example.com"},
        "without an end": {"exp": None},
        "yesterday": {"iat": now - day},
        "not yet": {"nbf": int(time.time()) + 3600},
        "of nobody": {"sub": None},
        "half": {},
        "too long": {"padding": "x" * 9_000},
    }
    token = token_of(provider, **changes[wrong])
    return token[: len(token) // 2] if wrong == "half" else token


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TestRates:
    """How often somebody may ask."""

    def test_a_burst_is_let_through_and_then_one_must_wait(self, database: Database) -> None:
        rates, rate = Rates(database), Rate(6)
        waits = [rates.take("test:burst", rate) for _ in range(rate.burst + 1)]
        assert waits[:-1] == [0.0] * rate.burst
        assert 0 < waits[-1] <= rate.step_seconds
        assert rates.take("test:another", rate) == 0.0

    def test_two_servers_allow_it_once_together(self, fresh_database: Database) -> None:
        token = Keys(fresh_database).create("x", ["viewer"], by="test")[1]
        another = Keys(fresh_database).create("y", ["viewer"], by="test")[1]
        with (
            served(fresh_database.settings, key_rate=1) as one,
            served(fresh_database.settings, key_rate=1) as two,
            one.client(token) as here,
            two.client(token) as there,
            two.client(another) as other,
        ):
            assert here.get("/api/v1/me").status_code == 200
            refused = there.get("/api/v1/me")
            assert other.get("/api/v1/me").status_code == 200  # somebody else has a bucket of their own
        assert (refused.status_code, refused.json()["type"]) == (429, "/api/v1/problems/too-many-requests")
        assert 1 <= int(refused.headers["retry-after"]) <= 60

    def test_an_address_that_shows_nothing_too_often_waits_and_who_has_a_key_there_does_not(
        self, fresh_database: Database
    ) -> None:
        token = Keys(fresh_database).create("x", ["viewer"], by="test")[1]
        with (
            served(fresh_database.settings, address_rate=1) as running,
            running.client("nonsense") as client,
            running.client(token) as known,
        ):
            assert [known.get("/api/v1/me").status_code for _ in range(3)] == [200] * 3
            assert [client.get("/api/v1/me").status_code for _ in range(2)] == [401, 429]
            assert known.get("/api/v1/me").status_code == 200
            assert client.get("/healthz").status_code == 200  # whoever watches the process is never sent away

    @pytest.mark.parametrize(
        ("address", "bucket"),
        [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
         ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), (None, "unknown"),
         ("pipe", "unknown")],
    )  # fmt: skip
    def test_an_address_is_one_asker(self, address: str | None, bucket: str) -> None:
        assert address_bucket(address) == f"address:{bucket}"


def test_every_permission_of_the_product_is_a_scope(api: Served) -> None:
    key, _ = Keys(api.dash.database).create("all", list(ROLES), by="test", scopes=sorted(PERMISSIONS))
    assert key.scopes == PERMISSIONS


def test_settings_of_the_api_are_read_from_the_environment() -> None:
    read = ApiSettings.from_env({"DASH_API_PORT": "9000", "DASH_API_ORIGINS": "https://a.example, https://b.example"})
    assert (read.port, read.origins) == (9000, ("https://a.example", "https://b.example"))
    assert ApiSettings.from_env({}) == ApiSettings()
    assert UNBOUNDED.key_rate > ApiSettings().key_rate
    for name, value in (("DASH_API_ORIGINS", "*"), ("DASH_API_KEY_RATE", "0"), ("DASH_API_PORT", "x")):
        with pytest.raises(SettingsError, match=name):
            ApiSettings.from_env({name: value})
