"""A derived table's SQL without what the database does not have: outputs whose columns are missing are left out, and so
are outer joins that can no longer be made.

Nothing is left out of a condition, an inner join or a grouping, because that would change what the rest means: a query
in which one of these breaks is no query any more. Text that fits as it stands is not printed anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

Columns = frozenset[str]
Schema = Mapping[str, Columns]
"""relation (schema.table) → its columns."""


@dataclass(frozen=True)
class Substitutes:
    """SQL for missing columns, by (relation, column), over the same table's other columns, and columns with types of
    tables that may be missing. A table without rows says nothing that could be shown: it stands in conditions only.
    `unzoned` are times without a zone, which are of `zone`; `zoned` are those with one that the SQL takes for UTC
    without one."""

    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unzoned: frozenset[tuple[str, str]] = frozenset()
    zone: str = "UTC"
    zoned: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Fitted:
    """The SQL, or None where nothing of it is left; `lost` are outputs that it has no more, `absent` relations and
    columns that are not there, `used` (relation, column) that it reads in place of others."""

    sql: str | None
    lost: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    used: frozenset[tuple[str, str]] = frozenset()


def fit(sql: str, schema: Schema, substitutes: Substitutes) -> Fitted:
    """The query as far as the schema can answer it. Every column in it must say which table it is of (t.id)."""
    parsed = sqlglot.parse_one(sql, dialect="postgres")
    assert isinstance(parsed, exp.Select)
    before = _outputs(parsed)
    fitter = _Fitter(schema, substitutes)
    left = fitter.fit(parsed, {})
    lost = tuple(name for name in before if left is None or name not in left)
    if left is None or not left:
        return Fitted(None, lost, frozenset(fitter.absent))
    text = parsed.sql(dialect="postgres", pretty=True) if fitter.changed else sql
    return Fitted(text, lost, frozenset(fitter.absent), frozenset(fitter.used))


def _outputs(select: exp.Select) -> list[str]:
    return [output.alias_or_name for output in select.selects]


Sources = dict[str, Columns | None]
"""What each alias has; None where it is broken."""

_RESTS = ("where", "group", "having", "order", "distinct")
"""Parts of a query behind its outputs and sources."""


class _Fitter:
    def __init__(self, schema: Schema, substitutes: Substitutes) -> None:
        self._schema = schema
        self._substitutes = substitutes
        self.changed = False
        self.absent: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self._without_rows: set[str] = set()

    def fit(self, select: exp.Select, outer: Sources) -> Columns | None:
        """Fit a query in place. Its outputs; None when it cannot be asked at all."""
        own: Sources = {}
        relations: dict[str, str] = {}
        start = select.args.get("from_") or select.args.get("from")
        if start is not None:
            self._take(start.this, own, relations, outer)
            if None in own.values():
                return None
        for join in list(select.args.get("joins") or ()):
            self._take(join.this, own, relations, outer)
            alias = join.this.alias_or_name
            self._substitute(join, relations)
            on = join.args.get("on")
            if own[alias] is not None and (on is None or not self._broken(on, {**outer, **own})):
                continue
            if join.side != "LEFT":
                return None
            own[alias] = None
            select.args["joins"].remove(join)
            self.changed = True
        for own_part in self._own_parts(select):
            self._substitute(own_part, relations)
        sources = {**outer, **own}
        shown = {alias: None if alias in self._without_rows else columns for alias, columns in sources.items()}
        kept = [output for output in select.selects if not self._broken(output, shown)]
        if len(kept) < len(select.selects):
            select.set("expressions", kept)
            self.changed = True
        if any(self._broken(rest, sources) for name in _RESTS if (rest := select.args.get(name))):
            return None
        return frozenset(output.alias_or_name for output in kept)

    def _take(self, source: exp.Expr, own: Sources, relations: dict[str, str], outer: Sources) -> None:
        """Note what a source of FROM has."""
        alias = source.alias_or_name
        if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Select):
            own[alias] = self.fit(source.this, outer)
            return
        if not isinstance(source, exp.Table) or not source.db:
            own[alias] = None
            return
        name = f"{source.db}.{source.name}"
        relations[alias] = name
        if name in self._schema:
            own[alias] = self._schema[name]
            return
        self.absent.add(name)
        columns = self._substitutes.tables.get(name)
        own[alias] = frozenset(columns) if columns is not None else None
        if columns is not None:
            self._without_rows.add(alias)
            nothing = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in columns.items())
            source.replace(sqlglot.parse_one(f"SELECT * FROM (SELECT {nothing} WHERE FALSE) AS {alias}",
                                             dialect="postgres").find(exp.Subquery))  # fmt: skip
            self.changed = True

    def _own_parts(self, select: exp.Select) -> Iterator[exp.Expr]:
        yield from select.selects
        yield from (rest for name in _RESTS if (rest := select.args.get(name)))

    def _substitute(self, part: exp.Expr, relations: Mapping[str, str]) -> None:
        """Write what stands for missing columns; those of queries further in are theirs."""
        for column in list(part.find_all(exp.Column)):
            relation = relations.get(column.table)
            if relation is None or relation not in self._schema:
                continue
            if column.name in self._schema[relation]:
                self._give_zone(column, relation)
                self._take_zone(column, relation)
                continue
            self.absent.add(f"{relation}.{column.name}")
            text = self._substitutes.columns.get((relation, column.name))
            instead = sqlglot.parse_one(f"({text})", dialect="postgres") if text is not None else None
            named = list(instead.find_all(exp.Column)) if instead is not None else []
            if instead is None or not self._schema[relation].issuperset(one.name for one in named):
                continue
            for one in named:
                one.set("table", exp.to_identifier(column.table))
                if not isinstance(column.parent, exp.AtTimeZone):
                    self._give_zone(one, relation)
            self.used |= {(relation, one.name) for one in named}
            column.replace(instead)
            self.changed = True

    def _give_zone(self, column: exp.Column, relation: str) -> None:
        if (relation, column.name) in self._substitutes.unzoned and not isinstance(column.parent, exp.AtTimeZone):
            column.replace(exp.AtTimeZone(this=column.copy(), zone=exp.Literal.string(self._substitutes.zone)))
            self.changed = True

    def _take_zone(self, column: exp.Column, relation: str) -> None:
        """Let a time be what the SQL takes it for: `AT TIME ZONE 'UTC'` would turn one with a zone into one without."""
        if (relation, column.name) not in self._substitutes.zoned or column.meta.get("as_expected"):
            return
        column.meta["as_expected"] = True
        said = column.parent
        if isinstance(said, exp.AtTimeZone) and said.args["zone"] == exp.Literal.string("UTC"):
            said.replace(column)
        else:
            column.replace(exp.AtTimeZone(this=column.copy(), zone=exp.Literal.string("UTC")))
        self.changed = True

    def _broken(self, part: exp.Expr, sources: Sources) -> bool:
        """Whether a part of a query names something that is not there."""
        inner = list(part.find_all(exp.Select))
        if inner:
            first = inner[0]
            if self.fit(first, sources) is None:
                return True
        inside = {id(column) for select in inner for column in select.find_all(exp.Column)}
        for column in part.find_all(exp.Column):
            if id(column) in inside or not column.table:
                continue
            known = sources.get(column.table)
            if known is None or column.name not in known:
                return True
        return False
