"""A small help desk with knowledge of its own, so that these tests read sentences and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from dash.knowledge import Knowledge, load_knowledge
from dash.records import (
    Answer,
    Column,
    MetricUse,
    Moment,
    PlannedQuery,
    QueryPlan,
    Question,
    Result,
    ResultColumn,
    SemanticQuery,
    Window,
)
from dash.steps.interpret import interpret

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
"""A Friday afternoon."""


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@lru_cache
def desk() -> Knowledge:
    return load_knowledge(Path(__file__).parent / "knowledge")


def rolling(days: int) -> Window:
    start = Moment(shift=-24 * days, unit="hour")
    return Window(start, Moment(), f"last_n_days:{days}", False, Moment(shift=-48 * days, unit="hour"), start)


TODAY = Window(
    Moment(truncate="day"),
    Moment(),
    "today",
    True,
    Moment(truncate="day", shift=-1, unit="day"),
    Moment(shift=-1, unit="day"),
)
WEEK = rolling(7)
JANUARY = Window(
    Moment(at=utc(2026, 1, 1)),
    Moment(at=utc(2026, 2, 1)),
    "month:2026-01",
    False,
    Moment(at=utc(2025, 12, 1)),
    Moment(at=utc(2026, 1, 1)),
)
HALF_YEAR = Window(Moment(truncate="month", shift=-6, unit="month"), Moment(truncate="month"), "last_n_months:6")
THIS_MONTH = Window(
    Moment(truncate="month"),
    Moment(),
    "this_month",
    True,
    Moment(truncate="month", shift=-1, unit="month"),
    Moment(shift=-1, unit="month"),
)


def metric(name: str, language: str = "en", /, **changes: Any) -> Column:
    known = desk().metrics[name]
    slots = {"name": name, "label": known.label[language], "unit": known.unit, "better": known.better, "metric": name}
    return Column(**{"role": "metric", **slots, **changes})


def group(name: str, language: str = "en", role: str = "dimension") -> Column:
    for column in desk().tables["desk.cases"].table_columns:
        if name in (column.dimension, column.name):
            unit = "time" if column.role == "time" else column.unit or "text"
            return Column(name, column.label[language], unit, role)
    raise KeyError(name)


def sample(metric_name: str) -> Column:
    return Column("sample_size", "Rows behind it", "count", "sample", None, metric_name)


def bucket(grain: str) -> Column:
    return Column(grain, grain, "time" if grain == "hour" else "date", "time")


def result(columns: Sequence[Column], rows: Sequence[Sequence[Any]], **changes: Any) -> Result:
    return Result(tuple(ResultColumn(c.name, "text") for c in columns), tuple(map(tuple, rows)), **changes)


COVERAGE = result([Column("oldest", ""), Column("newest", "")], [(utc(2025, 5, 29, 1), utc(2026, 11, 20, 13, 58))])


def tell(
    query: SemanticQuery | None,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    language: str = "en",
    *,
    text: str = "?",
    now: datetime = NOW,
    zone: str = "UTC",
    companions: Mapping[str, Result] | None = None,
    main: Mapping[str, Any] | None = None,
    **plan: Any,
) -> Answer:
    """The answer to a query over the desk that returned these rows."""
    parameters = plan.pop("parameters", {})
    planned = PlannedQuery("SELECT 1", parameters, tuple(columns))
    provenance = plan.pop("provenance", "composed")
    planned_companions = plan.pop("companions_planned", {})
    complete = QueryPlan(provenance, language, planned, (), semantic_query=query, companions=planned_companions, **plan)
    results = {"main": result(columns, rows, **(main or {})), **(companions or {})}
    return interpret(Question(text, now, zone), complete, results, desk())


def plain(text: str) -> str:
    """With ordinary spaces, so that a test can be typed."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def caveats(answer: Answer) -> dict[str, str]:
    return {caveat.kind: plain(caveat.text) for caveat in answer.caveats}


def ask(name: str, **slots: Any) -> SemanticQuery:
    """The query for one metric, with these slots."""
    return SemanticQuery(metrics=(MetricUse(name),), **slots)
