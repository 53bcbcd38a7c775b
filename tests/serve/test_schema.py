"""The description of the API is complete and true: schemathesis makes requests of it, and objects to nothing."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from dash.serve.application import ROUTERS
from dash.serve.describing import routes_of
from dash.serve.documents import asking, knowledge, tickets
from dash.serve.problems import KINDS, MEDIA_TYPE
from tests.serve.conftest import Served, ask

EXAMPLES = 12
"""Requests that are made up for each endpoint, as many that fit its description as ones that do not."""

SENT = [
    (f"{method} {route.path}", mode)
    for route in routes_of(ROUTERS)
    for method in route.methods or ()
    for mode in GenerationMode
    # Where nothing is sent, nothing can be wrong with it. Checking all files takes seconds; test_catalogue.py does it.
    if mode is GenerationMode.POSITIVE
    or route.body_field
    or route.dependant.path_params
    or route.dependant.query_params
    if route.include_in_schema and route.path != "/api/v1/knowledge/faults"
]

DEPENDS_ON_MORE = {"POST /api/v1/queries/{name}/run", "POST /api/v1/stuck/actions"}
"""Which parameters a query has stands in its file, and a snooze ends in the future: no description can say that."""


@pytest.fixture(scope="module")
def described(api: Served, people: dict[str, httpx2.Client]) -> Any:
    """The description, as schemathesis reads it from the running server."""
    mine = {"Authorization": people["adam"].headers["Authorization"]}
    return schemathesis.openapi.from_url(f"{api.url}/api/v1/openapi.json", headers=mine)


@pytest.fixture(scope="module")
def known(people: dict[str, httpx2.Client]) -> dict[str, str]:
    """Ids of things that are there, so that not every made-up request ends at one that is not."""
    answer = ask(people["adam"], "How many tickets were there in the last 30 days?")
    said = {"verdict": "bad"}
    learning = people["adam"].post(f"/api/v1/runs/{answer['run_id']}/feedback", json=said).json()["learning_id"]
    found = people["adam"].get("/api/v1/conversations?limit=1").json()["conversations"][0]["id"]
    own = {"run_id": answer["run_id"], "thread_id": answer["thread_id"], "learning_id": learning}
    assert people["adam"].post("/api/v1/stuck/checks").status_code == 201
    return own | {"conversation_id": found, "ticket": found}


@pytest.mark.parametrize(("endpoint", "mode"), SENT)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    endpoint: str, mode: GenerationMode, described: Any, known: dict[str, str], tokens: dict[str, str]
) -> None:
    method, path = endpoint.split()
    operation = described[path][method]
    headers = {"Authorization": f"Bearer {tokens['adam']}"}
    kind = path.split("/")[3] if path.startswith("/api") else ""
    excluded = [positive_data_acceptance] if endpoint in DEPENDS_ON_MORE else []
    names = known | {"name": {"metrics": "csat", "queries": "stuck_tickets", "problems": "internal"}.get(kind, "")}

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def try_one(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: names[name] for name in case.path_parameters or {}}
        case.call_and_validate(headers=headers, timeout=60, excluded_checks=excluded)

    try_one()


@pytest.fixture(scope="module")
def document(ann: httpx2.Client) -> dict[str, Any]:
    found: dict[str, Any] = ann.get("/api/v1/openapi.json").json()
    return found


def test_every_endpoint_says_what_it_needs_what_it_returns_and_which_problems_it_may_have(
    document: dict[str, Any],
) -> None:
    described = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            described += 1
            assert operation["summary"], path
            assert operation["description"], path
            assert {"422", "500", "503"} <= operation["responses"].keys()
            guarded = path not in ("/healthz", "/readyz")
            assert ("security" in operation) == guarded, path
            assert ({"401", "403", "429"} <= operation["responses"].keys()) == guarded, path
            for status, response in operation["responses"].items():
                if int(status) < 300 and int(status) != 204:
                    assert response["content"], f"{method} {path} {status}"
                if int(status) >= 400:
                    assert list(response["content"]) == [MEDIA_TYPE], f"{method} {path} {status}"
    assert described == sum(len(route.methods or ()) for route in routes_of(ROUTERS) if route.include_in_schema)
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_examples_of_what_is_sent_can_be_sent(document: dict[str, Any]) -> None:
    schemas, sent = document["components"]["schemas"], set()
    for operations in document["paths"].values():
        for operation in operations.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            sent |= {each["$ref"].rsplit("/", 1)[1] for each in body.get("oneOf", [body]) if each}
    assert len(sent) > 5
    for name in (*sent, "AnswerDocument", "AcceptedDocument"):
        (example,) = schemas[name]["examples"]
        module = next(module for module in (asking, knowledge, tickets) if hasattr(module, name))
        getattr(module, name).model_validate(example)


def test_each_kind_of_problem_explains_itself_at_its_own_address(ann: httpx2.Client) -> None:
    for kind in KINDS.values():
        page = ann.get(kind.type).json()
        assert (page["type"], page["status"], page["meaning"]) == (kind.type, kind.status, kind.meaning)
