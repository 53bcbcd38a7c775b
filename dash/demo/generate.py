"""The generator: tickets one after the other, their rows in batches, so that a million of them need no more memory
than a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from dash.demo.arrivals import plan_arrivals
from dash.demo.case import draw_case
from dash.demo.chat import run_chat
from dash.demo.course import Course
from dash.demo.email import run_email
from dash.demo.instructions import instruction_rows
from dash.demo.moments import milliseconds
from dash.demo.rows import Row, Rows
from dash.demo.scene import build_scene
from dash.errors import UserError

BATCH = 2_000
"""Tickets in one batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of some tickets, per table in the order in which tables can be filled; `tickets` counts them."""

    tickets: int
    rows: Mapping[str, list[Row]]


def generate(tickets: int, seed: int, days: int, until: datetime) -> Iterator[Batch]:
    """Make the demo data: `tickets` tickets over the `days` before `until` (aware; cut to whole milliseconds).

    The same arguments give the same rows in the same order, on any machine. Raises UserError for numbers that make no
    sense.
    """
    if tickets < 1 or days < 1 or seed < 0:
        raise UserError("Demo data needs at least one ticket, at least one day and a seed that is not negative.")
    if until.tzinfo is None:
        raise UserError("The end of the demo data needs a time zone, for example 2026-11-20T12:00:00Z.")
    return _batches(tickets, seed, days, milliseconds(until))


def _batches(tickets: int, seed: int, days: int, until: int) -> Iterator[Batch]:
    arrivals = plan_arrivals(tickets, seed, days, until)
    scene = build_scene(arrivals)
    rows = Rows(until)
    for cells in instruction_rows(scene):
        rows.add_instruction(cells)
    rng = Random()
    number = given = 0
    for number, created in enumerate(arrivals.moments(), 1):
        case = draw_case(rng, scene, number, created)
        course = Course(case, live=case.channel != "email")
        run_chat(course) if course.live else run_email(course)
        rows.add(course)
        if number - given == BATCH:
            yield Batch(number - given, rows.take())
            given = number
    if number > given:
        yield Batch(number - given, rows.take())
