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
    there, gone = live[relation], {}
    for column in columns:
        said = types.get(column, "")
        before = said if canonical_type(said).removesuffix("[]") in _KNOWN else seen.get(relation, {}).get(column, "")
        if column not in there:
            gone[column] = before
        elif before and not means_the_same(before, there[column]):
            yield Finding("retyped", table, column, before, there[column])
    new = {name: now for name, now in there.items() if name not in columns}
    renamed = _renamed_columns(gone, new)
    for column, before in gone.items():
        yield Finding("column_gone", table, column, before, renamed_to=renamed.get(column, ""))


def means_the_same(before: str, now: str) -> bool:
    """Whether what a column of one type said is said by one of the other type as well."""
    one, other = canonical_type(before), canonical_type(now)
    return one == other or any({one, other} <= family for family in (_NUMBERS, _TEXTS))


def fitting(before: str, new: Mapping[str, str]) -> list[str]:
    """The columns that nobody has described and that a column of that type may be called now."""
    return [name for name, now in new.items() if not before or means_the_same(before, now)]


def _renamed_columns(gone: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """What columns may be called now, each new one once: those that are most like each other, and the one new column of
    a type that only one of the gone ones had."""
    pairs = [
        (fuzz.ratio(column.lower(), name.lower()), column, name)
        for column, before in gone.items()
        for name in fitting(before, new)
    ]
    found: dict[str, str] = {}
    for alike, column, name in sorted(pairs, reverse=True):
        others = [one for one, before in gone.items() if one != column and name in fitting(before, new)]
        alone = not others and fitting(gone[column], new) == [name] and bool(gone[column])
        sure = alone and canonical_type(gone[column]) not in _TEXTS | _NUMBERS
        if column not in found and name not in found.values() and (sure or alike >= ALIKE or _contains(column, name)):
            found[column] = name
    return found


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
