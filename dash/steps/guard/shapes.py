"""What a query may consist of: every node of the tree, and every part of every node, by allow-list.

A part that is not listed (a lock, INTO, a sample, a lambda, a hint) ends the query even where the node itself is
allowed, so nothing that the parser understood can be overlooked by what reads the tree afterwards.
"""

from __future__ import annotations

from sqlglot import exp

from dash.errors import QueryRejected
from dash.steps.guard.words import RESERVED

_BINARY = "this expression"
_SHAPES: dict[type[exp.Expr], str] = {
    # queries
    exp.Select: "with_ distinct expressions from_ joins where group having windows order limit offset",
    exp.Union: "with_ this expression distinct order limit offset",
    exp.Intersect: "with_ this expression distinct order limit offset",
    exp.Except: "with_ this expression distinct order limit offset",
    exp.Subquery: "with_ this alias joins order limit offset",
    exp.Values: "expressions alias order limit offset",
    exp.With: "expressions",
    exp.CTE: "this alias materialized",
    exp.From: "this",
    exp.Join: "this side kind on using",
    exp.Lateral: "this alias ordinality",
    exp.Unnest: "expressions alias offset",
    exp.Table: "this db alias joins ordinality",
    exp.TableAlias: "this columns",
    exp.Where: "this",
    exp.Having: "this",
    exp.Group: "expressions",
    exp.GroupingSets: "expressions",
    exp.Rollup: "expressions",
    exp.Cube: "expressions",
    exp.Order: "this expressions",
    exp.Ordered: "this desc nulls_first",
    exp.Limit: "expression limit_options",
    exp.LimitOptions: "rows with_ties",
    exp.Fetch: "direction count limit_options",
    exp.Offset: "expression",
    exp.Distinct: "expressions on",
    # names and values
    exp.Alias: "this alias",
    exp.Column: "this table db",
    exp.Identifier: "this quoted",
    exp.Star: "",
    exp.Literal: "this is_string",
    exp.ByteString: "this",
    exp.Boolean: "this",
    exp.Null: "",
    exp.Parameter: "this",
    exp.Var: "this",
    exp.Interval: "this unit fraction_in_string",
    exp.IntervalSpan: "this expression",
    exp.Array: "expressions",
    exp.Tuple: "expressions",
    exp.Paren: "this",
    # calls
    exp.Anonymous: "this expressions",
    exp.Kwarg: "this expression",
    exp.Cast: "this to",
    exp.DataType: "this expressions nested",
    exp.DataTypeParam: "this",
    exp.Extract: "this expression",
    exp.Overlay: "this expression from_ for_",
    exp.StrPosition: "this substr",
    exp.Substring: "this start length",
    exp.Trim: "this expression position",
    exp.CurrentDate: "",
    exp.CurrentTimestamp: "",
    exp.Localtimestamp: "",
    exp.Filter: "this expression",
    exp.WithinGroup: "this expression",
    exp.Window: "this partition_by order spec alias over",
    exp.WindowSpec: "kind start start_side end end_side exclude",
    # conditions and operators
    exp.Case: "this ifs default",
    exp.If: "this true",
    exp.Not: "this",
    exp.Neg: "this",
    exp.Is: "this expression negate",
    exp.Between: "this low high symmetric",
    exp.In: "this expressions query",
    exp.Like: "this expression negate",
    exp.ILike: "this expression negate",
    exp.Escape: _BINARY,
    exp.Exists: "this",
    exp.Any: "this",
    exp.All: "this",
    exp.AtTimeZone: "this zone",
    exp.Bracket: _BINARY + "s",
    exp.Slice: _BINARY,
    exp.Collate: _BINARY,
    exp.Div: "this expression typed",
    exp.DPipe: "this expression safe",
    **dict.fromkeys(
        (
            exp.Add, exp.And, exp.ArrayContainedBy, exp.ArrayContainsAll, exp.ArrayOverlaps, exp.EQ, exp.GT, exp.GTE,
            exp.JSONBContainsAllTopKeys, exp.JSONBContainsAnyTopKeys, exp.JSONBContainsTopKey, exp.JSONBExtract,
            exp.LT, exp.LTE, exp.Mod, exp.Mul, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Or, exp.Overlaps,
            exp.Pow, exp.RegexpILike, exp.RegexpLike, exp.SimilarTo, exp.Sub,
        ),
        _BINARY,
    ),
}  # fmt: skip
_PARTS = {node: frozenset(parts.split()) for node, parts in _SHAPES.items()}
_NOTES = frozenset({"nested", "value_constructor", "big_int", "coalesce"})

