"""Errors as RFC 9457 describes them (`application/problem+json`), made of the one tree of errors.

What is ours to mend is a number to look up in the log and nothing else: no trace, no SQL, no folder of the machine
leaves it. Each kind of problem has an address of its own, under which it explains itself.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dash import errors
from dash.serve.withheld import told

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
FOLDER = "/api/v1/problems"
AGAIN_IN_SECONDS = 5
_NOWHERE = "There is nothing at this address; /api/v1/openapi.json describes what there is, docs/api.md explains it."


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its name in addresses, its status, what people call it and what it means."""

    name: str
    status: int
    title: str
    meaning: str

    @property
    def type(self) -> str:
        """Its address."""
        return f"{FOLDER}/{self.name}"


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("not-signed-in", 401, "Not signed in", "The request shows no key or token, or one that does not hold."),
        Kind("not-allowed", 403, "Not allowed", "The roles or scopes do not bring the right that this needs."),
        Kind("not-found", 404, "Not found", "There is no such thing, or it belongs to somebody else."),
        Kind("wrong-method", 405, "Wrong method", "This address knows other methods; the header Allow lists them."),
        Kind("too-slow", 408, "Too slow", "The body did not arrive in time."),
        Kind("too-large", 413, "Too large", "The body or the headers are larger than anything that is needed here."),
        Kind("invalid", 422, "Invalid request", "The request cannot be read; `errors` says where and why."),
        Kind("refused", 422, "Cannot be done", "The request can be read and cannot be done; the detail says why."),
        Kind("too-many-requests", 429, "Too many requests", "Wait as many seconds as Retry-After says."),
        Kind("internal", 500, "Something broke", "It is ours to mend. The instance is in our log."),
        Kind("unavailable", 503, "Not available now", "Something that is needed does not answer; try again later."),
        Kind("too-long", 504, "Took too long", "The database stopped a query that took too long."),
        Kind("bad-request", 400, "Bad request", "The request is no HTTP that can be read."),
    )
}


def problem(
    name: str, detail: str, *, instance: str | None = None, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """The response for one problem."""
    kind = KINDS[name]
    body = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, **more}
    if instance is not None:
        body["instance"] = instance
    return JSONResponse(body, kind.status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: Exception, instance: str | None = None) -> JSONResponse:
    """The response for an error that was raised."""
    if isinstance(error, errors.TooManyRequests):
        return problem("too-many-requests", error.message, instance=instance, headers=_later(error.seconds))
    if isinstance(error, errors.NotSignedIn):
        return problem("not-signed-in", error.message, instance=instance, headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, errors.QueryFailed) and error.sqlstate == "57014":
        return problem("too-long", error.message, instance=instance)
    for kind, name in _NAMES:
        if isinstance(error, kind):
            later = _later(AGAIN_IN_SECONDS) if name == "unavailable" else {}
            return problem(name, told(error), instance=instance, headers=later)
    logger.error("A request broke in a way that nothing below foresaw: %s", instance, exc_info=error)
    return problem("internal", "Something broke inside Dash; the instance names it in the log.", instance=instance)


_NAMES: tuple[tuple[type[errors.DashError], str], ...] = (
    (errors.NotAllowed, "not-allowed"),
    (errors.NotFoundError, "not-found"),
    (errors.KnowledgeError, "unavailable"),
    (errors.AccessError, "unavailable"),
    (errors.SettingsError, "unavailable"),
    (errors.EnvironmentProblem, "unavailable"),
    (errors.DatabaseUnavailable, "unavailable"),
    (errors.ProviderUnavailable, "unavailable"),
    (errors.Overloaded, "unavailable"),
    (errors.UserError, "refused"),
    (errors.QueryRejected, "refused"),
    (errors.QueryFailed, "refused"),
    (errors.Cancelled, "refused"),
)


def install(app: FastAPI) -> None:
    """Let every error of the application be such a problem."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        return problem_of(error, _instance(request))

    async def unreadable(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        found = [{"pointer": _pointer(each["loc"]), "detail": _said(each)} for each in error.errors()]
        detail = "The request cannot be read."
        if any(each["loc"] == ("body",) for each in error.errors()) and "json" not in _sent_as(request):
            detail += " Send its body as JSON, with Content-Type: application/json."
        return problem("invalid", detail, instance=_instance(request), errors=found)

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        name = next((kind.name for kind in KINDS.values() if kind.status == error.status_code), "bad-request")
        detail = _NOWHERE if name == "not-found" else KINDS[name].meaning
        return problem(name, detail, instance=_instance(request), headers=error.headers)

    app.add_exception_handler(errors.DashError, known)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, known)


def _instance(request: Request) -> str | None:
    found = request.scope.get("dash.request")
    return f"urn:uuid:{found}" if found else None


def _sent_as(request: Request) -> str:
    return request.headers.get("content-type", "").lower()


def _said(fault: Mapping[str, Any]) -> str:
    """What the framework says of one fault, and why JSON cannot be read."""
    reason = fault.get("ctx", {}).get("error") if fault["type"] == "json_invalid" else None
    return f"{fault['msg']}: {reason}" if reason else str(fault["msg"])


def _later(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def _pointer(place: tuple[int | str, ...]) -> str:
    """("body", "question") → "#/body/question"."""
    return "#/" + "/".join(str(part).replace("~", "~0").replace("/", "~1")[:100] for part in place)
