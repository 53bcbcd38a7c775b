"""Table files from profiled tables: the real ones, and derived ones where the real ones cannot be asked as they stand.

A log in which a ticket's final values repeat becomes a derived table with a row per ticket, its last; a table with odd
names, or with text that is something else, becomes one with plain names and real types. The real table is described
all the same, because that is what may be read, under names that no question reaches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dash.drafting.columns import DraftColumn, key_pattern
from dash.drafting.concepts import load_concepts
from dash.drafting.notes import description_of, notes_of
from dash.drafting.words import Claims, in_languages, label_of, name_words, said
from dash.introspection import ColumnProfile, TableProfile
from dash.introspection.names import plain_name, plural, singular, words_of
from dash.introspection.personal import is_secret
from dash.knowledge.formats import ColumnFile, TableFile, Unit, ValueFile
from dash.semantics.fragments import identifier, relation

_CODED = re.compile(r"\s*\d+(?:\s*[-–:.)]\s*|\s+)(?P<text>\D.*)")  # "3 - Moderate" → Moderate, "2 high" → high
MOST_COLUMNS = 120


@dataclass
class DraftTable:
    """A table on its way into a file. `name` is what the knowledge calls it; `dimensions` column → dimension;
    `looked_up` concept → the column that refers to it, and its dimension."""

    profile: TableProfile
    columns: list[DraftColumn]
    name: str
    derived: bool
    dimensions: dict[str, str] = field(default_factory=dict)
    looked_up: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        """One of its rows, as people say it."""
        words = [word for word in words_of(self.profile.name) if word not in load_concepts().tables.events]
        words = words or list(words_of(self.profile.name))
        return " ".join([*words[:-1], singular(words[-1])]) if words else self.profile.name

    @property
    def key(self) -> DraftColumn | None:
        """The column that tells its rows apart."""
        log = self.profile.event_log
        names = [log.key] if log else list(self.profile.primary_key)
        if len(names) != 1:
            names = [column.profile.name for column in self.columns if column.profile.unique][:1]
        return self.column(names[0]) if names else None

    def column(self, real_name: str | None) -> DraftColumn | None:
        """The column that the database calls so."""
        return next((column for column in self.columns if column.profile.name == real_name), None)

    def of_concept(self, concept: str) -> DraftColumn | None:
        """The column of a concept; of several the one with the shortest name."""
        found = [one for one in self.columns if one.concept is not None and one.concept.concept == concept and one.role]
        return min(found, key=lambda one: len(one.name), default=None)

    def dimension_of(self, concept: str) -> str | None:
        """The dimension of a concept, also where it is what a column refers to."""
        if concept in self.looked_up:
            return self.looked_up[concept][1]
        column = self.of_concept(concept)
        return self.dimensions[column.profile.name] if column and column.role in ("dimension", "entity") else None

    def column_of(self, concept: str) -> DraftColumn | None:
        """The column of a concept, also where it only refers to it."""
        if concept in self.looked_up:
            return self.column(self.looked_up[concept][0])
        return self.of_concept(concept)


def described(table: DraftTable) -> list[DraftColumn]:
    """The columns that the table's file has; one without a role only where it can be called as the database does."""
    return [
        column
        for column in table.columns
        if column.role is not None or (not table.derived and column.name == column.profile.name)
    ]


def begin_table(profile: TableProfile, columns: list[DraftColumn], taken: set[str]) -> DraftTable:
    """A table with its name in the knowledge; `taken` are the names of others."""
    columns = [column for column in columns if not is_secret(column.profile.name)][:MOST_COLUMNS]
    plain = identifier(profile.schema) == profile.schema and identifier(profile.name) == profile.name
    derived = profile.event_log is not None or not plain or any(one.role and not one.clean for one in columns)
    table = DraftTable(profile, columns, profile.full_name, derived)
    if derived:
        name = plural(plain_name(table.noun))
        table.name = name if name not in taken else plain_name(f"{profile.schema} {profile.name}")
    taken.add(table.name)
    return table


def raw_file(table: DraftTable) -> TableFile:
    """What may be read of a table that is asked by way of a derived one."""
    prefix = plain_name(table.profile.full_name)
    return TableFile(
        table_name=table.profile.full_name,
        table_description=f"Read by way of {table.name}, where it is clean. {table.profile.comment}".strip(),
        data_quality_notes=notes_of(table.profile, table.noun, table.columns),
        grain=_raw_grain(table),
        table_columns=[
            ColumnFile(
                name=column.profile.name,
                type=_real_type(column),
                description=column.profile.comment,
                dimension=f"{prefix}_{column.name}",
                personal=column.personal,
                untrusted=column.profile.free_text,
            )
            for column in table.columns
        ],
    )


