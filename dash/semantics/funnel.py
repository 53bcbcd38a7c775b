"""How far rows have come: for each stage, those that have reached it or a later one."""

from __future__ import annotations

from dash.records import Column
from dash.semantics.fragments import identifier
from dash.semantics.model import SemanticModel
from dash.semantics.outer import indent

STEP = "step"


def funnel_sql(stages: list[str], selects: list[str], dimension: str, metric: str) -> str:
    """One row a stage, in their order. `stages` are placeholders of their names, `selects` the counts of each."""
    name, value = identifier(dimension), identifier(metric)
    parts = [
        f"SELECT {number} AS {STEP}, CAST({stage} AS text) AS {name}, reached.{value}\n"
        f"FROM (\n{indent(select)}\n) AS reached"
        for number, (stage, select) in enumerate(zip(stages, selects, strict=True), start=1)
    ]
    union = "\nUNION ALL\n".join(parts)
    first = f"FIRST_VALUE({value}) OVER (ORDER BY {STEP})"
    return (
        f"WITH funnel AS (\n{indent(union)}\n)\n"
        f"SELECT {name}, {value}, 100.0 * {value} / NULLIF({first}, 0) AS share\nFROM funnel\nORDER BY {STEP}"
    )


def funnel_columns(dimension: str, metric: str, label: str, model: SemanticModel, language: str) -> tuple[Column, ...]:
    """The stage, its count, and its part of all that began."""
    return (
        Column(dimension, model.label(dimension, language), "text", "dimension", dimension=dimension),
        Column(metric, label, "count", "metric", metric=metric),
        Column("share", model.words(language).share, "percent", "attribute", metric=metric),
    )
