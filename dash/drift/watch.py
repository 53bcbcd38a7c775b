"""What is known of the database's shape while the product runs: looked at once at a start, and proven by every query.

A query says which columns it reads and what they were when it was planned; the database compares that inside the
query's own transaction, where its locks keep the tables as they are. So no number ever comes from a column that is
another one than the knowledge describes, and nobody has to wait for a look to be due.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dash.database import Database
from dash.drift.findings import Finding
from dash.drift.reduced import Reduced
from dash.drift.renames import renamed_by_values
from dash.drift.schema import Schema, compare
from dash.knowledge import Knowledge


@dataclass(frozen=True)
class Shape:
    """What the described columns were at one look; nothing is known before the first one."""

    described: Mapping[str, tuple[str, ...]]
    live: Schema | None = None

    def of(self, relations: Iterable[str]) -> Mapping[str, Mapping[str, str | None]]:
        """These tables' columns: type names, None for those that were not there."""
        if self.live is None:
            return {}
        named = {relation if "." in relation else f"public.{relation}": relation for relation in relations}
        return {
            full: {column: self.live.get(full, {}).get(column) for column in self.described.get(relation, ())}
            for full, relation in named.items()
        }


class SchemaWatch:
    """The last look at the columns that a knowledge describes. Thread-safe."""

    def __init__(self, database: Database, knowledge: Knowledge) -> None:
        """Nothing is looked at before `look`."""
        self._database = database
        self._knowledge = knowledge
        self._first: Schema | None = None
        self._now: Schema = {}
        self._likely: Mapping[tuple[str, str], str] = {}
        self._looking = threading.Lock()
        self.findings: tuple[Finding, ...] = ()

    def look(self) -> bool:
        """Look at the tables; says whether something is otherwise than at the look before. Raises
        DatabaseUnavailable."""
        with self._looking:
            live = self._database.live_schema()
            first = live if self._first is None else self._first
            findings = tuple(self._named(finding, live) for finding in compare(self._knowledge, live, first))
            changed = findings != self.findings
            self._first, self._now, self.findings = first, live, findings
            return changed

    def name(self, reduced: Reduced) -> None:
        """Find out by their values what columns that are gone may be called now. Raises DatabaseUnavailable."""
        self._likely = renamed_by_values(self._database, reduced, self._now)
        self.findings = tuple(self._named(finding, self._now) for finding in self.findings)

    def suppose(self, found: Iterable[Finding]) -> None:
        """Take the likely names over that another process has found out, from the next look on."""
        self._likely = {(one.table, one.column): one.renamed_to for one in found if one.renamed_to}

    def _named(self, finding: Finding, live: Schema) -> Finding:
        likely = self._likely.get((finding.table, finding.column), "")
        is_there = finding.kind == "column_gone" and likely in live.get(finding.table, {})
        return replace(finding, renamed_to=likely) if is_there else finding

    def shape(self) -> Shape:
        """What the tables were at the last look."""
        return Shape(self._knowledge.allowed(), None if self._first is None else self._now)
