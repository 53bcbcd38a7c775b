"""The same model without grounding: it is shown the schema, asked for SQL once, and what the guard lets through counts.

That is what a product does that puts a schema and a question together. Nothing examines the SQL, so whatever runs is
shown. The guard, the limits and the moment of the question are those of the golden queries.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from dash.ask import Dash
from dash.errors import ModelFailed, QueryFailed, QueryRejected
from dash.evals.golden import VIEWER, Expected, run_golden
from dash.evals.identity import Identity
from dash.evals.verdict import Judge, expected_results
from dash.knowledge.formats import EvalFile
from dash.llm.asking import LanguageModel, ModelRequest
from dash.records import Answer, Column
from dash.steps.interpret.cells import json_rows
from tests.local_llm.figures import Asked

SYSTEM = """You write one PostgreSQL SELECT that answers a question about the tables below. One statement, no comment.
The current time is {now:%Y-%m-%d %H:%M} UTC; now() gives it.

{schema}"""


Rows = tuple[tuple[Any, ...], ...]


class PlainSql(BaseModel):
    """All that is asked for."""

    model_config = ConfigDict(extra="forbid")

    sql: str


def ask_plainly(dash: Dash, model: LanguageModel, case: EvalFile, now: datetime) -> Asked:
    """One question to the model, and what became of it."""
    began = time.monotonic()
    session = model.session(viewer=VIEWER, run_id=None, cancelled=lambda: False)
    request = ModelRequest("sql", SYSTEM.format(now=now, schema=schema_of(dash)), case.question or "", PlainSql)
    sql = ""
    rows: Rows = ()
    try:
        sql = getattr(session.ask(request), "sql", "")
        shown = run_golden(dash, sql, now, ordered=False)
        score, note, rows = _judged(dash, case, shown, now)
    except ModelFailed as failure:
        score, note = "declined", f"model: {failure.kind}"
    except QueryRejected as rejected:
        score, note = "declined", f"guard: {rejected.message}"
    except QueryFailed as failed:
        score, note = "declined", f"database: {failed.message}"
    return Asked(case.id, case.question or "", score, "plain", sql, note, rows, session.calls, time.monotonic() - began)


def schema_of(dash: Dash) -> str:
    """Every table that the product may read: names and types, as anyone gets them from the database."""
    lines = []
    for table in dash.knowledge.tables.values():
        if table.sql is None:
            columns = ", ".join(f"{column.name} {column.type or 'text'}" for column in table.table_columns)
            lines.append(f"{table.table_name}({columns})")
    return "\n".join(lines)


def _judged(dash: Dash, case: EvalFile, shown: Expected, now: datetime) -> tuple[str, str, Rows]:
    """The verdict of `dash eval` on rows that were shown."""
    columns = tuple(Column(name, name) for name in shown.columns)
    rows = json_rows(shown.rows, dash.settings.zone)
    answer = Answer("answered", case.question or "", "en", "", columns=columns, rows=rows, truncated=shown.truncated)
    expected = expected_results(dash, case, now)
    if isinstance(expected, str):
        return "error", expected, rows
    verdict = Judge(dash, Identity(dash.knowledge)).judge(case, answer, expected, now)
    return verdict.score, verdict.note, rows
