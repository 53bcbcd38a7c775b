"""SQL that somebody wrote: what can be taken apart is, with the same number; what cannot says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dash.ask import Dash
from dash.drill import Cell, NoDrillDown, look_behind
from dash.drill.cutting import cut
from dash.drill.measures import read_counts
from dash.knowledge import load_knowledge
from dash.records import Viewer
from dash.semantics.model import SemanticModel
from dash.settings import REPOSITORY

VIEWER = Viewer()

KNOWLEDGE = load_knowledge(Path(REPOSITORY / "knowledge"))
MODEL = SemanticModel(KNOWLEDGE)
TICKETS = "support.support_threads_data"
FILLED = {"hours": "24", "days": "30", "limit": "5", "period": "last month"}
STEPS = {
    "ai_vs_human",
    "approvals_by_action",
    "chat_trend",
    "cost_by_category",
    "csat_by_channel",
    "lowest_resolution_rate",
    "penalty_by_category",
    "stuck_by_category",
    "tool_reliability",
    "workload_by_assignee",
}
"""Vetted queries of which at least one number must lead to its rows."""


def _example(name: str) -> str:
    query = KNOWLEDGE.queries[name]

    def fill(place: re.Match[str]) -> str:
        declared = query.parameters[place.group(1)]
        return FILLED.get(place.group(1)) or str(declared.default or "shipping")

    return re.sub(r"\{(\w+)\}", fill, str(query.questions[0]))


@pytest.mark.parametrize("name", sorted(KNOWLEDGE.queries))
def test_every_vetted_number_is_that_of_its_rows_or_says_that_it_has_none(dash: Dash, name: str) -> None:
    answer = dash.ask(_example(name), learns=False)
    assert answer.outcome == "answered", answer.headline
    assert answer.rows
    run = dash.runs.get(answer.run_id or "")
    drilled = 0
    for column in answer.columns:
        for row in {0, len(answer.rows) - 1}:
            try:
                behind = look_behind(dash, run, Cell((row,), column.name), limit=10_000, viewer=VIEWER)
            except NoDrillDown:
                continue
            assert behind.agrees is not False, f"{column.name} was {behind.then} and is {behind.now}"
            drilled += behind.agrees is True
    assert drilled or name not in STEPS


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT channel, COUNT(*) AS n FROM {TICKETS} GROUP BY channel UNION SELECT 'x', 1",
        f"SELECT DISTINCT channel FROM {TICKETS}",
        f"SELECT channel, COUNT(*) AS n FROM {TICKETS} GROUP BY ROLLUP (channel)",
        f"SELECT COUNT(*) AS n FROM (SELECT * FROM {TICKETS}) AS t",
        f"WITH t AS (SELECT channel, COUNT(*) AS n FROM {TICKETS} GROUP BY 1) SELECT SUM(n) AS n FROM t",
        f"WITH t AS (SELECT channel FROM {TICKETS} LIMIT 5) SELECT COUNT(*) AS n FROM t",
        f"SELECT LOWER(channel) AS channel, COUNT(*) AS n FROM {TICKETS} GROUP BY channel",
        f"SELECT COUNT(*) AS n FROM {TICKETS} GROUP BY channel",
        f"SELECT COUNT(*) -- all of them\n AS n FROM {TICKETS}",
        "SELECT 1 AS n",
        "this is no query (",
    ],
)
def test_what_is_not_one_plain_select_is_not_cut(sql: str) -> None:
    assert cut(sql, MODEL) is None


def test_a_query_is_cut_at_its_outermost_clauses_and_nothing_else_moves() -> None:
    found = cut(
        f"SELECT channel, COUNT(*) FILTER (WHERE status = 'from, where') AS n -- GROUP BY nothing\n"
        f"FROM {TICKETS} AS t\nWHERE EXTRACT(HOUR FROM created_at) > 3 OR channel = 'a GROUP BY b' -- why\n"
        f"GROUP BY 1\nHAVING COUNT(*) > 2\nORDER BY n DESC\nLIMIT 3;",
        MODEL,
    )
    assert found is not None
    assert found.items == {"channel": "channel", "n": "COUNT(*) FILTER (WHERE status = 'from, where')"}
    assert found.groups == {"channel": "channel"}
    assert found.source == f"FROM {TICKETS} AS t"
    assert found.where.strip() == "EXTRACT(HOUR FROM created_at) > 3 OR channel = 'a GROUP BY b' -- why"
    assert found.listed["thread_id"] == "t.thread_id"


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("COUNT(*)", [("all", "COUNT(*)", None)]),
        ("COUNT(*) FILTER (WHERE a = ')')", [("all", "COUNT(*)", "a = ')'")]),
        ("AVG(x) * 2", [("all", "AVG(x) * 2", None)]),
        (
            "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY x)",
            [("all", "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY x)", None)],
        ),
        (
            "100.0 * COUNT(*) FILTER (WHERE a) / COUNT(*)",
            [("numerator", "COUNT(*)", "a"), ("denominator", "COUNT(*)", None)],
        ),
        (
            "100.0 * COUNT(x) / NULLIF(COUNT(*) FILTER (WHERE b), 0)",
            [("numerator", "COUNT(x)", None), ("denominator", "COUNT(*)", "b")],
        ),
        ("100.0 * COUNT(*) / SUM(COUNT(*)) OVER ()", None),
        ("COUNT(*) OVER ()", None),
        ("COUNT(*) - COUNT(x)", None),
        ("COUNT(*) / COUNT(x) + 1", None),
        ("MODE() WITHIN GROUP (ORDER BY x)", None),
        ("channel", None),
    ],
)
def test_what_a_column_counts_is_read_off_its_text(text: str, sides: list[tuple[str, str, str | None]] | None) -> None:
    found = read_counts(text)
    assert (None if found is None else [(one.name, one.calculation, one.condition) for one in found]) == sides
