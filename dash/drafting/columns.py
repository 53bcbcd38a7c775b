"""A profiled column as a described one: its role, its plain name, and the SQL by which it is read clean.

Text that holds numbers, moments or booleans is cast only where its pattern fits, so that no value of tomorrow makes a
query fail; it counts as none instead, and the table's notes say so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from dash.drafting.concepts import ColumnConcept, concept_of
from dash.introspection import ColumnProfile
from dash.introspection.columns import names_things
from dash.introspection.names import plain_name, words_of
from dash.semantics.fragments import identifier

Role = Literal["entity", "dimension", "time", "measure", "text"]

_TYPES = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float8": "double precision",
    "float4": "real",
    "bpchar": "text",
    "varchar": "text",
    "name": "text",
}
_MOST_GROUPS = 2_000
_AMOUNTS = frozenset(
    {
        "count",
        "total",
        "minute",
        "minutes",
        "hours",
        "seconds",
        "amount",
        "cost",
        "price",
        "duration",
        "score",
        "size",
        "length",
        "time",
        "sum",
        "points",
        "ms",
        "days",
    }
)


@dataclass(frozen=True)
class DraftColumn:
    """A column of the draft. `sql` reads it from the real table; `clean` that it is read as it stands,
    `referred` that it is the name of what the column refers to."""

    profile: ColumnProfile
    name: str
    sql: str
    type: str
    role: Role | None
    concept: ColumnConcept | None
    personal: bool
    clean: bool
    referred: bool = False


def read_columns(
    columns: Collection[ColumnProfile],
    zone: str,
    month_first: Collection[str],
    personal: Collection[str],
    not_personal: Collection[str],
) -> list[DraftColumn]:
    """All columns of a table; names that would be the same in plain form are numbered."""
    found: list[DraftColumn] = []
    taken: set[str] = set()
    for column in columns:
        name = plain_name(column.name)
        while name in taken:
            name += "_2"
        taken.add(name)
        is_personal = column.name in personal or (column.personal is not None and column.name not in not_personal)
        if is_personal:  # its values stand in no file, and it is read as it stands
            column = replace(column, values=(), minimum=None, maximum=None, text_kept=None)
        sql, type_ = _clean(column, zone, month_first=column.name in month_first)
        clean = sql == identifier(column.name) and name == column.name and identifier(name) == name
        concept = concept_of(column.name, column.real_kind)
        role = _role(column, concept)
        if is_personal and (role in ("time", "measure") or column.kind == "boolean"):
            role = None  # no mean, no share and no period is told of it
        if concept is not None and concept.role != role and not {concept.role, role} <= {"entity", "dimension"}:
            concept = None
        found.append(DraftColumn(column, name, sql, type_, role, concept, is_personal, clean))
    return found


def _clean(column: ColumnProfile, zone: str, *, month_first: bool) -> tuple[str, str]:
    """SQL and type of a column read as what it is."""
    quoted, kept = identifier(column.name), column.text_kept
    if kept is not None and kept.kind == "boolean":
        true, false = (
            ", ".join(_literal(value) for value in values) for values in (kept.true_values, kept.false_values)
        )
        return f"CASE WHEN {quoted} IN ({true}) THEN TRUE WHEN {quoted} IN ({false}) THEN FALSE END", "boolean"
    if kept is not None and kept.kind == "number":
        return f"CASE WHEN {quoted} ~ {_literal(kept.pattern)} THEN CAST({quoted} AS numeric) END", "numeric"
    if kept is not None and kept.form.startswith("epoch"):
        return f"to_timestamp({quoted}{' / 1000.0' if kept.form == 'epoch_ms' else ''})", "timestamptz"
    if kept is not None:
        form = kept.form.replace("DD/MM", "MM/DD").replace("DD-MM", "MM-DD") if month_first else kept.form
        moment = f"CAST(to_timestamp({quoted}, {_literal(form)}) AS timestamp) AT TIME ZONE {_literal(zone)}"
        return f"CASE WHEN {quoted} ~ {_literal(kept.pattern)} THEN {moment} END", "timestamptz"
    if column.type == "timestamp":
        return _without(column, f"{quoted} AT TIME ZONE {_literal(zone)}"), "timestamptz"
    if column.kind == "interval":
        return f"EXTRACT(EPOCH FROM {quoted}) / 3600.0", "numeric"
    if column.type == "money":
        return f"CAST({quoted} AS numeric)", "numeric"
    if column.kind == "text" and (column.foreign_type or column.type in ("uuid", "citext", "inet")):
        return _without(column, f"CAST({quoted} AS text)"), "text"
    return _without(column, quoted), "" if column.domain else _TYPES.get(column.type, column.type)


def _without(column: ColumnProfile, sql: str) -> str:
    """A value without those that mean none."""
    if not column.stand_ins:
        return sql
    quoted = identifier(column.name)
    if column.kind == "number":
        return f"NULLIF({sql}, {column.stand_ins[0]})"
    if column.kind in ("time", "date"):
        listed = ", ".join(f"CAST({_literal(value[:10])} AS date)" for value in column.stand_ins)
        return f"CASE WHEN CAST({quoted} AS date) NOT IN ({listed}) THEN {sql} END"
    listed = ", ".join(_literal(value) for value in column.stand_ins)
    compared = f"CAST({quoted} AS text)" if column.foreign_type else quoted
    return f"CASE WHEN {compared} NOT IN ({listed}) THEN {sql} END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _role(column: ColumnProfile, concept: ColumnConcept | None) -> Role | None:
    kind = column.real_kind
    if column.free_text:
        return "text"
    if column.distinct <= 1 and not column.unique:
        return None  # nothing to tell rows apart by
    if kind == "time":
        return "time"
    if kind == "boolean" or (kind == "array" and column.values):
        return "dimension"
    if kind == "interval":
        return "measure"
    if kind == "number":
        return _number_role(column, concept)
    if kind == "text":
        if column.unique or (names_things(column.name) and not column.values):
            return "entity"
        if concept is not None and concept.role in ("entity", "dimension"):
            return concept.role
        return "dimension" if column.values or column.distinct <= min(_MOST_GROUPS, column.rows * 0.5) else None
    return None


def _number_role(column: ColumnProfile, concept: ColumnConcept | None) -> Role | None:
    words = set(words_of(column.name))
    # A code of a few grades is no thing: rows without one are a group of their own ("tickets by priority").
    coded = concept is not None and concept.role == "dimension" and bool(column.values) and not column.unique
    if column.unique or (names_things(column.name) and not (coded and column.complete)):
        return "entity"
    if concept is not None and concept.role == "measure":
        return "measure"
    if concept is not None and column.values:
        return concept.role
    if concept is not None and concept.role == "entity":
        return "entity"
    if words & _AMOUNTS or column.text_kept or not column.values or column.distinct > 12:
        return "measure"
    return "measure" if column.minimum == "0" else "dimension"


def hours_between(start: DraftColumn, end: DraftColumn) -> str:
    """Hours of one row from a moment to another."""
    return f"EXTRACT(EPOCH FROM {identifier(end.name)} - {identifier(start.name)}) / 3600.0"


def key_pattern(column: DraftColumn) -> str | None:
    """What the values of a key fit, where it is read as it stands."""
    return column.profile.code_pattern or None if column.sql == identifier(column.profile.name) else None
