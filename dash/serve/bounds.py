"""The outermost layer: requests that are too large or too slow end here, and every answer carries the same headers.

It also gives each request an id, which is in its answer, in problems and in the log, and measures it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dash.serve.meters import Meters
from dash.serve.problems import problem, problem_of

MOST_BODY_BYTES = 65_536
MOST_HEADER_BYTES = 16_384
MOST_HEADERS = 64
SECONDS_FOR_THE_BODY = 10.0

_HEADERS = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class Bounds:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, meters: Callable[[], Meters]) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["dash.request"] = request_id = str(uuid.uuid4())
        began = time.perf_counter()
        answering = _Answering(send, request_id)
        try:
            await self._bounded(scope, receive, answering)
        finally:
            endpoint = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if endpoint != "unknown" else "OTHER"
            self._meters().answered(endpoint, method, answering.status, time.perf_counter() - began)

    async def _bounded(self, scope: Scope, receive: Receive, answering: _Answering) -> None:
        instance = f"urn:uuid:{scope['dash.request']}"
        headers = scope["headers"]
        size = sum(len(name) + len(value) for name, value in headers)
        length = next((value for name, value in headers if name == b"content-length"), b"0")
        if size > MOST_HEADER_BYTES or len(headers) > MOST_HEADERS:
            await problem("too-large", "The headers are too large.", instance=instance)(scope, receive, answering)
            return
        if not length.isdigit() or int(length) > MOST_BODY_BYTES:
            await problem("too-large", "The body is too large.", instance=instance)(scope, receive, answering)
            return
        try:
            await self._app(scope, _limited(receive), answering)
        except Exception as error:
            if not answering.begun:
                await problem_of(error, instance)(scope, receive, answering)
            elif answering.status < 500:
                raise  # in the middle of an answer: the connection ends, so that nobody takes half of it for all


class _Answering:
    """`send` that adds our headers and knows how the answer began."""

    def __init__(self, send: Callable[[Message], Awaitable[None]], request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.begun = False
        self.status = 499

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self.begun:
                return
            self.begun, self.status = True, message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request_id
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _limited(receive: Receive) -> Receive:
    """`receive` that ends a body which is too large or too slow. Once it is whole, it waits as long as one likes."""
    deadline = time.monotonic() + SECONDS_FOR_THE_BODY
    got, whole = 0, False

    async def limited() -> Message:
        nonlocal got, whole
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.01, deadline - time.monotonic()))
        except TimeoutError as error:
            raise HTTPException(408) from error
        if message["type"] == "http.request":
            got += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if got > MOST_BODY_BYTES:
                raise HTTPException(413)
        return message

    return limited
