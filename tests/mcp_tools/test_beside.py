"""One port for our own API, the tools and the agent: each request reaches whom it is for, with the same keys."""

from __future__ import annotations

from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dash.ask import Dash
from dash.desk import open_desk
from dash.errors import NotAllowed
from dash.records import Viewer
from dash.serve.beside import Beside
from tests.listening import listening, only
from tests.mcp_tools.conftest import LOCAL, using


class Around:
    """The layer around: what is raised before an answer began becomes one."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except NotAllowed as error:
            await PlainTextResponse(error.message, 403)(scope, receive, send)


def test_each_request_reaches_whom_it_is_for_with_the_same_keys(dash: Dash) -> None:
    async def who(request: Request) -> Viewer:
        if request.headers.get("authorization") != "Bearer ann":
            raise NotAllowed("ask", ("viewer",))
        return LOCAL

    def own(request: Request) -> PlainTextResponse:
        return PlainTextResponse("ours")

    app = Starlette(routes=[Route("/api/v1/me", own)])
    headers = {"authorization": "Bearer ann"}
    with listening(Around(Beside(app, dash, open_desk(dash), only(who))), lifespan="on") as address:
        assert httpx2.get(f"{address}/api/v1/me", timeout=60).text == "ours"
        assert httpx2.get(f"{address}/sessions", headers=headers, timeout=60).status_code == 404
        assert httpx2.get(f"{address}/agents", headers=headers, timeout=60).json()[0]["id"] == "dash"
        assert httpx2.get(f"{address}/agents", timeout=60).status_code == 403
        assert httpx2.post(f"{address}/mcp", json={}, timeout=60).status_code == 403
        client = httpx2.AsyncClient(headers=headers, timeout=60)
        found = using(
            streamable_http_client(f"{address}/mcp", http_client=client),
            lambda client: client.call_tool("list_metrics", {"limit": 1}),
        )
        assert found.structured_content["metrics"]
