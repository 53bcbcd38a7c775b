"""Customers' conversations: searched, and played back a page at a time. Texts are what strangers wrote, unchanged."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from dash.errors import UserError
from dash.records import Viewer
from dash.replay import KINDS, Event, Replay
from dash.replay.description import Kind
from dash.replay.records import Conversation, Moment
from dash.replay.searching import Search, find_conversations, get_conversation
from dash.replay.timeline import read_page, read_totals
from dash.serve import cursors
from dash.serve.describing import Json, problems
from dash.serve.documents.customers import ConversationsDocument, EventsDocument, WholeConversationDocument
from dash.serve.documents.shared import MOST_LISTED, MOST_PAIRS, Pair, Text, by_name
from dash.serve.entrance import Needs
from dash.serve.service import service_of

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"], responses=problems())

_Watcher = Annotated[Viewer, Depends(Needs("replay"))]
_Cursor = Annotated[str | None, Query(max_length=cursors.LONGEST, description="What the page before said.")]
_FILTER = "NAME:VALUE, as often as there are filters; the names stand in the knowledge's replay.yaml."


@router.get("", response_model=ConversationsDocument, summary="Find conversations")
def find(
    request: Request,
    viewer: _Watcher,
    since: Annotated[datetime | None, Query(description="Not before this moment.")] = None,
    until: Annotated[datetime | None, Query(description="Before this moment.")] = None,
    filter: Annotated[list[Pair] | None, Query(max_length=MOST_PAIRS, description=_FILTER)] = None,
    after: _Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 25,
) -> Response:
    """Newest first, all filters together; of one filter's values any one will do."""
    search = Search(None, cursors.aware(since), cursors.aware(until), by_name(filter))
    place = None if after is None else cursors.read_conversation(after)
    found = find_conversations(_replay(request, viewer), search, after=place, limit=limit)
    lines = [_conversation(each) for each in found.conversations]
    return Json({"conversations": lines, "next": cursors.of_conversation(found.next)})


@router.get("/{conversation_id}", response_model=WholeConversationDocument, summary="A conversation as a whole")
def get_head(conversation_id: Text, request: Request, viewer: _Watcher) -> Response:
    """Its head, and what its events add up to."""
    replay = _replay(request, viewer)
    head, totals = get_conversation(replay, conversation_id), read_totals(replay, conversation_id)
    summed = {name: getattr(totals, name) for name in ("events", "kinds", "tokens", "cost_usd")}
    summed |= {"first": _moment(totals.first), "last": _moment(totals.last)}
    return Json({"conversation": _conversation(head), "totals": summed})


@router.get("/{conversation_id}/events", response_model=EventsDocument, summary="What happened in a conversation")
def read_events(
    conversation_id: Text,
    request: Request,
    viewer: _Watcher,
    kind: Annotated[list[Kind] | None, Query(max_length=len(KINDS), description="These kinds alone.")] = None,
    after: _Cursor = None,
    before: _Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100,
) -> Response:
    """From the beginning, behind `after`, or the last ones before `before`; always in the order of what happened."""
    behind, ahead = (None if text is None else cursors.read_event(text) for text in (after, before))
    if behind is not None and ahead is not None:
        raise UserError("Give either after or before.")
    replay = _replay(request, viewer)
    get_conversation(replay, conversation_id)  # one that is not there is not one without events
    page = read_page(replay, conversation_id, after=behind, before=ahead, kinds=kind, limit=limit)
    first, last = (page.events[0], page.events[-1]) if page.events else (None, None)
    return Json(
        {
            "events": [_event(event) for event in page.events],
            "next": cursors.of_event(last.place) if last and page.more_after else None,
            "previous": cursors.of_event(first.place) if first and page.more_before else None,
            "masked": sorted(page.masked),
        }
    )


def _replay(request: Request, viewer: Viewer) -> Replay:
    return Replay.open(service_of(request).dash, viewer)


def _conversation(found: Conversation) -> dict[str, Any]:
    facts = {name: _cell(value) for name, value in found.facts.items()}
    return {"id": found.id, "moment": _moment(found.moment), "title": found.title, "facts": facts}


def _event(event: Event) -> dict[str, Any]:
    kept = ("ref", "source", "kind", "role", "actor", "title", "body", "status", "failed", "duration_ms", "tokens")
    found = {name: getattr(event, name) for name in (*kept, "cost_usd")}
    found |= {name: _moment(getattr(event, name)) for name in ("moment", "expires_at", "resolved_at")}
    return found | {"details": {name: _cell(value) for name, value in event.details.items()}}


def _moment(moment: Moment) -> str | None:
    return moment.isoformat() if isinstance(moment, datetime) else moment


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value
