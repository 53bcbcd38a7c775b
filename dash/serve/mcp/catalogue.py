"""Tools that say what can be asked: the governed metrics with their definitions, and the vetted queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import Context
from pydantic import Field

from dash.catalogue.entries import Catalogue, Entry, Kind, catalogue_of, names_of_synonyms, vetting_of
from dash.catalogue.finding import CatalogueSearch
from dash.errors import NotFoundError
from dash.knowledge import Knowledge
from dash.knowledge.formats import MetricFile, ParameterFile, PartFile, QueryFile
from dash.knowledge.nearest import advise
from dash.records import Viewer
from dash.serve.mcp.asking import Language
from dash.serve.mcp.calls import Calls
from dash.serve.mcp.strangers import Out
from dash.shown.labels import define, text_of

T = TypeVar("T")

PAGE = 25
MOST_ON_A_PAGE = 100
MOST_ALLOWED = 40
MOST_SYNONYMS = 12

Words = Annotated[str, Field(max_length=200, description="Words to look for, in any language; empty for all.")]
Start = Annotated[int, Field(ge=0, le=100_000, description="`next_start` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)]


class MetricLine(Out):
    """A metric in a list."""

    name: str
    label: str
    definition: str
    unit: str
    better: str | None = Field(description="higher, lower or null")
    source: str = Field(description="The file and line that define it.")


class MetricsPage(Out):
    """A page of metrics."""

    metrics: list[MetricLine]
    total: int
    next_start: int | None = None


class MetricOut(MetricLine):
    """Everything about a metric: how it is counted, by what it can be grouped, what to be careful about."""

    table: str | None
    calculation: str | None = Field(description="The SQL aggregate, or numerator / denominator.")
    filter: str | None
    dimensions: list[str] | None = Field(description="By what it can be grouped; null: by all of its table.")
    time_dimension: str | None
    synonyms: list[str]
    caution: str
    owner: str | None
    vetted_queries: list[str] = Field(description="Vetted queries that show it.")


class ParameterOut(Out):
    """A parameter of a vetted query."""

    name: str
    type: str
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: list[Any] | None = Field(None, description="Allowed values, as far as they are few.")
    description: str = ""


class QueryLine(Out):
    """A vetted query in a list."""

    name: str
    description: str
    questions: list[str]
    parameters: list[ParameterOut]
    vetted_on: str
    vetted_by: str
    source: str


class QueriesPage(Out):
    """A page of vetted queries."""

    queries: list[QueryLine]
    total: int
    next_start: int | None = None


@dataclass(frozen=True)
class CatalogueTools:
    """The tools of this module."""

    calls: Calls

    async def list_metrics(
        self,
        ctx: Context[Any, Any],
        words: Words = "",
        start: Start = 0,
        limit: Limit = PAGE,
        language: Language = "en",
    ) -> MetricsPage:
        """List the governed metrics, each with its definition; with `words`, those that fit, best first."""
        knowledge = self.calls.dash.knowledge

        def work(viewer: Viewer) -> MetricsPage:
            found = _find(catalogue_of(knowledge), words, "metric")
            page, following = _page(found, start, limit)
            lines = [MetricLine(**_line(entry, language)) for entry in page]
            return MetricsPage(metrics=lines, total=len(found), next_start=following)

        return await self.calls.look(ctx, "see_knowledge", work)

    async def describe_metric(
        self,
        ctx: Context[Any, Any],
        name: Annotated[str, Field(max_length=200, description="As list_metrics names it.")],
        language: Language = "en",
    ) -> MetricOut:
        """Say how a metric is defined and counted, by what it can be grouped, and what to be careful about."""
        knowledge = self.calls.dash.knowledge

        def work(viewer: Viewer) -> MetricOut:
            entry = catalogue_of(knowledge).find(f"metric:{name}")
            if entry is None:
                near = advise(name, knowledge.metrics, "list_metrics has all")
                raise NotFoundError(f"There is no metric {name!r}; {near}.")
            return _described(entry, knowledge, language)

        return await self.calls.look(ctx, "see_knowledge", work)

    async def list_vetted_queries(
        self, ctx: Context[Any, Any], words: Words = "", start: Start = 0, limit: Limit = PAGE
    ) -> QueriesPage:
        """List the queries that a person has reviewed, with their parameters, for run_vetted_query."""
        knowledge = self.calls.dash.knowledge

        def work(viewer: Viewer) -> QueriesPage:
            found = _find(catalogue_of(knowledge), words, "query")
            page, following = _page(found, start, limit)
            lines = [_query_line(entry, knowledge) for entry in page]
            return QueriesPage(queries=lines, total=len(found), next_start=following)

        return await self.calls.look(ctx, "see_knowledge", work)


def _find(catalogue: Catalogue, words: str, kind: Kind) -> Sequence[Entry]:
    if not words.strip():
        return catalogue.of(kind)
    return [hit.entry for hit in CatalogueSearch(catalogue).find(words, (kind,))]


def _page(found: Sequence[T], start: int, limit: int) -> tuple[Sequence[T], int | None]:
    end = start + limit
    return found[start:end], end if end < len(found) else None


def _line(entry: Entry, language: str) -> dict[str, Any]:
    metric: MetricFile = entry.thing
    return {
        "name": entry.name,
        "label": entry.title(language),
        "definition": define(metric, language, {}),
        "unit": metric.unit,
        "better": metric.better,
        "source": entry.place,
    }


def _described(entry: Entry, knowledge: Knowledge, language: str) -> MetricOut:
    metric: MetricFile = entry.thing
    return MetricOut(
        **_line(entry, language),
        table=metric.table,
        calculation=_calculation(metric),
        filter=metric.filter,
        dimensions=metric.dimensions,
        time_dimension=metric.time_dimension,
        synonyms=[word for word in names_of_synonyms(metric.synonyms) if "|" not in word][:MOST_SYNONYMS],
        caution=text_of(metric.caution, language),
        owner=metric.owner,
        vetted_queries=[name for name, query in knowledge.queries.items() if entry.name in query.metrics],
    )


def _calculation(metric: MetricFile) -> str | None:
    if metric.numerator is None or metric.denominator is None:
        return metric.calculation
    return f"{_aggregate(metric.numerator)} / {_aggregate(metric.denominator)}"


def _aggregate(part: PartFile) -> str:
    return f"{part.calculation} FILTER (WHERE {part.filter})" if part.filter else part.calculation


def _query_line(entry: Entry, knowledge: Knowledge) -> QueryLine:
    query: QueryFile = entry.thing
    on, by = vetting_of(query)
    return QueryLine(
        name=query.name,
        description=" ".join(query.description.split()),
        questions=query.questions[:3],
        parameters=[_parameter(name, declared, knowledge) for name, declared in query.parameters.items()],
        vetted_on=on,
        vetted_by=by,
        source=entry.place,
    )


def _parameter(name: str, declared: ParameterFile, knowledge: Knowledge) -> ParameterOut:
    allowed = list(knowledge.allowed_values(declared))
    return ParameterOut(
        name=name,
        type=declared.type,
        default=declared.default,
        minimum=declared.minimum,
        maximum=declared.maximum,
        allowed=allowed[:MOST_ALLOWED] or None,
        description=declared.description,
    )
