"""Asking: the answer as JSON when it is ready, as a stream of what happens, or later under the id of its run."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from dash.desk import Job
from dash.drill import Cell as DrillCell
from dash.drill import first_cell, look_behind
from dash.errors import NotFoundError, Overloaded
from dash.export import csv_text
from dash.feedback import Feedback, give
from dash.records import Viewer
from dash.runs import RunRecord
from dash.serve.describing import Json, problems
from dash.serve.documents.asking import (
    AcceptedDocument,
    AnswerDocument,
    BehindDocument,
    CancelledDocument,
    FeedbackDocument,
    NotedDocument,
    QuestionDocument,
    RunDocument,
)
from dash.serve.documents.shared import MOST_LISTED, Text
from dash.serve.entrance import Needs
from dash.serve.problems import AGAIN_IN_SECONDS, MEDIA_TYPE
from dash.serve.service import Service, service_of
from dash.serve.watching import Watch, events, problem_body
from dash.shown.cells import visible

router = APIRouter(prefix="/api/v1", tags=["questions"], responses=problems())

_Asker = Annotated[Viewer, Depends(Needs("ask"))]
_Speaker = Annotated[Viewer, Depends(Needs("give_feedback"))]
_STREAM = "text/event-stream"
_CELL = r"^[0-9]{1,5}(\+[0-9]{1,5})*\.[^.]+$"  # 2.tickets, 3+5.tickets
_ACCEPTED = {"model": AcceptedDocument, "description": "Written down and at work; look for the answer later."}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": "category,tickets\nshipping,34\n"}}}
}
_ASKED: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            _STREAM: {
                "schema": {"type": "string"},
                "example": 'event: accepted\ndata: {"run_id": "…", "thread_id": "…"}\n\n'
                'event: step\ndata: {"step": "ground"}\n\nevent: answer\ndata: {"outcome": "answered"}\n\n',
            }
        }
    },
    202: _ACCEPTED,
}


@router.post("/questions", response_model=AnswerDocument, responses=_ASKED, summary="Ask a question")
async def ask(body: QuestionDocument, request: Request, viewer: _Asker) -> Response:
    """Answers, asks back or declines; `outcome` says which.

    With `Accept: text/event-stream` the steps come as they begin, then the answer. With `Prefer: respond-async`, or
    when the answer takes longer than anybody should hold a connection, the response is 202 and says where it will be.
    """
    service = service_of(request)
    job = await run_in_threadpool(_begin, service, body, viewer)
    watch = Watch(job)
    if _STREAM in request.headers.get("accept", ""):
        return StreamingResponse(events(watch), media_type=_STREAM, headers={"X-Accel-Buffering": "no"})
    patience = service.dash.settings.api.wait_seconds
    later = "respond-async" in request.headers.get("prefer", "")
    if later:
        await watch.until(lambda job: job.done or job.run_id is not None, patience)
    else:
        await watch.until(lambda job: job.done, patience)
    if not job.done and job.run_id is not None:
        return _accepted(job)
    return _answered(job)


def _begin(service: Service, body: QuestionDocument, viewer: Viewer) -> Job:
    service.desk.require_place(viewer)
    threads = service.dash.threads
    if body.thread_id is not None:
        threads.require(body.thread_id, owner=viewer.name)
    return service.desk.start(body.thread_id or threads.start(viewer.name), body.question, viewer=viewer)


def _accepted(job: Job) -> Response:
    where = f"/api/v1/runs/{job.run_id}"
    body = {"run_id": job.run_id, "thread_id": job.thread_id, "answer": where}
    return Json(body, 202, headers={"Location": where, "Preference-Applied": "respond-async"})


def _answered(job: Job) -> Response:
    if job.answer is None or job.run_id is None:
        body = problem_body(job) if job.done else problem_body(_gone(job))
        return Json(body, body["status"], media_type=MEDIA_TYPE, headers={"Retry-After": str(AGAIN_IN_SECONDS)})
    return Json(job.answer)


def _gone(job: Job) -> Job:
    raise Overloaded("The question waits for others and nobody has written it down yet; ask again in a moment.")


@router.get("/runs/{run_id}", response_model=RunDocument, summary="A question and its answer")
def get_run(run_id: Text, request: Request, viewer: _Asker) -> Response:
    """One of one's own questions, whatever became of it."""
    run = service_of(request).dash.runs.get(run_id, owner=viewer.name)
    kept = ("run_id", "thread_id", "question", "asked_at", "outcome", "answer")
    return Json({name: getattr(run, name) for name in kept})


