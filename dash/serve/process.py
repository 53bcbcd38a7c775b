"""The server process of the API: uvicorn with our bounds, alone or as one of several workers behind one port.

However it is told to stop, it takes no more requests, lets what is at work be finished for a while, and lets go of the
database last. What is not finished by then is on disk as interrupted.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from dash.ask import Dash
from dash.logs import configure_logs
from dash.memory import settle
from dash.settings import ApiSettings, Settings, hand_down, wants_traces

if TYPE_CHECKING:
    from fastapi import FastAPI

    from dash.serve.bounds import Bounds

MOST_CONNECTIONS = 1_000
SECONDS_TO_FINISH = 10
_HEADER_BYTES = 32_768
_APP = "dash.serve.process:worker_app"


def options(api: ApiSettings) -> dict[str, Any]:
    """Uvicorn's options. Who asked is believed of the listed proxies alone; its own default believes the loopback."""
    return {
        "host": api.host,
        "port": api.port,
        "http": "dash.serve.connections:BoundedConnection",
        "ws": "none",
        "lifespan": "on",
        "log_config": None,  # its own would write traces with the messages of exceptions, past `configure_logs`
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(api.proxies),
        "forwarded_allow_ips": list(api.proxies),
        "limit_concurrency": MOST_CONNECTIONS,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": SECONDS_TO_FINISH,
        "h11_max_incomplete_event_size": _HEADER_BYTES,
    }


def serve(dash: Dash) -> None:
    """Serve an open product until told to stop."""
    from dash.serve.application import bounded, create_app

    app = create_app(dash)
    settle()
    try:
        uvicorn.Server(uvicorn.Config(bounded(app), **options(dash.settings.api))).run()
    finally:
        app.state.service.desk.finish(SECONDS_TO_FINISH)


def serve_workers(settings: Settings, workers: int) -> None:
    """Serve with several processes. Each opens the product by itself, from the environment that we leave it."""
    folder = settings.home / f"api-{settings.api.port}-measurements"
    _empty(folder)
    address = {"DASH_API_HOST": settings.api.host, "DASH_API_PORT": str(settings.api.port)}
    hand_down({"PROMETHEUS_MULTIPROC_DIR": str(folder), **address})
    try:
        uvicorn.run(_APP, factory=True, workers=workers, **options(settings.api))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def worker_app() -> Bounds:
    """The application of one worker, which opens the product and closes it."""
    from dash.serve.application import bounded, create_app

    settings = Settings.from_env()
    configure_logs(settings.logs, traces=wants_traces())
    dash = Dash.open(settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            app.state.service.desk.finish(SECONDS_TO_FINISH)
            dash.close()

    app = bounded(create_app(dash, lifespan))
    settle()
    return app


def _empty(folder: Path) -> None:
    """What a killed process has left there would be counted again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
