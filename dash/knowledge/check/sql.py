"""SQL out of knowledge files: does it parse, which names does it use, and does it keep to the product's clock?

The tree is only looked at. What runs is always the text that a person wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from dash.errors import QueryRejected
from dash.knowledge.nearest import advise, find_nearest
from dash.knowledge.placeholders import bind, names

Problem = tuple[str, str, int]
"""What, how to mend it, and how many lines below the beginning of the SQL."""

Relations = Mapping[str, Collection[str] | None]
"""Relation → its columns; None when they cannot be known."""

_CLOCKS = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.Localtime, exp.Localtimestamp)
_CLOCK_FUNCTIONS = frozenset({"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"})
_CLOCK_WORDS = frozenset({"now", "today", "tomorrow", "yesterday"})
_SYSTEM_COLUMNS = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"})


@dataclass(frozen=True)
class ReadSql:
    """A parsed text (None when it cannot be), the names of its placeholders, and what is wrong with it so far."""

    tree: exp.Expr | None
    placeholders: tuple[str, ...]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=2048)
def read_query(sql: str) -> ReadSql:
    """SQL that must be one query."""
    read = _read(sql)
    if read.tree is not None and not isinstance(read.tree, exp.Query):
        return ReadSql(None, read.placeholders, (("this is no query", "begin it with SELECT or WITH", 0),))
    return read


@lru_cache(maxsize=2048)
def read_expression(sql: str) -> ReadSql:
    """SQL that must be one expression: a calculation or a condition."""
    read = _read(f"SELECT {sql}")
    select = read.tree
    if select is None:
        return read
    alone = isinstance(select, exp.Select) and len(select.expressions) == 1
    rest = [key for key, value in select.args.items() if value and key not in ("expressions", "kind")]
    if not alone or rest or isinstance(select.expressions[0], (exp.Alias, exp.Star)):
        return ReadSql(None, read.placeholders, (("this is not one expression", "write only the expression", 0),))
    return ReadSql(select.expressions[0].copy(), read.placeholders, read.problems)


def _read(sql: str) -> ReadSql:
    try:
        used = names(sql)
        text, _ = bind(sql, dict.fromkeys(used))
    except QueryRejected as error:
        return ReadSql(None, (), ((error.construct, error.instead, 0),))
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect="postgres") if tree is not None]
    except ParseError as error:
        detail = error.errors[0] if error.errors else {}
        near = f" near {detail['highlight']!r}" if detail.get("highlight") else ""
        what = f"this SQL cannot be parsed{near}"
        return ReadSql(None, used, ((what, "mend the SQL", _lines_before(text, detail)),))
    except (SqlglotError, RecursionError):
        return ReadSql(None, used, (("this SQL cannot be parsed", "mend the SQL", 0),))
    if len(trees) != 1:
        return ReadSql(None, used, ((f"these are {len(trees)} statements", "write exactly one", 0),))
    return ReadSql(trees[0], used, tuple(_clock_problems(trees[0])))


def _lines_before(text: str, detail: Mapping[str, object]) -> int:
    """Lines above a parse error, found by the words before it: the parser's own line numbers drift."""
    words = f"{detail.get('start_context') or ''}{detail.get('highlight') or ''}"
    return text.count("\n", 0, text.find(words) + len(words)) if words in text else 0


def _clock_problems(tree: exp.Expr) -> Iterator[Problem]:
    for node in tree.find_all(*_CLOCKS, exp.Anonymous, exp.Cast):
        written = ""
        if isinstance(node, exp.Cast):
            literal = node.this
            if isinstance(literal, exp.Literal) and str(literal.this).lower() in _CLOCK_WORDS:
                written = f"'{literal.this}'"
        elif isinstance(node, _CLOCKS):
            written = node.sql(dialect="postgres")
        elif str(node.this).lower() in _CLOCK_FUNCTIONS:
            written = f"{node.this}()"
        if written:
            what = f"{written} reads the database's clock, so the query could not be repeated"
            yield what, "write CAST(:now AS timestamptz)", 0


def has_aggregate(tree: exp.Expr) -> bool:
    """Whether an expression aggregates rows; a function that is not known here gets the benefit of the doubt."""
    return any(
        isinstance(node, (exp.AggFunc, exp.Anonymous)) and not node.find_ancestor(exp.Query)
        for node in tree.find_all(exp.AggFunc, exp.Anonymous)
    )


def null_tested(read: ReadSql) -> set[str]:
    """Placeholders for which the SQL says what NULL means: `:x IS NULL`, `COALESCE(:x, …)`."""
    found = set()
    for node in read.tree.find_all(exp.Is, exp.Coalesce, exp.NullSafeEQ, exp.NullSafeNEQ) if read.tree else ():
        for parameter in node.find_all(exp.Parameter):
            number = parameter.name
            if number.isdigit() and 0 < int(number) <= len(read.placeholders):
                found.add(read.placeholders[int(number) - 1])
    return found


def placeholder_problems(used: Collection[str], known: Collection[str]) -> Iterator[Problem]:
    """Placeholders that nobody declares."""
    for name in used:
        if name not in known:
            mend = advise(f":{name}", [f":{one}" for one in known], f"declare the parameter {name}")
            yield f"the placeholder :{name} is not declared", mend, 0


def output_names(tree: exp.Expr) -> tuple[str, ...] | None:
    """Names of the output columns, or None when a star or a nameless expression keeps them unknown."""
    if not isinstance(tree, exp.Query):
        return None
    found = tuple(tree.named_selects)
    return None if not found or any(name in ("", "*") for name in found) else found


def name_problems(tree: exp.Expr, tables: Relations, derived: Collection[str]) -> list[Problem]:
    """Relations and columns that the knowledge does not describe. `tables`: relation → its columns."""
    problems: list[Problem] = []
    try:
        scopes = traverse_scope(tree)
    except SqlglotError as error:
        return [(f"the names in this SQL cannot be resolved ({str(error).splitlines()[0]})", "mend the SQL", 0)]
    for scope in scopes:
        problems += _relation_problems(scope, tables, derived)
        for column in scope.columns:
            # A scope lists its sub-queries' columns too; each is looked at where it stands.
            if column.find_ancestor(exp.Query) is scope.expression:
                problem = _column_problem(column, scope, tables)
                problems += [problem] if problem else []
    return list(dict.fromkeys(problems))


def _relation_problems(scope: Scope, tables: Relations, derived: Collection[str]) -> Iterator[Problem]:
    for source in scope.sources.values():
        if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
            continue
        name = _relation(source)
        if name in derived:
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
