"""The files held against the database as it is: tables, columns, types, and every SQL explained and guarded.

The callables come from a surface. They get SQL with `:name` placeholders and the values to bind, exactly like a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from dash.knowledge.check.evals import statements
from dash.knowledge.check.findings import Findings
from dash.knowledge.check.metrics import fragments
from dash.knowledge.check.parameters import bound_names
from dash.knowledge.check.sql import read_expression, read_query
from dash.knowledge.documents import Path
from dash.knowledge.formats import EvalFile, MetricFile, ParameterFile, QueryFile, TableFile
from dash.knowledge.nearest import advise

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""Any moment does for EXPLAIN; a fixed one gives the same faults every time."""


class LiveChecks(Protocol):
    """The database and the guard as far as a check needs them."""

    def schema(self) -> Mapping[str, Mapping[str, str]]:
        """Relation ("schema.table") → column → type name."""

    def explain(self, sql: str, parameters: Mapping[str, Any]) -> str | None:
        """The database's error text, or None when it would run the query."""

    def guard(self, sql: str, parameters: Mapping[str, Any]) -> str | None:
        """The guard's rejection, or None when it lets the query pass."""


@dataclass(frozen=True)
class _Statement:
    kind: str
    name: str
    path: Path
    sql: str
    parameters: Mapping[str, Any]


def check_live(findings: Findings, evals: Iterable[EvalFile], live: LiveChecks) -> None:
    """Add what does not hold in this database. SQL that does not parse was named before and is not tried."""
    schema = live.schema()
    for name, table in findings.knowledge.tables.items():
        if table.sql is None:
            _check_relation(findings, name, table, schema)
    for statement in _statements(findings, evals):
        _check_statement(findings, statement, live)


def check_live_query(findings: Findings, query: QueryFile, live: LiveChecks) -> None:
    """The same for one of the knowledge's queries alone."""
    for statement in _query_statements([query]):
        _check_statement(findings, statement, live)


def _check_statement(findings: Findings, statement: _Statement, live: LiveChecks) -> None:
    rejection = live.guard(statement.sql, statement.parameters)
    if rejection is not None:
        _add(findings, statement, f"the guard rejects this SQL: {rejection}", "write it another way")
        return
    error = live.explain(statement.sql, statement.parameters)
    if error is not None:
        _add(findings, statement, f"the database refuses this SQL: {_one_line(error)}", "mend the SQL")


def _add(findings: Findings, statement: _Statement, what: str, mend: str) -> None:
    findings.add(statement.kind, statement.name, statement.path, what.rstrip("."), mend)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:300]


def _check_relation(findings: Findings, name: str, table: TableFile, schema: Mapping[str, Mapping[str, str]]) -> None:
    relation = name if name in schema or "." in name else f"public.{name}"
    if relation not in schema:
        mend = advise(name, schema, "create it, or remove this file")
        findings.add("table", name, ("table_name",), f"the database has no table {name}", mend)
        return
    columns = schema[relation]
    for column in table.table_columns:
        full = f"{name}.{column.name}"
        if column.name not in columns:
            mend = advise(column.name, columns, "remove it")
            findings.add("column", full, ("name",), f"the table {name} has no column {column.name}", mend)
        elif column.type and canonical_type(column.type) != canonical_type(columns[column.name]):
            what = f"{column.name} is {columns[column.name]} in the database, not {column.type}"
            findings.add("column", full, ("type",), what, f"write {columns[column.name]}")


# One spelling per type: PostgreSQL's catalogue, its SQL names, and what Agno Dash's files say.
_SAME_TYPE = {
    "int": "integer", "int4": "integer", "serial": "integer", "int8": "bigint", "bigserial": "bigint",
    "int2": "smallint", "float8": "double precision", "float": "double precision", "double": "double precision",
    "float4": "real", "decimal": "numeric", "bool": "boolean", "varchar": "text", "character varying": "text",
    "string": "text", "char": "character", "bpchar": "character", "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp", "time without time zone": "time", "time with time zone": "timetz",
}  # fmt: skip


def canonical_type(name: str) -> str:
    """`VARCHAR(50)` and `character varying` are `text`; `_text` and `text[]` are `text[]`."""
    plain = re.sub(r"\s*\([^)]*\)", "", name.strip().lower())  # numeric(12, 6) → numeric
    array = plain.endswith("[]") or plain.startswith("_")
    plain = plain.removesuffix("[]").removeprefix("_").strip()
    plain = _SAME_TYPE.get(plain, plain)
    return f"{plain}[]" if array else plain


def _statements(findings: Findings, evals: Iterable[EvalFile]) -> Iterator[_Statement]:
    knowledge = findings.knowledge
    yield from _query_statements(knowledge.queries.values())
    for name, table in knowledge.tables.items():
        if table.sql is not None and read_query(table.sql).tree is not None:
            yield _Statement("table", name, ("sql",), table.sql, {"now": NOW})
    for name, metric in knowledge.metrics.items():
        sql = _metric_sql(findings, metric)
        if sql is not None:
            yield _Statement("metric", name, (), sql, sample_values(metric.parameters))
    for case in evals:
        for path, sql in statements(case):
            if read_query(sql).tree is not None:
                yield _Statement("eval", case.id, path, sql, {"now": NOW})


def _query_statements(queries: Iterable[QueryFile]) -> Iterator[_Statement]:
    for query in queries:
        if read_query(query.sql).tree is not None:
            yield _Statement("query", query.name, ("sql",), query.sql, sample_values(query.parameters))


def _metric_sql(findings: Findings, metric: MetricFile) -> str | None:
    """The metric over all rows, each part as a column of its own."""
    table = findings.knowledge.tables.get(metric.table or "")
    parts = list(fragments(metric))
    if table is None or not parts or any(read_expression(text).tree is None for _, text, _ in parts):
        return None
    source = f"(\n{table.sql}\n)" if table.sql is not None else table.table_name
    columns = [text for _, text, is_condition in parts if not is_condition]
    columns += [f"COUNT(*) FILTER (WHERE {text}\n)" for _, text, is_condition in parts if is_condition]
    return f"SELECT {', '.join(f'{text} AS value_{index}' for index, text in enumerate(columns))}\nFROM {source} AS t"


def sample_values(parameters: Mapping[str, ParameterFile]) -> dict[str, Any]:
    """A value for every placeholder: the default, else one that its type and bounds allow; periods are open."""
    values: dict[str, Any] = {}
    for placeholder, name in bound_names(parameters).items():
        parameter = parameters.get(name)
        values[placeholder] = NOW if parameter is None else _sample(parameter)
    return values


def _sample(parameter: ParameterFile) -> Any:
    default = parameter.default
    if parameter.type == "period":
        return None
    if parameter.type == "date" and isinstance(default, str):
        return date.fromisoformat(default)
    if parameter.type == "timestamp" and isinstance(default, str):
        return datetime.fromisoformat(default)
    return default
