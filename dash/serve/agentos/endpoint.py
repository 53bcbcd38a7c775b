"""AgentOS behind our entrance: every request says who asks before AgentOS hears of it, and few of its paths are there.

What it has beside agents (sessions, memories, schedules, databases, evaluations, components) is about a store of its
own, which it is not given; those paths are as if they did not exist.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from agno.os import AgentOS
from agno.os.settings import AgnoAPISettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from dash.ask import Dash
from dash.desk import Desk
from dash.records import Viewer
from dash.serve.agentos.agent import VIEWER, DashAgent

# "POST /agents/dash/runs", "POST /agents/dash/runs/6f…/cancel", "GET /agents", "GET /agents/dash", "GET /config"
SERVED = re.compile(r"POST /agents/dash/runs(/[\w-]{1,64}/cancel)?|GET /(agents(/dash)?|config|info)")


class AgentOsEndpoint:
    """An ASGI application for the paths of AgentOS; `running()` must be entered by the lifespan of its parent.

    endpoint = AgentOsEndpoint(dash, desk, who)
    app.mount("/", endpoint)          # last: what it does not serve is not found
    """

    def __init__(self, dash: Dash, desk: Desk, who: Callable[[Request], Awaitable[Viewer]]) -> None:
        self._who = who
        self.agent = DashAgent(dash, desk)
        # Everything that a variable of the environment would decide is decided here.
        settings = AgnoAPISettings(
            env="prd", docs_enabled=False, os_security_key=None, authorization_enabled=False, cors_origin_list=[]
        )
        self._app = AgentOS(
            id="dash-for-support",
            name="Dash for support",
            agents=[self.agent],
            settings=settings,
            auto_provision_dbs=False,
            tracing=False,
            telemetry=False,
            mcp=False,
        ).get_app()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For as long as requests are served."""
        async with self._app.router.lifespan_context(self._app):
            yield

    @staticmethod
    def serves(scope: Scope) -> bool:
        """Whether a request is for one of the paths that are there."""
        if scope["type"] != "http":
            return False
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return SERVED.fullmatch(f"{scope['method']} {path}") is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in the name of whoever makes it."""
        if not self.serves(scope):
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
            return
        VIEWER.set(await self._who(Request(scope, receive)))
        # Which pages' scripts may ask is for the application around this one; AgentOS would allow its makers'.
        headers = [(name, value) for name, value in scope["headers"] if name not in (b"origin", b"authorization")]
        await self._app({**scope, "headers": headers, "app": self._app, "state": {}}, receive, send)
