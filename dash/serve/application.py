"""The application that `dash serve` runs: endpoints, their problems, and the bounds around all of it.

    who may come in        entrance.py      how errors look      problems.py, describing.py
    asking and answers     questions.py, watching.py, threads.py
    customers              conversations.py, cursors.py
    stuck tickets          stuck.py
    the knowledge          catalogue.py
    health, measurements   standing.py, meters.py
    tools, an agent        beside.py, mcp/, agentos/

Endpoints are plain functions that the framework runs in threads; asking alone is a coroutine, because many may wait for
answers at once while few are worked on (`dash.desk`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request

from dash.ask import Dash
from dash.records import Viewer
from dash.serve import catalogue, conversations, problems, questions, standing, stuck, threads
from dash.serve.agentos import Door
from dash.serve.beside import Beside
from dash.serve.bounds import Bounds
from dash.serve.describing import describe
from dash.serve.service import Service

ROUTERS: tuple[APIRouter, ...] = (
    questions.router,
    threads.router,
    conversations.router,
    stuck.router,
    catalogue.router,
    standing.router,
)
_TAGS = [
    {"name": "questions", "description": "Ask, and what became of it."},
    {"name": "threads", "description": "One's own conversations with the product."},
    {"name": "conversations", "description": "Customers' conversations, played back."},
    {
        "name": "stuck tickets",
        "description": "Which tickets are stuck, why, what changed, and what is done about them.",
    },
    {"name": "knowledge", "description": "Metrics, vetted queries, faults, learnings."},
    {"name": "standing", "description": "Health, measurements, who one is."},
]


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(dash: Dash, lifespan: Lifespan | None = None) -> FastAPI:
    """The application for an open product, which it does not close. `bounded` is what a server runs."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_tags=_TAGS,
        lifespan=lifespan,
        # Spans and measurements are ours to make; nothing is sent anywhere because a variable happens to be set.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.service = Service.of(dash)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    describe(app, ROUTERS)
    if dash.settings.api.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(dash.settings.api.origins),
            allow_methods=["GET", "POST", "PATCH"],
            allow_headers=["Authorization", "Content-Type", "Prefer"],
            expose_headers=["Location", "Retry-After", "X-Request-ID"],
        )
    return app


def bounded(app: FastAPI) -> Bounds:
    """The application with what stands beside it, inside of its bounds."""
    service: Service = app.state.service

    async def who(request: Request) -> Viewer:
        return await run_in_threadpool(service.entrance.admit, request)

    async def knock(request: Request) -> None:
        await run_in_threadpool(service.entrance.knock, request)

    door = Door(who, knock, service.entrance.vouched)
    return Bounds(Beside(app, service.dash, service.desk, door), lambda: service.meters)
