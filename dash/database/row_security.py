"""Which relations show different rows to different viewers, known without asking the catalogue at every question.

An empty result over such a relation does not mean that there is nothing; whoever words it has to know.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

_FRESH_SECONDS = 60.0


class RowSecurity:
    """The relations with row-level security, as `load` found them at most a minute ago."""

    def __init__(self, load: Callable[[], frozenset[str]]) -> None:
        self._load = load
        self._known: tuple[float, frozenset[str]] | None = None

    def covers(self, relations: Iterable[str]) -> bool:
        """Whether one of `relations` ("schema.relation") is among them. Raises what `load` raises."""
        names = {name if "." in name else f"public.{name}" for name in relations}
        if not names:
            return False
        known = self._known
        if known is None or time.monotonic() - known[0] > _FRESH_SECONDS:
            known = self._known = (time.monotonic(), self._load())
        return not names.isdisjoint(known[1])

    def forget(self) -> None:
        """Look again at the next question."""
        self._known = None
