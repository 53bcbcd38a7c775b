"""What is not as the knowledge says, as records and as sentences.

A finding that breaks something names the column or table that nothing may be read of any more; one that does not is
said beside answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["table_gone", "column_gone", "retyped", "new_values", "stopped"]

LONGEST = 60
"""How many characters of a value are shown; a longer one is not proposed for a file either."""

BREAKING: frozenset[Kind] = frozenset({"table_gone", "column_gone", "retyped"})
"""Kinds after which a number would be another one, or none: nothing is answered from these columns."""


@dataclass(frozen=True)
class Finding:
    """One difference. `column` is "" for a whole table; `before` and `now` are types, or moments; `renamed_to` is what
    it may be called now, as the database names it; `values` are those that no file lists; `metrics` what has stopped.
    """

    kind: Kind
    table: str
    column: str = ""
    before: str = ""
    now: str = ""
    renamed_to: str = ""
    values: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether what rests on it cannot be answered."""
        return self.kind in BREAKING

    @property
    def name(self) -> str:
        """What it is about."""
        return f"{self.table}.{self.column}" if self.column else self.table

    @property
    def shown(self) -> str:
        """The values as a sentence has them."""
        return ", ".join(one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in self.values)

    def __str__(self) -> str:
        maybe = f"; it may be called {self.renamed_to} now" if self.renamed_to else ""
        if self.kind == "table_gone":
            return f"the table {self.table} is not in the database any more{maybe}"
        if self.kind == "column_gone":
            return f"the column {self.column} of {self.table} is not in the database any more{maybe}"
        if self.kind == "retyped":
            return f"the column {self.column} of {self.table} was {self.before} and is {self.now} now"
        if self.kind == "new_values":
            return f"{self.column} of {self.table} has values that no file lists: {self.shown}"
        what = f"{self.column} of {self.table}" if self.column else self.table
        behind = f" ({', '.join(self.metrics)})" if self.metrics else ""
        return f"no data has come for {what} since {self.before}, which is longer than usual{behind}"
