"""Whether a join repeats rows under an aggregate, proven from the joins that the knowledge declares.

Rows are looked at from the first table of FROM on: a join towards the one side repeats the rows of that side, a join
towards the many side all that was there before. COUNT(DISTINCT …), MIN and MAX do not mind; a SUM, AVG or COUNT of
repeated rows counts them again, and a bare COUNT(*) counts rows of another table than the one that the query is about.
A join that nobody declared proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from dash.knowledge.formats import TableFile
from dash.semantics.dimensions import dimension_name
from dash.semantics.model import SemanticModel
from dash.steps.plan.written.lineage import Lineage
from dash.steps.plan.written.tree import Select, bare, conjuncts

Kind = Literal["one_to_one", "many_to_one", "one_to_many", "unknown"]
"""What a join is, from the rows that are there to the source that it adds."""

_TURNED: Mapping[str, Kind] = {
    "one_to_one": "one_to_one", "many_to_one": "one_to_many", "one_to_many": "many_to_one",
}  # fmt: skip
_HARMLESS = (exp.Min, exp.Max, exp.LogicalOr, exp.LogicalAnd)


@dataclass(frozen=True)
class FanOut:
    """A join that repeats rows under an aggregate. `certain` says that the knowledge declares it so."""

    source: str
    aggregate: str
    certain: bool


@dataclass(frozen=True)
class _Rows:
    """How the rows of a SELECT are repeated before it groups them: of which sources, whether a row is no longer one of
    the first source's, and whether the knowledge declares it so."""

    repeated: frozenset[str]
    moved: bool
    certain: bool


class FanOuts:
    """What repeats rows in one query. Each SELECT is looked at once, however often it is read from."""

    def __init__(self, lineage: Lineage, model: SemanticModel) -> None:
        self._lineage = lineage
        self._model = model
        self._known: dict[int, _Rows] = {}
        self._read: dict[int, bool] = {}

    def find(self) -> Iterator[FanOut]:
        """For each aggregate that minds: what repeats its rows, by joins here or in the queries that are read row by
        row."""
        for select in self._lineage.parts:
            for aggregate in select.aggregates:
                if self._minds(aggregate, select):
                    sources = ", ".join(select.order)
                    yield FanOut(sources, aggregate.sql(dialect="postgres")[:80], self._rows(select).certain)

    def _rows(self, select: Select) -> _Rows:
        if id(select.node) not in self._known:
            self._known[id(select.node)] = self._look_at(select)
        return self._known[id(select.node)]

    def _look_at(self, select: Select) -> _Rows:
        seen = list(select.order[:1])
        repeated: set[str] = set()
        certain = moved = False
        for join, alias in zip(select.joins, select.order[1:], strict=True):
            kind = _kind(select, join, alias, seen, self._model)
            if kind in ("one_to_many", "unknown"):
                repeated.update(seen)
                moved, certain = True, certain or kind == "one_to_many" or _is_product(select, join, alias)
            if kind in ("many_to_one", "unknown") or (kind == "one_to_one" and set(seen) <= repeated):
                repeated.add(alias)
                certain = certain or kind == "many_to_one"
            seen.append(alias)
        inner = [part for alias in select.derived for part in self._lineage.inside(select, alias) if part.is_plain]
        behind = [self._rows(part) for part in inner]
        moved, certain = moved or any(rows.moved for rows in behind), certain or any(rows.certain for rows in behind)
        return _Rows(frozenset(repeated), moved, certain)

    def _minds(self, aggregate: exp.Expr, select: Select) -> bool:
        """Whether repeated rows change an aggregate."""
        call = aggregate.this if isinstance(aggregate, exp.Filter | exp.WithinGroup) else aggregate
        if isinstance(call, _HARMLESS) or (isinstance(call, exp.Expr) and isinstance(call.this, exp.Distinct)):
            return False
        columns = list(call.find_all(exp.Column)) if isinstance(call, exp.Expr) else []
        if isinstance(aggregate, exp.WithinGroup):
            columns = list(aggregate.find_all(exp.Column))
        if not columns:
            return self._rows(select).moved  # COUNT(*): of which table's rows?
        if not self._rows(select).repeated and not select.derived:
            return False
        return any(self._is_repeated(column, select) for column in columns)

    def _is_repeated(self, column: exp.Column, select: Select) -> bool:
        """Whether the value of one row of its table may stand in several rows here."""
        if id(column) not in self._read:
            self._read[id(column)] = self._is_read_repeatedly(column, select)
        return self._read[id(column)]

    def _is_read_repeatedly(self, column: exp.Column, select: Select) -> bool:
        source = select.source_of(column)
        if source is None or source in self._rows(select).repeated:
            return True
        return any(
            self._is_repeated(read, inner)
            for inner, item in self._lineage.behind(select, column)
            if inner.is_plain
            for read in item.find_all(exp.Column)
        )


