"""A stream of events that is never silent for long, so that nothing on its way takes a question which waits for its
turn for a dead connection. AgentOS writes events and nothing between them; here comments are, which every reader passes
over.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from dash.serve.watching import AT_WORK

_STREAM = "text/event-stream"


@asynccontextmanager
async def kept_alive(send: Send, seconds: float) -> AsyncIterator[Send]:
    """The `send` for one response: a comment every so many seconds when it is a stream of events, whatever else is in
    it; any other response is as it would be."""
    kept = _Kept(send)
    beating = asyncio.create_task(kept.beat(seconds))
    try:
        yield kept
    finally:
        beating.cancel()


class _Kept:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._streams = False
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, message: Message) -> None:
        async with self._one_at_a_time:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._streams = headers.get("content-type", "").startswith(_STREAM)
                if self._streams:
                    headers["x-accel-buffering"] = "no"
            elif not message.get("more_body", False):
                self._streams = False
            await self._send(message)

    async def beat(self, seconds: float) -> None:
        """Comments, each a whole block: AgentOS sends an event as one message, so between two messages stands none."""
        while True:
            await asyncio.sleep(seconds)
            async with self._one_at_a_time:
                if self._streams:
                    await self._send({"type": "http.response.body", "body": AT_WORK, "more_body": True})
