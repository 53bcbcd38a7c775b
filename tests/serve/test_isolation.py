"""One person never sees another's thread, answer, learning or export, whichever endpoint is asked for it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.serve.conftest import PEOPLE, ask
from tests.serve.test_entrance import BODIES, NEEDS

# Every endpoint that takes an id of something that somebody owns.
OWNED = [name for name in NEEDS if any(f"{{{owned}_id}}" in name for owned in ("run", "thread", "learning"))]
SECRET = "How many tickets were there in the last 29 days?"


@pytest.fixture(scope="module")
def owned(ann: httpx2.Client) -> dict[str, str]:
    """What Ann has: a thread with a run, and a learning of her own."""
    answer = ask(ann, SECRET)
    said = {"verdict": "bad", "correction": {"kind": "other", "said": "Nobody else may read this."}}
    learning = ann.post(f"/api/v1/runs/{answer['run_id']}/feedback", json=said).json()["learning_id"]
    return {"run_id": answer["run_id"], "thread_id": answer["thread_id"], "learning_id": learning}


def test_the_table_of_endpoints_is_not_empty() -> None:
    assert len(OWNED) == 9


@pytest.mark.parametrize("endpoint", OWNED)
def test_what_somebody_else_owns_does_not_exist(
    endpoint: str, people: dict[str, httpx2.Client], owned: dict[str, str]
) -> None:
    method, path = endpoint.split()
    before = _state(people["ann"], owned)
    for name, role in PEOPLE.items():
        if name == "ann" or (role == "viewer" and "learnings" in path):
            continue  # who may see no learning at all is refused before
        response = people[name].request(method, path.format(**owned), json=BODIES.get(endpoint))
        if "learnings" in path and role in ("engineer", "admin"):
            assert response.status_code == 200  # whoever decides about learnings reads them first
            continue
        assert response.status_code == 404, f"{name} got {response.status_code}"
        # The same words as for what is not there at all.
        nowhere = path.format(run_id="0" * 16, thread_id="0" * 16, learning_id="none")
        missing = people[name].request(method, nowhere, json=BODIES.get(endpoint))
        assert response.json()["detail"] == missing.json()["detail"]
    assert _state(people["ann"], owned) == before


def test_nobody_asks_in_the_thread_of_somebody_else(people: dict[str, httpx2.Client], owned: dict[str, str]) -> None:
    body = {"question": "And by category?", "thread_id": owned["thread_id"]}
    for headers in ({}, {"Accept": "text/event-stream"}, {"Prefer": "respond-async"}):
        response = people["bob"].post("/api/v1/questions", json=body, headers=headers)
        assert response.status_code == 404
    assert len(people["ann"].get(f"/api/v1/threads/{owned['thread_id']}").json()["turns"]) == 1


@pytest.mark.parametrize("path", ["/api/v1/threads?limit=500", "/api/v1/threads?search=29+days", "/api/v1/learnings"])
def test_lists_hold_ones_own_alone(path: str, people: dict[str, httpx2.Client], owned: dict[str, str]) -> None:
    mine = owned["learning_id"] if "learnings" in path else owned["thread_id"]
    assert mine in people["ann"].get(path).text
    assert mine not in people["bob"].get(path).text


def test_personal_columns_are_masked_for_who_may_not_see_them(people: dict[str, httpx2.Client]) -> None:
    found = {
        name: people[name].get("/api/v1/conversations?limit=50").json()["conversations"] for name in ("bob", "olga")
    }
    hidden, shown = ([each["facts"] for each in found[name]] for name in ("bob", "olga"))
    differing = {key for ours, theirs in zip(hidden, shown, strict=True) for key in ours if ours[key] != theirs[key]}
    assert differing, "the demo data has a personal column among the facts of a conversation"
    for key in differing:
        assert len({str(facts[key]) for facts in hidden if facts[key] is not None}) == 1


def _state(client: httpx2.Client, owned: dict[str, str]) -> Any:
    thread, listed = client.get(f"/api/v1/threads/{owned['thread_id']}"), client.get("/api/v1/threads?limit=500")
    return thread.json(), next(each for each in listed.json()["threads"] if each["thread_id"] == owned["thread_id"])
