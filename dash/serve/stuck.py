"""Stuck tickets: the list of the last check, what changed, and what people do about it (docs/operations.md).

Reading never judges: that takes a query over all tickets and is kept, so it is a request of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from dash.errors import NotFoundError
from dash.ops import SHOWN, Change, Check, Entry, Narrowing, Standing, StuckDesk, Wording, count_changes
from dash.records import Viewer
from dash.serve import cursors
from dash.serve.describing import Json, problems
from dash.serve.documents.shared import MOST_LISTED, MOST_PAIRS, Language, Pair, Text, by_name
from dash.serve.documents.tickets import (
    ActionsDocument,
    CheckDocument,
    ChecksDocument,
    DeedDocument,
    DoneDocument,
    StuckDocument,
)
from dash.serve.entrance import Needs
from dash.serve.service import service_of

router = APIRouter(prefix="/api/v1/stuck", tags=["stuck tickets"], responses=problems())

_Looker = Annotated[Viewer, Depends(Needs("see_stuck"))]
_Worker = Annotated[Viewer, Depends(Needs("work_stuck_list"))]


@router.get("", response_model=StuckDocument, summary="Stuck tickets")
def list_stuck(
    request: Request,
    viewer: _Looker,
    since: Annotated[datetime | None, Query(description="Compare with the check at that moment.")] = None,
    reason: Annotated[list[Text] | None, Query(max_length=MOST_PAIRS, description="By name or label.")] = None,
    where: Annotated[list[Pair] | None, Query(max_length=MOST_PAIRS, description="NAME:VALUE, also stage:…")] = None,
    change: Annotated[list[Change] | None, Query(max_length=3)] = None,
    standing: Annotated[list[Standing] | None, Query(max_length=4, description="Default: open, acknowledged.")] = None,
    mine: Annotated[bool, Query(description="What is assigned to whoever asks.")] = False,
    language: Annotated[Language, Query(description="Of labels and advice.")] = "en",
    after: Annotated[str | None, Query(max_length=cursors.LONGEST, description="What `next` said.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100,
) -> Response:
    """The last check, the longest wait first, compared with that of the working day before, or
    with the one at `since`."""
    place = None if after is None else cursors.read_conversation(after)
    desk = _desk(request, viewer)
    wording = _wording(desk, language)
    narrowing = Narrowing(
        reasons={wording.find_reason(each) for each in reason or ()},
        facts={name: {wording.find_value(name, value) for value in values} for name, values in by_name(where).items()},
        changes=change or (),
        standings=standing or SHOWN,
        mine=mine,
    )
    check, moment = _latest(desk), cursors.aware(since)
    diff = desk.diff(check, since=moment) if moment else desk.diff_since_workday(check)
    entries, cleared = desk.entries(diff, narrowing), desk.cleared(diff, narrowing)
    page, following = _page(entries, place, limit)
    return Json(
        {
            "check": asdict(diff.check),
            "before": asdict(diff.before) if diff.before else None,
            "counts": count_changes(entries, cleared),
            "tickets": [_entry(entry, wording, desk.dash.clock()) for entry in page],
            "cleared": [asdict(each) for each in cleared] if place is None else [],
            "next": following,
        }
    )


@router.get("/checks", response_model=ChecksDocument, summary="Checks")
def list_checks(
    request: Request,
    viewer: _Looker,
    since: Annotated[datetime | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100,
) -> Response:
    """Complete checks with their counts by reason, newest first."""
    found = _desk(request, viewer).history(since=cursors.aware(since), limit=limit)
    return Json({"checks": [asdict(check) for check in found]})


@router.post("/checks", response_model=CheckDocument, status_code=201, summary="Check now")
def check_now(request: Request, viewer: _Looker) -> Response:
    """Judges all tickets and keeps what is found. While another check runs, waits and gives that one."""
    return Json(asdict(_desk(request, viewer).check()), 201)


@router.post("/actions", response_model=DoneDocument, summary="Do something about stuck tickets")
def act(body: DeedDocument, request: Request, viewer: _Worker) -> Response:
    """Acknowledge, assign, note, snooze, unsnooze, close or reopen tickets of the last check. Nothing of it touches the
    support data. What somebody else decided is not undone, unless `anyway` says so; what is snoozed or closed stays so
    when it is acknowledged."""
    until, text = getattr(body, "until", None), getattr(body, "text", None)
    done = _desk(request, viewer).act(body.deed, body.tickets, until=until, text=text, anyway=body.anyway)
    return Json({"tickets": done.count, "already": done.already, "kept": [one.ticket for one in done.kept]})


@router.get("/tickets/{ticket}/actions", response_model=ActionsDocument, summary="What was done about a ticket")
def list_actions(ticket: Text, request: Request, viewer: _Looker) -> Response:
    """Everything that people did about it, oldest first; nothing for one that nobody touched."""
    found = _desk(request, viewer).actions(ticket)
    return Json(
        {"ticket": ticket, "actions": [_kept(action, "deed", "who", "at", "until", "text") for action in found]}
    )


def _desk(request: Request, viewer: Viewer) -> StuckDesk:
    return StuckDesk.open(service_of(request).dash, viewer)


def _latest(desk: StuckDesk) -> Check:
    check = desk.latest()
    if check is None:
        raise NotFoundError("Nothing was checked yet; check first: POST /api/v1/stuck/checks.")
    return check


def _wording(desk: StuckDesk, language: str) -> Wording:
    reader = desk.dash.reader
    spoken = language if language in reader.languages else reader.default_language
    return Wording.of(desk.file, desk.dash.knowledge, spoken, desk.dash.settings.zone)


def _page(entries: Sequence[Entry], place: tuple[Any, str] | None, limit: int) -> tuple[Sequence[Entry], str | None]:
    """The entries behind a place, and where the next page begins; the order is that of the list."""
    if place is not None and not isinstance(place[0], datetime):
        raise NotFoundError(cursors.PROBLEM)
    kept = [entry for entry in entries if place is None or (entry.ticket.since, entry.ticket.ticket) > place]
    page = kept[:limit]
    last = page[-1].ticket if len(kept) > limit else None
    return page, cursors.of_conversation((last.since, last.ticket)) if last else None


def _entry(entry: Entry, wording: Wording, now: datetime) -> dict[str, Any]:
    ticket, state = entry.ticket, entry.state
    kept = _kept(state, "standing", "who", "why", "at", "until", "back_at", "assignee")
    return {
        **asdict(ticket),
        "hours": round(ticket.hours(now), 2),
        "reason_label": wording.reason(ticket.reason),
        "advice": wording.advice(ticket.reason),
        "change": entry.change,
        "is_back": entry.is_back,
        "state": kept | {"notes": [_kept(note, "who", "at", "text") for note in state.notes]},
    }


def _kept(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
