"""Places in the text of a query: tokens, operands, clauses. Fixes replace such places and leave every other letter.

SQL is never printed from a tree (docs/adr/0003), so a fix needs to know where in the text the thing stands that the
tree shows. Names and literals carry their positions; what has none, an operand or the end of a clause, is found here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot.tokenizer_core import Token, TokenType

_OPENING = {TokenType.L_PAREN: TokenType.R_PAREN, TokenType.L_BRACKET: TokenType.R_BRACKET}
_CLOSING = frozenset(_OPENING.values())
_AFTER_FROM = frozenset(
    {"HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", "FOR"}
)
_BINDS_TIGHTER = frozenset({"^", "::", "[", ".", "->", "->>", "#>", "#>>", "AT", "COLLATE"})
_STRINGS = frozenset({TokenType.STRING, TokenType.NUMBER})


@dataclass(frozen=True)
class Patch:
    """Characters [start, end) become `text`."""

    start: int
    end: int
    text: str


def patched(sql: str, patches: Sequence[Patch]) -> str:
    """The text with these places replaced; of two that overlap the first wins."""
    pieces: list[str] = []
    done = 0
    for patch in sorted(patches, key=lambda p: (p.start, p.end)):
        if patch.start < done:
            continue
        pieces += (sql[done : patch.start], patch.text)
        done = patch.end
    return "".join([*pieces, sql[done:]])


def divisors(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Token ranges [first, last] of what stands behind / and %, where its end is certain."""
    found = []
    for place, token in enumerate(tokens):
        if token.token_type in (TokenType.SLASH, TokenType.MOD) and place + 1 < len(tokens):
            end = _operand_end(tokens, place + 1)
            if end is not None:
                found.append((place + 1, end))
    return found


def _operand_end(tokens: Sequence[Token], start: int) -> int | None:
    """The last token of the operand that begins at `start`: a name, a call, brackets, each with casts behind it."""
    end = _primary_end(tokens, start)
    while end is not None and end + 1 < len(tokens):
        following = tokens[end + 1]
        word = following.text.upper()
        if following.token_type is TokenType.DCOLON:
            end = end + 2 if end + 2 < len(tokens) else None
        elif word in ("FILTER", "OVER") and end + 2 < len(tokens):
            opened = tokens[end + 2].token_type is TokenType.L_PAREN
            end = _closing(tokens, end + 2) if opened else end + 2
        elif word in _BINDS_TIGHTER or following.token_type in _OPENING:
            return None
        else:
            return end
    return end


def _primary_end(tokens: Sequence[Token], start: int) -> int | None:
    first = tokens[start]
    if first.token_type is TokenType.L_PAREN:
        return _closing(tokens, start)
    if first.token_type in _STRINGS:
        return start
    if first.token_type is TokenType.CASE:
        return _case_end(tokens, start)
    if not _is_name(first):
        return None
    end = start
    while end + 2 < len(tokens) and tokens[end + 1].token_type is TokenType.DOT and _is_name(tokens[end + 2]):
        end += 2
    if end + 1 < len(tokens) and tokens[end + 1].token_type is TokenType.L_PAREN:
        return _closing(tokens, end + 1)
    return end


def _is_name(token: Token) -> bool:
    return token.token_type is TokenType.IDENTIFIER or token.text[:1].isidentifier()


def _closing(tokens: Sequence[Token], start: int) -> int | None:
    """The bracket that closes the one at `start`."""
    depth = 0
    for place in range(start, len(tokens)):
        if tokens[place].token_type in _OPENING:
            depth += 1
        elif tokens[place].token_type in _CLOSING:
            depth -= 1
            if depth == 0:
                return place
    return None


def _case_end(tokens: Sequence[Token], start: int) -> int | None:
    depth = 0
    for place in range(start, len(tokens)):
        if tokens[place].token_type is TokenType.CASE:
            depth += 1
        elif tokens[place].token_type is TokenType.END:
            depth -= 1
            if depth == 0:
                return place
    return None


def spelled(tokens: Sequence[Token], first: int, last: int) -> str:
    """An expression in one spelling, to compare: words in lower case, without aliases before columns."""
    words: list[str] = []
    for place in range(first, last + 1):
        token = tokens[place]
        if token.token_type is TokenType.DOT:
            words.pop()
        elif token.token_type is TokenType.STRING:
            words.append("'" + token.text.replace("'", "''") + "'")
        elif token.token_type is TokenType.IDENTIFIER:
            words.append(f'"{token.text}"')
        else:
            words.append(token.text.lower())
    return " ".join(words)


def select_before(tokens: Sequence[Token], position: int) -> int | None:
    """The SELECT that the character at `position` is selected by: the nearest before it that no bracket closes off."""
    depth = 0
    place = next((i for i, token in enumerate(tokens) if token.start >= position), len(tokens)) - 1
    for index in range(place, -1, -1):
        kind = tokens[index].token_type
        if kind in _CLOSING:
            depth += 1
        elif kind in _OPENING:
            depth = max(0, depth - 1)
        elif kind is TokenType.SELECT and depth == 0:
            return index
    return None


def _ends_from(token: Token) -> bool:
    """ "ORDER BY" is one token, a quoted "order" is a name."""
    word = token.text.upper().partition(" ")[0]
    named = token.token_type in (TokenType.IDENTIFIER, TokenType.STRING)
    return token.token_type is TokenType.SEMICOLON or (word in _AFTER_FROM and not named)


def clause_ends(tokens: Sequence[Token], select: int) -> tuple[int, int | None]:
    """Where a SELECT's GROUP BY would end or does end (the character after it), and the place of its GROUP token."""
    depth = 0
    group = None
    end = tokens[select].end + 1
    for place in range(select, len(tokens)):
        token = tokens[place]
        if token.token_type in _OPENING:
            depth += 1
        elif token.token_type in _CLOSING:
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and _ends_from(token):
            break
        elif depth == 0 and token.token_type is TokenType.GROUP_BY:
            group = place
        end = token.end + 1
    return end, group