def _kind(select: Select, join: exp.Join, alias: str, seen: list[str], model: SemanticModel) -> Kind:
    if str(join.args.get("kind") or "").upper() == "CROSS":
        return "many_to_one" if _is_one_row(select.derived.get(alias)) else "unknown"
    pairs: list[tuple[str, str | None, str]] = [pair for part in _on(join) if (pair := _equality(part, alias))]
    pairs += [(name.name, None, name.name) for name in join.args.get("using") or ()]
    ours = {mine for mine, _, _ in pairs}
    table = select.tables.get(alias)
    alone = any(_tells_apart(select.tables.get(s or seen[0]), theirs, model) for _, s, theirs in pairs)
    one: Kind = "one_to_one" if alone else "many_to_one"
    if table is None:
        return one if _is_unique(select.derived.get(alias), ours) else "unknown"
    if table.primary_key and set(table.primary_key) <= ours:
        return one
    for name in seen:
        before = select.tables.get(name)
        if before is None:
            continue
        keys = {(theirs, mine) for mine, source, theirs in pairs if source in (name, None)}
        for declared in before.joins:
            if declared.to == table.table_name and set(declared.columns.items()) <= keys:
                return declared.type
        for declared in table.joins:
            mine_first = {(mine, theirs) for theirs, mine in keys}
            if declared.to == before.table_name and set(declared.columns.items()) <= mine_first:
                return _TURNED[declared.type]
    return "unknown"


def _is_product(select: Select, join: exp.Join, alias: str) -> bool:
    """Whether each row is joined to every row of rows that are no table's: a list of numbers, VALUES."""
    source = select.derived.get(alias)
    made = isinstance(source, exp.Table | exp.Unnest | exp.Values) or (
        isinstance(source, exp.Query) and source.find(exp.Table) is None and not _is_one_row(source)
    )
    bound = join.args.get("on") is not None or join.args.get("using")
    columns = (column for condition in select.conditions for column in condition.find_all(exp.Column))
    return made and not bound and not any(column.table in ("", alias) for column in columns)


def _tells_apart(table: TableFile | None, column: str, model: SemanticModel) -> bool:
    """Whether a column has another value in each row of a table."""
    if table is None:
        return False
    key = model.key(table.table_name)
    own = {
        one.name for one in table.table_columns if dimension_name(one) == key and model.home(key) == table.table_name
    }
    return column in own or [column] == table.primary_key


def _on(join: exp.Join) -> Iterator[exp.Expr]:
    condition = join.args.get("on")
    return conjuncts(condition) if condition is not None else iter(())


def _equality(part: exp.Expr, alias: str) -> tuple[str, str, str] | None:
    """`alias.mine = source.theirs` → (mine, source, theirs)."""
    if not isinstance(part, exp.EQ):
        return None
    left, right = bare(part.this), bare(part.expression)
    if not isinstance(left, exp.Column) or not isinstance(right, exp.Column):
        return None
    if left.table == alias and right.table != alias:
        return left.name, right.table, right.name
    return (right.name, left.table, left.name) if right.table == alias and left.table != alias else None


def _is_unique(source: exp.Expr | None, keys: set[str]) -> bool:
    """Whether a query in FROM has at most one row for each value of these columns."""
    if not isinstance(source, exp.Select):
        return False
    group = source.args.get("group")
    if group is None:
        return _is_one_row(source)
    names = {bare(item.this if isinstance(item, exp.Alias) else item).sql(): item.alias_or_name
             for item in source.expressions}  # fmt: skip
    listed = [_grouped(part, source, names) for part in group.expressions]
    return bool(listed) and all(name is not None and name in keys for name in listed)


def _grouped(part: exp.Expr, source: exp.Select, names: dict[str, str]) -> str | None:
    if isinstance(part, exp.Literal) and not part.is_string:
        place = int(part.this)
        return source.expressions[place - 1].alias_or_name if 0 < place <= len(source.expressions) else None
    return names.get(bare(part).sql())


def _is_one_row(source: exp.Expr | None) -> bool:
    """Whether a query gives one row whatever the data: an aggregate without groups."""
    if not isinstance(source, exp.Select) or source.args.get("group") is not None:
        return False
    return all(item.find(exp.AggFunc) and not item.find(exp.Window) for item in source.expressions)
