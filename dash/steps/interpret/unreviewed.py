"""Which of the definitions that an answer rests on were proposed from the data and reviewed by nobody."""

from __future__ import annotations

from collections.abc import Iterator

from dash.records import SemanticQuery
from dash.semantics.dimensions import dimension_name
from dash.steps.interpret.briefing import Briefing
from dash.steps.interpret.number_lock import Said

_NAMED = 4


def write_unreviewed(briefing: Briefing) -> Iterator[tuple[str, Said]]:
    """One caveat that names them, metrics first; nothing where a person has seen them all."""
    names = list(dict.fromkeys(_drafts(briefing)))
    if not names:
        return
    more = ["…"] if len(names) > _NAMED else []
    listed = briefing.writer.quote(", ".join([*names[:_NAMED], *more]), "knowledge")
    yield "unreviewed", briefing.writer.fill(briefing.phrases.caveats.unreviewed, names=listed)


def _drafts(briefing: Briefing) -> Iterator[str]:
    knowledge, asked = briefing.knowledge, briefing.asked
    query = knowledge.queries.get(briefing.plan.vetted_query or "")
    shown = [column.metric for column in briefing.table.columns if column.metric]
    names = dict.fromkeys([*shown, *_metrics_of(asked), *(query.metrics if query else ())])
    metrics = [knowledge.metrics[name] for name in names if name in knowledge.metrics]
    for metric in metrics:
        if metric.draft:
            yield briefing.labels.metric_label(metric.name)
    told = {metric.table for metric in metrics if metric.draft}
    tables = {metric.table for metric in metrics if metric.table} | ({asked.rows_of} if asked.rows_of else set())
    dimensions = {*asked.dimensions, *asked.columns, *(part.dimension for part in asked.conditions)}
    for name, table in knowledge.tables.items():
        if table.draft and name not in told and (name in tables or _adds(briefing, name, dimensions, tables)):
            yield name


def _metrics_of(asked: SemanticQuery) -> Iterator[str]:
    yield from (use.name for use in asked.metrics)
    yield from asked.within
    yield from (bound.metric for bound in asked.bounds)
    yield from (name for name in (asked.numerator_metric, asked.rows_of) if name)


def _adds(briefing: Briefing, name: str, dimensions: set[str], tables: set[str]) -> bool:
    """Whether a dimension of the question is a column of this table alone among those that are asked anyway."""
    knowledge = briefing.knowledge
    own = {dimension_name(one) for one in knowledge.tables[name].table_columns if one.role} & dimensions
    others = [knowledge.tables[table] for table in tables if table in knowledge.tables]
    return bool(own - {dimension_name(one) for table in others for one in table.table_columns})
