"""Events in the words of the page's language: who, what, how long, when. Formats and decides nothing.

Words of the product come from `words/replay.yaml`, words for values (tools, agents, steps) from the knowledge. What
strangers wrote stays as it is; whoever shows it shows it as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash.records import MASK
from dash.replay import Event
from dash.replay.description import Description
from dash.shown import Cells
from dash.shown.labels import text_of
from dash.shown.moments import show_date
from dash.ui.texts import names_with, text

_ICONS = {
    "message": "", "turn": "✦", "switch": "⇄", "tool": "⚙", "approval": "⏳", "error": "⚠", "escalation": "⇧",
    "resolution": "✔", "task": "▸", "other": "•",
}  # fmt: skip
_PLAYER = "replay_"


@dataclass(frozen=True)
class Wording:
    """How the page says things: its language, words for values, the zone of times."""

    language: str
    cells: Cells
    zone: str
    description: Description

    def say(self, name: str, **values: Any) -> str:
        """A text of the page."""
        return text(name, self.language, **values)

    def player_words(self) -> dict[str, str]:
        """The player's own texts, by their names without the page's prefix."""
        return {name.removeprefix(_PLAYER): self.say(name) for name in names_with(_PLAYER)}

    def value(self, value: Any, dimension: str | None) -> str:
        """What people call a value; as it is where the knowledge has no word for it."""
        label = self.cells.labels.find_value_label(dimension, value) if dimension else None
        return label or (self.moment(value) if isinstance(value, datetime) else str(value))

    def moment(self, value: Any) -> str:
        """A day and a time in the reporting zone; what Python cannot hold as the database wrote it."""
        if not isinstance(value, datetime):
            return "–" if value is None else str(value)
        return f"{self.day(value)}, {self.time(value)}"

    def day(self, value: Any) -> str:
        """The day of a moment."""
        if not isinstance(value, datetime):
            return ""
        return show_date(value.astimezone(ZoneInfo(self.zone)), self.cells.phrases.dates.day, self.cells.phrases)

    def time(self, value: Any) -> str:
        """The time of day with seconds, which conversations need."""
        return (
            f"{value.astimezone(ZoneInfo(self.zone)):%H:%M:%S}" if isinstance(value, datetime) else self.moment(value)
        )

    def span(self, seconds: float) -> str:
        """A length of time in one or two units: 12 min 9 s, 3 h 5 min, 2.5 days."""
        if seconds < 1:
            return f"{round(seconds * 1000)} {self.say('replay_unit_ms')}"
        if seconds >= 172_800:
            return f"{self._decimal(seconds / 86_400)} {self.say('replay_unit_d')}"
        if seconds < 60:
            return f"{self._decimal(seconds)} {self.say('replay_unit_s')}"
        large, small = ("h", "min") if seconds >= 3_600 else ("min", "s")
        whole, rest = divmod(int(seconds) // (60 if large == "h" else 1), 60)
        return f"{whole} {self.say('replay_unit_' + large)}" + (
            f" {rest} {self.say('replay_unit_' + small)}" if rest else ""
        )

    def _decimal(self, number: float) -> str:
        from babel.numbers import format_decimal

        return str(format_decimal(round(number, 1), format="#,##0.#", locale=self.cells.phrases.locale))

    # events

    def who(self, event: Event) -> str:
        """Who wrote a message, or what happened, in a few words."""
        role = self.say(f"role_{event.role or 'none'}")
        actor = self._label(event, "actor")
        if event.kind == "message":
            return role if not actor or event.actor == MASK or actor == role else f"{role} · {actor}"
        if event.kind == "approval":
            return self.say("event_approval_asked" if event.expires_at is not None else "event_approval_decided")
        return self.say(f"event_{event.kind}", actor=actor if actor and event.actor != MASK else role)

    def title(self, event: Event) -> str:
        """What it was about: a tool, an action, a step, the agent that took over."""
        label = self._label(event, "title")
        return f"→ {label}" if label and event.kind == "switch" else label

    def status(self, event: Event) -> str:
        """How it ended; a failure is said even where the data have no word for it."""
        label = self._label(event, "status")
        return label or (self.say("event_failed") if event.failed and event.kind != "error" else "")

    def icon(self, event: Event) -> str:
        """A sign for the kind; failures have the sign of errors."""
        return _ICONS["error"] if event.failed and event.kind != "approval" else _ICONS.get(event.kind, "•")

    def approval(self, event: Event) -> dict[str, Any] | None:
        """The countdown of an approval: how much of the allowed time was used, and in words."""
        began, until, resolved = event.moment, event.expires_at, event.resolved_at
        if not isinstance(began, datetime) or not isinstance(until, datetime):
            return None
        if not isinstance(resolved, datetime):
            return {"share": 0.0, "words": self.say("approval_waits", until=self.time(until))}
        allowed, took = (until - began).total_seconds(), (resolved - began).total_seconds()
        words = self.say("approval_took", took=self.span(took), allowed=self.span(allowed))
        return {"share": min(1.0, max(0.0, took / allowed)) if allowed > 0 else 1.0, "words": words}

    def details(self, event: Event) -> list[list[str]]:
        """Name and text of each detail; structures as indented JSON."""
        described = self.description.timeline[event.source].details
        return [
            [
                text_of(described[name].label, self.language) or name.replace("_", " "),
                self._detail(value, described[name].dimension),
            ]
            for name, value in event.details.items()
        ]

    def _detail(self, value: Any, dimension: str | None) -> str:
        if isinstance(value, Mapping | list):
            return json.dumps(value, ensure_ascii=False, indent=2, default=str)
        return self.value(value, dimension)

    def _label(self, event: Event, field: str) -> str:
        value = getattr(event, field)
        if value is None:
            return ""
        dimensions = self.description.timeline[event.source].labels.get(field, ())  # type: ignore[call-overload]
        labels = (self.cells.labels.find_value_label(dimension, value) for dimension in dimensions)
        return next(filter(None, labels), str(value))
