"""The tools from outside: a process over standard input and output, and streamable HTTP on a real port."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dash.ask import Dash
from dash.database import Database
from dash.desk import open_desk
from dash.records import Viewer
from dash.serve.mcp.http import McpEndpoint
from dash.settings import REPOSITORY
from tests.cli.conftest import environment_for
from tests.listening import listening, mounted
from tests.mcp_tools.conftest import LOCAL, using


def test_an_assistant_starts_the_command_and_asks_over_its_standard_streams(database: Database, tmp_path: Path) -> None:
    settings = {name: value for name, value in environment_for(database, tmp_path).items() if name.startswith("DASH_")}
    process = StdioServerParameters(
        command=sys.executable, args=["-X", "utf8", "-m", "dash", "mcp"], cwd=REPOSITORY, env=settings
    )
    steps: list[str | None] = []

    async def work(client: Client) -> None:
        assert "untrusted_data" in (client.instructions or "")

        async def heard(progress: float, total: float | None, message: str | None) -> None:
            steps.append(message)

        asked = {"question": "Какой resolution rate по retention кейсам за январь?"}
        said = await client.call_tool("ask", asked, progress_callback=heard)
        assert said.structured_content is not None and said.structured_content["outcome"] == "answered"
        wrong = await client.call_tool("ask", {"question": ""})
        assert wrong.is_error

    using(process, work, read_timeout_seconds=120)
    assert [step for step in steps if step in ("ground", "plan", "guard", "execute")] == [
        "ground", "plan", "guard", "execute",
    ]  # fmt: skip


VIEWERS = {
    "Bearer ann": LOCAL,
    "Bearer bob": Viewer("https://login.example.com#bob", roles=frozenset({"viewer"})),
}


@pytest.fixture(scope="module")
def address(dash: Dash) -> Iterator[str]:
    """The tools mounted in an application that knows two keys."""

    async def who(request: Request) -> Viewer:
        viewer = VIEWERS.get(request.headers.get("authorization", ""))
        if viewer is None:
            raise HTTPException(401, headers={"www-authenticate": "Bearer"})
        return viewer

    with served(McpEndpoint(dash, open_desk(dash), who, guarded=True)) as address:
        yield address


@contextlib.contextmanager
def served(endpoint: McpEndpoint) -> Iterator[str]:
    """An application with the tools at /mcp, on a port of its own."""
    with listening(mounted(endpoint, "/mcp")) as address:
        yield f"{address}/mcp/"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http_each_key_is_the_person_whose_key_it_is(address: str, mode: str) -> None:
    async def ask(client: Client) -> str:
        said = await client.call_tool("ask", {"question": "How many tickets did AI handle this week by category?"})
        assert said.structured_content is not None and said.structured_content["outcome"] == "answered"
        found = await client.call_tool("find_conversations", {"limit": 1})
        assert not found.is_error
        return str(said.structured_content["run_id"])

    async def pry(client: Client) -> None:
        rows = await client.call_tool("read_rows", {"run_id": run_id})
        assert rows.is_error and "somebody else" in rows.content[0].text
        found = await client.call_tool("find_conversations", {"limit": 1})
        assert found.is_error and "right to replay" in found.content[0].text

    run_id = using(_as("ann", address), ask, mode=mode)
    using(_as("bob", address), pry, mode=mode)


def _as(name: str, address: str) -> object:
    client = httpx2.AsyncClient(headers={"authorization": f"Bearer {name}"}, timeout=120)
    return streamable_http_client(address, http_client=client)


def test_without_a_key_the_application_around_the_tools_refuses(address: str) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    refused = httpx2.post(address, json=hello, timeout=120)
    assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
    large = httpx2.post(
        address, content=b" " * 300_000, headers={"authorization": "Bearer ann", "content-type": "application/json"}
    )
    assert large.status_code == 413


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_no_stream_is_opened_that_nobody_would_write_to(address: str, method: str) -> None:
    headers = {"authorization": "Bearer ann", "accept": "text/event-stream"}
    refused = httpx2.request(method, address, headers=headers, timeout=120)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_without_keys_a_page_of_a_stranger_cannot_reach_the_tools_through_a_browser(dash: Dash) -> None:
    async def anybody(request: Request) -> Viewer:
        return LOCAL

    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    with served(McpEndpoint(dash, open_desk(dash), anybody, guarded=False)) as address:
        kinds = {"accept": "application/json, text/event-stream"}
        assert httpx2.post(address, json=hello, headers=kinds, timeout=120).status_code == 200
        rebound = httpx2.post(address, json=hello, headers=kinds | {"host": "evil.example.com"}, timeout=120)
        assert rebound.status_code == 421
        crossed = httpx2.post(address, json=hello, headers=kinds | {"origin": "https://evil.example.com"}, timeout=120)
        assert crossed.status_code == 403
