"""Names in SQL held against the tables as they are described: relations, columns, and values of columns.

A name that cannot be followed (a star, a function's output) is left to the database; a name that can be followed and
does not exist is named with the nearest one that does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from dash.knowledge.check.sql import Problem, output_names
from dash.knowledge.nearest import advise, find_nearest

Relations = Mapping[str, Collection[str] | None]
"""Relation → its columns; None when they cannot be known."""

_DEEPEST = 20
_SYSTEM_COLUMNS = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"})


@dataclass(frozen=True)
class Described:
    """What SQL may name: relations with columns, tables that are queries, and (relation, column) → known values."""

    relations: Relations
    derived: Collection[str] = ()
    values: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)


def name_problems(tree: exp.Expr, described: Described) -> list[Problem]:
    """Relations, columns and values of columns that the knowledge does not describe."""
    problems: list[Problem] = []
    try:
        scopes = traverse_scope(tree)
    except SqlglotError as error:
        return [(f"the names in this SQL cannot be resolved ({str(error).splitlines()[0]})", "mend the SQL", 0)]
    for scope in scopes:
        problems += _relation_problems(scope, described)
        for column in scope.columns:
            # A scope lists its sub-queries' columns too; each is looked at where it stands.
            if column.find_ancestor(exp.Query) is scope.expression:
                problem = _column_problem(column, scope, described.relations)
                problems += [problem] if problem else []
        problems += _value_problems(scope, described)
    return list(dict.fromkeys(problems))


def _relation_problems(scope: Scope, described: Described) -> Iterator[Problem]:
    tables = described.relations
    for source in scope.sources.values():
        if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
            continue
        name = _relation(source)
        if name in described.derived:
            yield f"{name} is defined by a query and is no table of the database", "write its query as a WITH part", 0
        elif name not in tables:
            bare = [known for known in tables if known.rpartition(".")[2] == name]
            mend = f"write {bare[0]}" if bare else advise(name, tables, "describe the table in tables/ first")
            yield f"the table {name} is not described", mend, 0


def _column_problem(column: exp.Column, scope: Scope, tables: Relations) -> Problem | None:
    name, qualifier = column.name, column.table
    if not name or name == "*" or name in _SYSTEM_COLUMNS:
        return None
    known: set[str] = set()
    here: Scope | None = scope
    aliases: set[str] = set()
    while here is not None:
        aliases |= set(here.sources)
        known |= set(here.sources) | _aliases(here.expression)
        for alias, source in here.sources.items():
            if qualifier and alias != qualifier:
                continue
            columns = _columns(source, tables)
            if columns is None:
                return None
            known |= set(columns)
        if qualifier and qualifier in here.sources:
            known = set(_columns(here.sources[qualifier], tables) or ())
            break
        here = here.parent
    if qualifier and qualifier not in aliases:
        return f"{qualifier}.{name}: nothing in this query is called {qualifier}", _near(qualifier, aliases), 0
    if name in known:
        return None
    where = f" in {qualifier}" if qualifier else ""
    return f"there is no column {name}{where}", advise(name, known - aliases, "name a column that is described"), 0


def _value_problems(scope: Scope, described: Described) -> Iterator[Problem]:
    """`status = 'Snet'` counts nothing and says nothing: a literal beside a column with known values is one of them."""
    for node in scope.expression.find_all(exp.EQ, exp.NEQ, exp.In, exp.Case, exp.NullSafeEQ, exp.NullSafeNEQ):
        if node.find_ancestor(exp.Query) is not scope.expression:
            continue
        column, literals = _compared(node)
        origin = _origin(column, scope, described.relations) if column is not None and literals else None
        values = described.values.get(origin, frozenset()) if origin else frozenset()
        for literal in literals if values else ():
            if literal not in values:
                assert column is not None
                yield f"{column.name} has no value {literal!r}", advise(literal, values, "describe the value first"), 0


def _compared(node: exp.Expr) -> tuple[exp.Column | None, list[str]]:
    """The column of a comparison and the texts that it is compared with."""
    if isinstance(node, exp.In):
        sides = [node.this, *node.expressions]
    elif isinstance(node, exp.Case):
        sides = [node.this, *(branch.this for branch in node.args.get("ifs") or ())]
    else:
        sides = [node.this, node.expression]
    sides = [side.this if isinstance(side, exp.Any) else side for side in sides]
    column = next((side for side in sides if isinstance(side, exp.Column)), None)
    return column, [str(side.this) for side in sides if isinstance(side, exp.Literal) and side.is_string]


def _origin(column: exp.Column, scope: Scope | None, tables: Relations, depth: int = 0) -> tuple[str, str] | None:
    """The described table and column that a column stands for, also through WITH parts; None when it is computed.

    A recursive WITH part leads back to itself, so the way is bounded.
    """
    while scope is not None and depth < _DEEPEST:
        for alias, source in scope.sources.items():
            columns = _columns(source, tables)
            if (column.table and column.table != alias) or columns is None or column.name not in columns:
                continue
            if isinstance(source, exp.Table):
                return _relation(source), column.name
            inner = source.expression
            if not isinstance(inner, exp.Select):
                return None
            chosen = next(one for one in inner.selects if one.alias_or_name == column.name).unalias()
            return _origin(chosen, source, tables, depth + 1) if isinstance(chosen, exp.Column) else None
        scope = scope.parent
    return None


def _aliases(query: exp.Expr) -> set[str]:
    """Output names that ORDER BY and GROUP BY may use."""
    if isinstance(query, exp.SetOperation):
        return set(query.named_selects)
    return {one.alias for one in query.selects if isinstance(one, exp.Alias)} if isinstance(query, exp.Query) else set()


def _near(name: str, known: Collection[str]) -> str:
    near = find_nearest(name, known)
    return f"write {near}" if near else "name one of its tables"


def _columns(source: object, tables: Relations) -> Collection[str] | None:
    """Columns of a source of a query; None when they cannot be known."""
    if isinstance(source, exp.Table):
        alias = source.args.get("alias")
        if alias is not None and alias.args.get("columns"):
            return None
        return tables.get(_relation(source)) if isinstance(source.this, exp.Identifier) else None
    if isinstance(source, Scope):
        alias = source.expression.parent.args.get("alias") if source.expression.parent else None
        if alias is not None and isinstance(alias, exp.TableAlias) and alias.args.get("columns"):
            return None
        return output_names(source.expression)
    return None


def _relation(table: exp.Table) -> str:
    return f"{table.db}.{table.name}" if table.db else table.name
