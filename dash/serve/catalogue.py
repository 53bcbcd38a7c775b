"""The knowledge for programs: governed metrics, vetted queries, what is wrong with the files, and what was learned."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from dash.access import may
from dash.ask import answer_json
from dash.catalogue.entries import Entry, catalogue_of, names_of_synonyms, vetting_of
from dash.catalogue.faults import find_faults
from dash.catalogue.trying import try_query
from dash.database import Database
from dash.desk import AnswerDict, Job
from dash.errors import Fault, NotFoundError, Overloaded
from dash.knowledge import Knowledge
from dash.knowledge.formats import MetricFile, QueryFile
from dash.learnings import Learning
from dash.learnings.records import Status
from dash.records import Viewer
from dash.serve.describing import Json, problems
from dash.serve.documents.asking import AnswerDocument
from dash.serve.documents.knowledge import (
    FaultsDocument,
    LearningDocument,
    LearningsDocument,
    MetricDocument,
    MetricsDocument,
    ParametersDocument,
    VettedQueriesDocument,
    VettedQueryDocument,
)
from dash.serve.documents.shared import Language, Text
from dash.serve.entrance import Needs
from dash.serve.service import service_of
from dash.serve.watching import Watch, done_for
from dash.settings import Settings

router = APIRouter(prefix="/api/v1", tags=["knowledge"], responses=problems())

_Reader = Annotated[Viewer, Depends(Needs("see_knowledge"))]
_Trier = Annotated[Viewer, Depends(Needs("try_query"))]
_Writer = Annotated[Viewer, Depends(Needs("write_query"))]
_Learner = Annotated[Viewer, Depends(Needs("see_learnings"))]
_Spoken = Annotated[Language, Query(description="Language of labels and definitions.", examples=["en"])]

_checking = threading.Lock()
"""One check at a time; who comes meanwhile does not double the work."""


@router.get("/metrics", response_model=MetricsDocument, summary="The governed metrics")
def list_metrics(request: Request, viewer: _Reader, language: _Spoken = "en") -> Response:
    """Each with its definition, unit, dimensions and words."""
    knowledge = service_of(request).dash.knowledge
    return Json({"metrics": [_metric(entry, language) for entry in catalogue_of(knowledge).of("metric")]})


@router.get("/metrics/{name}", response_model=MetricDocument, summary="One governed metric")
def get_metric(name: Text, request: Request, viewer: _Reader, language: _Spoken = "en") -> Response:
    """A metric by its name."""
    return Json(_metric(_entry(service_of(request).dash.knowledge, "metric", name), language))


@router.get("/queries", response_model=VettedQueriesDocument, summary="The vetted queries")
def list_queries(request: Request, viewer: _Reader) -> Response:
    """Each with its questions, parameters and SQL."""
    knowledge = service_of(request).dash.knowledge
    return Json({"queries": [_query(entry, knowledge) for entry in catalogue_of(knowledge).of("query")]})


@router.get("/queries/{name}", response_model=VettedQueryDocument, summary="One vetted query")
def get_query(name: Text, request: Request, viewer: _Reader) -> Response:
    """A vetted query by its name."""
    knowledge = service_of(request).dash.knowledge
    return Json(_query(_entry(knowledge, "query", name), knowledge))


@router.post("/queries/{name}/run", response_model=AnswerDocument, summary="Run a vetted query")
async def run_query(name: Text, body: ParametersDocument, request: Request, viewer: _Trier) -> Response:
    """Runs it with chosen parameters and gives the answer that it would be; it is no turn of a thread.

    Nothing says later what became of it, so it is stopped when whoever asked has gone or is sent away.
    """
    service = service_of(request)
    dash = service.dash
    if name not in dash.reader.knowledge.queries:
        raise NotFoundError(f"There is no vetted query {name!r}.")

    def work(job: Job, on_step: Callable[[str, float], None]) -> AnswerDict:
        stopped = job.cancelled.is_set
        return answer_json(try_query(dash, name, body.parameters, viewer, body.language, cancelled=stopped).answer)

    job = service.desk.start_apart(name, work, viewer=viewer)
    try:
        if not await done_for(request, Watch(job), dash.settings.api.wait_seconds):
            raise Overloaded("The query waits for others or takes long; ask again in a moment.")
        return Json(job.result())
    finally:
        job.cancelled.set()


@router.get("/knowledge/faults", response_model=FaultsDocument, summary="Check the knowledge files")
def check_knowledge(request: Request, viewer: _Writer) -> Response:
    """Every mistake in the files: in themselves, against the live tables, and for the guard. Takes some seconds."""
    if not _checking.acquire(blocking=False):
        raise Overloaded("The files are being checked for somebody already; ask again in a moment.")
    try:
        # In a process of its own: it takes seconds of a processor, and questions would wait for ours.
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            faults = process.submit(_faults, service_of(request).dash.settings).result()
    finally:
        _checking.release()
    return Json({"faults": [asdict(fault) for fault in faults]})


def _faults(settings: Settings) -> tuple[Fault, ...]:
    with Database.open(settings) as database:
        return find_faults(settings.knowledge, database, settings.learnings, settings.home)


@router.get("/learnings", response_model=LearningsDocument, summary="What was learned")
def list_learnings(request: Request, viewer: _Learner, status: Annotated[Status | None, Query()] = None) -> Response:
    """What belongs to everyone or to oneself; who decides about learnings sees all."""
    found = service_of(request).dash.learnings.list(status=status)
    return Json({"learnings": [_learning(each) for each in found if _is_seen(each, viewer)]})


@router.get("/learnings/{learning_id}", response_model=LearningDocument, summary="One learning")
def get_learning(learning_id: Text, request: Request, viewer: _Learner) -> Response:
    """A learning by its id."""
    found = [each for each in service_of(request).dash.learnings.all() if each.id == learning_id]
    if not found or not _is_seen(found[0], viewer):
        raise NotFoundError("There is no learning of that id; it may belong to somebody else.")
    return Json(_learning(found[0]))


def _is_seen(learning: Learning, viewer: Viewer) -> bool:
    return learning.reaches(viewer.name) or may(viewer, "activate_learning")


def _learning(learning: Learning) -> dict[str, Any]:
    return {name: getattr(learning, name) for name in LearningDocument.model_fields}


def _entry(knowledge: Knowledge, kind: str, name: str) -> Entry:
    entry = catalogue_of(knowledge).find(f"{kind}:{name}")
    if entry is None:
        raise NotFoundError(f"There is no {kind} {name!r}.")
    return entry


def _metric(entry: Entry, language: str) -> dict[str, Any]:
    metric: MetricFile = entry.thing
    return {
        "name": entry.name,
        "label": entry.title(language),
        "definition": entry.summary(language),
        "unit": metric.unit,
        "better": metric.better,
        "dimensions": metric.dimensions or [],
        "synonyms": names_of_synonyms(metric.synonyms),
        "owner": entry.owner,
        "source": entry.place,
    }


def _query(entry: Entry, knowledge: Knowledge) -> dict[str, Any]:
    query: QueryFile = entry.thing
    vetted_on, vetted_by = vetting_of(query)
    parameters = [
        {
            "name": name,
            "type": declared.type,
            "default": declared.default,
            "minimum": declared.minimum,
            "maximum": declared.maximum,
            "allowed": knowledge.allowed_values(declared),
            "description": declared.description,
        }
        for name, declared in query.parameters.items()
    ]
    return {
        "name": entry.name,
        "description": entry.summary("en"),
        "questions": query.questions,
        "parameters": parameters,
        "vetted_on": vetted_on,
        "vetted_by": vetted_by,
        "sql": query.sql,
        "source": entry.place,
    }
