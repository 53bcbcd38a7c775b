"""A conversation as files: JSON with everything, and a transcript that a person reads from top to bottom.

Both take the pages that the page takes, so masked stays masked. Strangers' texts keep their letters; signs that would
steer a terminal or turn the direction of the lines after them are replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from dash.replay.reading import Replay
from dash.replay.records import Conversation, Event
from dash.replay.searching import get_conversation
from dash.replay.timeline import MOST_ON_A_PAGE, read_page, read_totals

MOST_EVENTS = 20_000
"""So many events go into one file; a file that lacks some says so."""

# NUL, ESC, C1 controls, marks that override or isolate directions; not tab and line feed.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def conversation_json(replay: Replay, conversation: str, *, most: int = MOST_EVENTS) -> str:
    """The documented JSON (docs/replay.md). Raises NotFoundError, QueryFailed, DatabaseUnavailable."""
    head = get_conversation(replay, conversation)
    totals = read_totals(replay, conversation)
    events = list(_events(replay, conversation, most))
    document = {
        "conversation": {"id": head.id, "moment": head.moment, "title": head.title, "facts": dict(head.facts)},
        "totals": asdict(totals),
        "complete": len(events) >= totals.events,
        "events": [_plain_event(event) for event in events],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_plain)
    # The same texts to whoever parses it, and nothing that steers a terminal that prints it.
    return _STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def transcript(
    replay: Replay,
    conversation: str,
    *,
    who: Callable[[Event], str] | None = None,
    moment: Callable[[Any], str] | None = None,
    most: int = MOST_EVENTS,
) -> str:
    """Plain text: a head, then one paragraph per event. `who` and `moment` put events into a reader's language."""
    head = get_conversation(replay, conversation)
    name, when = who or _who, moment or _when
    lines = [_clean(head.id) + (f" – {_one_line(head.title)}" if head.title else "")]
    lines += [f"{key}: {_one_line(str(value))}" for key, value in head.facts.items() if value is not None]
    shown = 0
    for event in _events(replay, conversation, most):
        shown += 1
        lines += ["", f"[{when(event.moment)}] {_one_line(name(event))}{_figures(event)}"]
        # Each text begins its own line, so right-to-left text finds its own side in every editor.
        lines += [line for line in _clean(event.body or "").split("\n") if event.body]
        lines += [f"    {key}: {_one_line(json.dumps(value, ensure_ascii=False, default=_plain))}"
                  for key, value in event.details.items()]  # fmt: skip
    totals = read_totals(replay, conversation)
    if shown < totals.events:
        lines += ["", f"… {totals.events - shown} more events are left out."]
    return "\n".join(lines) + "\n"


def _events(replay: Replay, conversation: str, most: int) -> Iterator[Event]:
    place, left = None, most
    while left > 0:
        page = read_page(replay, conversation, after=place, limit=min(left, MOST_ON_A_PAGE))
        yield from page.events
        left -= len(page.events)
        if not page.more_after or not page.events:
            return
        place = page.events[-1].place


def _plain_event(event: Event) -> dict[str, Any]:
    fields = asdict(event)
    del fields["place"]
    return {"ref": event.ref, "moment": event.moment, **fields}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)


def _who(event: Event) -> str:
    return " ".join(word for word in (event.kind, event.role, event.actor, event.title, event.status) if word)


def _when(moment: Any) -> str:
    return "no time" if moment is None else str(moment)


def _figures(event: Event) -> str:
    figures = [f"{event.duration_ms / 1000:g} s" if event.duration_ms is not None else ""]
    figures += [f"{event.tokens} tokens" if event.tokens else "", f"${event.cost_usd:g}" if event.cost_usd else ""]
    found = ", ".join(filter(None, figures))
    return f" ({found})" if found else ""


def _clean(text: str) -> str:
    return _STEERING.sub("\ufffd", text.replace("\r\n", "\n"))


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


__all__ = ["MOST_EVENTS", "Conversation", "conversation_json", "transcript"]
