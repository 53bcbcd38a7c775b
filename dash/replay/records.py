"""What a replay is made of: events in their order, pages of them, totals, gaps, and conversations that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

Id: TypeAlias = "int | str"
Moment: TypeAlias = "datetime | str | None"
"""A time; as text when Python has no such time (infinity, a year before 1); None when the data has none."""


@dataclass(frozen=True)
class Place:
    """Where an event stands: time first, then the rank of its source, then its id there. Total, so no two are equal.

    Events without a time stand after all others.
    """

    moment: Moment
    source: int
    id: Id

    def before_ids(self) -> tuple[int, datetime, str, int]:
        """What decides the order of events of different sources; within one the database has ordered the ids."""
        known = datetime.min.replace(tzinfo=UTC)
        if isinstance(self.moment, datetime):
            return (1, self.moment, "", self.source)
        if self.moment is None:
            return (3, known, "", self.source)
        past = self.moment.startswith("-") or self.moment.endswith(" BC")
        return (0 if past else 2, known, self.moment, self.source)


@dataclass(frozen=True)
class Event:
    """One thing that happened. `ref` names it in links: source and id. Texts are what strangers wrote, unchanged."""

    source: str
    place: Place
    kind: str
    role: str | None = None
    actor: str | None = None
    title: str | None = None
    body: str | None = None
    status: str | None = None
    failed: bool = False
    duration_ms: float | None = None
    tokens: int | None = None
    cost_usd: float | None = None
    expires_at: Moment = None
    resolved_at: Moment = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> Moment:
        """When it happened."""
        return self.place.moment

    @property
    def ref(self) -> str:
        """Its name in a link, such as messages.17."""
        return f"{self.source}.{self.place.id}"


@dataclass(frozen=True)
class Page:
    """A stretch of a conversation in order; whether there is more before and behind it; fields that were masked."""

    events: tuple[Event, ...]
    more_before: bool = False
    more_after: bool = False
    masked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Totals:
    """What a whole conversation, or its part before a place, adds up to. `kinds` counts events by kind."""

    events: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    tokens: int = 0
    cost_usd: float = 0.0
    first: Moment = None
    last: Moment = None


@dataclass(frozen=True)
class Gap:
    """Nothing happened for so long, until the event `ref` ended the wait. `waited_for` is who or what acted then:
    a role for messages, else a kind."""

    ref: str
    began: datetime
    seconds: float
    waited_for: str


@dataclass(frozen=True)
class Gaps:
    """Where the time went: seconds by what was waited for, most first, and the longest waits."""

    seconds: Mapping[str, float]
    longest: tuple[Gap, ...]


@dataclass(frozen=True)
class Conversation:
    """A conversation that was found: its head. `facts` are cells by the names in the file, masked ones as the mask."""

    id: str
    moment: Moment
    title: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One page of a search, newest first, and where the next one begins (None at the end)."""

    conversations: tuple[Conversation, ...]
    next: tuple[Moment, str] | None = None
