"""What a name can mean at a place of the query: the columns of its sources, and what is known about each.

Two things are known about a value besides its name. How *personal* it is: not at all, exactly a personal column, or
computed from one. And its *growth*: how many ordinary values' worth of memory it may take, so that a chain of
harmless-looking steps cannot double a text thirty times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from dash.errors import QueryRejected

MAXIMUM_GROWTH = 1_000.0
_MAXIMUM_SEARCH = 10.0
_MAXIMUM_COMPARED_ELEMENTS = 50.0


class Personal(IntEnum):
    """How much of a person a value tells. Higher wins when values are combined."""

    NO = 0
    COLUMN = 1
    """exactly the values of a personal column, so that only equality with a known value or a count says nothing new"""
    DERIVED = 2
    """computed from one, alone or mixed with other values"""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known about an expression."""

    personal: Personal = Personal.NO
    growth: float = 0.0

    def derived(self) -> Value:
        return Value(Personal.DERIVED, self.growth) if self.personal else self


PLAIN = Value()


@dataclass(frozen=True, slots=True)
class Output:
    """An output column. `name` None: PostgreSQL makes one up. `explicit`: the name was written, not worked out."""

    name: str | None
    value: Value
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Relation:
    """What a query or table yields. `open`: a `*` over a table is in it, whose further columns are not known here.
    `many`: its rows grow with the data and no grouping or limit makes them few."""

    outputs: tuple[Output, ...]
    open: bool = False
    many: bool = False


@dataclass(eq=False, slots=True)
class Source:
    """An item of FROM. `table` is the allowed relation's key when it is a real table."""

    name: str | None
    columns: dict[str, Value]
    order: list[str]
    table: str | None = None
    qualified: tuple[str, str] | None = None
    open: bool = False
    many: bool = False


@dataclass(eq=False, slots=True)
class Scope:
    """The sources of one SELECT, and the SELECT around it. `star` is what `*` stands for; each of `connections` is a
    set of sources that a condition ties together."""

    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    star: list[tuple[str, Value]] = field(default_factory=list)
    connections: list[set[int]] = field(default_factory=list)
    reached: set[int] = field(default_factory=set)
    """sources of the SELECTs around this one that were read from inside it"""

    @property
    def has_table(self) -> bool:
        """A real table is here, or a `*` of one: it may have columns that nobody listed."""
        return any(source.table or source.open for source in self.sources)


@dataclass(slots=True)
class Touched:
    """The sources that an expression reads, to see which sources a condition ties together."""

    sources: set[int] = field(default_factory=set)


def find_column(scope: Scope, name: str, touched: Touched) -> Value:
    """The unqualified column `name`, from the innermost SELECT outwards, as PostgreSQL looks it up."""
    passed_a_table = False
    for level in _outwards(scope):
        found = [source for source in level.sources if name in source.columns]
        if found:
            if passed_a_table:
                raise QueryRejected(
                    f"The column {name} of an outer query",
                    "write its table's alias in front.",
                    rule="unqualified_outer",
                )
            _reach(scope, level, found, touched)
            return max((source.columns[name] for source in found), key=lambda value: value.personal)
        passed_a_table = passed_a_table or level.has_table
    return _whole_row(scope, name, touched, any_table=passed_a_table)


def _whole_row(scope: Scope, name: str, touched: Touched, *, any_table: bool) -> Value:
    for level in _outwards(scope):
        for source in level.sources:
            if source.name == name:
                if any_table:
                    raise QueryRejected(
                        f"The whole row {name}",
                        "name its columns, for example jsonb_build_object('status', status).",
                        rule="whole_row",
                    )
                _reach(scope, level, [source], touched)
                return combined(list(source.columns.values())).derived()
    raise unknown_column(name)


def find_qualified(scope: Scope, qualifier: str, schema: str | None, name: str, touched: Touched) -> Value:
    """The column `name` of the source called `qualifier` (or of the table `schema.qualifier`)."""
    level, source = find_source(scope, qualifier, schema)
    if name not in source.columns:
        raise unknown_column(f"{qualifier}.{name}")
    _reach(scope, level, [source], touched)
    return source.columns[name]


def find_source(scope: Scope, qualifier: str, schema: str | None) -> tuple[Scope, Source]:
    """The nearest source of that name and the SELECT that it belongs to."""
    for level in _outwards(scope):
        for source in level.sources:
            if source.qualified == (schema, qualifier) if schema else source.name == qualifier:
                return level, source
    name = f"{schema}.{qualifier}" if schema else qualifier
    raise QueryRejected(f"The table or alias {name}", "name it in FROM first.", rule="unknown_source")


def _outwards(scope: Scope) -> Iterator[Scope]:
    level: Scope | None = scope
    while level is not None:
        yield level
        level = level.parent


def _reach(scope: Scope, level: Scope, found: list[Source], touched: Touched) -> None:
    sources = {id(source) for source in found}
    touched.sources |= sources
    for passed in _outwards(scope):
        if passed is level:
            return
        passed.reached |= sources


def unknown_column(name: str) -> QueryRejected:
    return QueryRejected(f"The column {name}", "use a column that the knowledge lists.", rule="unknown_column")


def combined(values: list[Value]) -> Value:
    """Several values in one: as personal as the most personal, as large as all together."""
    if not values:
        return PLAIN
    personal = max(value.personal for value in values)
    if personal is Personal.COLUMN and len(values) > 1:
        personal = Personal.DERIVED
    return bounded(Value(personal, sum(value.growth for value in values)))


def bounded(value: Value) -> Value:
    if value.growth > MAXIMUM_GROWTH:
        raise QueryRejected(
            "A text or array that is put together from so many copies", "build it from fewer parts.", rule="growth"
        )
    return value


def require_short_search(searched: Value, wanted: Value, *, elements: bool = False) -> None:
    """Looking for one text in another, or for the elements of one array in another, takes the product of their sizes at
    worst, and PostgreSQL does not look up from it: neither a timeout nor pg_terminate_backend ends it. So in what many
    rows were collected into, only something short is searched."""
    if searched.growth * wanted.growth > (_MAXIMUM_COMPARED_ELEMENTS if elements else _MAXIMUM_SEARCH):
        raise QueryRejected(
            "Searching long collected values for something long",
            "search the rows before collecting them.",
            rule="search",
        )


def personal_use(place: str) -> QueryRejected:
    """The rejection for a viewer who may not see personal columns."""
    return QueryRejected(
        f"A personal column in {place}",
        "use an id instead, compare it with a parameter for equality, or ask someone who may see personal data.",
        rule="personal",
    )
