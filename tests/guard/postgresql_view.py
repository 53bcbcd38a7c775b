"""What PostgreSQL's own parser (libpg_query) sees in a text, judged by the guard's lists but by none of its code.

Two parsers that were written by different people for different purposes read every accepted query here. `objections`
allows what it knows: a node, a function, a relation, a type or an operator that is not listed is an objection, so a
construct that the guard misreads cannot hide behind one that it understands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pglast.parser import ParseError, parse_sql_json

from dash.steps.guard.functions import FUNCTIONS, OPERATORS

Node = Mapping[str, Any]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NODES = _words(
    """SelectStmt ResTarget ColumnRef A_Star String A_Const FuncCall TypeCast TypeName A_Expr BoolExpr NullTest
    BooleanTest CaseExpr CaseWhen SubLink RangeVar RangeSubselect RangeFunction JoinExpr CommonTableExpr SortBy
    WindowDef CoalesceExpr MinMaxExpr A_Indirection A_Indices A_ArrayExpr RowExpr GroupingFunc GroupingSet ParamRef
    SQLValueFunction CollateClause NamedArgExpr List Integer Float Boolean"""
)
# PostgreSQL's grammar turns EXTRACT(… FROM …), AT TIME ZONE, ESCAPE and their like into calls of these.
_SYNTAX_CALLS = _words("extract btrim ltrim rtrim substring position overlay timezone overlaps")
_ESCAPE_CALLS = _words("like_escape similar_to_escape")
_TYPES = _words(
    """int2 int4 int8 numeric float4 float8 bool text varchar bpchar char date time timetz timestamp timestamptz
    interval json jsonb uuid"""
)
_MATCHES = {"~~", "!~~", "~~*", "!~~*", "BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC", "NOT BETWEEN SYMMETRIC"}
_CLOCKS = {
    "SVFOP_CURRENT_DATE", "SVFOP_CURRENT_TIMESTAMP", "SVFOP_CURRENT_TIMESTAMP_N", "SVFOP_LOCALTIMESTAMP",
    "SVFOP_LOCALTIMESTAMP_N",
}  # fmt: skip


def parsed(text: str) -> list[Node] | None:
    """The statements of a text; None when it is not SQL."""
    try:
        return [entry["stmt"] for entry in json.loads(parse_sql_json(text))["stmts"]]
    except ParseError:
        return None


class Reading:
    """What one statement reads, and everything in it that should not be there."""

    def __init__(self, statement: Node, allowed: Mapping[str, tuple[str, ...]], values: int) -> None:
        self.relations: set[str] = set()
        self.objections: list[str] = []
        self._allowed = allowed
        self._values = values
        self._columns: set[str] = set()
        if list(statement) != ["SelectStmt"]:
            self.objections.append(f"a {', '.join(statement)}")
        self._read(statement, frozenset())
        known = _given_names(statement) | {name for key in self.relations for name in (*allowed[key], *key.split("."))}
        self.objections += [f"column {name}" for name in sorted(self._columns - known - FUNCTIONS - {"key", "value"})]

    def _read(self, value: Any, with_names: frozenset[str]) -> None:
        if isinstance(value, list):
            for item in value:
                self._read(item, with_names)
        elif isinstance(value, Mapping):
            if value.get("withClause"):
                with_names = self._with(value["withClause"], with_names)
            for name, inner in value.items():
                if name[0].isupper():
                    self._node(name, inner, with_names)
                elif (name in ("larg", "rarg") and "targetList" in inner) or (
                    name in ("larg", "rarg") and "op" in inner
                ):
                    self._node("SelectStmt", inner, with_names)
                elif name == "typeName":
                    self._node("TypeName", inner, with_names)
                elif name != "withClause":
                    self._read(inner, with_names)

    def _with(self, clause: Node, names: frozenset[str]) -> frozenset[str]:
        if clause.get("recursive"):
            self.objections.append("WITH RECURSIVE")
        for item in clause["ctes"]:
            query = item["CommonTableExpr"]["ctequery"]
            if list(query) != ["SelectStmt"]:
                self.objections.append(f"WITH {', '.join(query)}")
            self._read(item, names)
            names = names | {item["CommonTableExpr"]["ctename"]}
        return names

    def _node(self, kind: str, node: Any, with_names: frozenset[str]) -> None:
        if kind not in _NODES:
            self.objections.append(f"a {kind}")
        check = getattr(self, f"_check_{kind.lower()}", None)
        if check is not None:
            self.objections += check(node)
        if kind == "RangeVar":
            self.objections += self._relation(node, with_names)
        if kind == "SelectStmt" and node.get("withClause"):
            inner = self._with(node["withClause"], with_names)
            self._read({name: part for name, part in node.items() if name != "withClause"}, inner)
        else:
            self._read(node, with_names)

    def _relation(self, node: Node, with_names: frozenset[str]) -> Iterator[str]:
        schema, name = node.get("schemaname"), node["relname"]
        if schema is None and name in with_names:
            return
        self.relations.add(f"{schema}.{name}")
        if f"{schema}.{name}" not in self._allowed:
            self.relations.discard(f"{schema}.{name}")
            yield f"relation {schema}.{name}"
        if node.get("catalogname") or not node.get("inh") or node.get("relpersistence") != "p":
            yield f"a special {name}"

    @staticmethod
    def _check_selectstmt(node: Node) -> Iterator[str]:
        yield from (part for part in ("intoClause", "lockingClause") if node.get(part))

    @staticmethod
    def _check_funccall(node: Node) -> Iterator[str]:
        names = [part["String"]["sval"] for part in node["funcname"]]
        syntax = _SYNTAX_CALLS if node.get("funcformat") == "COERCE_SQL_SYNTAX" else _ESCAPE_CALLS
        written = len(names) == 1 and names[0] in FUNCTIONS
        if not written and not (len(names) == 2 and names[0] == "pg_catalog" and names[1] in syntax):
            yield f"function {'.'.join(names)}"
        if node.get("func_variadic"):
            yield "VARIADIC"

    @staticmethod
    def _check_typename(node: Node) -> Iterator[str]:
        names = [part["String"]["sval"] for part in node["names"]]
        if names[-1] not in _TYPES or names[:-1] not in ([], ["pg_catalog"]):
            yield f"type {'.'.join(names)}"
        yield from (part for part in ("setof", "pct_type") if node.get(part))

    @staticmethod
    def _check_a_expr(node: Node) -> Iterator[str]:
        names = [part["String"]["sval"] for part in node["name"]]
        if len(names) != 1 or names[0] not in OPERATORS | _MATCHES:
            yield f"operator {'.'.join(names)}"

    @staticmethod
    def _check_sqlvaluefunction(node: Node) -> Iterator[str]:
        if node["op"] not in _CLOCKS:
            yield node["op"]

    @staticmethod
    def _check_sortby(node: Node) -> Iterator[str]:
        if node.get("useOp"):
            yield "ORDER BY USING"

    @staticmethod
    def _check_collateclause(node: Node) -> Iterator[str]:
        if [part["String"]["sval"] for part in node["collname"]] not in (["C"], ["POSIX"]):
            yield "a collation"

    @staticmethod
    def _check_rangefunction(node: Node) -> Iterator[str]:
        yield from (part for part in ("is_rowsfrom", "coldeflist") if node.get(part))

    @staticmethod
    def _check_joinexpr(node: Node) -> Iterator[str]:
        if node.get("isNatural"):
            yield "NATURAL JOIN"

    def _check_paramref(self, node: Node) -> Iterator[str]:
        if not 1 <= node.get("number", 0) <= self._values:
            yield "a parameter without a value"

    def _check_columnref(self, node: Node) -> Iterator[str]:
        fields = node["fields"]
        self._columns |= {field["String"]["sval"] for field in fields if "String" in field}
        if len(fields) > 3 or any("A_Star" in field for field in fields[:-1]):
            yield "a long name"


def _given_names(value: Any) -> set[str]:
    """Names that the query itself gives: aliases, WITH names, column lists, windows, output columns."""
    names: set[str] = set()
    if isinstance(value, list):
        for item in value:
            names |= _given_names(item)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("aliasname", "ctename") or (key == "name" and isinstance(inner, str)):
                names.add(inner)
            elif key in ("colnames", "aliascolnames"):
                names |= {item["String"]["sval"] for item in inner}
            else:
                names |= _given_names(inner)
    return names
