"""Where what a query shows comes from: its columns followed through derived tables and CTEs to the tables' own.

A condition on `x.category` proves something only when that is the table's column and not another one that was renamed
to it; a definition only counts where an output is made of it; and a subquery that nothing is read from proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from dash.steps.plan.written.tree import Select, bare, own_nodes


@dataclass(frozen=True)
class Lineage:
    """The SELECTs of one query, outermost first. `tree` is the query itself."""

    tree: exp.Expr
    parts: tuple[Select, ...]

    @cached_property
    def _by_node(self) -> Mapping[int, Select]:
        return {id(part.node): part for part in self.parts}

    @cached_property
    def outermost(self) -> tuple[Select, ...]:
        """The SELECTs whose rows are the result: one, or the branches of a UNION."""
        return tuple(self._by_node[id(node)] for node in branches(self.tree))

    @cached_property
    def used(self) -> tuple[Select, ...]:
        """The SELECTs that something is read from, outermost first: no CTE that stands there for show."""
        found: dict[int, Select] = {}
        waiting = list(self.outermost)
        while waiting:
            part = waiting.pop(0)
            if id(part.node) in found:
                continue
            found[id(part.node)] = part
            inner = list(part.derived.values())
            inner += [node for node in own_nodes(part.node) if isinstance(node, exp.Query) and node is not part.node]
            waiting += [self._by_node[id(node)] for query in inner for node in branches(query)]
        return tuple(found.values())

    @cached_property
    def limiting(self) -> tuple[Select, ...]:
        """Those of them whose conditions limit what is shown."""
        return tuple(part for part in self.used if not part.shows_others)

    @cached_property
    def outputs(self) -> tuple[tuple[Select, exp.Expr], ...]:
        """What the result's columns are made of, however deep: each with the SELECT that it is worked out in, once."""
        found: dict[int, tuple[Select, exp.Expr]] = {}
        waiting = [(part, item) for part in self.outermost for item in part.node.expressions]
        while waiting:
            part, item = waiting.pop(0)
            if id(item) in found:
                continue
            found[id(item)] = part, item
            for node in _own(item):
                if isinstance(node, exp.Column):
                    waiting += self.behind(part, node)
                elif isinstance(node, exp.Query):
                    inner = (self._by_node[id(branch)] for branch in branches(node))
                    waiting += [(one, output) for one in inner for output in one.node.expressions]
        return tuple(found.values())

    def made_of(self, part: Select, item: exp.Expr) -> tuple[tuple[Select, exp.Expr], ...]:
        """One output, and what it is read from: only through columns that are passed on as they are."""
        found: dict[int, tuple[Select, exp.Expr]] = {}
        waiting = [(part, item)]
        while waiting:
            where, one = waiting.pop(0)
            if id(one) in found:
                continue
            found[id(one)] = where, one
            column = bare(one.unalias())
            if isinstance(column, exp.Column):
                waiting += self.behind(where, column)
        return tuple(found.values())

    def behind(self, part: Select, column: exp.Column) -> list[tuple[Select, exp.Expr]]:
        """The outputs of the inner query that a column is; a UNION is named by its first branch."""
        source = part.derived.get(part.source_of(column) or "")
        nodes = branches(source) if source is not None else ()
        names = [one.alias_or_name for one in nodes[0].expressions] if nodes else []
        if column.name not in names:
            return []
        place = names.index(column.name)
        return [(self._by_node[id(node)], node.expressions[place]) for node in nodes if place < len(node.expressions)]

    def inside(self, part: Select, alias: str) -> tuple[Select, ...]:
        """The SELECTs whose rows a derived source has."""
        source = part.derived.get(alias)
        return tuple(self._by_node[id(node)] for node in branches(source)) if source is not None else ()

    def origins(self, part: Select, column: exp.Column) -> set[tuple[str, str] | None]:
        """The tables' own columns that a column is, as (table, column); None among them for what is worked out."""
        found: set[tuple[str, str] | None] = set()
        for where, one in self.made_of(part, column):
            expression = bare(one.unalias())
            source = where.source_of(expression) if isinstance(expression, exp.Column) else None
            if source is not None and source in where.tables:
                found.add((where.tables[source].table_name, expression.name))
            elif not isinstance(expression, exp.Column) or not self.behind(where, expression):
                found.add(None)
        return found

    def limits(self, part: Select) -> tuple[exp.Expr, ...]:
        """The conditions of a SELECT that are on the tables' own columns."""
        return tuple(
            condition
            for condition in part.conditions
            if all(self.is_genuine(part, column) for column in condition.find_all(exp.Column))
        )

    def is_genuine(self, part: Select, column: exp.Column) -> bool:
        """Whether a column is a table's own of the same name, or one of an outer query, which is looked at there."""
        source = part.source_of(column)
        if source is None:
            return not part.derived or bool(column.table)
        return source in part.tables or {o[1] if o else None for o in self.origins(part, column)} == {column.name}

    def is_ranked(self, part: Select, column: exp.Column) -> bool:
        """Whether a column is the place of a row among others: `row_number() OVER (…)`."""
        return any(one.find(exp.Window) is not None for _, one in self.made_of(part, column))


def branches(query: exp.Expr) -> Sequence[exp.Select]:
    """The SELECTs whose rows a query gives."""
    while isinstance(query, exp.Subquery | exp.Paren):
        inner: exp.Expr = query.this
        query = inner
    if isinstance(query, exp.SetOperation):
        return (*branches(query.this), *branches(query.expression))
    return (query,) if isinstance(query, exp.Select) else ()


def _own(item: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of an expression, without those inside of queries in it."""
    stack = [item]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, exp.Query):
            stack.extend(node.iter_expressions())
