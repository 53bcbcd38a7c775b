"""Where a pack's tables are in a database, and its files with the names that they have there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash.errors import UserError
from dash.packs.pack import PackFile, ValuesFile
from dash.semantics.fragments import identifier

_PLAIN_LINE = re.compile(r"^\s*(?:-\s*)?\{?\s*(table|tables_affected|to):")  # "table: zendesk.ticket", no SQL


@dataclass(frozen=True)
class Naming:
    """The pack's names of relations, and the database's (schema.table); tables that are not there keep their names."""

    schema: str
    place: str
    tables: Mapping[str, str]

    def relation(self, table: str) -> str:
        """The full name of a table that the pack calls so."""
        return f"{self.place}.{self.tables.get(table, table)}"

    def in_text(self, text: str) -> str:
        """A YAML or SQL file with the names of the database: quoted in SQL, plain where a key holds a name."""
        return "\n".join(self._replaced(line, sql=_PLAIN_LINE.match(line) is None) for line in text.split("\n"))

    def in_data(self, data: Any, *, sql: bool = False) -> Any:
        """A JSON file's data the same way."""
        if isinstance(data, dict):
            return {key: self.in_data(value, sql=key == "sql") for key, value in data.items()}
        if isinstance(data, list):
            return [self.in_data(value) for value in data]
        return self._replaced(data, sql=sql) if isinstance(data, str) else data

    def values(self, wanted: Sequence[ValuesFile]) -> list[ValuesFile]:
        """The wanted values, with SQL that reads this database."""
        return [
            one.model_copy(update={"staff_names": self._replaced(one.staff_names, sql=True)})
            if one.staff_names
            else one
            for one in wanted
        ]

    def _replaced(self, text: str, *, sql: bool) -> str:
        def renamed(found: re.Match[str]) -> str:
            table = self.tables.get(found["table"], found["table"])
            if not sql and not found["quote"]:
                return f"{self.place}.{table}"
            return f"{identifier(self.place)}." + (f'"{table}"' if found["quote"] else identifier(table))

        return re.sub(rf'\b{re.escape(self.schema)}\.(?P<quote>"?)(?P<table>\w+)"?', renamed, text)


def find_naming(file: PackFile, relations: Iterable[str], chosen: str | None = None) -> Naming:
    """Where the pack's tables are: in the schema that was chosen, or else in the one with the most of those that tell;
    of several, in the one that is called as the pack calls it. Raises UserError where none has the table that must be
    there and half of those that tell, or several have as many."""
    by_schema: dict[str, set[str]] = {}
    for relation in relations:
        schema, _, table = relation.partition(".")
        by_schema.setdefault(schema, set()).add(table)
    found: list[tuple[int, bool, str]] = []
    for schema, tables in by_schema.items():
        if chosen is not None and schema != chosen:
            continue
        there = [_real_name(file, table, tables) is not None for table in file.known_by]
        if there[0]:
            found.append((sum(there), schema == file.schema_name, schema))
    if not found or max(found)[0] * 2 < len(file.known_by):
        raise UserError(
            f"{f'Schema {chosen} does not have' if chosen else 'No schema of this database has'} the tables of "
            f"{file.title} ({', '.join(file.known_by)}); give the login the right to read them, "
            "or make a project without --pack."
        )
    best = sorted(schema for *score, schema in found if score == list(max(found)[:2]))
    if len(best) > 1:
        raise UserError(f"Schemas {', '.join(best)} all have the tables of {file.title}; say which: --table {best[0]}")
    place = best[0]
    names = {table: _real_name(file, table, by_schema[place]) for table in file.names}
    return Naming(file.schema_name, place, {table: real for table, real in names.items() if real is not None})


def _real_name(file: PackFile, table: str, there: set[str]) -> str | None:
    return next((name for name in (table, *file.names.get(table, ())) if name in there), None)