def asked_file(table: DraftTable, claims: Claims, *, main: bool, evidence: str | None) -> TableFile:
    """The file of the table that questions are answered from."""
    key = table.key
    opened = next((column for column in table.columns if column.role == "time"), None)
    listed = [
        column for column in table.columns if column.role in ("entity", "dimension", "time") and not column.personal
    ]
    order = f"{identifier(opened.name)} DESC" if opened else None
    return TableFile(
        table_name=table.name,
        table_description=table.profile.comment or f"{label_of(table.profile.name)}, as the database has it.",
        data_quality_notes=notes_of(table.profile, table.noun, table.columns),
        grain=f"one row per {table.noun}",
        primary_key=[key.name] if key else [],
        time_dimension=opened.name if opened else None,
        row_name=_row_names(table, claims, main=main),
        list_columns=[column.name for column in listed[:8]],
        list_order=order,
        table_columns=[_column_file(column, table, claims, main=main) for column in _asked(table)],
        sql=_sql(table) if table.derived else None,
        draft=evidence,
    )


def _asked(table: DraftTable) -> list[DraftColumn]:
    """The columns that questions can use, those that matter most first, so that they have the first choice of words."""
    ranks = {one.concept: rank for rank, one in enumerate(load_concepts().columns)}
    asked = described(table)
    first = [one for one in asked if one.concept is not None]
    first.sort(key=lambda one: (ranks[one.concept.concept], len(one.name)) if one.concept else (0, 0))
    return first + [one for one in asked if one.concept is None]


def _column_file(column: DraftColumn, table: DraftTable, claims: Claims, *, main: bool) -> ColumnFile:
    role, profile = column.role, column.profile
    concept = column.concept if _keeps_concept(column, table) else None
    dimension = table.dimensions.get(profile.name, column.name)
    words = {"en": name_words(profile.name)[: 1 if role == "time" else 2]}
    # A label is a phrase as well: too many tables' "Status" would hide that of tickets.
    plain = main or not role or claims.may_share(said(profile.name))
    label = {"": label_of(profile.name if plain else f"{table.noun} {profile.name}")}
    if concept is not None:
        words = {code: [*words.get(code, ()), *listed] for code, listed in {"en": [], **concept.words}.items()}
        label = (in_languages(concept.label, claims.languages) if main else None) or label
    return ColumnFile(
        name=column.name,
        type=column.type,
        description=description_of(column),
        role=role,
        dimension=dimension if dimension != column.name else None,
        label=label if role else {},
        synonyms=claims.take(words) if role in ("entity", "dimension", "time", "measure") else {},
        values=_values(column, claims) if role == "dimension" and not column.personal else [],
        open_values=bool(profile.values) and role == "dimension" and not profile.complete and not column.personal,
        words_beside_name=_beside_name(column, concept.concept if concept else None),
        value_pattern=key_pattern(column) if main and column is table.key else None,
        unit=unit_of(column) if role == "measure" else None,
        missing=[value for value in profile.stand_ins if column.clean and profile.kind == "text"],
        personal=column.personal,
        untrusted=profile.free_text,
    )


def _keeps_concept(column: DraftColumn, table: DraftTable) -> bool:
    """Only one column of a table is what people mean by a concept."""
    return column.concept is not None and table.of_concept(column.concept.concept) is column


def _values(column: DraftColumn, claims: Claims) -> list[ValueFile]:
    concept = column.concept.concept if column.concept is not None else None
    return value_files(column.profile, said(column.profile.name), concept, claims)


def value_files(profile: ColumnProfile, named: str, concept: str | None, claims: Claims) -> list[ValueFile]:
    """The values of a column that is called `named`, with the words for them."""
    found = []
    for value, _ in profile.values:
        coded = _CODED.fullmatch(value)
        plain = re.sub(r"[()|]", " ", coded["text"] if coded else value).strip().lower()
        russian = load_concepts().grades.get(plain, []) if concept == "priority" else []
        beside = [f"{plain} {named}", f"{named} {plain}"] if concept in _GRADES else []
        if coded and concept in _GRADES:  # "priority 1", "P1"
            grade = re.sub(r"\D.*", "", value.strip())
            beside += [f"{named} {grade}", f"{concept} {grade}", *([f"{concept[:1]}{grade}"] if concept else [])]
        whole = profile.kind == "number" and re.fullmatch(r"-?\d{1,9}", value)
        words = {"en": [*([plain] if coded else []), *beside], "ru": russian}
        found.append(ValueFile(value=int(value) if whole else value, synonyms=claims.take(words)))
    return found


