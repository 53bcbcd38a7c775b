"""SQL that follows a column or a table to its new name. What a query gives keeps the names that it had."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot.tokenizer_core import Token, TokenType

from dash.drift.statement import Statement, is_name, name_of
from dash.semantics.fragments import identifier


def with_renamed_column(sql: str, table: str, old: str, new: str) -> str:
    """A query in which a table's column has its new name; in an item without a name of its own, `new AS old`."""
    read = Statement(sql)
    if table not in read.relations.values():
        return sql
    bare = {item.end for part in read.lists for item in part.items if item.output == old and not item.named}
    edits = []
    for place, token in enumerate(read.tokens):
        if not is_name(token) or name_of(token) != old or not read.is_column_of(place, table):
            continue
        written = identifier(new) + (f" AS {identifier(old)}" if token.end + 1 in bare else "")
        edits.append((token.start, token.end + 1, written))
    return _edited(sql, edits)


def with_renamed_in_fragment(fragment: str, old: str, new: str, row: str = "") -> str:
    """A calculation or a condition over one table in which a column has its new name; `row` is what the table's row is
    called, where only names behind that are meant. Names of other tables that it reads, and `:old`, stay."""
    read = Statement(fragment)
    edits = []
    for place, token in enumerate(read.tokens):
        qualifier = read.qualifier(place)
        of_others = qualifier != row if row else qualifier in read.relations
        if is_name(token) and name_of(token) == old and not of_others and not read.is_no_column(place):
            edits.append((token.start, token.end + 1, identifier(new)))
    return _edited(fragment, edits)


def with_renamed_table(sql: str, old: str, new: str) -> str:
    """A query in which a table has its new name, and the alias that it had."""
    read = Statement(sql)
    edits = []
    for start, end, alias in _places(read.tokens, old):
        written = ".".join(identifier(part) for part in new.split(".", 1))
        edits.append((start, end, written if alias else f"{written} AS {identifier(old.rpartition('.')[2])}"))
    return _edited(sql, edits)


def _places(tokens: list[Token], table: str) -> Iterator[tuple[int, int, bool]]:
    schema, _, name = table.partition(".")
    for place in range(1, len(tokens) - 2):
        first, dot, second = tokens[place : place + 3]
        if dot.token_type is TokenType.DOT and name_of(first) == schema and name_of(second) == name:
            after = tokens[place + 3] if place + 3 < len(tokens) else None
            has_alias = after is not None and (
                after.text.upper() == "AS" or after.token_type in (TokenType.VAR, TokenType.IDENTIFIER)
            )
            yield first.start, second.end + 1, has_alias


def _edited(sql: str, edits: list[tuple[int, int, str]]) -> str:
    text = sql
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
