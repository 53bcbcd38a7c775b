"""At the port of the API: tools for assistants and the agent of AgentOS, for the same keys, rights and limits."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.serve.conftest import Served

QUESTION = "How many tickets did AI handle this week by category?"


def call(api: Served, token: str, tool: str, **arguments: Any) -> Any:
    """What a tool gives the owner of a key."""

    async def run() -> Any:
        http = httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=120)
        async with Client(streamable_http_client(f"{api.url}/mcp", http_client=http)) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(run())


def test_the_tools_and_the_agent_answer_whoever_has_a_key_as_that_person(
    api: Served, tokens: dict[str, str], people: dict[str, httpx2.Client]
) -> None:
    said = call(api, tokens["ann"], "ask", question=QUESTION).structured_content
    assert said["outcome"] == "answered"
    # What she asked by a tool is hers in the API too, and nobody else's anywhere.
    assert people["ann"].get(f"/api/v1/runs/{said['run_id']}/answer").status_code == 200
    assert people["bob"].get(f"/api/v1/runs/{said['run_id']}/answer").status_code == 404
    assert call(api, tokens["bob"], "read_rows", run_id=said["run_id"]).is_error
    assert call(api, tokens["vera"], "find_conversations").is_error
    form = {"message": QUESTION, "stream": "false"}
    ran = people["ann"].post("/agents/dash/runs", data=form)
    assert ran.status_code == 200 and ran.json()["metadata"]["answer"]["rows"] == said["table"]["rows"]


def test_without_a_key_both_are_refused_as_everything_else_is(api: Served) -> None:
    with api.client() as nobody:
        for answer in (
            nobody.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
            nobody.post("/agents/dash/runs", data={"message": QUESTION}),
            nobody.get("/agents"),
            nobody.get("/config"),
        ):
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"


def test_what_agentos_has_beside_the_agent_is_not_there(people: dict[str, httpx2.Client]) -> None:
    for path in ("/sessions", "/memories", "/docs", "/openapi.json", "/databases", "/schedules", "/traces"):
        answer = people["adam"].get(path)
        assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
