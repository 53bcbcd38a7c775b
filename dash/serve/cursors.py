"""Where a page ended, as a text that a program hands back unread to get the next one.

It holds a moment and an id and nothing that gives a right: whoever changes one gets another page of what they may see.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from dash.errors import NotFoundError
from dash.replay import Place
from dash.replay.records import Moment

LONGEST = 1_000
PROBLEM = "This is no place to go on from; give back what the page before said, unchanged."
_HIGHEST = 2**63


def aware(moment: datetime | None) -> datetime | None:
    """A moment that somebody sent; without a zone it is UTC."""
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def of_conversation(place: tuple[Moment, str] | None) -> str | None:
    """Where a search goes on."""
    return None if place is None else _written([_moment(place[0]), place[1]])


def read_conversation(text: str) -> tuple[Moment, str]:
    """Raises NotFoundError."""
    match _read(text):
        case [moment, str(identity)]:
            return _read_moment(moment), identity
    raise NotFoundError(PROBLEM)


def of_event(place: Place) -> str:
    """Where a conversation goes on."""
    return _written([_moment(place.moment), place.source, place.id])


def read_event(text: str) -> Place:
    """Raises NotFoundError."""
    match _read(text):
        case [moment, int(source), str(identity) | int(identity)] if 0 <= source < 1000:
            if isinstance(identity, str) or -_HIGHEST <= identity < _HIGHEST:
                return Place(_read_moment(moment), source, identity)
    raise NotFoundError(PROBLEM)


def _moment(moment: Moment) -> list[str] | None:
    """A time, or the text of a time that Python has not."""
    if moment is None:
        return None
    return ["at", moment.isoformat()] if isinstance(moment, datetime) else ["as", moment]


def _read_moment(written: Any) -> Moment:
    match written:
        case None:
            return None
        case ["as", str(text)]:
            return text
        case ["at", str(text)]:
            try:
                found = datetime.fromisoformat(text)
            except ValueError as error:
                raise NotFoundError(PROBLEM) from error
            if found.tzinfo is not None:
                return found
    raise NotFoundError(PROBLEM)


def _written(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode().rstrip("=")


def _read(text: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise NotFoundError(PROBLEM) from error
