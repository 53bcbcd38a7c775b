"""What happens to one ticket, written down as it happens: messages, pipeline steps, events of the live conversation,
stages reached.

A course runs on as if time never ended; `rows` then cuts everything after the end of the data, which is how tickets
come to be in the middle of things. So nothing in here may look at the end, and whatever is written down must stay
true when the rest is cut away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from dash.demo.case import Case
from dash.demo.moments import MINUTE

APPROVAL_LASTS = 30 * MINUTE
"""A request for approval that nobody answers expires after this."""


class Message(NamedTuple):
    """One turn of the dialog."""

    at: int
    author_type: str
    author_name: str | None
    body: str


class Task(NamedTuple):
    """One attempt of one pipeline step; a moment is None if the attempt hangs."""

    kind: str
    created: int
    started: int | None
    finished: int | None
    error: str | None
    model: str | None
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int


class Event(NamedTuple):
    """One thing in a live conversation. Costs are millionths of a dollar, so that sums are exact."""

    at: int
    kind: str
    agent: str | None
    tool: str | None
    success: bool | None
    tokens: int
    cost_micros: int
    duration: int | None
    error_category: str | None
    details: str


class Interrupt(NamedTuple):
    """A request for approval: `resolved` and `resolution` say how it will end."""

    action: str
    params: str
    created: int
    resolved: int
    resolution: str


class Comparison(NamedTuple):
    """The AI's answer beside a person's; `penalty` is text as the table wants it."""

    at: int
    model: str
    human_answer: str
    penalty: str | None
    verdict: str


@dataclass(slots=True)
class Course:
    """The record of one ticket. Moments are None while they never come."""

    case: Case
    live: bool
    messages: list[Message] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    interrupts: list[Interrupt] = field(default_factory=list)
    comparison: Comparison | None = None
    identified: int | None = None
    collected: int | None = None
    answered: int | None = None
    drafted: int | None = None
    sent: int | None = None
    assigned: int | None = None
    rated: int | None = None
    score: int = 0
    ended: int | None = None
    ending: str = "abandoned"
    escalation_reason: str | None = None
    ai_answer: str = ""

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self.case.rng.random() < share

    def later(self, shortest: int, longest: int) -> int:
        """A wait between two lengths, short ones more often."""
        share = self.case.rng.random()
        return shortest + int((longest - shortest) * share * share)

    def customer_writes(self, at: int, body: str) -> int:
        """A customer's message; gives back its moment."""
        self.messages.append(Message(at, "customer", self.case.customer.name, body))
        if self.live:
            self.events.append(Event(at, "message", None, None, None, 0, 0, None, None, "{}"))
        return at

    def ai_writes(self, at: int, agent: str, body: str) -> int:
        """An AI agent's message, with its tokens when the conversation is live."""
        self.messages.append(Message(at, "ai", agent, body))
        if self.live:
            draw = self.case.rng.random
            tokens = 350 + int(draw() * 1400)
            duration = 900 + int(draw() * 4200)
            self.events.append(Event(at, "message", agent, None, None, tokens, tokens * 4, duration, None, "{}"))
        return at

    def agent_writes(self, at: int, body: str) -> int:
        """The human agent's message."""
        self.messages.append(Message(at, "agent", self.case.agent, body))
        return at

    def note(self, at: int, body: str) -> int:
        """A note of the system in the dialog."""
        self.messages.append(Message(at, "system", None, body))
        return at
