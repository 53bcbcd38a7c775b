"""What a question tried on the database: each SQL text with its verdict, for `dash audit`.

A query is written down whether it ran, was rejected by the guard or refused by the database. Values that may be
somebody's personal data never enter: a text is kept only when the knowledge lists it as a value, all else is a sign.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from dash.errors import DashError, QueryFailed, QueryRejected
from dash.knowledge import Knowledge
from dash.records import MASK, PlannedQuery, Result


@dataclass
class Attempt:
    """One query on its way; whoever ran it sets `result`, and `error` is what it ended with instead."""

    role: str
    planned: PlannedQuery
    provenance: str
    result: Result | None = None
    error: DashError | None = None


@dataclass
class QueryLog:
    """The attempts of one run, in order; `entries` are the rows of dash.query_log."""

    knowledge: Knowledge
    entries: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    @cached_property
    def _words(self) -> KnownWords:
        return KnownWords.of(self.knowledge)

    @contextmanager
    def attempt(self, role: str, planned: PlannedQuery, provenance: str) -> Iterator[Attempt]:
        """Write down what becomes of `planned` inside the block. Raises what the block raises."""
        began = time.perf_counter()
        attempt = Attempt(role, planned, provenance)
        entry: dict[str, Any] = {
            "role": role,
            "provenance": provenance,
            "sql": planned.sql,
            "parameters": self._words.harmless(planned.parameters),
            "verdict": "ran",
            "masked": [],
        }
        self.entries.append(entry)
        self.attempts.append(attempt)
        try:
            yield attempt
        except DashError as error:
            entry |= _refusal(error)
            attempt.error = error
            raise
        except BaseException:
            entry["verdict"] = "failed"
            raise
        finally:
            entry["duration_ms"] = round((time.perf_counter() - began) * 1000, 2)
        if attempt.result is not None:
            result = attempt.result
            entry |= {"rows": len(result.rows), "truncated": result.truncated, "masked": list(result.masked)}


@dataclass(frozen=True)
class KnownWords:
    """The values that the knowledge lists for dimensions, and the names of personal columns."""

    listed: frozenset[str]
    personal: frozenset[str]

    @classmethod
    def of(cls, knowledge: Knowledge) -> KnownWords:
        """Those of all tables."""
        columns = [column for table in knowledge.tables.values() for column in table.table_columns]
        return cls(
            frozenset(str(value.value) for column in columns if not column.personal for value in column.values),
            frozenset(
                name for column in columns if column.personal for name in (column.name, column.dimension) if name
            ),
        )

    def harmless(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters without what may be personal: numbers, times and listed values stay, others are hidden.

        A placeholder has the name of the dimension that it is compared with ("email", "email_2"); under the name of a
        personal column everything is hidden.
        """
        return {
            name: value if _stem(name) not in self.personal and self._is_harmless(value) else MASK
            for name, value in parameters.items()
        }

    def _is_harmless(self, value: Any) -> bool:
        if isinstance(value, str):
            return value in self.listed
        if isinstance(value, list | tuple):
            return all(map(self._is_harmless, value))
        return value is None or isinstance(value, bool | int | float | Decimal | date)


def _stem(name: str) -> str:
    return re.sub(r"_\d+$", "", name)  # "email_2" → "email"


def _refusal(error: DashError) -> dict[str, Any]:
    if isinstance(error, QueryRejected):
        return {"verdict": "rejected", "reason": error.rule, "message": error.message}
    reason = error.sqlstate if isinstance(error, QueryFailed) else type(error).__name__
    return {"verdict": "failed", "reason": reason, "message": error.message}
