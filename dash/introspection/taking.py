"""The profile of a whole database, taken table by table within bounds that do not depend on its size.

Tables are sampled, and counted only where the planner says that it is quick; each statement has a time limit, and what
it would have told is then taken from the sample or left open.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from dash.database import Database, catalogue
from dash.database.catalogue import CatalogueColumn, Relation
from dash.database.connections import Connection
from dash.introspection import events, joins
from dash.introspection.arrays import with_elements
from dash.introspection.columns import MOST_VALUES, is_listed, kind_of, names_things, read_column
from dash.introspection.personal import is_secret
from dash.introspection.profile import ColumnProfile, EventLog, JoinProfile, Profile, TableProfile

SAMPLE = 10_000
QUICK_ROWS = 2_000_000
"""Rows up to which a table is counted and its values are, instead of taken from the sample."""

MOST_TABLES = 600
MOST_COLUMNS = 250
STATEMENT_SECONDS = 5.0
TABLE_SECONDS = 20.0
"""After this long, no further statement about one table is begun."""


def take_profile(
    database: Database,
    progress: Callable[[str], None],
    *,
    tables: Sequence[str] = (),
    sample: int = SAMPLE,
    clock: Callable[[], float] = time.monotonic,
) -> Profile:
    """Look at every table, or at these. Raises DatabaseUnavailable."""
    hidden = () if database.settings.reads_elsewhere else ("dash",)
    left_out: dict[str, str] = {}
    found: list[TableProfile] = []
    progress("Reading the catalogue")
    with database.looking(STATEMENT_SECONDS) as connection:
        relations = catalogue.read_relations(connection, hidden)
        wanted = [one for one in relations if _is_wanted(one, tables, left_out)]
        for relation in wanted[MOST_TABLES:]:
            left_out[relation.full_name] = f"only {MOST_TABLES} tables are looked at; name the ones that you need"
        wanted = wanted[:MOST_TABLES]
        for number, relation in enumerate(wanted, start=1):
            progress(f"Looking at {relation.full_name} ({number} of {len(wanted)})")
            look = _Look(connection, relation, sample, clock)
            table = look.table()
            if table is None:
                left_out[relation.full_name] = "it could not be read within the time"
            else:
                found.append(table)
        progress("Looking for joins")
        found = _with_joins(connection, found, {one.full_name: one for one in wanted})
    return Profile(tuple(found), left_out)


def _is_wanted(relation: Relation, tables: Sequence[str], left_out: dict[str, str]) -> bool:
    if tables and relation.full_name not in tables and relation.schema not in tables:
        return False
    if not relation.readable or not relation.columns:
        left_out[relation.full_name] = "this login may not read it"
    elif (
        "." in relation.schema or "." in relation.name or any('"' in part for part in (relation.schema, relation.name))
    ):
        left_out[relation.full_name] = "a name with a dot or a quote in it cannot be described"
    else:
        return True
    return False


class _Look:
    """One table being looked at."""

    def __init__(self, connection: Connection, relation: Relation, sample: int, clock: Callable[[], float]) -> None:
        self.connection = connection
        self.relation = relation
        self.sample = sample
        self.clock = clock
        self.until = clock() + TABLE_SECONDS
        self.rows = 0
        self.counted = False

    def table(self) -> TableProfile | None:
        """The profile of the table; None where it cannot be read."""
        named = [one for one in self.relation.columns if '"' not in one.name and "\\" not in one.name][:MOST_COLUMNS]
        columns = [one for one in named if not is_secret(one.name)]
        cells = catalogue.sample_rows(self.connection, self.relation, columns, self.sample) if columns else []
        if cells is None:
            return None
        self._count(len(cells))
        read = [
            self._finished(column, read_column(column, self.relation.name, [row[place] for row in cells]), cells, place)
            for place, column in enumerate(columns)
        ]
        looked = {column.name: column for column in read}
        return TableProfile(
            schema=self.relation.schema,
            name=self.relation.name,
            kind=self.relation.kind,
            rows=self.rows,
            counted=self.counted,
            sampled=len(cells),
            comment=self.relation.comment or "",
            primary_key=self.relation.primary_key,
            columns=tuple(looked.get(column.name) or self._secret(column) for column in named),
            event_log=self._event_log(columns, read),
        )

    def _secret(self, column: CatalogueColumn) -> ColumnProfile:
        """A column whose values are never read: that it is there is all that is known of it."""
        return ColumnProfile(
            name=column.name,
            type=column.type,
            kind=kind_of(column),
            foreign_type=column.foreign_type,
            domain=column.domain,
            required=column.required,
            comment=column.comment or "",
            unique=(column.name,) in self.relation.unique or self.relation.primary_key == (column.name,),
            personal="its name says that it is secret",
        )

    @property
    def _quick(self) -> bool:
        return self.rows <= QUICK_ROWS and self.clock() < self.until

    def _count(self, sampled: int) -> None:
        if sampled < self.sample and not (self.relation.samples and self.relation.estimate > self.sample * 2):
            self.rows, self.counted = sampled, True
            return
        self.rows = max(int(self.relation.estimate), sampled)
        counted = catalogue.count_rows(self.connection, self.relation) if self._quick else None
        self.rows, self.counted = (self.rows, False) if counted is None else (counted, True)

    def _finished(
        self, column: CatalogueColumn, read: ColumnProfile, cells: Sequence[Sequence[str | None]], place: int
    ) -> ColumnProfile:
        """With what only all rows can tell, where that is quick: the values, and whether they are unique."""
        read = replace(read, unique=self._is_unique(column, read))
        if read.kind == "array":
            return with_elements(read, [row[place] for row in cells], complete=self.rows <= len(cells))
        if not is_listed(read):
            return read
        whole = self.rows > len(cells) and self._quick
        counted = catalogue.common_values(self.connection, self.relation, column, MOST_VALUES + 20) if whole else None
        complete = counted is not None or self.rows <= len(cells)
        if counted is None:
            counted = list(Counter(row[place] for row in cells).most_common())
        real = [(value, number) for value, number in counted if value is not None and value not in read.stand_ins]
        if len(real) > MOST_VALUES:
            return replace(read, distinct=max(read.distinct, len(real)))
        total = sum(number for _, number in counted) or 1
        shares = tuple((value, number / total) for value, number in real)
        return replace(read, values=shares, complete=complete, distinct=max(read.distinct, len(shares)))

    def _is_unique(self, column: CatalogueColumn, read: ColumnProfile) -> bool:
        if (column.name,) in self.relation.unique or self.relation.primary_key == (column.name,):
            return True
        values = read.rows * (1 - read.null_share)
        if values < 2 or read.distinct < values or read.kind not in ("text", "number") or read.text_kept:
            return False
        if self.rows <= read.rows:
            return True
        return bool(
            self._quick and names_things(column.name) and catalogue.is_unique(self.connection, self.relation, column)
        )

    def _event_log(self, columns: Sequence[CatalogueColumn], read: Sequence[ColumnProfile]) -> EventLog | None:
        described = {column.name: column for column in columns}
        for key in events.possible_keys(read):
            if self.clock() > self.until:
                return None
            things = self._some_values(described[key.name])
            if not names_things(key.name) and not events.are_codes(things):
                continue
            rows = (
                catalogue.rows_having(self.connection, self.relation, described[key.name], things, columns, events.ROWS)
                if things
                else None
            )
            log = events.read_event_log(key, read, rows) if rows else None
            if log is not None:
                return log
        return None

    def _some_values(self, column: CatalogueColumn) -> list[str]:
        cells = catalogue.sample_rows(self.connection, self.relation, [column], self.sample) or []
        return list(dict.fromkeys(cell for (cell,) in cells if cell is not None))[: events.THINGS]


def _with_joins(
    connection: Connection, tables: Sequence[TableProfile], relations: dict[str, Relation]
) -> list[TableProfile]:
    known = joins.by_name(tables)
    found: dict[str, list[JoinProfile]] = {table.full_name: [] for table in tables}
    for table in tables:
        for reference in relations[table.full_name].references:
            to = f"{reference.to[0]}.{reference.to[1]}"
            if len(reference.columns) != 1 or to not in known or to == table.full_name:
                continue
            ours = next((column for column in table.columns if column.name == reference.columns[0]), None)
            if ours is not None:
                cardinality = joins.cardinality_of(ours)
                found[table.full_name].append(
                    JoinProfile(ours.name, to, reference.their_columns[0], cardinality, True, 1.0)  # type: ignore[arg-type]
                )
    for number, (table, column, target, key) in enumerate(joins.possible_joins(tables)):
        declared = {join.column for join in found[table.full_name] if join.declared}
        if number >= joins.MOST_TRIED or column.name in declared:
            continue
        share = _share_there(connection, relations[table.full_name], column, relations[target.full_name], key)
        if share >= joins.MATCHED:
            cardinality = joins.cardinality_of(column)
            found[table.full_name].append(
                JoinProfile(column.name, target.full_name, key, cardinality, False, share)  # type: ignore[arg-type]
            )
    joined = [replace(table, joins=tuple(found[table.full_name])) for table in tables]
    return [joins.without_borrowed_log(table, known) for table in joined]


def _share_there(
    connection: Connection, relation: Relation, column: ColumnProfile, target: Relation, key: str
) -> float:
    """Which share of some values of a column the other table's key has; 0 where it could not be told."""
    ours = next(one for one in relation.columns if one.name == column.name)
    theirs = next(one for one in target.columns if one.name == key)
    cells = catalogue.sample_rows(connection, relation, [ours], joins.VALUES * 10) or []
    values = [cell for cell in dict.fromkeys(cell for (cell,) in cells) if cell is not None]
    values = [value for value in values if value not in column.stand_ins][: joins.VALUES]
    known = catalogue.count_known(connection, target, theirs, values) if values else None
    return known / len(values) if known is not None and values else 0.0
