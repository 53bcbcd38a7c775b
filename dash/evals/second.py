"""The second data set: other customers, other numbers, the same rules.

A wrong query can give the right number by chance, and cannot on two data sets that have nothing but their schema in
common. The second one is loaded once into a database of its own beside the first and used again for as long as it
would come out the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import dash.demo
from dash.ask import Dash, silent
from dash.database import Database
from dash.database.siblings import ensure_sibling
from dash.demo.load import load_demo
from dash.demo.standing import TABLES
from dash.settings import Settings

FAMILY = "evals"


@dataclass(frozen=True)
class SecondData:
    """What the second data set is made from. `until` is its end, aware."""

    until: datetime
    seed: int = 8
    tickets: int = 20_000
    days: int = 540

    @property
    def key(self) -> str:
        """Names this data and the program that makes it: equal keys, equal rows."""
        facts = {**asdict(self), "until": self.until.astimezone(UTC).isoformat(), "generator": _generator()}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]


def can_be_made(first: Dash) -> bool:
    """Whether demo data holds every table that the knowledge describes."""
    return TABLES.issuperset(first.knowledge.allowed())


def open_second(first: Dash, data: SecondData, progress: Callable[[str], None] = silent) -> Dash:
    """Dash over the second data set, loaded if need be; close it before `first`. Raises what opening a database and
    loading data raise."""
    fill = partial(_fill, data=data, progress=progress)
    settings = ensure_sibling(first.database, FAMILY, data.key, fill, progress)
    return Dash.open(settings, clock=lambda: data.until)


def _fill(settings: Settings, *, data: SecondData, progress: Callable[[str], None]) -> None:
    def loading(done: int, total: int, what: str) -> None:
        progress(f"Loading the second data set: {what}, {done:,} of {total:,}")

    with Database.open(settings) as database:
        load_demo(database, tickets=data.tickets, seed=data.seed, days=data.days, until=data.until, progress=loading)


def _generator() -> str:
    """A hash of the generator's own files."""
    folder = Path(dash.demo.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
