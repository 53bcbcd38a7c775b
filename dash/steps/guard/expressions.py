"""What an expression is worth knowing about: which columns it reads, how personal it is and how large it may grow.

Where a viewer may not see personal columns, their values may only travel untouched, or through functions that cannot
fail on them, into output columns that execution masks. A condition on a personal value would tell it row by row
(`email LIKE 'a%'`), and so would a function that fails on some values, so both are rejected. What stays allowed tells
nothing that the person did not bring: equality with a bound parameter, IS NULL, counting, and grouping.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.bounds import KnownValues
from dash.steps.guard.calls import COLLECTED, CallRules, function_name
from dash.steps.guard.scope import (
    PLAIN,
    Personal,
    Relation,
    Scope,
    Touched,
    Value,
    bounded,
    combined,
    find_column,
    find_qualified,
    personal_use,
    require_short_search,
)
from dash.steps.guard.shapes import bare, fold

_TEXT_SEARCHES = (exp.Like, exp.ILike)
_ELEMENT_SEARCHES = (
    exp.ArrayContainsAll, exp.ArrayContainedBy, exp.ArrayOverlaps, exp.JSONBContainsAllTopKeys,
    exp.JSONBContainsAnyTopKeys,
)  # fmt: skip
_WHOLE_TEXT_TYPES = {"TEXT", "VARCHAR"}  # CAST(… AS char) cuts to one letter
_YES_OR_NO = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.And, exp.Or, exp.Not,
    exp.Like, exp.ILike, exp.SimilarTo, exp.RegexpLike, exp.RegexpILike, exp.Between, exp.Overlaps, exp.Is, exp.In,
    exp.Exists, exp.Any, exp.All, exp.ArrayContainsAll, exp.ArrayContainedBy, exp.ArrayOverlaps,
    exp.JSONBContainsTopKey, exp.JSONBContainsAllTopKeys, exp.JSONBContainsAnyTopKeys, exp.Escape,
)  # fmt: skip


class ExpressionReader:
    """Reads expressions inside a scope; `read_query` is how it reads a query inside an expression."""

    def __init__(self, known: KnownValues, read_query: Callable[[exp.Expr, Scope], Relation]) -> None:
        self._known = known
        self._calls = CallRules(known)
        self._read_query = read_query

    def condition(self, node: exp.Expr | None, scope: Scope, touched: Touched | None = None) -> None:
        """Read something that decides about rows or their order; it must tell nothing personal."""
        if node is not None:
            self.plain(node, scope, touched or Touched(), "a condition")

    def plain(self, node: exp.Expr, scope: Scope, touched: Touched, place: str) -> Value:
        value = self.value(node, scope, touched)
        if value.personal:
            raise personal_use(place)
        return value

    def value(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        """What is known about `node`. Raises QueryRejected for an unknown column or function or a personal leak."""
        reader = _READERS.get(type(node))
        if reader is None and isinstance(node, exp.Binary):
            return self._chain(node, scope, touched)
        if reader is None:
            raise QueryRejected(
                f"{type(node).__name__} at this place", "use a plain expression here.", rule="construct"
            )
        result: Value = reader(self, node, scope, touched)
        return result

    # operators

    def _chain(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        """Left-leaning chains (a AND b AND …) are as long as the text, so they are read in a loop."""
        spine: list[exp.Expr] = []
        while isinstance(node, exp.Binary) and type(node) not in _READERS:
            spine.append(node)
            node = node.this
        result = self.value(node, scope, touched)
        while spine:
            operator = spine.pop()
            result = self._operator(operator, result, scope, touched)
        return result

    def _operator(self, node: exp.Expr, left: Value, scope: Scope, touched: Touched) -> Value:
        right_node = node.expression
        if isinstance(node, (exp.RegexpLike, exp.RegexpILike, exp.SimilarTo)):
            self._known.check_pattern(right_node)
        if isinstance(node, exp.Collate):
            return left
        right = self.value(right_node, scope, touched)
        if isinstance(node, (*_TEXT_SEARCHES, *_ELEMENT_SEARCHES)):
            require_short_search(left, right, elements=isinstance(node, _ELEMENT_SEARCHES))
        if isinstance(node, exp.DPipe):
            return combined([left, right])
        if not left.personal and not right.personal:
            return PLAIN if isinstance(node, _YES_OR_NO) else Value(growth=max(left.growth, right.growth))
        if isinstance(node, (exp.EQ, exp.NEQ)) and self._tells_nothing_new(node, left, right):
            return PLAIN
        raise personal_use(f"the operator {_spelling(node)}")

    def _tells_nothing_new(self, node: exp.Expr, left: Value, right: Value) -> bool:
        if Personal.DERIVED in (left.personal, right.personal):
            return False
        if left.personal and right.personal:
            return True
        return self._known.is_parameter(_inside_any(node.expression if left.personal else node.this))

    def _is(self, node: exp.Is, scope: Scope, touched: Touched) -> Value:
        value = self.value(node.this, scope, touched)
        if value.personal is Personal.DERIVED:
            raise personal_use("IS")
        self.plain(node.expression, scope, touched, "IS")
        return PLAIN

    def _in(self, node: exp.In, scope: Scope, touched: Touched) -> Value:
        value = self.value(node.this, scope, touched)
        query = node.args.get("query")
        if query is not None:
            outputs = self._closed(self._read_query(query, scope)).outputs
            known = bool(outputs) and all(output.value.personal is Personal.COLUMN for output in outputs)
            if value.personal and (value.personal is Personal.DERIVED or not known):
                raise personal_use("IN")
            if not value.personal and any(output.value.personal for output in outputs):
                raise personal_use("IN")
            return PLAIN
        for item in node.expressions:
            self.plain(item, scope, touched, "IN")
        if value.personal and (
            value.personal is Personal.DERIVED or not all(map(self._known.is_parameter, node.expressions))
        ):
            raise personal_use("IN")
        return PLAIN

    def _yes_or_no(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        for child in _children(node):
            self.plain(child, scope, touched, "a comparison")
        return PLAIN

    def _any(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        inner = node.this.unnest() if isinstance(node.this, (exp.Paren, exp.Subquery)) else node.this
        if isinstance(inner, exp.Query):
            return combined([output.value for output in self._closed(self._read_query(inner, scope)).outputs])
        return self.value(inner, scope, touched)

    def _exists(self, node: exp.Exists, scope: Scope, _: Touched) -> Value:
        self._read_query(node.this, scope)
        return PLAIN

    def _case(self, node: exp.Case, scope: Scope, touched: Touched) -> Value:
        results: list[Value] = []
        if node.this is not None:
            self.plain(node.this, scope, touched, "CASE")
        for branch in node.args.get("ifs") or []:
            self.plain(branch.this, scope, touched, "CASE")
            results.append(self.value(branch.args["true"], scope, touched))
        if node.args.get("default") is not None:
            results.append(self.value(node.args["default"], scope, touched))
        return _largest(results)

    def _cast(self, node: exp.Cast, scope: Scope, touched: Touched) -> Value:
        value = self.value(node.this, scope, touched)
        to = node.to
        if value.personal and not (to.this.name in _WHOLE_TEXT_TYPES and not to.expressions):
            raise personal_use("a cast")
        return value

    def _largest_of_parts(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        return _largest([self.value(child, scope, touched) for child in _children(node)])

    def _unary(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        return self.plain(node.this, scope, touched, "an operator")

    def _bracket(self, node: exp.Bracket, scope: Scope, touched: Touched) -> Value:
        for index in node.expressions:
            for part in _children(index) if isinstance(index, exp.Slice) else [index]:
                self.plain(part, scope, touched, "an array index")
        value = self.value(node.this, scope, touched)
        base = node.this.unnest()
        if value.personal and not (isinstance(base, (exp.Array, exp.Anonymous)) and _is_array(base)):
            # json has subscripts too, and there is none where a key is not.
            raise personal_use("an index")
        return value.derived()

    def _all_parts(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        return combined([self.value(child, scope, touched) for child in _children(node)])

    def _tuple(self, node: exp.Tuple, scope: Scope, touched: Touched) -> Value:
        return self._all_parts(node, scope, touched).derived()

    # names and values

    def _column(self, node: exp.Column, scope: Scope, touched: Touched) -> Value:
        if isinstance(node.this, exp.Star):
            raise QueryRejected("* inside an expression", "name the columns.", rule="star")
        table = node.args.get("table")
        if table is None:
            return find_column(scope, bare(node.this), touched)
        name = fold(node.this)
        schema = node.args.get("db")
        return find_qualified(scope, bare(table), fold(schema) if schema is not None else None, name, touched)

    def _literal(self, node: exp.Literal, _: Scope, __: Touched) -> Value:
        return Value(growth=len(str(node.this)) / 200)

    def _nothing(self, _: exp.Expr, __: Scope, ___: Touched) -> Value:
        return PLAIN

    def _interval(self, node: exp.Interval, _: Scope, __: Touched) -> Value:
        if not (isinstance(node.this, exp.Literal) and node.this.is_string):
            raise QueryRejected("INTERVAL without a string", "write INTERVAL '1 day'.", rule="interval")
        return PLAIN

    def _parameter(self, node: exp.Expr, _: Scope, __: Touched) -> Value:
        return Value(growth=len(str(self._known.value_of(node))) / 200)

    def _subquery(self, node: exp.Expr, scope: Scope, _: Touched) -> Value:
        outputs = self._closed(self._read_query(node, scope)).outputs
        if len(outputs) != 1:
            raise QueryRejected("A subquery with several columns as a value", "select one column.", rule="subquery")
        return outputs[0].value

    @staticmethod
    def _closed(relation: Relation) -> Relation:
        if relation.open:
            raise QueryRejected("* in a subquery that is used as a value", "name the column.", rule="star")
        return relation

    # calls

    def _scalar_call(self, node: exp.Anonymous, scope: Scope, touched: Touched) -> Value:
        if function_name(node) == "generate_series":
            raise QueryRejected("generate_series() outside FROM", "write it in FROM.", rule="series")
        return self.call(node, scope, touched)

    def call(self, node: exp.Anonymous, scope: Scope, touched: Touched) -> Value:
        """A call of an allowed function, in an expression or in FROM."""
        name = function_name(node)
        arguments = node.expressions
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            return PLAIN
        if name == "array" and len(arguments) == 1 and isinstance(arguments[0], exp.Query):
            value = self._subquery(arguments[0], scope, touched)
            if value.personal is Personal.DERIVED:
                raise personal_use("ARRAY(…)")
            return bounded(Value(value.derived().personal, value.growth * COLLECTED))
        values = [value for argument in arguments for value in self._argument(argument, scope, touched)]
        return self._calls.result(name, values, arguments)

    def _argument(self, node: exp.Expr, scope: Scope, touched: Touched) -> list[Value]:
        """DISTINCT, ORDER BY and name => are written inside a call's brackets."""
        if isinstance(node, exp.Order):
            for item in node.expressions:
                self.plain(item.this, scope, touched, "ORDER BY")
            return self._argument(node.this, scope, touched)
        if isinstance(node, exp.Distinct):
            values = [self.value(item, scope, touched) for item in node.expressions]
            if any(value.personal is Personal.DERIVED for value in values):
                raise personal_use("DISTINCT")
            return values
        return [self.value(node.expression if isinstance(node, exp.Kwarg) else node, scope, touched)]

    def _known_call(self, node: exp.Expr, scope: Scope, touched: Touched) -> Value:
        """EXTRACT, POSITION, SUBSTRING, TRIM and OVERLAY, which have a syntax of their own."""
        name = type(node).__name__.lower()
        if isinstance(node, exp.StrPosition):
            name = "position"
        nodes = [child for child in _children(node) if not isinstance(child, exp.Var)]
        values = [self.value(child, scope, touched) for child in nodes]
        if isinstance(node, exp.Substring) and not all(map(self._known.is_number, nodes[1:])):
            self._known.check_pattern(nodes[1])
            if values[0].personal:
                raise personal_use("substring() with a pattern")
        return self._calls.result(name, values, nodes)

    def _filter(self, node: exp.Filter, scope: Scope, touched: Touched) -> Value:
        self.plain(node.expression.this, scope, touched, "FILTER")
        return self.value(node.this, scope, touched)

    def _within_group(self, node: exp.WithinGroup, scope: Scope, touched: Touched) -> Value:
        if any(isinstance(argument, exp.Order) for argument in node.this.expressions):
            raise QueryRejected("ORDER BY inside and behind a call", "write it once.", rule="order_by")
        for item in node.expression.expressions:
            self.plain(item.this, scope, touched, "WITHIN GROUP")
        return self.value(node.this, scope, touched)

    def _window(self, node: exp.Window, scope: Scope, touched: Touched) -> Value:
        self.window_parts(node, scope, touched)
        return self.value(node.this, scope, touched)

    def window_parts(self, node: exp.Window, scope: Scope, touched: Touched) -> None:
        """PARTITION BY, ORDER BY and the frame of OVER (…) or of a named window."""
        for item in node.args.get("partition_by") or []:
            if self.value(item, scope, touched).personal is Personal.DERIVED:
                raise personal_use("PARTITION BY")
        order = node.args.get("order")
        for item in order.expressions if order is not None else []:
            self.plain(item.this, scope, touched, "ORDER BY")
        spec = node.args.get("spec")
        for side in ("start", "end"):
            bound = spec.args.get(side) if spec is not None else None
            if isinstance(bound, exp.Expr):
                self.plain(bound, scope, touched, "a window frame")


