"""Why something is not answered, and what to be careful about in what is, in a sentence of a language file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash.drift.findings import Finding
from dash.knowledge import Knowledge
from dash.records import QueryPlan, SemanticQuery
from dash.semantics.dimensions import dimension_name

_MOST = 3


def say_drift(findings: Sequence[Finding], messages: Mapping[str, str]) -> str:
    """What the question needs and the database does not have any more as it was."""
    return " ".join(_said(finding, messages) for finding in findings[:_MOST])


def _said(finding: Finding, messages: Mapping[str, str]) -> str:
    slots = {
        "table": finding.table,
        "column": finding.column or finding.table,
        "before": finding.before,
        "now": finding.now,
        "values": finding.shown,
    }
    sentence = messages[f"drift_{finding.kind}"].format(**slots)
    renamed = messages["drift_renamed"].format(name=finding.renamed_to) if finding.renamed_to else ""
    return f"{sentence} {renamed}".strip()


def concerning(findings: Sequence[Finding], planned: QueryPlan, knowledge: Knowledge) -> list[Finding]:
    """The findings about data that an answer rests on: by its metrics, or by what it is split and narrowed by."""
    if not findings:
        return []
    asked = planned.semantic_query or planned.alike
    metrics = {column.metric for column in planned.main.columns if column.metric}
    query = knowledge.queries.get(planned.vetted_query or "")
    metrics |= set(query.metrics if query else ()) | (_metrics_of(asked) if asked else set())
    dimensions = _dimensions_of(asked) if asked else set()
    dimensions |= {column.dimension for column in planned.main.columns if column.dimension}
    return [one for one in findings if metrics & set(one.metrics) or _dimension(one, knowledge) in dimensions]


def _dimension(finding: Finding, knowledge: Knowledge) -> str | None:
    table = knowledge.tables.get(finding.table)
    columns = table.table_columns if table is not None and finding.column else ()
    return next((dimension_name(column) for column in columns if column.name == finding.column), None)


def _metrics_of(asked: SemanticQuery) -> set[str]:
    named = {asked.numerator_metric, asked.rows_of, *asked.within, *(use.name for use in asked.metrics)}
    return {name for name in named if name}


def _dimensions_of(asked: SemanticQuery) -> set[str]:
    return {*asked.dimensions, *asked.columns, *(part.dimension for part in (*asked.filters, *asked.numerator))}
