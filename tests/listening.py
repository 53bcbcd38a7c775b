"""An ASGI application on a free port of the loopback, served by a real server in a thread of this process."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from dash.records import Viewer
from dash.serve.agentos import Door


@contextlib.contextmanager
def listening(app: Any, **options: Any) -> Iterator[str]:
    """The address of the running server; `options` are uvicorn's."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, **{"log_level": "warning"} | options))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "The server ended before it listened."
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
    assert not thread.is_alive(), "The server does not end."


def mounted(endpoint: Any, path: str = "/") -> Starlette:
    """An application that has nothing but this endpoint, which runs for as long as the application does."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with endpoint.running():
            yield

    return Starlette(routes=[Mount(path, endpoint)], lifespan=lifespan)


def only(who: Callable[[Request], Awaitable[Viewer]]) -> Door:
    """A door for those who show who they are, and for nobody whom another service names."""

    async def knock(request: Request) -> None:
        raise AssertionError

    def vouched(issuer: str, subject: str) -> Viewer:
        raise AssertionError

    return Door(who, knock, vouched)
