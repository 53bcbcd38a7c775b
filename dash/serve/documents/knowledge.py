"""Metrics, vetted queries, faults of files, learnings."""

from __future__ import annotations

from pydantic import Field

from dash.serve.documents.shared import Language, Returned, Sent, Text, Value, example


class MetricDocument(Returned):
    """A governed metric."""

    name: str
    label: str
    definition: str
    unit: str
    better: str | None
    dimensions: list[str]
    synonyms: list[str]
    owner: str
    source: str


class MetricsDocument(Returned):
    """All governed metrics."""

    metrics: list[MetricDocument]


class ParameterDocument(Returned):
    """A parameter of a vetted query; `allowed` lists what it may be, where that is known."""

    name: str
    type: str
    default: Value
    minimum: float | None
    maximum: float | None
    allowed: list[str | int | float | bool]
    description: str


class VettedQueryDocument(Returned):
    """A vetted query."""

    name: str
    description: str
    questions: list[str]
    parameters: list[ParameterDocument]
    vetted_on: str
    vetted_by: str
    sql: str
    source: str


class VettedQueriesDocument(Returned):
    """All vetted queries."""

    queries: list[VettedQueryDocument]


class ParametersDocument(Sent):
    """Values for the parameters of a vetted query; a period is written in words ("last 7 days")."""

    model_config = example(parameters={"hours": 48})

    parameters: dict[Text, Value] = Field(default_factory=dict, max_length=50)
    language: Language = "en"


class FaultDocument(Returned):
    """One mistake in one knowledge file."""

    path: str
    line: int
    what: str
    mend: str


class FaultsDocument(Returned):
    """Every mistake in the knowledge files; none is good."""

    faults: list[FaultDocument]


class LearningDocument(Returned):
    """Something that was learned; `scope` null belongs to everyone."""

    id: str
    kind: str
    learned: str
    status: str
    wrong: str
    right: str
    scope: str | None
    seen: int


class LearningsDocument(Returned):
    """Learnings that reach whoever asks."""

    learnings: list[LearningDocument]
