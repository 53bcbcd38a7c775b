"""The same tools over streamable HTTP: an ASGI application that another one mounts, with its keys.

Every request stands for itself (stateless), so any number of processes serve it, and each says who asks: `who` is the
same function that the rest of the API asks. What it raises goes to the application that mounts this one, which turns
it into the response that it gives everywhere else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from dash.ask import Dash
from dash.desk import Desk
from dash.errors import InternalError
from dash.records import Viewer
from dash.serve.mcp.server import mcp_server
from dash.serve.problems import problem

VIEWER = "dash.viewer"
"""The key of the ASGI scope under which the viewer of a request is kept."""
MOST_BYTES = 256 * 1024
_LOCAL = ("127.0.0.1", "localhost", "[::1]")


class McpEndpoint:
    """An ASGI application. `running()` must be entered by the lifespan of the application that mounts it.

        endpoint = McpEndpoint(dash, desk, who)
        app.mount("/mcp", endpoint)                       # and in its lifespan: async with endpoint.running(): yield

    `who` says whose request it is, or raises. Without `guarded`, requests are taken under this machine's own names
    alone, so that no page of a stranger reaches it through somebody's browser; where every request carries a key, any
    name will do.
    """

    def __init__(
        self,
        dash: Dash,
        desk: Desk,
        who: Callable[[Request], Awaitable[Viewer]],
        *,
        guarded: bool,
        origins: Sequence[str] = (),
    ) -> None:
        self._who = who
        server = mcp_server(dash, desk, viewer_of)
        hosts = [f"{name}:*" for name in _LOCAL] + list(_LOCAL)
        security = TransportSecuritySettings(
            enable_dns_rebinding_protection=not guarded,
            allowed_hosts=hosts,
            allowed_origins=[*(f"http://{host}" for host in hosts), *origins],
        )
        # The application is only there for its session manager; it is mounted at whatever path its parent likes.
        server.streamable_http_app(stateless_http=True, max_request_body_size=MOST_BYTES, transport_security=security)
        self._manager = server.session_manager

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For as long as requests are served; can be entered once."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in the name of whoever makes it; other methods than POST are refused."""
        viewer = await self._who(Request(scope, receive))
        if scope["method"] != "POST":
            # A GET would open a stream that never ends and never says anything, because nothing is kept between calls.
            request = scope.get("dash.request")
            refusal = problem(
                "wrong-method",
                "The tools are called with POST alone.",
                instance=f"urn:uuid:{request}" if request else None,
                headers={"Allow": "POST"},
            )
            await refusal(scope, receive, send)
            return
        await self._manager.handle_request({**scope, VIEWER: viewer}, receive, send)


def viewer_of(ctx: Context[Any, Any]) -> Viewer:
    """The viewer whom `__call__` put into the request of this call."""
    request = ctx.request_context.request
    viewer = request.scope.get(VIEWER) if isinstance(request, Request) else None
    if not isinstance(viewer, Viewer):
        raise InternalError("A request reached the tools without a viewer.")
    return viewer
