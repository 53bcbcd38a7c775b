"""SQL that the guard has passed, as what the proofs look at: its SELECTs with their sources, conditions and aggregates.

The proofs are written so that what this module does not recognise proves nothing: an unknown form of a condition is no
condition, an unknown source is one that may repeat rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dash.errors import QueryRejected
from dash.knowledge.formats import TableFile

MAXIMUM_LENGTH, MAXIMUM_NESTING = 6_000, 8
"""Of a text that is read with the full parser, whose work doubles with some brackets; the guard allows more."""

AGGREGATES = (exp.AggFunc, exp.Filter, exp.WithinGroup)
_WRAPPERS = (exp.Paren, exp.Cast)


@dataclass(frozen=True)
class Select:
    """One SELECT. `tables` maps the alias of a described table to it, `derived` that of any other source to what it is;
    `parent` is the SELECT or query in which this one stands, None for the outermost."""

    node: exp.Select
    tables: Mapping[str, TableFile]
    derived: Mapping[str, exp.Expr]
    order: tuple[str, ...] = field(default=())

    @cached_property
    def conditions(self) -> tuple[exp.Expr, ...]:
        """What every row must pass: the parts of WHERE, HAVING and ON that are joined by AND. The ON of an outer join
        limits what it adds, so it counts only where nothing else is aggregated."""
        found = [self.node.args.get("where"), self.node.args.get("having")]
        roots = [part.this for part in found if part is not None]
        joins = [join for join in self.joins if not join.side or self._is_all_of(join.this.alias_or_name)]
        roots += [join.args["on"] for join in joins if join.args.get("on") is not None]
        return tuple(part for root in roots for part in conjuncts(root))

    def _is_all_of(self, alias: str) -> bool:
        """Whether every aggregate reads this source, and none another one."""
        read = [list(aggregate.find_all(exp.Column)) for aggregate in self.aggregates]
        return bool(read) and all(columns and all(c.table == alias for c in columns) for columns in read)

    @cached_property
    def joins(self) -> tuple[exp.Join, ...]:
        """The joins of FROM."""
        return tuple(self.node.args.get("joins") or ())

    @cached_property
    def aggregates(self) -> tuple[exp.Expr, ...]:
        """The aggregate calls of this SELECT itself, each with its FILTER if it has one."""
        calls = (node for node in own_nodes(self.node) if isinstance(node, AGGREGATES))
        return tuple(node for node in calls if not isinstance(node.parent, exp.Filter | exp.WithinGroup))

    @cached_property
    def depends_on(self) -> exp.Select | None:
        """The SELECT around this one whose rows it is worked out for, one by one; None when it stands for itself."""
        outer = self.node.find_ancestor(exp.Select)
        while outer is not None:
            around = {source.alias_or_name for source in _sources(outer)}
            if any(column.table in around - set(self.order) for column in self.node.find_all(exp.Column)):
                return outer
            outer = outer.find_ancestor(exp.Select)
        return None

    @cached_property
    def shows_others(self) -> bool:
        """Whether all that it shows is worked out by queries inside of it, so that its own conditions limit nothing."""
        items = [bare(item.unalias()) for item in self.node.expressions]
        if not any(item.find(exp.Query) for item in items):
            return False
        own = (node for item in items if not isinstance(item, exp.Query) for node in own_nodes(item))
        return not any(isinstance(node, exp.Column | exp.Star | exp.AggFunc) for node in own)

    @property
    def is_plain(self) -> bool:
        """Whether each of its rows is one of the rows that it reads: nothing is grouped or made distinct."""
        grouped = self.node.args.get("group") or self.node.args.get("distinct")
        return grouped is None and not self.aggregates

    def source_of(self, column: exp.Column) -> str | None:
        """The alias of the source that a column is read from, None when it cannot be told."""
        if column.table:
            return column.table if column.table in self.tables or column.table in self.derived else None
        owners = [a for a, table in self.tables.items() if any(c.name == column.name for c in table.table_columns)]
        if len(owners) == 1 and not self.derived:
            return owners[0]
        return next(iter(self.derived)) if not self.tables and len(self.derived) == 1 else None


def parse_guarded(sql: str) -> exp.Expr:
    """The tree of SQL that the guard has passed. Raises QueryRejected for what would take too long to read."""
    depth = deepest = 0
    for character in sql:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    if len(sql) > MAXIMUM_LENGTH or deepest > MAXIMUM_NESTING:
        raise QueryRejected("A query this long or this deep", "use WITH to name the inner steps.", rule="too_deep")
    try:
        return sqlglot.parse_one(sql, dialect="postgres")
    except SqlglotError:
        raise QueryRejected("A text that cannot be read twice", "write one plain SELECT.", rule="syntax") from None


def selects(tree: exp.Expr, tables: Mapping[str, TableFile]) -> tuple[Select, ...]:
    """Every SELECT of a query, outermost first."""
    named = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}
    return tuple(_select(node, tables, named) for node in tree.find_all(exp.Select))


def _select(node: exp.Select, tables: Mapping[str, TableFile], named: Mapping[str, exp.Expr]) -> Select:
    real: dict[str, TableFile] = {}
    derived: dict[str, exp.Expr] = {}
    order = []
    for source in _sources(node):
        alias = source.alias_or_name
        order.append(alias)
        if isinstance(source, exp.Table) and f"{source.db}.{source.name}" in tables:
            real[alias] = tables[f"{source.db}.{source.name}"]
        elif isinstance(source, exp.Table) and not source.db and source.name in named:
            derived[alias] = named[source.name]
        else:
            inner = source.this if isinstance(source, exp.Lateral) else source
            derived[alias] = inner.this if isinstance(inner, exp.Subquery) else inner
    return Select(node, real, derived, tuple(order))


def _sources(node: exp.Select) -> list[exp.Expr]:
    origin = node.args.get("from_")
    joined = [join.this for join in node.args.get("joins") or ()]
    return [origin.this, *joined] if origin is not None else joined


def own_nodes(select: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of a SELECT, or of a part of one, without those of the queries inside of it."""
    stack: list[exp.Expr] = [select]
    while stack:
        node = stack.pop()
        yield node
        if node is not select and isinstance(node, exp.Query):
            continue
        stack.extend(child for child in node.iter_expressions() if not isinstance(child, exp.With))


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of a condition that all must hold."""
    condition = bare(condition, casts=False)
    if isinstance(condition, exp.And):
        yield from conjuncts(condition.this)
        yield from conjuncts(condition.expression)
    else:
        yield condition


def filter_of(aggregate: exp.Expr) -> tuple[exp.Expr, ...]:
    """What the rows of one aggregate must pass besides: its FILTER, or the CASE without ELSE inside of it."""
    if isinstance(aggregate, exp.Filter):
        return tuple(conjuncts(aggregate.expression.this))
    case = bare(aggregate.this) if isinstance(aggregate.this, exp.Expr) else None
    if isinstance(case, exp.Distinct) and case.expressions:
        case = case.expressions[0]
    if isinstance(case, exp.Case) and case.this is None and len(case.args["ifs"]) == 1:
        default = case.args.get("default")
        if default is None or isinstance(default, exp.Null) or default == exp.Literal.number(0):
            return tuple(conjuncts(case.args["ifs"][0].this))
    return ()


def bare(node: exp.Expr, *, casts: bool = True) -> exp.Expr:
    """A node without brackets (and casts) around it."""
    while isinstance(node, exp.Paren) or (casts and isinstance(node, exp.Cast)):
        inner: exp.Expr = node.this
        node = inner
    return node


def spelled(node: exp.Expr, *, qualified: bool = False) -> str:
    """One spelling for trees that mean the same: no brackets, no casts of placeholders, and no qualifiers unless they
    are wanted. Only to compare by: it shows the tree's own structure, so that brackets that matter are not lost."""

    def plain(part: exp.Expr) -> exp.Expr:
        if isinstance(part, exp.Paren):
            inner: exp.Expr = part.this
            return inner
        if isinstance(part, exp.Cast) and isinstance(bare(part), exp.Placeholder):
            return bare(part)
        if isinstance(part, exp.Column):
            return exp.column(part.name.lower(), part.table.lower() if qualified and part.table else None)
        return part

    copy = node.copy()
    for _ in range(3):  # brackets around brackets
        copy = copy.transform(plain)
    for part in copy.walk():
        part.comments = None
    return repr(copy)
