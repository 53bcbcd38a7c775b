"""What stands around a column in a query's tree: what it is compared or computed with, and what it is grouped by.

Only what is certain without the database counts: a number is a number that is written as one, or a call that gives one.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

# fmt: off
AGGREGATES = frozenset({
    "avg", "sum", "count", "min", "max", "bool_and", "bool_or", "every", "string_agg", "array_agg", "stddev",
    "variance", "stddev_samp", "stddev_pop", "var_samp", "var_pop", "percentile_cont", "percentile_disc", "mode",
    "corr", "json_agg", "jsonb_agg",
})
# fmt: on
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)
_NUMERIC_TYPES = frozenset({"INT", "BIGINT", "SMALLINT", "DECIMAL", "DOUBLE", "FLOAT"})
_TIME_TYPES = frozenset({"TIMESTAMP", "TIMESTAMPTZ", "DATE"})
_NUMERIC_CALLS = frozenset({"count", "sum", "avg", "extract", "length", "char_length", "abs", "round", "floor", "ceil"})


def computed_with(node: exp.Expr, fits: Callable[[exp.Expr], bool], *, numeric: bool) -> bool:
    """Whether an operand stands where only another type than text can: beside one, or in a call that needs numbers."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        node, parent = parent, parent.parent
    if isinstance(parent, _COMPARISONS):
        return fits(parent.expression if parent.this is node else parent.this)
    if isinstance(parent, exp.Between):
        others = [parent.args[name] for name in ("this", "low", "high") if parent.args[name] is not node]
        return any(map(fits, others))
    if isinstance(parent, exp.In):
        return parent.this is node and bool(parent.expressions) and all(map(fits, parent.expressions))
    if isinstance(parent, _ARITHMETIC):
        return fits(parent.expression if parent.this is node else parent.this)
    if numeric and isinstance(parent, exp.Anonymous):
        return str(parent.this).lower() in ("avg", "sum") and node.arg_key == "expressions"
    return False


def is_number(node: exp.Expr) -> bool:
    """Whether an expression can only be a number, seen without the database."""
    while isinstance(node, (exp.Paren, exp.Neg)):
        node = node.this
    if isinstance(node, exp.Literal):
        return not node.is_string
    if isinstance(node, exp.Cast):
        return node.to.this.name in _NUMERIC_TYPES
    if isinstance(node, exp.Extract):
        return True
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in _NUMERIC_CALLS
    return isinstance(node, (exp.Mul, exp.Div)) and (is_number(node.this) or is_number(node.expression))


def is_time(node: exp.Expr) -> bool:
    """Whether an expression can only be a moment or a date, seen without the database."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Cast):
        return node.to.this.name in _TIME_TYPES
    if isinstance(node, (exp.CurrentTimestamp, exp.CurrentDate, exp.Localtimestamp)):
        return True
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in ("now", "date_trunc")
    return isinstance(node, (exp.Add, exp.Sub)) and is_time(node.this)


def ungrouped(select: exp.Select) -> list[int]:
    """The places of columns that stand beside aggregates and that GROUP BY does not hold."""
    items = [item.unalias() for item in select.expressions]
    if not any(aggregates(item) for item in items) or any(item.find(exp.Star) for item in items if item_is_star(item)):
        return []
    group = select.args.get("group")
    if group is not None and any(value for key, value in group.args.items() if key != "expressions"):
        return []  # GROUP BY ALL, ROLLUP and their like
    held = list(group.expressions) if group is not None else []
    positions = {int(one.this) - 1 for one in held if isinstance(one, exp.Literal) and not one.is_string}
    names = {one.name.lower() for one in held if isinstance(one, exp.Column)}
    return [
        place
        for place, item in enumerate(items)
        if isinstance(item, exp.Column)
        and place not in positions
        and item.name.lower() not in names
        and select.expressions[place].alias_or_name.lower() not in names
    ]


def item_is_star(item: exp.Expr) -> bool:
    """`*` or `t.*` as an output."""
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


def aggregates(item: exp.Expr) -> bool:
    """Whether an output is one of a group: it calls an aggregate that is no window function and in no sub-query."""
    return any(
        str(call.this).lower() in AGGREGATES
        and call.find_ancestor(exp.Window) is None
        and (call.find_ancestor(exp.Query) is None or call.find_ancestor(exp.Query) is item.find_ancestor(exp.Query))
        for call in item.find_all(exp.Anonymous)
    )


def compared_texts(column: exp.Expr) -> list[exp.Literal]:
    """The texts that a column is compared with for equality."""
    parent = column.parent
    if isinstance(parent, (exp.EQ, exp.NEQ)):
        others: list[exp.Expr] = [parent.expression if parent.this is column else parent.this]
    elif isinstance(parent, exp.In) and parent.this is column:
        others = list(parent.expressions)
    else:
        return []
    return [other for other in others if isinstance(other, exp.Literal) and other.is_string]
