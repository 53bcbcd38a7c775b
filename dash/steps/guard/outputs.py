"""The name that PostgreSQL gives an output column without AS (its FigureColname), or None for `?column?`."""

from __future__ import annotations

from sqlglot import exp

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
