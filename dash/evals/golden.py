"""What a golden query says: its rows, and how much of their order it means.

Hand-written SQL runs through the same guard and limits as every other query. Its clock is the question's: now() and
its kin are read as `:now`, so a case gives the same rows whenever it is run. Rows that its leading sort key calls
equal may change places, because no question asks which of two equal things comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from dash.ask import Dash
from dash.errors import QueryRejected
from dash.knowledge.placeholders import names
from dash.records import PlannedQuery, Question, Viewer

VIEWER = Viewer("evals")
"""Golden questions are kept apart from the conversations of people."""

_NOW = "CAST(:now AS timestamptz)"
_CLOCKS = {
    TokenType.CURRENT_TIMESTAMP: _NOW,
    TokenType.CURRENT_DATE: f"CAST({_NOW} AS date)",
    TokenType.LOCALTIMESTAMP: f"CAST({_NOW} AS timestamp)",
}


@dataclass(frozen=True)
class Expected:
    """Rows of one golden query; `segments` numbers their places, and places of one number may be exchanged."""

    sql: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    segments: tuple[int, ...]
    truncated: bool = False


def run_golden(dash: Dash, sql: str, now: datetime, *, ordered: bool) -> Expected:
    """Run a hand-written query as of `now`. Raises QueryRejected, QueryFailed, DatabaseUnavailable."""
    text = with_given_clock(sql.strip().removesuffix(";"))
    unknown = [name for name in names(text) if name != "now"]
    if unknown:
        raise QueryRejected(f"The placeholder :{unknown[0]}", "golden SQL knows only :now", rule="placeholder")
    parameters = {"now": now} if names(text) else {}
    checked = dash.check(PlannedQuery(text, parameters), VIEWER, "vetted")
    result = dash.execute(checked, Question("", now, dash.settings.zone, VIEWER))
    columns = tuple(column.name for column in result.columns)
    segments = _segments(result.rows, sort_column(text, len(columns))) if ordered else (0,) * len(result.rows)
    return Expected(sql, columns, result.rows, segments, result.truncated is not None)


def with_given_clock(sql: str) -> str:
    """The same text with `:now` where it asks the server's clock; strings and comments are left alone."""
    try:
        tokens = Postgres().tokenize(sql)
    except SqlglotError:
        return sql
    pieces, done = [], 0
    for place, token in enumerate(tokens):
        following = tokens[place + 1 : place + 3]
        called = len(following) == 2 and (following[0].text, following[1].text) == ("(", ")")
        qualified = place > 0 and tokens[place - 1].token_type in (TokenType.DOT, TokenType.COLON, TokenType.ALIAS)
        if qualified:
            continue
        if called and token.token_type is TokenType.VAR and token.text.lower() == "now":
            pieces += [sql[done : token.start], _NOW]
            done = following[1].end + 1
        elif token.token_type in _CLOCKS:
            pieces += [sql[done : token.start], _CLOCKS[token.token_type]]
            done = token.end + 1
    return "".join([*pieces, sql[done:]])


def sort_column(sql: str, width: int) -> int | None:
    """The place of the output column by which a query sorts first; None when it is none of them or cannot be told."""
    try:
        query = sqlglot.parse_one(sql, dialect="postgres")
    except (SqlglotError, RecursionError):
        return None
    order = query.args.get("order")
    outputs = query.selects if isinstance(query, exp.Query) else []
    if order is None or len(outputs) != width or any(output.is_star for output in outputs):
        return None
    leading = order.expressions[0].this
    if isinstance(leading, exp.Literal) and leading.is_int:
        place = int(leading.name) - 1
        return place if 0 <= place < width else None
    for place, output in enumerate(outputs):
        if isinstance(leading, exp.Column) and not leading.table and leading.name == output.alias_or_name:
            return place
        if output.unalias() == leading:
            return place
    return None


def _segments(rows: Sequence[Sequence[Any]], leading: int | None) -> tuple[int, ...]:
    if leading is None:
        return tuple(range(len(rows)))
    segments: list[int] = []
    for place, row in enumerate(rows):
        same = place > 0 and row[leading] == rows[place - 1][leading]
        segments.append(segments[-1] if same else place)
    return tuple(segments)
