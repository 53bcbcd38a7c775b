"""What a column that is gone may be called now, by its values: the new column that has the values that its file lists.

Its name may be another altogether; that is looked at where the data is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dash.database import Database, catalogue
from dash.database.catalogue import CatalogueColumn, Relation
from dash.drift.findings import Finding
from dash.drift.reduced import Reduced
from dash.drift.schema import Schema, fitting

_SECONDS = 5.0
_MOST = 100
_SAME_VALUES = 0.8


def renamed_by_values(database: Database, reduced: Reduced, live: Schema) -> dict[tuple[str, str], str]:
    """(table, column) → its likely name, for columns that are gone and whose values are listed. Raises
    DatabaseUnavailable."""
    gone = {finding for finding in reduced.why.values() if finding.kind == "column_gone"}
    likely: dict[tuple[str, str], str] = {}
    for finding in gone:
        known = set(_listed(finding, reduced))
        there = live.get(finding.table, {})
        described = reduced.knowledge.allowed().get(finding.table, ())
        new = {name: type_ for name, type_ in there.items() if name not in described}
        if not known or not new:
            continue
        shares = _shares(database, finding.table, {name: new[name] for name in fitting(finding.before, new)}, known)
        best = max(shares, key=lambda name: shares[name], default="")
        if best and shares[best] >= _SAME_VALUES:
            likely[finding.table, finding.column] = best
    return likely


def _listed(finding: Finding, reduced: Reduced) -> Iterator[str]:
    """The values that files list for a column, also where a derived table gives it."""
    lost = {place for place, one in reduced.why.items() if one == finding}
    for name, table in reduced.knowledge.tables.items():
        for column in table.table_columns:
            if (name, column.name) in lost and not column.personal:
                yield from (str(value.value) for value in column.values)


def _shares(database: Database, table: str, columns: Mapping[str, str], known: set[str]) -> dict[str, float]:
    """Which share of a column's values is known, by column; those that cannot be read have none."""
    schema, _, name = table.partition(".")
    relation = Relation(schema, name, "table", False, -1, None, True)
    shares = {}
    with database.looking(_SECONDS) as connection:
        for column, type_ in columns.items():
            described = CatalogueColumn(column, type_, False, False, False, None)
            counted = catalogue.common_values(connection, relation, described, _MOST) or []
            values = [value for value, _ in counted if value is not None]
            shares[column] = sum(value in known for value in values) / len(values) if values else 0.0
    return shares
