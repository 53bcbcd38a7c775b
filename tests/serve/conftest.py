"""The API as programs meet it: a real server on a free port of the loopback, real HTTP, the real database.

`people` share one server and database, each with a key; whoever wants other settings, or an empty set of keys, starts a
server of its own with `served`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest

from dash.access.keys import Keys
from dash.ask import Dash
from dash.database import Database
from dash.records import Role
from dash.serve.application import bounded, create_app
from dash.serve.process import options
from dash.settings import ApiSettings, Limits, Settings
from tests.conftest import NOW, cloned
from tests.listening import listening

UNBOUNDED = ApiSettings(key_rate=1_000_000, address_rate=1_000_000)
PEOPLE: dict[str, Role] = {
    "ann": "lead", "bob": "lead", "vera": "viewer", "olga": "ops", "egor": "engineer", "adam": "admin",
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A running server: where it is, and the product behind it."""

    url: str
    dash: Dash

    def client(self, token: str | None = None, **options: Any) -> httpx2.Client:
        """A program that shows this key or token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=60, **options)


@contextlib.contextmanager
def served(settings: Settings, **changes: Any) -> Iterator[Served]:
    """Serve the product with these settings; `changes` are those of ApiSettings."""
    patient = Limits(lock_timeout_seconds=60, statement_timeout_seconds=120)  # tests hold locks
    settings = replace(settings, limits=patient, api=replace(UNBOUNDED, **changes))
    with (
        Dash.open(settings, clock=lambda: NOW) as dash,
        listening(bounded(create_app(dash)), **options(settings.api) | {"host": "127.0.0.1"}) as url,
    ):
        yield Served(url, dash)


@pytest.fixture(scope="package")
def api(server: Database, settings: Settings, template: str) -> Iterator[Served]:
    """The server that `people` share."""
    with cloned(server, settings, template) as database, served(database.settings) as running:
        yield running


@pytest.fixture(scope="package")
def tokens(api: Served) -> dict[str, str]:
    """A key for each of the people, by name."""
    keys = Keys(api.dash.database)
    return {name: keys.create(name, [role], by="test", owner=name)[1] for name, role in PEOPLE.items()}


@pytest.fixture(scope="package")
def people(api: Served, tokens: dict[str, str]) -> Iterator[dict[str, httpx2.Client]]:
    """A client for each of the people."""
    with contextlib.ExitStack() as clients:
        yield {name: clients.enter_context(api.client(token)) for name, token in tokens.items()}


@pytest.fixture(scope="package")
def ann(people: dict[str, httpx2.Client]) -> httpx2.Client:
    """A support lead."""
    return people["ann"]


def ask(client: httpx2.Client, question: str, **more: Any) -> dict[str, Any]:
    """The answer to a question."""
    response = client.post("/api/v1/questions", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
