"""A query's text read as tokens and tree, with every name's owner, to find what a fix matches.

The text may be anybody's and no guard has seen it yet, so reading is bounded: by length, and by counted steps of a
parser that knows no functions. What cannot be read in that is left as it is; the guard will have its own opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.tokenizer_core import Token

from dash.errors import QueryRejected
from dash.knowledge.counted_parser import CountedParser, TooManySteps
from dash.knowledge.placeholders import placeholders

MAXIMUM_LENGTH = 20_000
_DIALECT = Postgres()

Columns = Mapping[str, Sequence[str]]
"""Relation → its columns."""


class _BoundedParser(CountedParser):
    """Calls keep their names, as in the guard: nothing is rewritten on the way in."""

    STEPS_PER_TOKEN = 60
    FUNCTIONS: ClassVar = {}


@dataclass(frozen=True)
class Owned:
    """A column of the query, the SELECT that it stands in, and the real tables that it may belong to."""

    node: exp.Column
    scope: Scope
    owners: tuple[str, ...]

    @property
    def name(self) -> str:
        """As PostgreSQL looks it up."""
        return folded(self.node.this)

    @property
    def span(self) -> tuple[int, int]:
        """Characters [start, end) of the column with its qualifier."""
        parts = [part for part in self.node.parts if "start" in part.meta]
        return min(part.meta["start"] for part in parts), max(part.meta["end"] for part in parts) + 1

    @property
    def name_span(self) -> tuple[int, int]:
        """Characters [start, end) of the name alone."""
        return self.node.this.meta["start"], self.node.this.meta["end"] + 1


@dataclass(frozen=True)
class ReadQuery:
    """One query: its tokens, its tree, and the scopes of its SELECTs."""

    text: str
    tokens: Sequence[Token]
    tree: exp.Query
    scopes: Mapping[int, Scope]

    def tables(self) -> Iterator[exp.Table]:
        """Tables of the database that the query names, as it writes them."""
        seen = set()
        for scope in self.scopes.values():
            for source in scope.sources.values():
                if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier) and id(source) not in seen:
                    seen.add(id(source))
                    yield source

    def columns(self) -> Iterator[Owned]:
        """Every column by its position, with the real tables of its SELECT that it may belong to."""
        found = []
        for node in self.tree.find_all(exp.Column):
            if not isinstance(node.this, exp.Identifier) or "start" not in node.this.meta:
                continue
            scope = self.scope_of(node)
            if scope is not None:
                found.append(Owned(node, scope, tuple(owners(node, scope))))
        yield from sorted(found, key=lambda owned: owned.name_span)

    def scope_of(self, node: exp.Expr) -> Scope | None:
        """The SELECT that a node stands in."""
        query = node.find_ancestor(exp.Select)
        return self.scopes.get(id(query)) if query is not None else None


def read(sql: str) -> ReadQuery | None:
    """The query, or None where the text is not one or takes too long to read."""
    if len(sql) > MAXIMUM_LENGTH:
        return None
    try:
        text = _without_placeholders(sql)
        tokens = _DIALECT.tokenize(text)
        trees = [tree for tree in _BoundedParser(len(tokens), _DIALECT).parse(tokens, text) if tree is not None]
        if len(trees) != 1 or not isinstance(trees[0], exp.Query):
            return None
        scopes = {id(scope.expression): scope for scope in traverse_scope(trees[0])}
    except (QueryRejected, SqlglotError, RecursionError, TooManySteps):
        return None
    except (ValueError, AssertionError, AttributeError, TypeError, KeyError, IndexError):
        return None  # the parser meets malformed input with whatever its code runs into
    return ReadQuery(sql, tokens, trees[0], scopes)


def _without_placeholders(sql: str) -> str:
    """`:name` as `$1` of the same length, so that every position stays: no name is shorter than one letter."""
    pieces: list[str] = []
    done = 0
    for placeholder in placeholders(sql):
        pieces += (sql[done : placeholder.start], "$1".ljust(placeholder.end - placeholder.start))
        done = placeholder.end
    return "".join([*pieces, sql[done:]])


def owners(column: exp.Column, scope: Scope) -> list[str]:
    """The real tables that a column may belong to: that of its qualifier, else all of its SELECT."""
    wanted = folded(column.args["table"]) if column.args.get("table") is not None else None
    return [
        relation_of(source)
        for alias, source in scope.sources.items()
        if isinstance(source, exp.Table) and wanted in (None, alias.lower(), alias)
    ]


def relation_of(table: exp.Table) -> str:
    """`schema.table` as PostgreSQL looks it up, or the bare name."""
    name = folded(table.this)
    return f"{folded(table.args['db'])}.{name}" if table.args.get("db") is not None else name


def folded(identifier: exp.Expr) -> str:
    """A name as PostgreSQL looks it up."""
    name = str(identifier.this) if isinstance(identifier, exp.Identifier) else identifier.name
    quoted = isinstance(identifier, exp.Identifier) and identifier.args.get("quoted")
    return name if quoted else name.lower()


def is_certain(owned: Owned, relation: str, columns: Columns | None) -> bool:
    """Whether a column can only be one of `relation`, be it there or not: its qualifier says so, or no other source of
    its SELECT could have it."""
    if relation not in owned.owners:
        return False
    if owned.node.args.get("table") is not None:
        return owned.owners.count(relation) == len(owned.owners)
    if len(owned.scope.sources) == 1:
        return True
    others = [
        source
        for source in owned.scope.sources.values()
        if not (isinstance(source, exp.Table) and relation_of(source) == relation)
    ]
    return columns is not None and all(
        isinstance(source, exp.Table) and owned.name not in columns.get(relation_of(source), (owned.name,))
        for source in others
    )


def output_names(scope: Scope) -> set[str]:
    """The names that a SELECT gives its outputs, which ORDER BY and GROUP BY may use."""
    query = scope.expression
    items = query.expressions if isinstance(query, exp.Select) else []
    return {folded(item.args["alias"]) for item in items if isinstance(item, exp.Alias)}
