"""SQL text cut at its clauses: what comes before SELECT, its columns, its source, its condition, its groups.

Only a text that is one SELECT over a table of the knowledge, or over a WITH that merely picks rows of one, is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from dash.semantics.fragments import identifier
from dash.semantics.model import SemanticModel

_CLAUSES = (
    TokenType.SELECT,
    TokenType.FROM,
    TokenType.WHERE,
    TokenType.GROUP_BY,
    TokenType.HAVING,
    TokenType.ORDER_BY,
    TokenType.LIMIT,
    TokenType.FETCH,
    TokenType.OFFSET,
)
_SETS = (TokenType.UNION, TokenType.INTERSECT, TokenType.EXCEPT, TokenType.WINDOW, TokenType.DISTINCT)


@dataclass(frozen=True)
class Cut:
    """`head` is the WITH, `items` the columns by name, `source` from FROM on, `where` the condition without its word.
    `groups` are names and SQL of what is grouped by. `table` is the table whose rows are counted, `listed` its columns
    by which people know a row, as the source names them, `order` their order."""

    head: str
    items: dict[str, str]
    source: str
    where: str
    groups: dict[str, str]
    grouped: bool
    table: str
    listed: dict[str, str]
    order: str


def cut(sql: str, model: SemanticModel) -> Cut | None:
    """The pieces of a query; None when it is not of the one form that can be cut."""
    try:
        tree = sqlglot.parse_one(sql, dialect="postgres")
        tokens = Postgres().tokenize(sql)
    except (SqlglotError, RecursionError):
        return None
    if not isinstance(tree, exp.Select) or tree.args.get("distinct") or tree.find(exp.Star, bfs=True) in tree.selects:
        return None
    clauses = _clauses(tokens)
    if clauses is None or TokenType.FROM not in clauses:
        return None
    text = _Text(sql, tokens, clauses)
    items = _items(text, tree)
    groups = _groups(text, items, tree, model)
    if items is None or groups is None:
        return None
    found = _table(tree, model)
    if found is None:
        return None
    table, alias, through = found
    head = sql[: clauses[TokenType.SELECT].start]
    listed = _listed(model, table)
    if through is not None:
        head = _opened(head, through, listed) or ""
        if not head:
            return None
        names = {name: f"{alias}.{identifier(f'listed_{name}')}" for name in listed}
    else:
        names = {name: f"{alias}.{identifier(name)}" for name in listed}
    source = text.between(TokenType.FROM, whole=True)
    return Cut(
        head,
        items,
        source,
        text.between(TokenType.WHERE),
        groups,
        TokenType.GROUP_BY in clauses,
        table,
        names,
        ", ".join(names.values()),
    )


@dataclass(frozen=True)
class _Text:
    """A text with the places of its outermost clauses."""

    sql: str
    tokens: Sequence[Token]
    clauses: dict[TokenType, Token]

    def between(self, clause: TokenType, *, whole: bool = False) -> str:
        """A clause up to the next one; `whole` with its own word."""
        token = self.clauses.get(clause)
        if token is None:
            return ""
        later = [other.start for other in self.clauses.values() if other.start > token.start]
        return (
            self.sql[token.start if whole else token.end + 1 : min(later, default=len(self.sql))].rstrip().rstrip(";")
        )

    def parts(self, clause: TokenType) -> list[str]:
        """What stands between the outermost commas of a clause."""
        token = self.clauses[clause]
        later = [other.start for other in self.clauses.values() if other.start > token.start]
        end, parts, begin, depth = min(later, default=len(self.sql)), [], token.end + 1, 0
        for each in self.tokens:
            if each.start < begin or each.start >= end:
                continue
            depth += _nesting(each)
            if each.token_type is TokenType.COMMA and depth == 0:
                parts.append(self.sql[begin : each.start])
                begin = each.end + 1
        return [part.strip() for part in [*parts, self.sql[begin:end].rstrip().rstrip(";")]]


def _nesting(token: Token) -> int:
    if token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET):
        return 1
    return -1 if token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET) else 0


def _clauses(tokens: Sequence[Token]) -> dict[TokenType, Token] | None:
    """The outermost clauses; None when one stands there twice or rows are put together in another way."""
    found: dict[TokenType, Token] = {}
    depth = 0
    for token in tokens:
        depth += _nesting(token)
        if depth:
            continue
        if token.token_type in _SETS or (token.token_type in _CLAUSES and token.token_type in found):
            return None
        if token.token_type in _CLAUSES:
            found[token.token_type] = token
    return found


def _items(text: _Text, tree: exp.Select) -> dict[str, str] | None:
    """The columns by name, each without its alias; None when the text and the tree do not agree on them."""
    items: dict[str, str] = {}
    for part in text.parts(TokenType.SELECT):
        tokens = Postgres().tokenize(part)
        if len(tokens) > 2 and tokens[-2].token_type is TokenType.ALIAS:
            items[tokens[-1].text] = part[: tokens[-2].start].strip()
        else:
            items[tokens[-1].text] = part
    if any("--" in sql or "/*" in sql for sql in items.values()):
        return None  # a comment would hide what is put behind it
    return items if list(items) == tree.named_selects else None


def _groups(text: _Text, items: dict[str, str] | None, tree: exp.Select, model: SemanticModel) -> dict[str, str] | None:
    """Names and SQL of the groups; None when one of them is no column of the answer."""
    if items is None:
        return None
    if TokenType.GROUP_BY not in text.clauses:
        return {}
    groups: dict[str, str] = {}
    for part in text.parts(TokenType.GROUP_BY):
        if part.isdecimal() and 1 <= int(part) <= len(items):
            name = list(items)[int(part) - 1]
        elif part in items.values():
            name = next(name for name, sql in items.items() if sql == part)
        elif part in items and not _is_column(part, tree, model):
            name = part
        else:
            return None
        groups[name] = items[name]
    return groups


def _is_column(name: str, tree: exp.Select, model: SemanticModel) -> bool:
    """Whether a name may be a column of what is read: PostgreSQL groups by that before an alias of the same name."""
    tables = [model.tables.get(_full_name(table)) for table in tree.find_all(exp.Table)]
    return any(column.name == name for table in tables if table for column in table.table_columns)


def _full_name(table: exp.Table) -> str:
    return f"{table.db}.{table.name}" if table.db else table.name


def _table(tree: exp.Select, model: SemanticModel) -> tuple[str, str, str | None] | None:
    """The table whose rows are counted, how the outermost FROM calls it, and the WITH that it is read through."""
    source = tree.args.get("from_") or tree.args.get("from")
    table = source.this if source is not None else None
    if not isinstance(table, exp.Table):
        return None
    alias, name = table.alias_or_name, _full_name(table)
    with_names = {cte.alias_or_name: cte.this for cte in tree.ctes}
    if name not in with_names:
        return (name, alias, None) if name in model.tables and not model.tables[name].sql else None
    inner = with_names[name]
    if not isinstance(inner, exp.Select) or inner.args.get("group") or inner.args.get("distinct"):
        return None
    if inner.args.get("limit") or any(item.find(exp.AggFunc) for item in inner.selects) or inner.args.get("joins"):
        return None
    below = inner.args.get("from_") or inner.args.get("from")
    base = below.this if below is not None else None
    if not isinstance(base, exp.Table) or _full_name(base) not in model.tables or base.alias:
        return None
    return _full_name(base), alias, name


def _listed(model: SemanticModel, table: str) -> list[str]:
    file = model.tables[table]
    return list(file.list_columns or file.primary_key)


def _opened(head: str, name: str, listed: Sequence[str]) -> str | None:
    """The WITH, with the columns by which people know a row added to the named part; None when it is not found."""
    tokens = Postgres().tokenize(head)
    for first, alias, opening, select in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        kinds = (alias.token_type, opening.token_type, select.token_type)
        if first.text == name and kinds == (TokenType.ALIAS, TokenType.L_PAREN, TokenType.SELECT):
            added = ", ".join(f"{identifier(column)} AS {identifier(f'listed_{column}')}" for column in listed)
            return f"{head[: select.end + 1]} {added},{head[select.end + 1 :]}"
    return None
