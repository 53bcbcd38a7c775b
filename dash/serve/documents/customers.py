"""Customers' conversations. Texts are what strangers wrote."""

from __future__ import annotations

from dash.serve.documents.shared import Cell, Returned


class ConversationDocument(Returned):
    """A customer's conversation: its head. Texts are what strangers wrote."""

    id: str
    moment: str | None
    title: str | None
    facts: dict[str, Cell]


class ConversationsDocument(Returned):
    """One page of a search, newest first. `next` goes into `after` for the next one; null at the end."""

    conversations: list[ConversationDocument]
    next: str | None


class TotalsDocument(Returned):
    """What a whole conversation adds up to."""

    events: int
    kinds: dict[str, int]
    tokens: int
    cost_usd: float
    first: str | None
    last: str | None


class WholeConversationDocument(Returned):
    """The head of a conversation and what it adds up to."""

    conversation: ConversationDocument
    totals: TotalsDocument


class EventDocument(Returned):
    """One thing that happened. Texts are what strangers wrote."""

    ref: str
    source: str
    moment: str | None
    kind: str
    role: str | None
    actor: str | None
    title: str | None
    body: str | None
    status: str | None
    failed: bool
    duration_ms: float | None
    tokens: int | None
    cost_usd: float | None
    expires_at: str | None
    resolved_at: str | None
    details: dict[str, Cell]


class EventsDocument(Returned):
    """A stretch of a conversation in the order of what happened. `next` and `previous` go into `after` and `before`."""

    events: list[EventDocument]
    next: str | None
    previous: str | None
    masked: list[str]
