"""Why each open ticket would be stuck, as SQL: the reasons of stuck.yaml in their order, as one CASE over the rows that
are found beside a ticket.

The list of stuck tickets judges with it, and tables and vetted queries write `{stuck_reasons}` where they mean it, so
an answer about reasons and the list are the same rules over the same rows. A reason is told of every open ticket,
whatever its wait; whoever counts stuck ones says `{stuck}` beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dash.errors import QueryRejected
from dash.knowledge.documents import Path
from dash.knowledge.formats import ColumnFile, QueryFile, TableFile, ValueFile
from dash.knowledge.placeholders import bind, names
from dash.knowledge.stuck import BesideFile, ReasonFile, StuckFile
from dash.knowledge.stuck_condition import literal, with_condition_in_query

PLACEHOLDER = "{stuck_reasons}"
TICKET, REASON = "stuck_ticket", "stuck_reason"
"""The columns of what `{stuck_reasons}` stands for; a table's column of the second name has the reasons as values."""

_NOTHING = f"SELECT CAST(NULL AS text) AS {TICKET}, CAST(NULL AS text) AS {REASON} WHERE FALSE"


@dataclass(frozen=True)
class Beside:
    """How the rows beside tickets are reached: common table expressions, and joins behind `FROM stuck AS ticket`."""

    parts: tuple[str, ...]
    joins: str


def reason_of(file: StuckFile) -> str:
    """The name of the first reason that holds."""
    return first_that_holds(file, {one.name: literal(one.name) for one in file.reasons})


def first_that_holds(file: StuckFile, values: Mapping[str, str]) -> str:
    """What belongs to the first reason that holds: SQL by the name of the reason."""
    last = values[file.catch_all]
    cases = "".join(f"\n    WHEN {own(one.when)} THEN {values[one.name]}" for one in file.reasons if one.when)
    return f"CASE{cases}\n    ELSE {last} END" if cases else last


def beside(file: StuckFile, used: Mapping[str, Collection[str]] | None = None) -> Beside:
    """The rows beside each ticket of `stuck` (its key is `stuck_key`); `used` are those that are needed, with their
    columns."""
    found = {
        name: one if used is None else one.model_copy(update={"columns": _of(one, used[name])})
        for name, one in file.beside.items()
        if used is None or name in used
    }
    parts = [f"{name}_beside AS (\n{_read_whole(name, one)}\n)" for name, one in found.items() if not one.indexed]
    return Beside(tuple(parts), "".join(_joined(name, one) for name, one in found.items()))


def columns_used(file: StuckFile, *, evidence: bool) -> dict[str, set[str]]:
    """Row → its columns, of `ticket` and of the rows beside it, in what reasons ask and, if wanted, in what they
    show."""
    found: dict[str, set[str]] = {}
    for column in (each for one in file.reasons for sql in _expressions(one, evidence) for each in _columns_in(sql)):
        found.setdefault(column.table, set()).add(column.name)
    return found


def reasons_query(file: StuckFile) -> str:
    """Every open ticket by its key, with the reason that it would be stuck for."""
    tickets, used = file.tickets, columns_used(file, evidence=False)
    columns = [f"{own(tickets.key)} AS stuck_key", *(f"ticket.{name}" for name in sorted(used.get("ticket", ())))]
    around = beside(file, used)
    rows = f"stuck AS (\nSELECT {', '.join(columns)}\nFROM {tickets.table} AS ticket\nWHERE {own(tickets.open)}\n)"
    return (
        f"WITH {', '.join((rows, *around.parts))}\nSELECT ticket.stuck_key AS {TICKET}, {reason_of(file)} AS {REASON}\n"
        f"FROM stuck AS ticket{around.joins}"
    )


def own(sql: str) -> str:
    """In brackets of its own, which close on the next line: a comment at its end swallows nothing."""
    return sql if sql.isidentifier() else f"({sql}\n)"


def with_definition_in_query(query: QueryFile, file: StuckFile | None) -> QueryFile:
    """A vetted query with what it means of stuck.yaml in its place: the condition, and the reasons."""
    query = with_condition_in_query(query, file)
    return query.model_copy(update={"sql": _filled(query.sql, file)}) if PLACEHOLDER in query.sql else query