@router.get("/runs/{run_id}/answer", response_model=AnswerDocument, summary="An answer")
def get_answer(run_id: Text, request: Request, viewer: _Asker) -> Response:
    """The answer as it was given (docs/answer-json.md)."""
    return Json(_finished(service_of(request), run_id, viewer).answer)


@router.get("/runs/{run_id}/answer.csv", response_class=Response, responses=_CSV, summary="The rows of an answer")
def get_answer_csv(run_id: Text, request: Request, viewer: _Asker) -> Response:
    """The rows as CSV, in which no cell can start a formula. 404 where no table was answered."""
    columns, rows = visible(_finished(service_of(request), run_id, viewer).answer or {})
    if not columns:
        raise NotFoundError("This run has no table; its answer says what became of it.")
    return _csv([column.name for column in columns], rows, f"dash-{run_id[:8]}.csv")


def _finished(service: Service, run_id: str, viewer: Viewer) -> RunRecord:
    run = service.dash.runs.get(run_id, owner=viewer.name)
    if run.answer is None:
        raise NotFoundError("This question has no answer: it is still at work, or was interrupted.")
    return run


def _csv(names: list[str], rows: Any, file: str) -> Response:
    text = csv_text(names, rows)
    kept = "".join(letter for letter in file if letter.isalnum() or letter in "-.")
    headers = {"Content-Disposition": f'attachment; filename="{kept if kept.isascii() else "dash.csv"}"'}
    return Response(text, media_type="text/csv", headers=headers)


@router.post("/runs/{run_id}/cancel", response_model=CancelledDocument, status_code=202, summary="Stop a question")
def cancel(run_id: Text, request: Request, viewer: _Asker) -> Response:
    """Stops the work on a question, down to its SQL, whichever process does it. What is finished stays."""
    service = service_of(request)
    stopping = service.dash.runs.cancel(run_id, owner=viewer.name)
    if stopping:
        service.desk.cancel(run_id)
    return Json({"run_id": run_id, "stopping": stopping}, 202)


@router.get("/runs/{run_id}/drill", response_model=BehindDocument, summary="The rows behind a number")
def drill(
    run_id: Text,
    request: Request,
    viewer: _Asker,
    cell: Annotated[str | None, Query(max_length=200, pattern=_CELL, description="ROW.COLUMN, from row 0.")] = None,
    side: Annotated[str | None, Query(max_length=60, description="numerator, rest, denominator, all …")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = MOST_LISTED,
) -> Response:
    """What a cell of an answer counts (docs/drill-down.md); without a cell, its first number."""
    dash = service_of(request).dash
    run = dash.runs.get(run_id, owner=viewer.name)
    place = DrillCell.read(cell) if cell is not None else first_cell(run)
    behind = look_behind(dash, run, place, side=side, limit=limit, viewer=viewer)
    found = {name: getattr(behind, name) for name in BehindDocument.model_fields if name != "row"}
    return Json(found | {"row": list(behind.cell.rows)})


@router.post("/runs/{run_id}/feedback", response_model=NotedDocument, summary="Say whether an answer is right")
def feedback(run_id: Text, body: FeedbackDocument, request: Request, viewer: _Speaker) -> Response:
    """An objection becomes a candidate learning of one's own, which a person decides on."""
    correction = body.correction
    kind, said = (correction.kind, correction.said) if correction else (None, "")
    given = give(service_of(request).dash, Feedback(run_id, viewer.name, body.verdict, kind, said, body.note))
    return Json({"run_id": run_id, "learning_id": given.learning_id})
