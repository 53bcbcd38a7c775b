"""Text to syntax tree, with sqlglot's PostgreSQL parser cut down to what a query may be.

Cut down means: it knows no statements but queries and no functions at all, so a call keeps the very name that
PostgreSQL will look up; it knows only the types that a value may be cast to; and its work is counted, because the full
parser needs exponential time for a few dozen brackets. Both scanners, sqlglot's and ours, must cut the text alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ParseError, TokenError
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokenizer_core import Token as TheirToken
from sqlglot.tokenizer_core import TokenType

from dash.errors import QueryRejected
from dash.knowledge.counted_parser import CountedParser, TooManySteps
from dash.steps.guard import text as ours

_DIALECT = Postgres()


def parse(sql: str, tokens: list[ours.Token]) -> exp.Expr:
    """The tree of the one query in `sql`, which `tokens` were read from. Raises QueryRejected."""
    try:
        theirs = _DIALECT.tokenize(sql)
        if theirs and theirs[-1].token_type is TokenType.SEMICOLON:
            theirs.pop()
        _require_agreement(tokens, theirs)
        trees = _QueryParser(len(theirs), _DIALECT).parse(theirs, sql)
    except TooManySteps:
        raise QueryRejected(
            "A query that takes too long to read", "use fewer nested brackets.", rule="parser_bomb"
        ) from None
    except RecursionError:
        raise QueryRejected("Nesting this deep", "use WITH to name the inner steps.", rule="too_deep") from None
    except (ParseError, TokenError, ValueError, AssertionError, AttributeError, TypeError, KeyError, IndexError):
        # The parser meets malformed input with whatever its code runs into; each of them means "not understood".
        raise _not_understood() from None
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)):
        raise _not_understood()
    return tree


def _not_understood() -> QueryRejected:
    return QueryRejected(
        "A text that cannot be read as one query", "check its spelling and write one SELECT.", rule="syntax"
    )


def _only(parsers: Mapping[Any, Any], *keys: Any) -> dict[Any, Any]:
    return {key: parsers[key] for key in keys}


class _QueryParser(CountedParser):
    STEPS_PER_TOKEN = 30
    STATEMENT_PARSERS: ClassVar = {}
    FUNCTIONS: ClassVar = {}
    FUNCTION_PARSERS = _only(
        PostgresParser.FUNCTION_PARSERS, "CAST", "EXTRACT", "OVERLAY", "POSITION", "SUBSTRING", "TRIM"
    )
    NO_PAREN_FUNCTIONS = _only(
        PostgresParser.NO_PAREN_FUNCTIONS,
        TokenType.CURRENT_DATE, TokenType.CURRENT_TIMESTAMP, TokenType.LOCALTIMESTAMP,
    )  # fmt: skip
    NO_PAREN_FUNCTION_PARSERS = _only(PostgresParser.NO_PAREN_FUNCTION_PARSERS, "ANY", "CASE")
    JSON_OPERATORS: ClassVar = {
        # Built without reading the key as a path of some other dialect.
        operator: lambda self, this, key: self.expression(exp.JSONBExtract(this=this, expression=key))
        for operator in (TokenType.ARROW, TokenType.DARROW, TokenType.HASH_ARROW, TokenType.DHASH_ARROW)
    } | {TokenType.PLACEHOLDER: PostgresParser.JSON_OPERATORS[TokenType.PLACEHOLDER]}
    LAMBDAS = _only(PostgresParser.LAMBDAS, TokenType.FARROW)
    PLACEHOLDER_PARSERS = _only(PostgresParser.PLACEHOLDER_PARSERS, TokenType.PARAMETER)
    RANGE_PARSERS = _only(
        PostgresParser.RANGE_PARSERS,
        TokenType.AT_GT, TokenType.BETWEEN, TokenType.DAMP, TokenType.ILIKE, TokenType.IN, TokenType.IRLIKE,
        TokenType.IS, TokenType.LIKE, TokenType.LT_AT, TokenType.OVERLAPS, TokenType.QMARK_AMP, TokenType.QMARK_PIPE,
        TokenType.RLIKE, TokenType.SIMILAR_TO,
    )  # fmt: skip
    QUERY_MODIFIER_PARSERS = _only(
        PostgresParser.QUERY_MODIFIER_PARSERS,
        TokenType.WHERE, TokenType.GROUP_BY, TokenType.HAVING, TokenType.WINDOW, TokenType.ORDER_BY, TokenType.LIMIT,
        TokenType.FETCH, TokenType.OFFSET, TokenType.FOR,
    )  # fmt: skip
    QUERY_MODIFIER_TOKENS: ClassVar = set(QUERY_MODIFIER_PARSERS)
    TYPE_TOKENS: ClassVar = {
        TokenType.BIGINT, TokenType.BOOLEAN, TokenType.BPCHAR, TokenType.CHAR, TokenType.DATE, TokenType.DECIMAL,
        TokenType.DOUBLE, TokenType.FLOAT, TokenType.INT, TokenType.INTERVAL, TokenType.JSON, TokenType.JSONB,
        TokenType.SMALLINT, TokenType.TEXT, TokenType.TIME, TokenType.TIMESTAMP, TokenType.TIMESTAMPTZ,
        TokenType.TIMETZ, TokenType.UUID, TokenType.VARCHAR,
    }  # fmt: skip
    NESTED_TYPE_TOKENS: ClassVar = set()
    STRUCT_TYPE_TOKENS: ClassVar = set()
    ENUM_TYPE_TOKENS: ClassVar = set()
    AGGREGATE_TYPE_TOKENS: ClassVar = set()

    # The next three replace attempts that the full parser makes twice per level, which is where the time explodes.

    def _parse_type_size(self) -> exp.DataTypeParam | None:
        number = self._parse_number()
        return self.expression(exp.DataTypeParam(this=number)) if number else None

    def _can_parse_limit_or_offset(self) -> bool:
        return self._match_set(self.AMBIGUOUS_ALIAS_TOKENS, advance=False)

    def _parse_alias(self, this: exp.Expr | None, explicit: bool = False) -> exp.Expr | None:
        found = super()._parse_alias(this, explicit)
        if self._prev.token_type is TokenType.ALIAS:
            self.raise_error("AS without a name")
        return found

    def _try_parse(self, parse_method: Callable[[], Any], retreat: bool = False) -> Any:
        return parse_method()


_NAMES = (ours.WORD, ours.NAME)
_SPLIT_BY_THEM = ("!~", "!~*")  # they see "!" and "~"


def _require_agreement(mine: Sequence[ours.Token], theirs: Sequence[TheirToken]) -> None:
    """Every token of sqlglot's must begin and end where tokens of ours do, and be the same kind of thing."""
    index = 0
    position = 0
    for token in theirs:
        if index >= len(mine):
            raise _disagreement()
        first = mine[index]
        if token.start != (position or first.start):
            raise _disagreement()
        end = token.end + 1
        if end < first.end:
            if first.kind != ours.PARAMETER and first.text not in _SPLIT_BY_THEM:
                raise _disagreement()
            position = end
            continue
        last = index
        while mine[last].end < end:
            last += 1
            if last >= len(mine):
                raise _disagreement()
        if mine[last].end != end or not _same_kind(mine[index : last + 1], token.token_type):
            raise _disagreement()
        index = last + 1
        position = 0
    if index != len(mine) or position:
        raise _disagreement()


def _same_kind(mine: Sequence[ours.Token], theirs: TokenType) -> bool:
    kind = mine[0].kind
    if len(mine) > 1:
        if theirs is TokenType.BYTE_STRING:
            return len(mine) == 2 and mine[0].text == "e" and mine[1].kind == ours.STRING
        return all(token.kind == ours.WORD for token in mine)
    if kind == ours.STRING:
        return theirs is TokenType.STRING
    if kind == ours.NAME:
        return theirs is TokenType.IDENTIFIER
    if kind in (ours.NUMBER, ours.PARAMETER):
        return theirs is TokenType.NUMBER
    return theirs not in _THEIR_VALUES


_THEIR_VALUES = {
    TokenType.STRING, TokenType.IDENTIFIER, TokenType.NUMBER, TokenType.BYTE_STRING, TokenType.HEREDOC_STRING,
    TokenType.UNICODE_STRING, TokenType.NATIONAL_STRING, TokenType.RAW_STRING, TokenType.HEX_STRING,
    TokenType.BIT_STRING,
}  # fmt: skip


def _disagreement() -> QueryRejected:
    return QueryRejected(
        "A text that could be read in two ways", "put blanks between words and signs.", rule="ambiguous_text"
    )
