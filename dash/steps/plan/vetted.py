"""A vetted query with its parameters filled from the question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from dash.errors import InternalError
from dash.knowledge.formats import OutputColumnFile, ParameterFile, QueryFile
from dash.knowledge.placeholders import names
from dash.language.patterns import EXAMPLE_MOMENT, SLOT, Fit
from dash.language.reader import Read, Reader
from dash.language.readings import AMBIGUITY
from dash.records import (
    Column,
    Definition,
    Grounding,
    Plan,
    PlannedQuery,
    QueryPlan,
    Question,
    Span,
    Understood,
    Window,
)
from dash.semantics.dimensions import text_in
from dash.semantics.moments import resolve_previous, resolve_window
from dash.steps.plan.asking import Asker
from dash.steps.plan.understood import explain, metric_definitions, say_instants


class OutOfRange(Exception):
    """A parameter outside of its declared bounds."""

    def __init__(self, name: str, parameter: ParameterFile) -> None:
        super().__init__(name)
        self.name = name
        self.parameter = parameter


def plan_vetted(fit: Fit, question: Question, grounding: Grounding, reader: Reader, asker: Asker) -> Plan:
    """The plan of a question that is an example of a vetted query."""
    filled = {name: _value_of(span) for name, span in fit.filled.items()}
    spans = [span for span in fit.spans if span.end <= len(grounding.tokens)]
    return fill_vetted(fit.example.query, filled, spans, question, grounding, reader, asker)


def asks_otherwise(fit: Fit, read: Read, reader: Reader) -> bool:
    """Whether a question that has an example's words has a form of its own that can be composed: it asks for the one
    group at the top ("which category has …") where the example asks for all ("which categories have …"), or for a
    number by groups ("failures by step") where the example asks for more than that ("at which step … fail?")."""
    if not read.readings:
        return False
    best = read.readings[0]
    if any(other.cost - best.cost < AMBIGUITY for other in read.readings[1:]):
        return False
    parted = any(span.kind == "by" for span in best.spans)
    if best.query.limit != 1 and not parted:
        return False
    text = SLOT.sub(" ", fit.example.question)
    tokens, spans = reader.ground(text, EXAMPLE_MOMENT, "UTC")
    if parted and all(span.kind != "by" for span in spans):
        return True
    if best.query.limit != 1:
        return False
    examples = reader.read(text, tokens, spans, EXAMPLE_MOMENT, "UTC").readings
    return not (examples and examples[0].query.limit == 1)


def fill_vetted(
    name: str,
    filled: Mapping[str, Any],
    spans: list[Span],
    question: Question,
    grounding: Grounding,
    reader: Reader,
    asker: Asker,
) -> Plan:
    """The plan of a vetted query with these slots; what is not filled takes its default."""
    query = reader.knowledge.queries[name]
    try:
        parameters, periods = _parameters(query, filled, question, reader)
    except OutOfRange as error:
        return asker.out_of_range(error.name, error.parameter.minimum, error.parameter.maximum)
    language = grounding.language
    source = reader.knowledge.sources.get(("query", name))
    place = f"{source.path}:{source.line}" if source else ""
    periods_understood = tuple(
        Understood(period, say_instants(window, question), "time")
        for period, window in periods.items()
        if period not in filled
    )
    definitions = (Definition(name, name.replace("_", " "), query.description, place),)
    return QueryPlan(
        provenance="vetted",
        language=language,
        main=PlannedQuery(query.sql, parameters, _columns(query, reader, language), _shape(query.sql)[1]),
        understood=explain(spans, question, grounding.tokens, reader, language) + periods_understood,
        definitions=definitions + metric_definitions(query.metrics, reader, language, parameters),
        vetted_query=name,
        vetted_filled={**filled, **periods},
        files=(place.rpartition(":")[0],) if place else (),
    )


def refill(
    name: str, filled: Mapping[str, Any], question: Question, language: str, reader: Reader
) -> PlannedQuery | None:
    """A vetted query as its file is today, with the slots of an old plan; None when it is gone or they do not fit."""
    query = reader.knowledge.queries.get(name)
    if query is None:
        return None
    try:
        parameters, _ = _parameters(query, filled, question, reader)
    except OutOfRange:
        return None
    return PlannedQuery(query.sql, parameters, _columns(query, reader, language), _shape(query.sql)[1])


def _value_of(span: Span) -> Any:
    if span.kind == "value":
        return span.meaning[1][0]
    return span.meaning


def _parameters(
    query: QueryFile, filled: Mapping[str, Any], question: Question, reader: Reader
) -> tuple[dict[str, Any], dict[str, Window]]:
    """Bound values of everything that the SQL uses, and the windows of its periods."""
    used = set(names(query.sql))
    values: dict[str, Any] = {"now": question.now} if "now" in used else {}
    windows: dict[str, Window] = {}
    for name, parameter in query.parameters.items():
        if parameter.type == "period":
            window = filled.get(name) or _default_window(parameter, question, reader)
            windows[name] = window
            bound = _period(name, window, question)
            values.update({key: value for key, value in bound.items() if key in used})
        else:
            values[name] = _checked(name, filled.get(name, parameter.default), parameter)
    return values, windows


def _checked(name: str, value: Any, parameter: ParameterFile) -> Any:
    if value is None or parameter.type not in ("integer", "number"):
        return value
    number = float(value)
    below = parameter.minimum is not None and number < parameter.minimum
    above = parameter.maximum is not None and number > parameter.maximum
    if below or above or (parameter.type == "integer" and not number.is_integer()):
        raise OutOfRange(name, parameter)
    return int(number) if parameter.type == "integer" else number


def _period(name: str, window: Window, question: Question) -> dict[str, datetime | None]:
    start, end = resolve_window(window, question.now, question.zone)
    previous = resolve_previous(window, question.now, question.zone)
    return {
        f"{name}_start": start,
        f"{name}_end": end,
        f"{name}_previous_start": previous[0] if previous else None,
        f"{name}_previous_end": previous[1] if previous else None,
    }


def _default_window(parameter: ParameterFile, question: Question, reader: Reader) -> Window:
    """The declared default period; null means all the data."""
    if parameter.default is None:
        return Window(None, None, "all_time")
    tokens, spans = reader.ground(str(parameter.default), question.now, question.zone)
    for span in spans:
        if span.kind == "time" and span.start == 0 and span.end == len(tokens):
            window: Window = span.meaning
            return window
    raise InternalError(f"The default period {parameter.default!r} cannot be read; `dash check` should have said so.")


def _columns(query: QueryFile, reader: Reader, language: str) -> tuple[Column, ...]:
    outputs = _shape(query.sql)[0] or tuple(query.columns)
    columns = []
    for name in outputs:
        file = query.columns.get(name)
        if file is None:
            columns.append(Column(name, name.replace("_", " ")))
        else:
            label = _label(name, file, reader, language)
            columns.append(Column(name, label, file.unit, file.role, file.better, dimension=file.dimension))
    return tuple(columns)


def _label(name: str, file: OutputColumnFile, reader: Reader, language: str) -> str:
    """The file's own name of a column; in a language that it lacks, that of its dimension or metric in this one."""
    if language not in file.label and "" not in file.label:
        metric = reader.model.metrics.get(name)
        if file.dimension is not None:
            return reader.model.label(file.dimension, language)
        if metric is not None and language in metric.label:
            return metric.label[language]
    return text_in(file.label, language, name.replace("_", " "))


@lru_cache(maxsize=512)
def _shape(sql: str) -> tuple[tuple[str, ...], int | None]:
    """Names of the outermost SELECT's columns (none when it has a star) and its literal LIMIT."""
    import sqlglot

    tree = sqlglot.parse_one(sql, dialect="postgres")
    if not isinstance(tree, sqlglot.exp.Query):
        return (), None
    found = tuple(tree.named_selects)
    limit = tree.args.get("limit")
    count = limit.expression if isinstance(limit, sqlglot.exp.Limit) else None
    number = int(count.this) if isinstance(count, sqlglot.exp.Literal) and not count.is_string else None
    return (() if "*" in found or "" in found else found), number
