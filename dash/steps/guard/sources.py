"""FROM: each item becomes a source with the columns that may be named, and conditions tie sources together.

Two tables that no condition ties together are a cartesian product, which a person hardly ever means and which turns a
small query into a large one, so it is rejected; a table beside one row of totals or a short calendar is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.bounds import KnownValues
from dash.steps.guard.calls import function_name
from dash.steps.guard.expressions import ExpressionReader
from dash.steps.guard.functions import ROW_SOURCES
from dash.steps.guard.outputs import renamed
from dash.steps.guard.scope import Output, Personal, Relation, Scope, Source, Touched, Value, combined, find_source
from dash.steps.guard.shapes import bare, fold

MAXIMUM_SOURCES = 40
_SYSTEM_SCHEMAS = ("pg_catalog", "information_schema", "pg_toast")
_JOIN_KINDS = {"", "INNER", "CROSS", "OUTER"}
_JOIN_SIDES = {"", "LEFT", "RIGHT", "FULL"}


class SourceReader:
    """Reads FROM clauses into scopes. `read_query` is how it reads a subquery or a WITH name's place."""

    def __init__(
        self,
        allowed: Mapping[str, tuple[str, ...]],
        personal: frozenset[str],
        known: KnownValues,
        expressions: ExpressionReader,
        read_query: Callable[[exp.Expr, Scope | None], Relation],
        find_with: Callable[[str], Relation | None],
        relations: set[str],
    ) -> None:
        self._tables = {tuple(name.rpartition(".")[::2]): (name, columns) for name, columns in allowed.items()}
        self._personal = personal
        self._known = known
        self._expressions = expressions
        self._read_query = read_query
        self._find_with = find_with
        self._relations = relations
        self.series_product = 1

    def read_from(self, node: exp.Select, scope: Scope) -> None:
        """Add every source of FROM and its joins to `scope`."""
        clause = node.args.get("from_")
        if clause is not None:
            self._item(clause.this, scope)
        for join in node.args.get("joins") or []:
            self._join(join, scope)

    def _join(self, join: exp.Join, scope: Scope) -> None:
        side, kind = str(join.args.get("side") or ""), str(join.args.get("kind") or "")
        if kind not in _JOIN_KINDS or side not in _JOIN_SIDES:
            raise QueryRejected(f"{side} {kind} JOIN".strip(), "use INNER, LEFT, RIGHT, FULL or CROSS.", rule="join")
        left_names = [name for name, _ in scope.star]
        before, scope.star = scope.star, []
        self._item(join.this, scope)
        right = scope.star
        using = [fold(name) for name in join.args.get("using") or []]
        if join.args.get("on") is not None:
            self.condition(join.args["on"], scope)
        if using:
            self._using(using, left_names, [name for name, _ in right], scope)
            merged = [pair for pair in before if pair[0] in using]
            rest = [pair for pair in (*before, *right) if pair[0] not in using]
            scope.star = [*merged, *rest]
        else:
            scope.star = [*before, *right]

    def _using(self, using: Sequence[str], left: Sequence[str], right: Sequence[str], scope: Scope) -> None:
        for name in using:
            if name not in left or name not in right:
                raise QueryRejected(f"USING ({name})", "name a column that both sides have.", rule="using")
            values = [source.columns[name] for source in scope.sources if name in source.columns]
            kinds = {value.personal for value in values}
            if kinds - {Personal.NO} and kinds != {Personal.COLUMN}:
                raise QueryRejected("A personal column in USING", "join on an id.", rule="personal")
            scope.connections.append({id(source) for source in scope.sources if name in source.columns})

    # items

    def _item(self, node: exp.Expr, scope: Scope) -> None:
        if isinstance(node, exp.Table):
            self._table(node, scope)
            for join in node.args.get("joins") or []:
                self._join(join, scope)
        elif isinstance(node, exp.Subquery):
            self._subquery(node, scope)
        elif isinstance(node, exp.Lateral):
            self._lateral(node, scope)
        elif isinstance(node, exp.Values):
            self._derived(node, self._read_query(node, scope.parent), scope)
        elif isinstance(node, exp.Unnest):
            self._unnest(node, scope)
        else:
            raise QueryRejected(f"{type(node).__name__} in FROM", "read a table or a subquery.", rule="source")

    def _table(self, node: exp.Table, scope: Scope) -> None:
        if isinstance(node.this, exp.Anonymous):
            self._function(node.this, node, scope)
            return
        if node.args.get("ordinality"):
            raise QueryRejected("WITH ORDINALITY on a table", "use row_number().", rule="source")
        name, schema = bare(node.this), node.args.get("db")
        found = self._find_with(name) if schema is None else None
        if found is not None:
            self._derived(node, found, scope, default_name=name)
            return
        key, columns = self._allowed(name, fold(schema) if schema is not None else "")
        alias = node.args.get("alias")
        if alias is not None and alias.args.get("columns"):
            raise QueryRejected("A column list on a table", "rename columns in the SELECT.", rule="columns")
        values = {column: self._column_value(key, column) for column in columns}
        source = Source(
            name=bare(alias.this) if alias is not None else name,
            columns=values,
            order=list(columns),
            table=key,
            qualified=(fold(schema), name) if schema is not None and alias is None else None,
            many=True,
        )
        self._relations.add(key)
        self._add(scope, source)

    def _allowed(self, name: str, schema: str) -> tuple[str, tuple[str, ...]]:
        found = self._tables.get((schema, name))
        if found is not None:
            return found
        if schema in _SYSTEM_SCHEMAS or name.startswith("pg_"):
            raise QueryRejected(
                f"The catalogue {name[:63]}", "read the tables that the knowledge describes.", rule="catalogue"
            )
        similar = [key for (other, table), (key, _) in self._tables.items() if table == name and other != schema]
        if similar and not schema:
            raise QueryRejected(
                f"The table {name} without its schema", f"write {similar[0]}.", rule="unqualified_table"
            )
        shown = f"{schema}.{name}" if schema else name
        raise QueryRejected(
            f"The table {shown[:127]}", "read the tables that the knowledge describes.", rule="unknown_table"
        )

    def _column_value(self, table: str, column: str) -> Value:
        return Value(Personal.COLUMN if f"{table}.{column}" in self._personal else Personal.NO, 1.0)

    def _subquery(self, node: exp.Subquery, scope: Scope) -> None:
        inner = node.this
        brackets = isinstance(inner, exp.Table) or (
            isinstance(inner, exp.Subquery) and bool(inner.args.get("alias") or inner.args.get("joins"))
        )
        if not brackets:
            self._derived(node, self._read_query(_without_joins(node), scope.parent), scope)
        elif node.args.get("alias") is not None:
            raise QueryRejected("An alias for a bracketed join", "give each table its own.", rule="join")
        else:
            self._item(inner, scope)
        for join in node.args.get("joins") or []:
            self._join(join, scope)

    def _lateral(self, node: exp.Lateral, scope: Scope) -> None:
        inner = node.this
        if isinstance(inner, exp.Anonymous):
            self._function(inner, node, scope)
        elif isinstance(inner, exp.Unnest):
            self._unnest(inner, scope, alias=node.args.get("alias"))
        elif isinstance(inner, (exp.Subquery, exp.Values)):
            inside = Scope(parent=scope)
            relation = self._read_query(inner, inside)
            self._derived(node, relation, scope, reads=inside.reached)
        else:
            raise QueryRejected("LATERAL before something else", "use a subquery or a function.", rule="source")

    def _derived(
        self,
        node: exp.Expr,
        relation: Relation,
        scope: Scope,
        *,
        default_name: str | None = None,
        reads: set[int] | None = None,
    ) -> None:
        alias = node.args.get("alias")
        named = [fold(column) for column in alias.args.get("columns") or []] if alias is not None else []
        relation = renamed(relation, named)
        name = bare(alias.this) if alias is not None and alias.this is not None else default_name
        columns: dict[str, Value] = {}
        order: list[str] = []
        for output in relation.outputs:
            label = output.name if output.name is not None else "?column?"
            order.append(label)
            known = columns.get(label)
            if known is None or known.personal < output.value.personal:
                columns[label] = output.value
        source = Source(name, columns, order, open=relation.open, many=relation.many)
        self._add(scope, source, relation.outputs)
        if reads:
            scope.connections.append({*reads, id(source)})

    def _function(self, call: exp.Anonymous, outside: exp.Expr, scope: Scope) -> None:
        name = function_name(call)
        if name not in ROW_SOURCES:
            raise QueryRejected(f"{name}() in FROM", "write it in the SELECT list.", rule="source")
        touched = Touched()
        if name == "generate_series":
            self.series_product *= max(1, self._known.series_length(call.expressions))
            values = [self._expressions.plain(item, scope, touched, name) for item in call.expressions]
        else:
            values = [self._expressions.call(call, scope, touched)]
        self._row_function(name, combined(values).derived(), outside, scope, touched)

    def _unnest(self, node: exp.Unnest, scope: Scope, alias: exp.Expr | None = None) -> None:
        touched = Touched()
        values = [self._expressions.value(item, scope, touched) for item in node.expressions]
        if alias is not None:
            node.set("alias", alias)
        self._row_function("unnest", combined(values).derived(), node, scope, touched, len(values))

    def _row_function(
        self, name: str, value: Value, outside: exp.Expr, scope: Scope, touched: Touched, width: int = 1
    ) -> None:
        alias = outside.args.get("alias")
        label = bare(alias.this) if alias is not None and alias.this is not None else name
        named = [fold(column) for column in alias.args.get("columns") or []] if alias is not None else []
        counted = outside.args.get("ordinality") or outside.args.get("offset")
        named += [fold(counted)] if isinstance(counted, exp.Identifier) else []
        own = list(ROW_SOURCES[name]) or [label if width == 1 else name] * width
        order = own + (["ordinality"] if counted else [])
        if len(named) > len(order):
            raise QueryRejected("A column list that is too long", "name as many as there are.", rule="columns")
        order = [*named, *order[len(named) :]]
        columns = dict.fromkeys(order, value)
        if len(own) == 1:
            columns.setdefault(label, value)
        source = Source(label, columns, order)
        self._add(scope, source)
        scope.connections.append({*touched.sources, id(source)})

    def _add(self, scope: Scope, source: Source, outputs: Sequence[Output] | None = None) -> None:
        if source.name is not None and any(other.name == source.name for other in scope.sources):
            raise QueryRejected(f"Two sources called {source.name}", "give them different aliases.", rule="alias")
        if len(scope.sources) >= MAXIMUM_SOURCES:
            raise QueryRejected(f"More than {MAXIMUM_SOURCES} tables at once", "join fewer.", rule="too_many_sources")
        scope.sources.append(source)
        if outputs is None:
            scope.star += [(name, source.columns[name]) for name in source.order]
        else:
            scope.star += [(name, out.value) for name, out in zip(source.order, outputs, strict=True)]

    # conditions and stars

    def condition(self, node: exp.Expr, scope: Scope) -> None:
        """Read WHERE or ON; each part of an AND ties the sources together that it reads."""
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, exp.And):
                waiting += [part.this, part.expression]
            elif isinstance(part, exp.Paren):
                waiting.append(part.this)
            else:
                touched = Touched()
                self._expressions.condition(part, scope, touched)
                scope.connections.append(touched.sources)

    def require_connection(self, scope: Scope) -> None:
        """Raise QueryRejected when two sources whose rows grow with the data are not tied together."""
        groups: list[set[int]] = [{id(source)} for source in scope.sources]
        for tied in scope.connections:
            joined = [group for group in groups if group & tied]
            if len(joined) > 1:
                groups = [group for group in groups if not group & tied]
                groups.append(set().union(*joined))
        many = {id(source) for source in scope.sources if source.many}
        if sum(1 for group in groups if group & many) > 1:
            raise QueryRejected(
                "A product of tables that no condition ties together", "join them ON their keys.", rule="cartesian"
            )

    def star(self, item: exp.Expr, scope: Scope) -> tuple[list[Output], bool]:
        """The outputs that `*` or `t.*` stands for, and whether a real table is among them."""
        if isinstance(item, exp.Star):
            if not scope.sources:
                raise QueryRejected("* without FROM", "name the columns.", rule="star")
            return [Output(name, value) for name, value in scope.star], scope.has_table
        table, schema = item.args.get("table"), item.args.get("db")
        _, source = find_source(scope, fold(table), fold(schema) if schema is not None else None)
        outputs = [Output(name, source.columns[name]) for name in source.order]
        return outputs, bool(source.table) or source.open


def _without_joins(node: exp.Subquery) -> exp.Expr:
    """The subquery itself, whose own ORDER BY and LIMIT stand inside its brackets."""
    if any(node.args.get(part) for part in ("with_", "order", "limit", "offset")):
        raise QueryRejected("ORDER BY or LIMIT behind a bracket in FROM", "write it inside.", rule="subquery")
    inner: exp.Expr = node.this
    return inner
