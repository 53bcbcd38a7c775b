"""Customers come back, so a customer is a function of the seed and a number: the same name, language, country and
address each time.

Names are first names with an initial, addresses end in example.com or example.org: nobody real is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from dash.demo.categories import LANGUAGES
from dash.demo.phrasebook import Phrasebook, load_phrasebook

_MAILBOXES = (
    "olive",
    "cedar",
    "almond",
    "river",
    "violet",
    "harbor",
    "meadow",
    "cypress",
    "lantern",
    "pepper",
    "saffron",
    "willow",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who writes. `country` is None when nobody knows."""

    customer_id: str
    first_name: str
    name: str
    email: str
    country: str | None
    phrasebook: Phrasebook


def find_customer(rng: Random, seed: int, ticket: int) -> Customer:
    """The customer of a ticket: mostly somebody who came about as recently as the ticket, sometimes an old one.

    Uses one draw of `rng`, then reseeds it with the customer's number: hand over a generator of its own.
    """
    number = 1 + int(0.6 * ticket * rng.random() ** 0.55)
    rng.seed((seed << 34) ^ number ^ 0xC057)
    draw = rng.random
    language, places = _language(draw())
    book = load_phrasebook(language)
    names = book.general["names"]
    first_name = names[int(draw() * len(names))]
    initial = book.general["initials"][int(draw() * len(book.general["initials"]))]
    host = "example.com" if draw() < 0.7 else "example.org"
    country = None if draw() < 0.04 else _place(places, draw())
    return Customer(
        customer_id=f"C-{number:05}",
        first_name=first_name,
        name=f"{first_name} {initial}",
        email=f"{_MAILBOXES[int(draw() * len(_MAILBOXES))]}.{number}@{host}",
        country=country,
        phrasebook=book,
    )


def _language(share: float) -> tuple[str, tuple[tuple[str, float], ...]]:
    for language, weight, places in LANGUAGES:
        share -= weight
        if share < 0:
            return language, places
    return LANGUAGES[0][0], LANGUAGES[0][2]


def _place(places: tuple[tuple[str, float], ...], share: float) -> str:
    for place, weight in places:
        share -= weight
        if share < 0:
            return place
    return places[0][0]
