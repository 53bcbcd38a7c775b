"""Looks at the data as they are kept, so that answers of every process can say what the last one found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from dash.database import Database, statement
from dash.drift.findings import Finding
from dash.runs import storable

_FINDINGS = TypeAdapter(tuple[Finding, ...])


def keep_look(database: Database, knowledge: str, now: datetime, findings: Sequence[Finding]) -> None:
    """Keep what a look found about the data; `knowledge` is the fingerprint of the files. Raises
    DatabaseUnavailable."""
    said: Any = json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)
    facts = {"knowledge": knowledge, "looked_at": now, "findings": storable(said)}
    with database.state() as connection:
        connection.execute(statement("drift/keep"), facts)


def last_look(database: Database, knowledge: str) -> tuple[Finding, ...]:
    """What the last look found with these files; nothing where there was none. Raises DatabaseUnavailable."""
    with database.state() as connection:
        row = connection.execute(statement("drift/last"), {"knowledge": knowledge}).fetchone()
    return _FINDINGS.validate_python(row[0]) if row is not None else ()
