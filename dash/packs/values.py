"""A company's own names: values of groups, brands, tags, read once and written into the table files of a project.

They are read like any answer: through the guard, as the reader, within the limits. A value that is a word for something
else already ("urgent" as a tag) means the value only beside its dimension's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dash.database import Database
from dash.errors import QueryFailed, QueryRejected
from dash.packs.pack import ValuesFile
from dash.records import PlannedQuery, Viewer
from dash.semantics.fragments import identifier, relation
from dash.steps.guard import guard

_SECONDS = 60.0
_LONGEST = 60


def fill_values(
    tables: Mapping[str, dict[str, Any]],
    wanted: Collection[ValuesFile],
    database: Database,
    allowed: Mapping[str, tuple[str, ...]],
    *,
    staff_names: bool = False,
) -> tuple[dict[str, int], list[str]]:
    """Write the values into the tables' data. How many of each column, and what could not be read.

    `staff_names` says that names of those who work on tickets may stand beside their numbers."""
    by_name = {data["table_name"]: data for data in tables.values()}
    known = {word.casefold() for data in by_name.values() for word in _words(data)}
    counted: dict[str, int] = {}
    failed: list[str] = []
    for one in wanted:
        data = by_name.get(one.table)
        column = next((c for c in data["table_columns"] if c["name"] == one.column), None) if data else None
        if data is None or column is None:
            continue
        try:
            found = _read(data, column, one.most, database, allowed)
            named = _names(one.staff_names, database, allowed) if staff_names and one.staff_names else {}
        except (QueryFailed, QueryRejected) as error:
            failed.append(f"values of {one.table}.{one.column}: {error.message}")
            continue
        counted[f"{one.table}.{one.column}"] = _add(column, found, known, named)
    return counted, failed


def _read(
    data: Mapping[str, Any],
    column: Mapping[str, Any],
    most: int,
    database: Database,
    allowed: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """The commonest values of a column."""
    source = f"({data['sql']}) AS r" if "sql" in data else f"{relation(data['table_name'])} AS r"
    cell = f"r.{identifier(column['name'])}"
    cell = f"unnest({cell})" if str(column.get("type", "")).endswith("[]") else cell
    sql = (
        f"SELECT v.value AS value FROM (SELECT {cell} AS value FROM {source}) AS v "
        f"WHERE v.value IS NOT NULL GROUP BY v.value ORDER BY COUNT(*) DESC, v.value LIMIT {most}"
    )
    return [str(row[0]) for row in _rows(sql, database, allowed) if 0 < len(str(row[0]).strip()) <= _LONGEST]


def _names(sql: str, database: Database, allowed: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Value → name of a person."""
    return {str(value): str(name) for value, name in _rows(sql, database, allowed) if name}


def _rows(sql: str, database: Database, allowed: Mapping[str, tuple[str, ...]]) -> tuple[tuple[Any, ...], ...]:
    settings = database.settings
    limits = replace(settings.limits, statement_timeout_seconds=_SECONDS)
    checked = guard(PlannedQuery(sql=sql, parameters={}), allowed, personal=frozenset(), viewer=Viewer(), reviewed=True)
    return database.run(checked, limits=limits, zone=settings.zone, viewer=Viewer()).rows


def _add(column: dict[str, Any], found: list[str], known: set[str], named: Mapping[str, str]) -> int:
    values = column.setdefault("values", [])
    there = {value["value"] for value in values}
    beside = column.setdefault("words_beside_name", [])
    for value in found:
        if value in there:
            continue
        plain = value.replace("_", " ").strip()
        name = named.get(value)
        words = [plain] if plain.casefold() != value.casefold() else []
        words += [name] if name else []
        beside += [word for word in dict.fromkeys((value, *words)) if word.casefold() in known]
        label = {"label": {"": name}} if name else {}
        values.append({"value": value, **label, **({"synonyms": {"": words}} if words else {})})
    if not beside:
        del column["words_beside_name"]
    return len(values) - len(there)


def _words(data: Any) -> Iterator[str]:
    """Every word of a table's file for something."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("synonyms", "label", "row_name"):
                yield from _texts(value)
            elif key == "value" and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