def with_reasons_in_table(table: TableFile, file: StuckFile | None) -> TableFile:
    """A derived table with the query in its place, and the reasons among its column's values."""
    if table.sql is None or PLACEHOLDER not in table.sql:
        return table
    columns = [_with_values(one, file) if one.name == REASON and file else one for one in table.table_columns]
    return table.model_copy(update={"sql": _filled(table.sql, file), "table_columns": columns})


def reason_misuses(
    one: TableFile | QueryFile, file: StuckFile | None, *, is_written: bool
) -> list[tuple[Path, str, str]]:
    """What is wrong with how it means the reasons: (where, what, how to mend it). `is_written` says that there is a
    definition, which may have faults of its own."""
    if one.sql is None or PLACEHOLDER not in one.sql:
        return []
    found: list[tuple[Path, str, str]] = []
    if file is None and not is_written:
        what = f"{PLACEHOLDER} stands here, and nothing says which reasons there are"
        found.append((("sql",), what, "define them in business/stuck.yaml"))
    for index, column in enumerate(one.table_columns if isinstance(one, TableFile) else ()):
        if column.name == REASON and column.values:
            mend = "leave values out, and write labels and synonyms there"
            found.append((("table_columns", index, "values"), "the reasons are those of business/stuck.yaml", mend))
    return found


def _filled(sql: str, file: StuckFile | None) -> str:
    """SQL with the query, in brackets, in the place of `{stuck_reasons}`; without a definition no ticket has any."""
    return sql.replace(PLACEHOLDER, f"(\n{reasons_query(file) if file is not None else _NOTHING}\n)")


def _with_values(column: ColumnFile, file: StuckFile) -> ColumnFile:
    """Reasons are called by their labels and synonyms. A single word of them ("unknown") has other meanings elsewhere,
    and their names are no words of anybody."""
    values = [
        ValueFile(value=one.name, label=one.label, synonyms=one.synonyms, description=one.when or "", spoken=False)
        for one in file.reasons
    ]
    words = [text for one in file.reasons for text in one.label.values()]
    words += [text for one in file.reasons for listed in one.synonyms.values() for text in listed]
    single = [text for text in words if len(text.split()) == 1]
    return column.model_copy(
        update={"values": values, "words_beside_name": list(dict.fromkeys((*column.words_beside_name, *single)))}
    )


def _of(one: BesideFile, names: Collection[str]) -> dict[str, str]:
    return {name: sql for name, sql in one.columns.items() if name in names}


def _expressions(reason: ReasonFile, evidence: bool) -> list[str]:
    shown = [cell.sql for cell in reason.evidence.values()] if evidence else []
    return [sql for sql in (reason.when, *shown) if sql]


def _columns_in(sql: str) -> tuple[exp.Column, ...]:
    """The columns that an expression names; none where it cannot be read, which the checks say at its line."""
    try:
        text, _ = bind(sql, dict.fromkeys(names(sql)))
        return tuple(sqlglot.parse_one(f"SELECT {text}", dialect="postgres").find_all(exp.Column))
    except (QueryRejected, SqlglotError):
        return ()


def _joined(name: str, one: BesideFile) -> str:
    """The row beside each ticket: looked up where an index leads to it, else taken from the table read as a whole."""
    if not one.indexed:
        return f"\nLEFT JOIN {name}_beside AS {name} ON {name}.stuck_key = ticket.stuck_key"
    columns = ", ".join(f"{own(sql)} AS {column}" for column, sql in one.columns.items())
    where = f" AND {own(one.where)}" if one.where else ""
    return (
        f"\nLEFT JOIN LATERAL (\nSELECT {columns}\nFROM {one.table} AS {name}\n"
        f"WHERE {name}.{one.key} = ticket.stuck_key{where}\nORDER BY {one.first}\nLIMIT 1\n) AS {name} ON TRUE"
    )


def _read_whole(name: str, one: BesideFile) -> str:
    columns = "".join(f", {own(sql)} AS {column}" for column, sql in one.columns.items())
    where = f"\nWHERE {own(one.where)}" if one.where else ""
    return (
        f"SELECT DISTINCT ON (stuck.stuck_key) stuck.stuck_key{columns}\nFROM stuck\n"
        f"JOIN {one.table} AS {name} ON {name}.{one.key} = stuck.stuck_key{where}\n"
        f"ORDER BY stuck.stuck_key, {one.first}"
    )
