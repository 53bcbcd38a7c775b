"""Queries, read as PostgreSQL resolves them: which relation each name in FROM is, what each SELECT yields.

Every relation must be an allowed table, written with its schema, or something that the query itself made (a WITH
query, a subquery, VALUES, an allowed function). What `*` stands for is spelled out with the listed columns; because
the table may have more, a `*` over a table is only taken where columns keep their names, and the executor compares
the names that come back with `CheckedQuery.outputs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.bounds import MAXIMUM_SERIES_PRODUCT, KnownValues
from dash.steps.guard.expressions import ExpressionReader
from dash.steps.guard.outputs import aggregates, depends_on_rows, output_name, renamed, stacked, united
from dash.steps.guard.scope import Output, Personal, Relation, Scope, Touched, Value, bounded, personal_use
from dash.steps.guard.shapes import bare, fold
from dash.steps.guard.sources import SourceReader

Environment = Mapping[str, Relation]
MAXIMUM_QUERIES = 60
MAXIMUM_OUTPUTS = 1_600


class QueryReader:
    """Reads one statement. `relations` collects the allowed relations that it reads."""

    def __init__(self, allowed: Mapping[str, tuple[str, ...]], personal: frozenset[str], known: KnownValues) -> None:
        self.relations: set[str] = set()
        self._known = known
        self._environment: Environment = {}
        self._queries = 0
        self._expressions = ExpressionReader(known, self._read_inner)
        self._sources = SourceReader(
            allowed, personal, known, self._expressions, self._read_source, self._with_query, self.relations
        )

    def read(self, tree: exp.Expr) -> Relation:
        """What the whole statement yields. Raises QueryRejected."""
        relation = self._query(tree, None, {})
        if self._sources.series_product > MAXIMUM_SERIES_PRODUCT:
            raise QueryRejected("Several series at once", "use fewer or shorter series.", rule="series")
        return relation

    def _read_inner(self, node: exp.Expr, scope: Scope) -> Relation:
        return self._query(node, scope, self._environment)

    def _read_source(self, node: exp.Expr, scope: Scope | None) -> Relation:
        return self._query(node, scope, self._environment)

    def _with_query(self, name: str) -> Relation | None:
        return self._environment.get(name)

    def _query(self, node: exp.Expr, outer: Scope | None, environment: Environment) -> Relation:
        self._queries += 1
        if self._queries > MAXIMUM_QUERIES:
            raise QueryRejected(f"More than {MAXIMUM_QUERIES} subqueries", "use fewer.", rule="too_many_queries")
        before = self._environment
        self._environment = self._with(node, outer, environment)
        try:
            return self._body(node, outer)
        finally:
            self._environment = before

    def _body(self, node: exp.Expr, outer: Scope | None) -> Relation:
        if isinstance(node, exp.Select):
            return self._select(node, outer)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, outer)
        if isinstance(node, exp.Values):
            return self._modified(node, self._values(node, outer), outer)
        if (
            isinstance(node, exp.Subquery)
            and isinstance(node.this, (exp.Query, exp.Values))
            and not node.args.get("joins")
        ):
            return self._modified(node, self._query(node.this, outer, self._environment), outer)
        raise QueryRejected("Something that is not a query in a query's place", "write a SELECT.", rule="not_a_query")

    def _with(self, node: exp.Expr, outer: Scope | None, environment: Environment) -> Environment:
        clause = node.args.get("with_")
        if clause is None:
            return environment
        extended = dict(environment)
        here: set[str] = set()
        for item in clause.expressions:
            alias = item.args["alias"]
            name = bare(alias.this)
            if name in here:
                raise QueryRejected(f"Two WITH queries called {name}", "give them different names.", rule="with_name")
            here.add(name)
            relation = self._query(item.this, outer, extended)
            extended[name] = renamed(relation, [fold(column) for column in alias.args.get("columns") or []])
        return extended

    # SELECT

    def _select(self, node: exp.Select, outer: Scope | None) -> Relation:
        scope = Scope(parent=outer)
        self._sources.read_from(node, scope)
        touched = Touched()
        if node.args.get("where") is not None:
            self._sources.condition(node.args["where"].this, scope)
        self._sources.require_connection(scope)
        for window in node.args.get("windows") or []:
            self._expressions.window_parts(window, scope, touched)
        outputs, is_open = self._projections(node, scope, touched)
        self._group(node, scope, outputs)
        if node.args.get("having") is not None:
            self._expressions.condition(node.args["having"].this, scope)
        self._distinct(node, scope, outputs)
        relation = Relation(tuple(outputs), is_open, self._is_many(node, scope))
        self._order(node, relation, scope, by_name_only=False)
        return self._limited(node, relation, outer)

    def _projections(self, node: exp.Select, scope: Scope, touched: Touched) -> tuple[list[Output], bool]:
        outputs: list[Output] = []
        is_open = False
        if not node.expressions:
            raise QueryRejected("SELECT without columns", "name at least one.", rule="no_columns")
        for item in node.expressions:
            star = item if isinstance(item, exp.Star) else item.this if isinstance(item, exp.Column) else None
            if isinstance(star, exp.Star):
                found, from_table = self._sources.star(item, scope)
                outputs += found
                is_open = is_open or from_table
            elif isinstance(item, exp.Alias):
                value = self._expressions.value(item.this, scope, touched)
                outputs.append(Output(fold(item.args["alias"]), bounded(value)))
            else:
                value = self._expressions.value(item, scope, touched)
                outputs.append(Output(output_name(item), bounded(value), isinstance(item, exp.Column)))
            if len(outputs) > MAXIMUM_OUTPUTS:
                raise QueryRejected(
                    f"More than {MAXIMUM_OUTPUTS:,} output columns", "name the columns.", rule="too_many_columns"
                )
        return outputs, is_open

    def _group(self, node: exp.Select, scope: Scope, outputs: Sequence[Output]) -> None:
        group = node.args.get("group")
        waiting = list(group.expressions) if group is not None else []
        named = {
            fold(item.args["alias"]): item.this for item in node.expressions if waiting and isinstance(item, exp.Alias)
        }
        while waiting:
            item = waiting.pop()
            if isinstance(item, (exp.GroupingSets, exp.Rollup, exp.Cube, exp.Tuple)):
                waiting += item.expressions
                continue
            name = bare_name(item)
            if name in named and not any(name in source.columns for source in scope.sources):
                item = self._named_group(named[name], name, scope)
            value = self._ordinal(item, outputs) or self._expressions.value(item, scope, Touched())
            if value.personal is Personal.DERIVED:
                raise personal_use("GROUP BY")

    @staticmethod
    def _named_group(projection: exp.Expr, name: str, scope: Scope) -> exp.Expr:
        """GROUP BY name: a column of FROM first, then an output column. If a table had an unlisted column of that
        name, PostgreSQL would group by it; so the output must be one that cannot stand ungrouped then."""
        if scope.has_table and not depends_on_rows(projection):
            raise QueryRejected(
                f"GROUP BY {name}, which names a constant or an aggregate", "leave it out.", rule="group_by"
            )
        return projection

    def _distinct(self, node: exp.Select, scope: Scope, outputs: Sequence[Output]) -> None:
        distinct = node.args.get("distinct")
        if distinct is None:
            return
        on = distinct.args.get("on")
        if on is None:
            if any(output.value.personal is Personal.DERIVED for output in outputs):
                raise personal_use("DISTINCT")
            return
        named = _by_name(outputs)
        for item in on.expressions if isinstance(on, exp.Tuple) else [on]:
            value = self._ordinal(item, outputs) or named.get(bare_name(item))
            if (value or self._expressions.value(item, scope, Touched())).personal:
                raise personal_use("DISTINCT ON")

    # what several kinds of query share

    def _set_operation(self, node: exp.SetOperation, outer: Scope | None) -> Relation:
        branches: list[Relation] = []
        distinct = False
        spine: exp.Expr = node
        while isinstance(spine, exp.SetOperation) and (spine is node or not spine.args.get("with_")):
            if spine is not node and any(spine.args.get(part) for part in ("order", "limit", "offset")):
                break
            distinct = distinct or spine.args.get("distinct") is not False or not isinstance(spine, exp.Union)
            branches.append(self._query(spine.expression, outer, self._environment))
            spine = spine.this
        branches.append(self._query(spine, outer, self._environment))
        branches.reverse()
        relation = united(branches, distinct)
        self._order(node, relation, Scope(parent=outer), by_name_only=True)
        return self._limited(node, relation, outer)

    def _values(self, node: exp.Values, outer: Scope | None) -> Relation:
        rows: list[list[Value]] = []
        for row in node.expressions:
            cells = row.expressions if isinstance(row, exp.Tuple) else [row]
            rows.append([self._expressions.value(cell, outer or Scope(), Touched()) for cell in cells])
        if not rows or any(len(row) != len(rows[0]) for row in rows):
            raise QueryRejected("VALUES with rows of different lengths", "make them equal.", rule="values")
        outputs = (Output(f"column{index + 1}", stacked([row[index] for row in rows])) for index in range(len(rows[0])))
        return Relation(tuple(outputs))

    def _modified(self, node: exp.Expr, relation: Relation, outer: Scope | None) -> Relation:
        self._order(node, relation, Scope(parent=outer), by_name_only=True)
        return self._limited(node, relation, outer)

    def _order(self, node: exp.Expr, relation: Relation, scope: Scope, *, by_name_only: bool) -> None:
        order = node.args.get("order")
        named = _by_name(relation.outputs) if order is not None else {}
        for item in order.expressions if order is not None else []:
            value = self._ordinal(item.this, relation.outputs) or named.get(bare_name(item.this))
            if value is None and not by_name_only:
                value = self._expressions.value(item.this, scope, Touched())
            if value is None:
                raise QueryRejected("ORDER BY something that is not an output column", "name one.", rule="order_by")
            shifted = relation.open and isinstance(item.this, exp.Literal)
            if value.personal or (shifted and any(output.value.personal for output in relation.outputs)):
                raise personal_use("ORDER BY")

    def _limited(self, node: exp.Expr, relation: Relation, outer: Scope | None) -> Relation:
        limit, offset = node.args.get("limit"), node.args.get("offset")
        count = limit.args.get("count") or limit.args.get("expression") if limit is not None else None
        for part in (count, offset.expression if offset is not None else None):
            if part is not None:
                self._expressions.condition(part, outer or Scope())
        known = self._known.value_of(count) if count is not None else None
        if isinstance(known, int) and known <= 1_000:
            return Relation(relation.outputs, relation.open)
        return relation

    def _ordinal(self, item: exp.Expr, outputs: Sequence[Output]) -> Value | None:
        if isinstance(item, exp.Literal) and not item.is_string:
            index: Any = self._known.value_of(item)
            if isinstance(index, int) and 1 <= index <= len(outputs):
                return outputs[index - 1].value
            raise QueryRejected(f"The position {item.this}", "use the position of an output column.", rule="position")
        return None

    @staticmethod
    def _is_many(node: exp.Select, scope: Scope) -> bool:
        few = node.args.get("group") or (node.args.get("distinct") and not node.args["distinct"].args.get("on"))
        if few or any(aggregates(item) for item in node.expressions):
            return False
        return any(source.many for source in scope.sources)


def _by_name(outputs: Sequence[Output]) -> dict[str | None, Value]:
    """The outputs by their names, the most personal of equal names."""
    named: dict[str | None, Value] = {}
    for output in outputs:
        known = named.get(output.name)
        if output.name is not None and (known is None or known.personal < output.value.personal):
            named[output.name] = output.value
    return named


def bare_name(item: exp.Expr) -> str | None:
    """The name when `item` is one unqualified name."""
    if isinstance(item, exp.Column) and item.args.get("table") is None and not isinstance(item.this, exp.Star):
        return fold(item.this)
    return None
