"""Measured figures as every `dash bench` shows them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table

T = TypeVar("T")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.4999) - 1))]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What a piece of work gives, and the milliseconds that it took."""
    started = time.perf_counter()
    result = work()
    return result, (time.perf_counter() - started) * 1000


def wide_console() -> Console:
    """A console whose tables are not cut where nobody looks at a terminal."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    return console


def plain_table(*headings: str, text: Sequence[int] = (0,)) -> Table:
    """A table without lines; `text` are the places of the columns that hold no figures."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place in text else "right", no_wrap=True)
    return table
