"""The tools on the shared demo data, called with the protocol's official client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from mcp import Client
from mcp.server import MCPServer

from dash.access import Access, local_viewer
from dash.ask import Dash
from dash.database import Database
from dash.desk import open_desk
from dash.records import Viewer
from dash.serve.mcp import mcp_server

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LOCAL = local_viewer("local", Access())


@pytest.fixture(scope="module")
def dash(database: Database) -> Iterator[Dash]:
    """Dash over the shared demo data, its clock at the end of the data."""
    with Dash.open(database.settings, clock=lambda: NOW) as opened:
        yield opened


def tools(dash: Dash, viewer: Viewer = LOCAL) -> MCPServer[Any]:
    """The tools in the name of one viewer."""
    return mcp_server(dash, open_desk(dash), lambda call: viewer)


def using(server: Any, work: Callable[[Client], Awaitable[T]], **options: Any) -> T:
    """What `work` does with a client that is connected to a server."""

    async def run() -> T:
        async with Client(server, **options) as client:
            return await work(client)

    return asyncio.run(run())


def call(server: Any, tool: str, **arguments: Any) -> Any:
    """What a tool returns, as the document that it promises. Raises RuntimeError with the words of its error."""

    result = using(server, lambda client: client.call_tool(tool, arguments))
    if result.is_error:
        raise RuntimeError(result.content[0].text)
    # An assistant that reads no documents reads the very same as text.
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content
