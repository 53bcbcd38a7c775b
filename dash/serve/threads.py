"""One's own conversations with the product. Somebody else's are as if they did not exist."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from dash.records import Viewer
from dash.serve.describing import Json, problems
from dash.serve.documents.asking import ThreadChangeDocument, ThreadsDocument, TurnsDocument
from dash.serve.documents.shared import MOST_LISTED, Text
from dash.serve.entrance import Needs
from dash.serve.service import service_of

router = APIRouter(prefix="/api/v1/threads", tags=["threads"], responses=problems())

_Asker = Annotated[Viewer, Depends(Needs("ask"))]


@router.get("", response_model=ThreadsDocument, summary="One's threads")
def list_threads(
    request: Request,
    viewer: _Asker,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
    search: Annotated[str | None, Query(min_length=1, max_length=200, description="Finds hidden ones too.")] = None,
) -> Response:
    """The last used first, without hidden ones."""
    found = service_of(request).dash.threads.list(viewer.name, limit, search=search, with_empty=False)
    lines = []
    for thread in found:
        line = asdict(thread)
        lines.append({"thread_id": line.pop("id"), **line})
    return Json({"threads": lines})


@router.get("/{thread_id}", response_model=TurnsDocument, summary="The turns of a thread")
def get_thread(thread_id: Text, request: Request, viewer: _Asker) -> Response:
    """What was asked, in order, and how it ended; the answers are at their runs."""
    turns = service_of(request).dash.threads.turns(thread_id, owner=viewer.name)
    lines = [
        {
            "run_id": turn.run_id,
            "question": turn.question,
            "asked_at": turn.asked_at,
            "outcome": turn.outcome,
            "provenance": (turn.answer or {}).get("provenance"),
            "headline": (turn.answer or {}).get("headline"),
            "choices": (turn.answer or {}).get("choices", []),
        }
        for turn in turns
    ]
    return Json({"thread_id": thread_id, "turns": lines})


@router.patch("/{thread_id}", status_code=204, summary="Rename or hide a thread")
def change_thread(thread_id: Text, body: ThreadChangeDocument, request: Request, viewer: _Asker) -> Response:
    """Nothing is deleted: a hidden thread comes back when it is asked in again, searched for or shown."""
    threads = service_of(request).dash.threads
    threads.require(thread_id, owner=viewer.name)
    if body.title is not None:
        threads.rename(thread_id, " ".join(body.title.split()), owner=viewer.name)
    if body.hidden is not None:
        (threads.hide if body.hidden else threads.bring_back)(thread_id, owner=viewer.name)
    return Response(status_code=204)