_GRADES = ("priority", "urgency", "impact", "severity")  # of the same words: a high impact is no high priority


def _beside_name(column: DraftColumn, concept: str | None) -> list[str]:
    """Values that people mean otherwise: open tickets are all that are not done, and any word may be a tag."""
    values = [value.lower() for value, _ in column.profile.values]
    if column.profile.kind == "array":
        return [] if column.personal else values
    return [value for value in values if value in _STATES] if concept == "status" else []


_STATES = ("open", "active", "closed", "resolved", "solved", "done", "completed")


def _raw_grain(table: DraftTable) -> str:
    return f"one row per change of a {table.noun}" if table.profile.event_log else f"one row per {table.noun}"


def _real_type(column: DraftColumn) -> str:
    """What the check compares; a domain has a name of its own there."""
    return "" if column.profile.domain or column.referred else column.profile.type


def _row_names(table: DraftTable, claims: Claims, *, main: bool) -> dict[str, list[str]]:
    own = [table.noun] if table.noun else []
    rows = load_concepts().tables.rows if main else {}
    return claims.take({"en": [*own, *rows.get("en", ())], "ru": [*rows.get("ru", ())]})


def unit_of(column: DraftColumn) -> Unit:
    """What a measure is counted in, by its name."""
    words = set(words_of(column.profile.name))
    for unit, named in _UNITS.items():
        if words & named:
            return unit
    return "hours" if column.profile.kind == "interval" else "number"


_UNITS: dict[Unit, set[str]] = {
    "milliseconds": {"ms", "milliseconds", "millis"},
    "seconds": {"seconds", "secs", "sec"},
    "minutes": {"minutes", "mins", "min"},
    "hours": {"hours", "hrs"},
    "percent": {"percent", "pct"},
    "usd": {"usd", "dollars"},
    "tokens": {"tokens"},
}


def _sql(table: DraftTable) -> str:
    """The clean rows, in which the real table is called r. Of a log, each thing's last one: these are chosen first and
    cleaned afterwards, so that PostgreSQL sorts and casts no more than a question needs."""
    items = [f"{column.sql} AS {identifier(column.name)}" for column in _asked(table)]
    source = relation(table.profile.full_name)
    log = table.profile.event_log
    if log is not None:
        order = [f"{_column_sql(table, name)} DESC NULLS LAST" for name in log.order]
        key = identifier(log.key)
        raw = ", ".join(identifier(column.profile.name) for column in _asked(table))
        last = f"SELECT DISTINCT ON ({key}) {raw}\n  FROM {source}\n  ORDER BY {key}, {', '.join(order)}"
        source = f"(\n  {last}\n)"
    return "SELECT\n  " + ",\n  ".join(items) + f"\nFROM {source} AS r"


def _column_sql(table: DraftTable, real_name: str) -> str:
    column = table.column(real_name)
    return column.sql if column is not None else identifier(real_name)


def name_dimensions(tables: Sequence[DraftTable], main: DraftTable | None) -> None:
    """What each column is called in questions: of the tickets its concept or its plain name, of other tables the same
    with their noun before it where it would be another's."""
    taken: set[str] = {dimension for table in tables for _, dimension in table.looked_up.values()}
    for table in sorted(tables, key=lambda one: one is not main):
        for column in table.columns:
            kept = column.concept is not None and table.of_concept(column.concept.concept) is column
            name = column.concept.concept if kept and column.concept and table is main else column.name
            if name in taken:
                name = f"{plain_name(table.noun)}_{column.name}"
            while name in taken:
                name += "_2"
            taken.add(name)
            table.dimensions[column.profile.name] = name


def words_for(table: DraftTable) -> list[str]:
    """What people call many rows of a table that is not the one of tickets."""
    noun = said(table.noun)
    words = [plural(noun), f"number of {plural(noun)}", f"{noun} count", *([noun] if noun != plural(noun) else [])]
    last = plural(noun.split(" ")[-1])
    return words if last == plural(noun) else [*words, last, f"number of {last}"]
