"""`:name` in SQL that people write becomes `$1 …` of PostgreSQL's own protocol, and nothing else of the text moves.

Where a placeholder stands is read off the positions of sqlglot's tokenizer, so strings, comments, dollar quotes and
casts are never looked into; and the text that was checked is, byte for byte, the text that runs. Inside a subscript a
colon belongs to the slice (`days[1:n]`, `days[:n]`): a parameter there is written in brackets, `days[1:(:n)]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from dash.errors import QueryRejected

RULE = "placeholder"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # hours, period_start
# PostgreSQL's lexer counts every character above ASCII as part of a word; sqlglot counts some of them as spaces.
_WORD_CHARACTER = re.compile(r"[A-Za-z0-9_$]|[^\x00-\x7f]")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_LITERAL_OR_CLOSING = frozenset(
    {
        TokenType.NUMBER,
        TokenType.STRING,
        TokenType.NATIONAL_STRING,
        TokenType.BYTE_STRING,
        TokenType.HEREDOC_STRING,
        TokenType.UNICODE_STRING,
        TokenType.BIT_STRING,
        TokenType.HEX_STRING,
        TokenType.IDENTIFIER,
        TokenType.R_PAREN,
        TokenType.R_BRACKET,
    }
)
# Words after which an operand follows, so that a colon after them cannot be the colon of a slice.
# fmt: off
_AWAITS_OPERAND = frozenset({
    "ALL", "AND", "ANY", "BETWEEN", "CASE", "DISTINCT", "ELSE", "ESCAPE", "FROM", "ILIKE", "IN", "IS", "LIKE", "NOT",
    "OR", "SIMILAR", "SOME", "THEN", "TO", "WHEN",
})
# fmt: on


@dataclass(frozen=True)
class Placeholder:
    """One `:name` of a text: `start` is the colon, `end` the character after the name."""

    name: str
    start: int
    end: int


def names(sql: str) -> tuple[str, ...]:
    """The names of all placeholders in order of first appearance. Raises QueryRejected when the text has no tokens."""
    return tuple(dict.fromkeys(placeholder.name for placeholder in placeholders(sql)))


def bind(sql: str, parameters: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """The text with `$n` for each `:name`, and the values in the order of n; parameters that do not occur are left out.

    Raises QueryRejected(rule="placeholder") for a name without a parameter, for a `$n` of the author's own, and for
    text that cannot be read.
    """
    pieces: list[str] = []
    numbers: dict[str, int] = {}
    done = 0
    for placeholder in placeholders(sql):
        if placeholder.name not in parameters:
            raise QueryRejected(f"The placeholder :{placeholder.name}", _known(placeholder.name, parameters), rule=RULE)
        number = numbers.setdefault(placeholder.name, len(numbers) + 1)
        pieces += (sql[done : placeholder.start], f"${number}")
        done = placeholder.end
    pieces.append(sql[done:])
    return "".join(pieces), tuple(parameters[name] for name in numbers)


@lru_cache(maxsize=512)
def placeholders(sql: str) -> tuple[Placeholder, ...]:
    """Every placeholder in order. Raises QueryRejected as `bind` does, but knows of no parameters."""
    if ":" not in sql and "$" not in sql and "'" not in sql:
        return ()
    try:
        tokens = Postgres().tokenize(sql)
    except TokenError as error:
        message = "A string, a quoted name or a comment that has no end"
        raise QueryRejected(message, "close what was opened", rule=RULE) from error
    return tuple(_read(sql, tokens))


def _read(sql: str, tokens: list[Token]) -> Iterator[Placeholder]:
    subscripts: list[bool] = []  # of each open bracket: is it a subscript?
    operand = False  # does the token before end an operand?
    place = 0
    while place < len(tokens):
        token = tokens[place]
        _refuse_foreign_syntax(tokens, place)
        found = _placeholder_at(sql, tokens, place)
        in_subscript = bool(subscripts) and subscripts[-1]
        slicing = in_subscript and (operand or tokens[place - 1].token_type is TokenType.L_BRACKET)
        if found and not slicing:
            _refuse_glue(sql, found)
            yield found
            operand = True
            place += 2
            continue
        if token.token_type in (TokenType.L_BRACKET, TokenType.L_PAREN):
            subscripts.append(token.token_type is TokenType.L_BRACKET and operand)
        elif token.token_type in (TokenType.R_BRACKET, TokenType.R_PAREN) and subscripts:
            subscripts.pop()
        operand = _ends_operand(token)
        place += 1


def _placeholder_at(sql: str, tokens: list[Token], place: int) -> Placeholder | None:
    if tokens[place].token_type is not TokenType.COLON or place + 1 == len(tokens):
        return None
    colon, word = tokens[place], tokens[place + 1]
    if word.start != colon.end + 1 or word.token_type in _LITERAL_OR_CLOSING or not word.text[:1].isidentifier():
        return None
    return Placeholder(sql[word.start : word.end + 1], colon.start, word.end + 1)


def _ends_operand(token: Token) -> bool:
    if token.token_type in _LITERAL_OR_CLOSING:
        return True
    word = token.text.upper()
    # ARRAY[…] builds an array: its bracket is no subscript.
    return token.text[:1].isidentifier() and word not in _AWAITS_OPERAND and token.token_type is not TokenType.ARRAY


def _refuse_glue(sql: str, found: Placeholder) -> None:
    """`a:b` would become the single word `a$1`, and `:a$x` is no name that a parameter can have."""
    before = sql[found.start - 1 : found.start]
    after = sql[found.end : found.end + 1]
    if not _NAME.fullmatch(found.name):
        raise QueryRejected(f"The placeholder :{found.name}", "use letters a–z, digits and _ in its name", rule=RULE)
    if (before and _WORD_CHARACTER.match(before)) or (after and _WORD_CHARACTER.match(after)):
        text = f"The placeholder :{found.name} without a space around it"
        raise QueryRejected(text, "put a space between it and its neighbours", rule=RULE)


def _refuse_foreign_syntax(tokens: list[Token], place: int) -> None:
    """What PostgreSQL would read differently from the tokenizer, or as a placeholder that is not ours."""
    token = tokens[place]
    if token.token_type is TokenType.VAR and _CONTROL_CHARACTER.search(token.text):
        # The tokenizer reads it as part of the word, PostgreSQL as the end of one: "\x1b$1" is a parameter there.
        raise QueryRejected("A control character inside a word", "leave it out", rule=RULE)
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None:
        return
    if token.token_type is TokenType.PARAMETER and token.text == "$" and following.start == token.end + 1:
        raise QueryRejected(f"The numbered placeholder ${following.text}", "write :name", rule=RULE)
    if token.token_type is TokenType.BYTE_STRING and following.token_type is TokenType.STRING:
        # PostgreSQL reads the second string with the first one's backslash escapes; the tokenizer does not.
        raise QueryRejected("An E'…' string that a second string continues", "write one string", rule=RULE)


def _known(name: str, parameters: Mapping[str, Any]) -> str:
    if not parameters:
        return "this query has no parameters"
    near = get_close_matches(name, parameters, n=1)
    return f"write :{near[0]}" if near else "declared are " + ", ".join(f":{known}" for known in sorted(parameters))
