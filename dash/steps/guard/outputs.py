"""Output columns: what PostgreSQL calls them, and what becomes of them in a column list or a UNION.

A name that PostgreSQL makes up is only taken where it is certain, because personal columns are masked by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.functions import AGGREGATES
from dash.steps.guard.scope import Output, Personal, Relation, Value, personal_use
from dash.steps.guard.shapes import fold

_NAMES: dict[type[exp.Expr], str] = {
    exp.Extract: "extract",
    exp.StrPosition: "position",
    exp.Substring: "substring",
    exp.Overlay: "overlay",
    exp.AtTimeZone: "timezone",
    exp.Array: "array",
    exp.Exists: "exists",
    exp.CurrentDate: "current_date",
    exp.CurrentTimestamp: "current_timestamp",
    exp.Localtimestamp: "localtimestamp",
}
_TRIMS = {"LEADING": "ltrim", "TRAILING": "rtrim"}
_TRANSPARENT = (exp.Paren, exp.Filter, exp.WithinGroup, exp.Window, exp.Bracket, exp.Collate)


def output_name(node: exp.Expr) -> str | None:
    """What the column would be called; casts and CASE without a better name inside give None here."""
    while isinstance(node, _TRANSPARENT):
        node = node.this
    if isinstance(node, exp.Column):
        return fold(node.this)
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.Trim):
        return _TRIMS.get(str(node.args.get("position") or "").upper(), "btrim")
    if isinstance(node, exp.Cast):
        return output_name(node.this) if isinstance(node.this, (exp.Column, exp.Anonymous, exp.Cast)) else None
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return output_name(default) if isinstance(default, (exp.Column, exp.Anonymous)) else "case"
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Select) and node.this.expressions:
        first = node.this.expressions[0]
        return fold(first.args["alias"]) if isinstance(first, exp.Alias) else output_name(first)
    return _NAMES.get(type(node))


def renamed(relation: Relation, names: Sequence[str]) -> Relation:
    """The relation with a column list as in `t (a, b)`; fewer names than columns leave the rest as they are."""
    if not names:
        return relation
    if relation.open:
        raise QueryRejected("A column list over *", "name the columns in the SELECT.", rule="star")
    if len(names) > len(relation.outputs):
        raise QueryRejected("A column list that is too long", "name as many as there are.", rule="columns")
    outputs = [Output(name, output.value) for name, output in zip(names, relation.outputs, strict=False)]
    return Relation((*outputs, *relation.outputs[len(names) :]), many=relation.many)


def united(branches: Sequence[Relation], distinct: bool) -> Relation:
    first = branches[0]
    if any(branch.open for branch in branches):
        raise QueryRejected("* in a UNION, INTERSECT or EXCEPT", "name the columns.", rule="star")
    if any(len(branch.outputs) != len(first.outputs) for branch in branches):
        raise QueryRejected("A UNION of different numbers of columns", "make them equal.", rule="union")
    outputs = tuple(
        Output(output.name, stacked([branch.outputs[index].value for branch in branches]), output.explicit)
        for index, output in enumerate(first.outputs)
    )
    if distinct and any(output.value.personal is Personal.DERIVED for output in outputs):
        raise personal_use("UNION without ALL, INTERSECT or EXCEPT")
    return Relation(outputs, many=any(branch.many for branch in branches))


def stacked(values: Sequence[Value]) -> Value:
    """One column out of several: exactly personal only when every part is."""
    kinds = {value.personal for value in values}
    personal = max(kinds) if len(kinds) == 1 else (Personal.DERIVED if max(kinds) else Personal.NO)
    return Value(personal, max(value.growth for value in values))


def aggregates(item: exp.Expr) -> bool:
    """Whether an output is an aggregate of its own SELECT, which then yields one row."""
    waiting = [item]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (exp.Window, exp.Query)):
            continue
        if isinstance(node, exp.Anonymous) and str(node.this).lower() in AGGREGATES.names:
            return True
        waiting += list(node.iter_expressions())
    return False


def depends_on_rows(item: exp.Expr) -> bool:
    return item.find(exp.Column) is not None and not aggregates(item) and item.find(exp.Window) is None
