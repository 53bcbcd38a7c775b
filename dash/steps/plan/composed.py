"""A reading compiled: the query that answers, and the small ones that put its number into context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.language.reader import Reader
from dash.language.readings import Reading
from dash.records import Comparison, Grounding, MetricUse, PlannedQuery, QueryPlan, Question, SemanticQuery, Span
from dash.semantics.compile import compile_coverage, compile_query, earlier_window
from dash.semantics.fragments import is_additive
from dash.steps.plan.next_questions import next_questions
from dash.steps.plan.understood import explain, metric_definitions, vocabulary_definitions


def plan_composed(reading: Reading, question: Question, grounding: Grounding, reader: Reader) -> QueryPlan:
    """The plan of the one reading that won."""
    return plan_query(reading.query, reading.spans, question, grounding, reader)


def plan_query(
    query: SemanticQuery,
    spans: Sequence[Span],
    question: Question,
    grounding: Grounding,
    reader: Reader,
    *,
    suggests: bool = True,
) -> QueryPlan:
    """The plan of a semantic query, whoever proposed it. `suggests` False leaves the questions to ask next out, which
    take longer than all else."""
    language = grounding.language
    main = plan_main(query, question, reader, language)
    names = [use.name for use in query.metrics] or ([query.rows_of] if query.rows_of else [])
    understood = explain(spans, question, grounding.tokens, reader, language)
    return QueryPlan(
        provenance="composed",
        language=language,
        main=main,
        understood=understood,
        definitions=metric_definitions(names, reader, language, main.parameters)
        + vocabulary_definitions(spans, reader, language),
        semantic_query=query,
        companions=_companions(query, names, question, reader, language),
        follow_ups=next_questions(query, question, reader, language) if suggests else (),
        files=tuple(dict.fromkeys(u.source.split(":")[0] for u in understood if u.source)),
    )


def plan_main(query: SemanticQuery, question: Question, reader: Reader, language: str) -> PlannedQuery:
    """The query that answers, without what is around it. Raises CannotCompile."""
    return _with_now(compile_query(with_beside(query, reader), reader.model, language), question)


def with_beside(query: SemanticQuery, reader: Reader) -> SemanticQuery:
    """The metrics that must stand beside a lone one ("CSAT: say the response rate"), over the same rows and period."""
    plain = query.shape == "aggregate" and not (query.dimensions or query.grain or query.comparison or query.share)
    if not plain or len(query.metrics) != 1 or query.metrics[0].aggregation or query.metrics[0].unit:
        return query
    names = reader.model.metrics[query.metrics[0].name].beside
    rates = [
        name for name in names if name in reader.model.metrics and reader.model.metrics[name].numerator is not None
    ]
    fitting = [name for name in rates if _same_conditions(name, query, reader)]
    return replace(query, metrics=(*query.metrics, *(MetricUse(name) for name in fitting)))


def _same_conditions(name: str, query: SemanticQuery, reader: Reader) -> bool:
    metric = reader.model.metrics[name]
    same_rows = all(reader.model.same_rows(name, other) for other in (query.metrics[0].name, *query.within))
    return same_rows and all(reader.model.allows(metric, part.dimension) for part in query.filters)


def _with_now(planned: PlannedQuery, question: Question) -> PlannedQuery:
    return (
        replace(planned, parameters={**planned.parameters, "now": question.now}) if ":now" in planned.sql else planned
    )


def _companions(
    query: SemanticQuery, names: Sequence[str], question: Question, reader: Reader, language: str
) -> dict[str, PlannedQuery]:
    """Previous period and main driver for a plain number over a period; coverage of the data for everything timed."""
    found: dict[str, PlannedQuery] = {}
    model = reader.model
    earlier = earlier_window(query.window)
    if query.shape == "aggregate" and earlier and not query.comparison and not query.grain and query.limit is None:
        found["previous"] = compile_query(replace(query, window=earlier, order=None), model, language)
        driver = _driver(query, reader)
        if driver is not None:
            split = replace(query, dimensions=(driver,), comparison=Comparison("previous"), metrics=query.metrics[:1])
            found[f"driver:{driver}"] = compile_query(split, model, language)
    if query.shape == "aggregate" and query.order and query.limit is not None and query.limit > 1:
        found["beyond"] = compile_query(replace(query, limit=query.limit + 1), model, language)
    metric = model.metrics.get(names[0]) if names else None
    table = model.metric_table(metric) if metric else query.rows_of
    if table is not None and table in model.tables:
        named = query.time_dimension
        time = model.time_dimension(metric, named) if metric else model.table_time(table, named)
        if time is not None:
            found["coverage"] = compile_coverage(model, table, time)
    return {role: _with_now(planned, question) for role, planned in found.items()}


def _driver(query: SemanticQuery, reader: Reader) -> str | None:
    """The dimension whose values are tried as the reason for a change: only where the parts add up to the number."""
    if query.dimensions or query.share or len(query.metrics) != 1:
        return None
    metric = reader.model.metrics[query.metrics[0].name]
    dimension = metric.default_dimension
    if dimension is None or not is_additive(metric.calculation) or not reader.model.allows(metric, dimension):
        return None
    return None if any(f.dimension == dimension and len(f.values) == 1 for f in query.filters) else dimension
