"""AgentOS behind our entrance: every request says who asks before AgentOS hears of it, and few of its paths are there.

What it has beside agents (sessions, memories, schedules, databases, evaluations, components) is about a store of its
own, which it is not given; those paths are as if they did not exist.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agno.os import AgentOS
from agno.os.settings import AgnoAPISettings
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from dash.ask import Dash
from dash.database import statement
from dash.desk import Desk
from dash.records import Viewer
from dash.serve.agentos.agent import VIEWER, DashAgent
from dash.serve.agentos.alive import kept_alive
from dash.serve.watching import HEARTBEAT_SECONDS

if TYPE_CHECKING:
    from dash.serve.agentos.slack import SlackInterface

SIGNED = "POST /slack/events"


@dataclass(frozen=True)
class Door:
    """Who may come in: `who` says whose a request is. One that a service should have signed and has not is counted by
    `knock`; `vouched` says who somebody is whom that service names (issuer, subject). All three may raise."""

    who: Callable[[Request], Awaitable[Viewer]]
    knock: Callable[[Request], Awaitable[None]]
    vouched: Callable[[str, str], Viewer]


# "POST /agents/dash/runs", "POST /agents/dash/runs/6f…/cancel", "GET /agents", "GET /agents/dash", "GET /config"
SERVED = re.compile(r"POST /agents/dash/runs(/[\w-]{1,64}/cancel)?|GET /(agents(/dash)?|config|info)")


class AgentOsEndpoint:
    """An ASGI application for the paths of AgentOS; `running()` must be entered by the lifespan of its parent.

    endpoint = AgentOsEndpoint(dash, desk, door)
    app.mount("/", endpoint)          # last: what it does not serve is not found
    """

    def __init__(self, dash: Dash, desk: Desk, door: Door, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._door, self._heartbeat = door, heartbeat
        self.agent = DashAgent(dash, desk)
        self._slack = _slack(dash, self.agent, door)
        # Everything that a variable of the environment would decide is decided here.
        settings = AgnoAPISettings(
            env="prd", docs_enabled=False, os_security_key=None, authorization_enabled=False, cors_origin_list=[]
        )
        self._app = AgentOS(
            id="dash-for-support",
            name="Dash for support",
            agents=[self.agent],
            interfaces=[self._slack] if self._slack else [],
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

    def serves(self, scope: Scope) -> bool:
        """Whether a request is for one of the paths that are there."""
        if scope["type"] != "http":
            return False
        request = _request(scope)
        return SERVED.fullmatch(request) is not None or (self._slack is not None and request == SIGNED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in the name of whoever makes it."""
        if not self.serves(scope):
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
            return
        if self._slack is not None and _request(scope) == SIGNED:
            body = await _body(scope, receive, send)
            if body is None:
                return
            if not self._slack.has_signed(Request(scope).headers, body):
                # Strangers pay here and nobody else, so that they cannot shut out whoever signs.
                await self._door.knock(Request(scope))
                await JSONResponse({"detail": "Forbidden"}, 403)(scope, receive, send)
                return
            receive = _again(body, receive)
        else:
            VIEWER.set(await self._door.who(Request(scope, receive)))
        # Which pages' scripts may ask is for the application around this one; AgentOS would allow its makers'.
        headers = [(name, value) for name, value in scope["headers"] if name not in (b"origin", b"authorization")]
        async with kept_alive(send, self._heartbeat) as kept:
            await self._app({**scope, "headers": headers, "app": self._app, "state": {}}, receive, kept)


def _request(scope: Scope) -> str:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return f"{scope['method']} {path}"


async def _body(scope: Scope, receive: Receive, send: Send) -> bytes | None:
    """The whole body of a request; None when it is too large or too slow, which is told, or its sender has gone."""
    try:
        return await Request(scope, receive).body()
    except HTTPException as error:
        await JSONResponse({"detail": error.detail}, error.status_code)(scope, receive, send)
    except ClientDisconnect:
        pass
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive` as it was before the body was read."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _slack(dash: Dash, agent: DashAgent, door: Door) -> SlackInterface | None:
    """Slack, when its two settings are present; what it needs is imported then alone."""
    if dash.settings.slack is None:
        return None
    from dash.serve.agentos.slack import ISSUER, SlackInterface
    from dash.serve.agentos.text import slack_text

    async def reply(viewer: Viewer, session_id: str, question: str) -> str:
        return slack_text(await agent.answer(viewer, session_id, question), dash.knowledge)

    def take(event_id: str) -> bool:
        with dash.database.state() as connection:
            return connection.execute(statement("take_slack_event"), {"event_id": event_id}).fetchone() is not None

    return SlackInterface(dash.settings.slack, lambda user: door.vouched(ISSUER, user), reply, take)
