"""The tables and columns that the knowledge describes, held against those that there are.

Only what the catalogue says is looked at, so this is cheap enough for every start and for every query. A number that
becomes a wider number and a text of another length mean the same as before; any other type does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from dash.drift.findings import Finding
from dash.knowledge import Knowledge
from dash.knowledge.check.live import canonical_type

Schema = Mapping[str, Mapping[str, str]]
"""Relation → column → type name."""

_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_TEXTS = frozenset({"text", "character", "name", "citext"})
_KNOWN = (
    _NUMBERS
    | _TEXTS
    | {"boolean", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "json", "jsonb", "uuid", "money"}
)
"""Types that a file may mean; any other word in it is a description and proves nothing."""

ALIKE = 60
"""How alike two names are (0–100) of which one may be the other renamed, where several could be."""

_SAME_COLUMNS = 0.8
"""The share of a table's columns that another one has which may be it renamed."""


def compare(knowledge: Knowledge, live: Schema, seen: Schema) -> tuple[Finding, ...]:
    """What the database does not have as the files say. `seen` are types of columns whose file names none, from an
    earlier look."""
    allowed = knowledge.allowed()
    return tuple(
        finding
        for table, columns in allowed.items()
        for finding in _compare_table(knowledge, _full(table, live), table, columns, live, seen)
    )


def _full(table: str, live: Schema) -> str:
    return table if table in live or "." in table else f"public.{table}"


def _compare_table(
    knowledge: Knowledge, relation: str, table: str, columns: Sequence[str], live: Schema, seen: Schema
) -> Iterator[Finding]:
    if relation not in live:
        yield Finding("table_gone", table, renamed_to=_renamed_table(knowledge, table, columns, live))
        return
    types = {column.name: column.type for column in knowledge.tables[table].table_columns}
    there = live[relation]
    for column in columns:
        said = types.get(column, "")
        before = said if canonical_type(said).removesuffix("[]") in _KNOWN else seen.get(relation, {}).get(column, "")
        if column not in there:
            yield Finding(
                "column_gone", table, column, before, renamed_to=_renamed_column(column, before, columns, there)
            )
        elif before and not means_the_same(before, there[column]):
            yield Finding("retyped", table, column, before, there[column])


def means_the_same(before: str, now: str) -> bool:
    """Whether what a column of one type said is said by one of the other type as well."""
    one, other = canonical_type(before), canonical_type(now)
    return one == other or any({one, other} <= family for family in (_NUMBERS, _TEXTS))


def _renamed_column(column: str, before: str, described: Sequence[str], there: Mapping[str, str]) -> str:
    """What the column may be called now: the one new column of its type, or of several the one most like it."""
    new = [name for name, now in there.items() if name not in described and (not before or _same(before, now))]
    alike = {name: fuzz.ratio(column.lower(), name.lower()) for name in new}
    best = max(new, key=lambda name: alike[name], default="")
    sure = len(new) == 1 and before and canonical_type(before) not in _TEXTS | _NUMBERS
    return best if best and (sure or alike[best] >= ALIKE or _contains(column, best)) else ""


def _same(before: str, now: str) -> bool:
    return means_the_same(before, now)


def _contains(column: str, other: str) -> bool:
    """`priority` and `ticket_priority`, `is_escalated` and `escalated`."""
    short, long = sorted((column.lower(), other.lower()), key=len)
    return len(short) >= 4 and short in long


def _renamed_table(knowledge: Knowledge, table: str, columns: Sequence[str], live: Schema) -> str:
    described = {name if "." in name else f"public.{name}" for name in knowledge.allowed()}
    shares = {
        name: len(set(columns) & set(there)) / max(1, len(columns))
        for name, there in live.items()
        if name not in described
    }
    fitting = [name for name, share in shares.items() if share >= _SAME_COLUMNS]
    return max(fitting, key=lambda name: (shares[name], fuzz.ratio(table, name)), default="")