def _is_array(node: exp.Expr) -> bool:
    return isinstance(node, exp.Array) or str(node.this).lower() in ("array", "array_agg")


def _inside_any(node: exp.Expr) -> exp.Expr:
    """`= ANY($1)` compares with the elements of the parameter."""
    return node.this if isinstance(node, exp.Any) else node


def _children(node: exp.Expr) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for value in node.args.values():
        if isinstance(value, exp.Expr):
            found.append(value)
        elif isinstance(value, list):
            found.extend(item for item in value if isinstance(item, exp.Expr))
    return found


def _largest(values: list[Value]) -> Value:
    personal = max((value.personal for value in values), default=Personal.NO)
    if personal and len(values) > 1:
        personal = Personal.DERIVED
    return Value(personal, max((value.growth for value in values), default=0.0))


def _spelling(node: exp.Expr) -> str:
    return type(node).__name__.upper()


_READERS: dict[type[exp.Expr], Callable[..., Value]] = {
    exp.Column: ExpressionReader._column,
    exp.Literal: ExpressionReader._literal,
    exp.ByteString: ExpressionReader._literal,
    exp.Boolean: ExpressionReader._nothing,
    exp.Null: ExpressionReader._nothing,
    exp.Var: ExpressionReader._nothing,
    exp.Interval: ExpressionReader._interval,
    exp.CurrentDate: ExpressionReader._nothing,
    exp.CurrentTimestamp: ExpressionReader._nothing,
    exp.Localtimestamp: ExpressionReader._nothing,
    exp.Parameter: ExpressionReader._parameter,
    exp.Paren: lambda self, node, scope, touched: self.value(node.this, scope, touched),
    exp.Tuple: ExpressionReader._tuple,
    exp.Array: ExpressionReader._tuple,
    exp.Case: ExpressionReader._case,
    exp.Cast: ExpressionReader._cast,
    exp.Is: ExpressionReader._is,
    exp.In: ExpressionReader._in,
    exp.Between: ExpressionReader._yes_or_no,
    exp.Not: ExpressionReader._yes_or_no,
    exp.Escape: ExpressionReader._yes_or_no,
    exp.Neg: ExpressionReader._unary,
    exp.Any: ExpressionReader._any,
    exp.All: ExpressionReader._any,
    exp.Exists: ExpressionReader._exists,
    exp.Subquery: ExpressionReader._subquery,
    exp.Select: ExpressionReader._subquery,
    exp.Union: ExpressionReader._subquery,
    exp.Intersect: ExpressionReader._subquery,
    exp.Except: ExpressionReader._subquery,
    exp.Bracket: ExpressionReader._bracket,
    exp.AtTimeZone: ExpressionReader._yes_or_no,
    exp.Anonymous: ExpressionReader._scalar_call,
    exp.Extract: ExpressionReader._known_call,
    exp.Overlay: ExpressionReader._known_call,
    exp.StrPosition: ExpressionReader._known_call,
    exp.Substring: ExpressionReader._known_call,
    exp.Trim: ExpressionReader._known_call,
    exp.Filter: ExpressionReader._filter,
    exp.WithinGroup: ExpressionReader._within_group,
    exp.Window: ExpressionReader._window,
}
