"""What stands beside our own API at the same port: `/mcp` for assistants and the paths of AgentOS.

A layer of ASGI around the API's application: these paths go to them, everything else goes on. They live exactly as long
as the application does, because its lifespan runs inside of theirs. Whoever wraps this one turns what the door raises
into a response, as for the API.

    Bounds(Beside(app, dash, desk, door), …)
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from dash.ask import Dash
from dash.desk import Desk
from dash.serve.agentos import AgentOsEndpoint, Door
from dash.serve.mcp.http import McpEndpoint

MCP = "/mcp"
AGENTS = "/agents"


@dataclass(frozen=True)
class Place:
    """What stands for the route of a request that no route of the API serves, for whoever counts requests."""

    path: str


class Beside:
    """ASGI middleware. The door says on whose behalf a request is; it lets nobody in by the name that a request was
    sent to, so that no page of a stranger gets in through somebody's browser. A project that does not list the
    surface `mcp` has no `/mcp`."""

    def __init__(self, app: ASGIApp, dash: Dash, desk: Desk, door: Door) -> None:
        self._app = app
        self._mcp = McpEndpoint(dash, desk, door.who, guarded=True) if "mcp" in dash.settings.surfaces else None
        self._agentos = AgentOsEndpoint(dash, desk, door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to whom it is for."""
        if scope["type"] == "lifespan":
            async with AsyncExitStack() as running:
                if self._mcp is not None:
                    await running.enter_async_context(self._mcp.running())
                await running.enter_async_context(self._agentos.running())
                await self._app(scope, receive, send)
        elif self._mcp is not None and scope["type"] == "http" and scope["path"].rstrip("/") == MCP:
            scope["route"] = Place(MCP)
            await self._mcp(scope, receive, send)
        elif self._agentos.serves(scope):
            scope["route"] = Place(AGENTS)
            await self._agentos(scope, receive, send)
        else:
            await self._app(scope, receive, send)
