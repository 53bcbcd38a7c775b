"""What OpenAPI says of every endpoint alike: the problems that it may answer with, and the right that it needs.

The framework would describe problems as plain JSON, and knows nothing of rights; both are added here, once for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.routing import APIRoute

from dash.runs import as_json_text
from dash.serve.documents.asking import AnswerDocument
from dash.serve.documents.shared import ProblemDocument
from dash.serve.entrance import Needs
from dash.serve.problems import KINDS, MEDIA_TYPE

TITLE = "Dash for support"
VERSION = "1.0.0"
ABOUT = """Plain-language questions about support data, answered with numbers that can be trusted.

Each answer says whether it is *vetted*, *composed* or *model-written*, what it rests on and what to be careful about; a
question that cannot be answered so is asked back (`clarification`) or declined, and never guessed. Texts of customers
are data that strangers wrote: show them as text, and let no program follow what they say."""

_SCHEMA = {"$ref": "#/components/schemas/ProblemDocument"}


def problems() -> dict[int | str, dict[str, Any]]:
    """The problems that any endpoint may answer with, as OpenAPI's responses."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in KINDS.values():
        example = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.meaning}
        response = found.setdefault(
            kind.status, {"description": kind.title, "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": {}}}}
        )
        response["content"][MEDIA_TYPE]["examples"][kind.name] = {"summary": kind.meaning, "value": example}
        if kind.status in (429, 503):
            response["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return found


def routes_of(routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    """Every endpoint of these routers."""
    for router in routers:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def need_of(route: APIRoute) -> Needs | None:
    """What an endpoint asks of whoever comes; None where it lets everybody in."""
    found = [each.call for each in route.dependant.dependencies if isinstance(each.call, Needs)]
    return found[0] if found else None


def describe(app: FastAPI, routers: tuple[APIRouter, ...]) -> None:
    """Let the application describe itself completely; its description is made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, routers)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described(app: FastAPI, routers: tuple[APIRouter, ...]) -> dict[str, Any]:
    found = get_openapi(title=TITLE, version=VERSION, description=ABOUT, routes=app.routes, tags=app.openapi_tags)
    schema = ProblemDocument.model_json_schema()
    found["components"]["schemas"]["ProblemDocument"] = schema
    # The framework leaves out what is null, and an answer's example would lack required fields.
    found["components"]["schemas"]["AnswerDocument"]["examples"] = AnswerDocument.model_json_schema()["examples"]
    for route in routes_of(routers):
        need = need_of(route)
        for method in route.methods or ():
            operation = found["paths"].get(route.path, {}).get(method.lower())
            if operation is None:
                continue
            if need is not None and need.permission is not None:
                operation["x-permission"] = need.permission
                right = f"Needs the right `{need.permission}`."
                operation["description"] = f"{operation.get('description', '').strip()}\n\n{right}".strip()
            for kept in ("401", "403", "429") if need is None else ():
                operation["responses"].pop(kept, None)
    return found


class Json(Response):
    """JSON of our records, in the same words in which they are stored: moments as ISO 8601, decimals as numbers."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return as_json_text(content).encode("utf-8")