_PLAIN_WORDS = {
    "locks": "Locking rows",
    "into": "SELECT … INTO",
    "sample": "TABLESAMPLE",
    "method": "NATURAL JOIN",
    "only": "FROM ONLY",
    "catalog": "A name with a database in front",
    "recursive": "WITH RECURSIVE",
    "rows_from": "ROWS FROM",
}


def check_shapes(tree: exp.Expr) -> None:
    """Walk every node; raise QueryRejected at the first node or part that is not in the list."""
    waiting: list[exp.Expr] = [tree]
    while waiting:
        node = waiting.pop()
        allowed = _PARTS.get(type(node))
        if allowed is None:
            raise QueryRejected(
                f"The construct {type(node).__name__}", "use plain SELECT constructs.", rule="construct"
            )
        for part, value in node.args.items():
            if value is None or value is False or value == []:
                continue
            if part not in allowed and part not in _NOTES:
                what = _PLAIN_WORDS.get(part, f"{part.strip('_')} in {type(node).__name__}")
                raise QueryRejected(what, "leave it out.", rule=f"part_{part.strip('_')}")
            if isinstance(value, exp.Expr):
                waiting.append(value)
            elif isinstance(value, list):
                for item in value:
                    if not isinstance(item, exp.Expr):
                        raise QueryRejected(f"{part} in {type(node).__name__}", "leave it out.", rule="construct")
                    waiting.append(item)


def fold(name: object) -> str:
    """An identifier as PostgreSQL compares it: quoted as written, unquoted in lower case."""
    if not isinstance(name, exp.Identifier):
        raise QueryRejected("A name that is not a plain name", "use a plain name.", rule="name")
    text = str(name.this)
    return text if name.args.get("quoted") else text.lower()


def bare(name: object) -> str:
    """Like `fold`, for a place where PostgreSQL takes no reserved word unless it is quoted."""
    text = fold(name)
    if text in RESERVED and isinstance(name, exp.Identifier) and not name.args.get("quoted"):
        raise QueryRejected(f"The keyword {text.upper()} as a name", "put it into double quotes.", rule="keyword_name")
    return text


def declared_names(tree: exp.Expr) -> set[str]:
    """The names that the query itself gives: aliases, WITH names, column lists and windows."""
    names: set[str] = set()
    waiting: list[exp.Expr] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (exp.Alias, exp.TableAlias)):
            named = [node.args.get("alias"), *(node.args.get("columns") or [])]
            named += [node.this] if isinstance(node, exp.TableAlias) else []
            names.update(_declare(name) for name in named if isinstance(name, exp.Identifier))
        elif isinstance(node, exp.Window) and isinstance(node.this, exp.Identifier):
            names.add(_declare(node.this))
        elif isinstance(node, exp.Unnest) and isinstance(node.args.get("offset"), exp.Identifier):
            names.add(_declare(node.args["offset"]))
        for value in node.args.values():
            if isinstance(value, exp.Expr):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(value)
    return names


def _declare(name: exp.Identifier) -> str:
    folded = fold(name)
    if folded.startswith("pg_") or folded in ("information_schema", "ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"):
        raise QueryRejected(f"The name {folded}", "choose a name that is not PostgreSQL's own.", rule="reserved_name")
    return folded
