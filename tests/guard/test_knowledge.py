"""Everything that the product ships passes its own guard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dash.knowledge import load_knowledge
from dash.knowledge.placeholders import names
from dash.settings import REPOSITORY
from tests.guard.checking import NOW, check

KNOWLEDGE = load_knowledge(REPOSITORY / "knowledge")
QUERIES = sorted(KNOWLEDGE.queries)
EVALS = [(case.id, case.sql) for case in KNOWLEDGE.evals if case.sql]
DERIVED = sorted(name for name, table in KNOWLEDGE.tables.items() if table.sql)
_SAMPLES: dict[str, Any] = {
    "integer": 24,
    "number": 10.5,
    "text": "x",
    "boolean": True,
    "date": NOW.date(),
    "timestamp": NOW,
}


def _values(sql: str, types: dict[str, str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names(sql):
        if name.endswith("_start"):
            found[name] = NOW - timedelta(days=30)
        elif name == "now" or name.endswith("_end"):
            found[name] = NOW
        else:
            found[name] = _SAMPLES[(types or {}).get(name, "integer")]
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_a_vetted_query_passes(name: str) -> None:
    """For viewers with and without the right to see personal data."""
    query = KNOWLEDGE.queries[name]
    check(query.sql, _values(query.sql, {key: parameter.type for key, parameter in query.parameters.items()}))


@pytest.mark.parametrize("name", QUERIES)
def test_a_vetted_query_passes_with_open_parameters(name: str) -> None:
    """NULL stands for an open period or for every value."""
    query = KNOWLEDGE.queries[name]
    check(
        query.sql,
        {key: value if key == "now" else None for key, value in _values(query.sql).items()}
        | {key: parameter.default for key, parameter in query.parameters.items() if parameter.default is not None},
    )


@pytest.mark.parametrize(("name", "sql"), EVALS, ids=[name for name, _ in EVALS])
def test_the_sql_of_a_golden_question_passes(name: str, sql: str) -> None:
    """It was written by hand, as a person would."""
    check(sql, _values(sql))


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_table_passes(name: str) -> None:
    """Its query stands inside composed ones."""
    sql = KNOWLEDGE.tables[name].sql
    assert sql
    check(f"SELECT count(*) FROM ({sql.strip().rstrip(';')}) AS derived", _values(sql))
