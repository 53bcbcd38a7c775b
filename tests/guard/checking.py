"""The guard with the shipped tables, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from dash.errors import QueryRejected
from dash.knowledge import load_knowledge
from dash.records import CheckedQuery, PlannedQuery, Viewer
from dash.settings import REPOSITORY
from dash.steps.guard import guard

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANYONE = Viewer("anyone")
TRUSTED = Viewer("trusted", sees_personal=True)


@cache
def allowed() -> dict[str, tuple[str, ...]]:
    """Relations and columns of the shipped knowledge."""
    return dict(load_knowledge(REPOSITORY / "knowledge").allowed())


@cache
def personal() -> frozenset[str]:
    """The shipped personal columns, as "relation.column"."""
    tables = load_knowledge(REPOSITORY / "knowledge").tables.values()
    return frozenset(
        f"{table.table_name}.{column.name}" for table in tables for column in table.table_columns if column.personal
    )


def check(sql: str, parameters: Mapping[str, Any] | None = None, viewer: Viewer = ANYONE) -> CheckedQuery:
    """The checked query, or QueryRejected."""
    planned = PlannedQuery(sql, dict(parameters or {}))
    return guard(planned, allowed(), personal=personal(), viewer=viewer, reviewed=False)


def rejection(sql: str, parameters: Mapping[str, Any] | None = None, viewer: Viewer = ANYONE) -> QueryRejected:
    """Why the guard rejects this; the test fails when it does not."""
    with pytest.raises(QueryRejected) as caught:
        check(sql, parameters, viewer)
    return caught.value


def ids(cases: Sequence[tuple[str, ...]]) -> list[str]:
    """A sentence per case."""
    return [case[0] for case in cases]
