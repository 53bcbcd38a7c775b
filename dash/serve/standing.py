"""Whether the process lives and can answer, what it has measured, who one is, and what kinds of problems there are.

`/healthz` and `/readyz` are for what starts and restarts processes; they tell nothing else and let everybody in, also
whoever wants to know the status alone (HEAD).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from dash.access import PERMISSIONS, may
from dash.errors import NotFoundError
from dash.records import Viewer
from dash.serve.describing import Json, problems
from dash.serve.documents.shared import KindDocument, StandingDocument, Text, WhoDocument
from dash.serve.entrance import Needs
from dash.serve.meters import CONTENT_TYPE
from dash.serve.problems import KINDS
from dash.serve.service import service_of

router = APIRouter(tags=["standing"], responses=problems())

_Somebody = Annotated[Viewer, Depends(Needs(None))]
_Measurer = Annotated[Viewer, Depends(Needs("see_usage"))]
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": "dash_questions_total 1.0\n"}}}
}


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", response_model=StandingDocument, summary="Whether the process lives")
async def health() -> Response:
    """Answers as long as the process can answer anything."""
    return Json({"status": "ok"})


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=StandingDocument, summary="Whether questions can be answered")
def ready(request: Request) -> Response:
    """503 while the database does not answer."""
    with service_of(request).dash.database.state():  # which has heard of the server when it is there
        pass
    return Json({"status": "ready"})


@router.get("/metrics", response_class=Response, responses=_TEXT, summary="Measurements for Prometheus")
def metrics(request: Request, viewer: _Measurer) -> Response:
    """Requests, questions, how long they took, and what was refused, in Prometheus's text format."""
    return Response(service_of(request).meters.text(), media_type=CONTENT_TYPE)


@router.get("/api/v1/me", response_model=WhoDocument, summary="Who one is")
def who(viewer: _Somebody) -> Response:
    """Whom the key or token stands for, and what they may."""
    permissions = sorted(permission for permission in PERMISSIONS if may(viewer, permission))
    return Json(
        {"name": viewer.name, "display": viewer.display, "roles": sorted(viewer.roles), "permissions": permissions}
    )


@router.get("/api/v1/problems/{name}", response_model=KindDocument, summary="What a kind of problem means")
def get_problem(name: Text, viewer: _Somebody) -> Response:
    """The page that the `type` of a problem names."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotFoundError("There is no such kind of problem.")
    return Json({"type": kind.type, "title": kind.title, "status": kind.status, "meaning": kind.meaning})


@router.get("/api/v1/openapi.json", include_in_schema=False)
def openapi(request: Request, viewer: _Somebody) -> Response:
    """The whole of it, for programs that make clients."""
    return JSONResponse(request.app.openapi())
