"""What a ticket is before anything happens to it: who writes about what, on which channel, and where it will get stuck, if anywhere.

All of it is drawn from a generator seeded by the demo's seed and the ticket's number. What then happens lies in `course`, `email` and `chat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random

from dash.demo.categories import CATEGORIES, CHANNELS, HUMAN_AGENTS, Category
from dash.demo.customers import Customer, find_customer
from dash.demo.phrasebook import Subject, load_traps
from dash.demo.scene import Scene, is_lately, season_weight


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
    customer: Customer
    category: Category
    subject: Subject
    channel: str
    urgency: str
    identity: Identity
    stop: Stop
    by_hand: bool
    agent: str
    angry: bool
    trap: str | None
    fails_now: bool
    approval_waits: bool
    words: dict[str, str]
    title: str = ""

    @property
    def thread_id(self) -> str:
        """The name that joins every table: 'T-000001'."""
        return f"T-{self.number:06}"

    def say(self, key: str) -> str:
        """One of the language's general sentences."""
        return self.fill(self.customer.phrasebook.general[key])

    def fill(self, texts: tuple[str, ...]) -> str:
        """One of the texts with its placeholders filled."""
        text = texts[int(self.rng.random() * len(texts))]
        return text.format_map(self.words) if "{" in text else text


def draw_case(rng: Random, scene: Scene, number: int, created: int, fails_now: bool) -> Case:
    """Draw ticket `number`, created at `created`; `fails_now` asks for a failing pipeline step right away."""
    rng.seed((scene.seed << 34) ^ number ^ 0xCA5E)
    draw = rng.random
    customer = find_customer(Random(draw()), scene.seed, number)
    category = _category(created, draw())
    channel = _channel(customer.phrasebook.language, draw())
    subjects = customer.phrasebook.subjects[category.name]
    identity = _identity(category, draw())
    low, medium = category.urgency
    urgency = draw()
    approval_waits = channel != "email" and is_lately(scene, created) and draw() < 2 * scene.share_approval_waiting
    addresses = customer.phrasebook.general["address"]
    agent = HUMAN_AGENTS[int(draw() * len(HUMAN_AGENTS))]
    case = Case(
        rng=rng,
        scene=scene,
        number=number,
        created=created,
        customer=customer,
        category=category,
        subject=subjects[int(draw() * len(subjects))],
        channel=channel,
        urgency="low" if urgency < low else "medium" if urgency < medium else "high",
        identity=identity,
        stop=Stop.ANSWERED_APPROVAL if approval_waits else _stop(scene, category, identity, created, draw(), draw()),
        by_hand=draw() < scene.between(category.by_hand, created),
        agent=agent,
        angry=draw() < 0.10,
        trap=load_traps()[int(draw() * len(load_traps()))] if draw() < 1 / 500 else None,
        fails_now=fails_now,
        approval_waits=approval_waits,
        words={
            "name": customer.first_name,
            "order": f"ORD-{100_000 + int(draw() * 900_000)}",
            "email": customer.email,
            "agent": agent,
            "address": addresses[int(draw() * len(addresses))],
            "days": str(2 + int(draw() * 9)),
            "percent": str(5 * (2 + int(draw() * 5))),
        },
    )
    case.title = case.trap if case.trap and draw() < 0.2 else case.fill(case.subject.subject)
    return case


def _category(created: int, share: float) -> Category:
    weights = [category.weight * season_weight(category, created) for category in CATEGORIES]
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
    share -= scene.share_draft_failed_lately if lately else 0.003
    if share < 0:
        return Stop.COLLECTED_DRAFT_FAILED
    share -= scene.share_hung_lately if lately else 0.0006
    if share < 0:
        return Stop.COLLECTED_HUNG
    share -= scene.between(category.unresolved, created)
    if share < 0:
        if kind < 0.30:
            return Stop.ANSWERED_CUSTOMER_LAST
        return Stop.ANSWERED_APPROVAL if kind < 0.45 else Stop.ANSWERED_NOT_GOOD_ENOUGH
    share -= 0.05 if lately else 0.007
    if share < 0:
        if kind < 0.55:
            return Stop.DRAFT_WAITS_FOR_PERSON
        return Stop.DRAFT_CUSTOMER_LAST if kind < 0.85 else Stop.DRAFT_SEND_FAILED
    return Stop.NOWHERE
