"""What a ticket is before anything happens to it: who writes about what, on which channel, and where it will get
stuck, if anywhere.

All of it is drawn from a generator seeded by the demo's seed and the ticket's number. What then happens lies in
`course`, `email` and `chat`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TypeVar

from dash.demo.categories import CATEGORIES, CHANNELS, HUMAN_AGENTS, Category
from dash.demo.customers import Customer, find_customer
from dash.demo.phrasebook import Subject, load_traps
from dash.demo.scene import Role, Scene, is_lately, season_weight

T = TypeVar("T")


class Stop(Enum):
    """Why a ticket stays where it is. The first word is the status in which it stays."""

    NOWHERE = "goes all the way"
    COLLECTED_UNIDENTIFIED = "the customer was not found"
    COLLECTED_DRAFT_FAILED = "no answer after three attempts"
    COLLECTED_HUNG = "a step is queued or running and never ends"
    ANSWERED_NOT_GOOD_ENOUGH = "the answer failed the quality check"
    ANSWERED_CUSTOMER_LAST = "the customer wrote again and nobody answered"
    ANSWERED_APPROVAL = "an approval is waiting or has expired"
    DRAFT_WAITS_FOR_PERSON = "nobody has sent the draft"
    DRAFT_CUSTOMER_LAST = "the customer wrote again before the draft was sent"
    DRAFT_SEND_FAILED = "sending failed three times"


class Identity(Enum):
    """When the customer becomes known."""

    AT_ONCE = 0
    LATER = 1
    NEVER = 2


@dataclass(slots=True)
class Case:
    """One ticket's given facts, and its generator of chance."""

    rng: Random
    scene: Scene
    number: int
    created: int
    role: Role
    customer: Customer
    category: Category
    subject: Subject
    title: str
    channel: str
    urgency: str
    identity: Identity
    stop: Stop
    by_hand: bool
    angry: bool
    trap: str | None
    words: Mapping[str, str]

    @property
    def thread_id(self) -> str:
        """The name that joins every table: 'T-000001'."""
        return f"T-{self.number:06}"

    @property
    def agent(self) -> str:
        """The human agent who gets the ticket if anybody does."""
        return self.words["agent"]

    def say(self, key: str) -> str:
        """One of the language's general sentences."""
        return self.fill(self.customer.phrasebook.general[key])

    def fill(self, texts: tuple[str, ...]) -> str:
        """One of the texts with its placeholders filled."""
        return _pick(self.rng, texts).format_map(self.words)

    def details(self) -> Iterator[tuple[str, str]]:
        """What the customer may ask further and what is replied, each once, from anywhere in the list."""
        details = self.subject.details
        first = int(self.rng.random() * len(details))
        for detail in details[first:] + details[:first]:
            yield detail.question.format_map(self.words), detail.reply.format_map(self.words)


def draw_case(rng: Random, scene: Scene, number: int, created: int) -> Case:
    """Draw ticket `number`, created at `created`; it plays the role that the scene has given to it."""
    rng.seed((scene.seed << 34) ^ number ^ 0xCA5E)
    draw = rng.random
    role = scene.role(number)
    customer = find_customer(Random(draw()), scene.seed, number)
    category = _category(created, draw(), acting=role is Role.APPROVAL_WAITS)
    channel = _channel(customer.phrasebook.language, draw())
    if role is Role.APPROVAL_WAITS and channel == "email":
        channel = "chat"
    subject = _pick(rng, customer.phrasebook.subjects[category.name])
    words = _words(rng, customer)
    identity = _identity(category, draw()) if role is Role.ORDINARY else Identity.AT_ONCE
    trap = _pick(rng, load_traps()) if draw() < 1 / 500 else None
    return Case(
        rng=rng,
        scene=scene,
        number=number,
        created=created,
        role=role,
        customer=customer,
        category=category,
        subject=subject,
        title=trap if trap and draw() < 0.2 else _pick(rng, subject.subject).format_map(words),
        channel=channel,
        urgency=_urgency(category, draw()),
        identity=identity,
        stop=_FORCED.get(role) or _stop(scene, category, identity, created, draw(), draw()),
        by_hand=draw() < scene.between(category.by_hand, created),
        angry=draw() < 0.10,
        trap=trap,
        words=words,
    )


_FORCED = {
    Role.APPROVAL_WAITS: Stop.ANSWERED_APPROVAL,
    Role.DRAFT_FAILED: Stop.COLLECTED_DRAFT_FAILED,
    Role.HUNG: Stop.COLLECTED_HUNG,
}


def _pick(rng: Random, choices: tuple[T, ...]) -> T:
    return choices[int(rng.random() * len(choices))]


def _words(rng: Random, customer: Customer) -> dict[str, str]:
    """What the placeholders of this ticket's texts stand for."""
    draw = rng.random
    return {
        "name": customer.first_name,
        "email": customer.email,
        "order": f"ORD-{100_000 + int(draw() * 900_000)}",
        "agent": _pick(rng, HUMAN_AGENTS),
        "address": _pick(rng, customer.phrasebook.general["address"]),
        "days": str(2 + int(draw() * 9)),
        "percent": str(5 * (2 + int(draw() * 5))),
    }


def _urgency(category: Category, share: float) -> str:
    low, low_or_medium = category.urgency
    return "low" if share < low else "medium" if share < low_or_medium else "high"


def _category(created: int, share: float, *, acting: bool) -> Category:
    """One of the categories; `acting` leaves only those in which the AI may act with approval."""
    weights = [
        0.0 if acting and category.action is None else category.weight * season_weight(category, created)
        for category in CATEGORIES
    ]
    share *= sum(weights)
    for category, weight in zip(CATEGORIES, weights, strict=True):
        share -= weight
        if share < 0:
            return category
    return CATEGORIES[-1]


def _channel(language: str, share: float) -> str:
    if language == "ru" and share < 0.10:
        return "telegram"
    if language in ("he", "es") and share < 0.10:
        return "whatsapp"
    for channel, weight in CHANNELS:
        share -= weight
        if share < 0:
            return channel
    return CHANNELS[0][0]


def _identity(category: Category, share: float) -> Identity:
    if share >= category.unidentified * 1.3:
        return Identity.AT_ONCE
    return Identity.LATER if share < category.unidentified * 0.3 else Identity.NEVER


def _stop(scene: Scene, category: Category, identity: Identity, created: int, share: float, kind: float) -> Stop:
    """`share` decides whether and in which status the ticket stays, `kind` for which reason."""
    lately = is_lately(scene, created)
    if identity is Identity.NEVER and kind < 0.18:
        return Stop.COLLECTED_UNIDENTIFIED
    share -= 0.006 if lately else 0.003
    if share < 0:
        return Stop.COLLECTED_DRAFT_FAILED
    share -= 0.006 if lately else 0.0006
    if share < 0:
        return Stop.COLLECTED_HUNG
    share -= scene.between(category.unresolved, created)
    if share < 0:
        if kind < 0.30:
            return Stop.ANSWERED_CUSTOMER_LAST
        return Stop.ANSWERED_APPROVAL if kind < 0.5 and category.action else Stop.ANSWERED_NOT_GOOD_ENOUGH
    share -= 0.09 if lately else 0.007
    if share < 0:
        if kind < 0.55:
            return Stop.DRAFT_WAITS_FOR_PERSON
        return Stop.DRAFT_CUSTOMER_LAST if kind < 0.85 else Stop.DRAFT_SEND_FAILED
    return Stop.NOWHERE
