"""The words of the text, read without any grammar: which of them PostgreSQL could take for a call, a cast or a name.

In PostgreSQL a function is called by a name before a bracket, a type is named after `::`, before `AS`'s bracket ends or
right before a string, and everything else is a keyword or a name. That can be checked on the tokens alone, so that a
mistake of the parser that reads the query afterwards cannot let a function or a type through. Its counterpart is
`check_vocabulary`: once the tree is known, every word of the text must be a keyword, or a name that the tree explains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dash.errors import QueryRejected
from dash.steps.guard.functions import FUNCTIONS, TYPES, WITHOUT_PARENTHESES, words
from dash.steps.guard.text import NAME, OPERATOR, SIGN, STRING, WORD, Token

KEYWORDS = words(
    """select from where group by having order limit offset fetch first next row rows only with as on using join inner
    left right full outer cross lateral and or not in is null true false unknown between symmetric like ilike similar to
    escape case when then else end distinct all any some exists union intersect except values asc desc nulls last over
    partition range groups unbounded preceding following current exclude ties others no window filter within grouping
    sets rollup cube cast at time zone array ordinality materialized collate overlaps for leading trailing both isnull
    notnull precision varying without placing interval extract year month day hour minute second"""
)
_UNITS = words(
    """century day days decade dow doy epoch hour hours isodow isoyear microseconds millennium milliseconds minute
    minutes mins month months quarter second seconds secs timezone timezone_hour timezone_minute week weeks year
    years"""
)
"""What extract() takes and make_interval(… => …) names."""

_BEFORE_BRACKET = words(
    """select from where by having limit offset first next with as on using join lateral and or not in is between
    symmetric like ilike to escape case when then else distinct all any some exists union intersect except values over
    filter group grouping sets rollup cube cast array row materialized placing interval extract for rows range groups
    exclude"""
)
_TYPES_WITH_SIZE = words(
    "numeric decimal dec varchar char character varying bpchar time timetz timestamp timestamptz interval float"
)
_BEFORE_STRING = words(
    """select and or not in like ilike to escape when then else case between symmetric from all distinct by having where
    limit offset zone for leading trailing both placing e on"""
) | (TYPES - {"double", "character"}) | {"precision"}  # fmt: skip
_NEVER = {
    "into": "read the rows directly",
    "recursive": "write the levels out, or use generate_series for a calendar",
    "tablesample": "use WHERE or LIMIT",
    "current_user": "leave it out",
    "session_user": "leave it out",
    "current_role": "leave it out",
    "user": "leave it out, or put the name into double quotes",
    "current_catalog": "leave it out",
    "current_schema": "leave it out",
    "system_user": "leave it out",
    "natural": "write JOIN … ON or USING",
    "operator": "use the plain operator",
    "variadic": "list the arguments",
    "table": "write SELECT … FROM",
}
RESERVED = words(
    """all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross default deferrable desc distinct do else end except false fetch for
    foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading
    left like limit natural not notnull null offset on only or order outer overlaps placing primary references returning
    right select similar some symmetric table tablesample then to trailing true union unique user using variadic verbose
    when where window with"""
)
"""Words that PostgreSQL never takes for a name unless they are quoted or stand behind a point or AS."""

_NEVER_BEFORE_A_COMMA = words("select distinct from where by having and or not on as in is when then else using values")
_NEVER_BEHIND_A_COMMA = words("from where group having order limit offset fetch union intersect except join on as")
_NEVER_BEFORE_AS = _NEVER_BEFORE_A_COMMA | {"with", "over", "window", ","}
_NEVER_BEHIND_BY = _NEVER_BEHIND_A_COMMA | {")", ",", "asc", "desc", "range", "groups"}
_COLLATIONS = ("C", "POSIX")


def check_calls_and_types(tokens: Sequence[Token]) -> None:
    """Every name before a bracket is an allowed function or a keyword, every type named is allowed. Raises
    QueryRejected with the word."""
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind in (WORD, NAME):
            _check_word(tokens, index, before, after)
        elif token.kind == STRING:
            _check_before_string(before)
            if before and before.text == "interval" and token.end - token.start > 100:
                raise QueryRejected("An interval of that length", "write INTERVAL '1 day'.", rule="interval")
        elif token.text == "::" and not (after and after.kind == WORD and after.text in TYPES):
            raise _unknown_type(after)
        elif token.text == ",":
            _check_comma(before, after)
        elif token.text == "." and (before is None or (before.kind == WORD and before.text in RESERVED)):
            raise QueryRejected("A point without a name before it", "write schema.table.", rule="syntax")
        elif token.text == "[" and before and before.kind == WORD:
            _check_bracket(before, after)


def _check_comma(before: Token | None, after: Token | None) -> None:
    """A comma stands between two things; the parser would forgive one that does not."""
    if (
        before is None
        or after is None
        or (before.text in "([,." if before.kind != WORD else before.text in _NEVER_BEFORE_A_COMMA)
        or (after.text in ")],." if after.kind != WORD else after.text in _NEVER_BEHIND_A_COMMA)
    ):
        raise QueryRejected("A comma with nothing beside it", "remove it.", rule="syntax")


def _check_bracket(before: Token, after: Token | None) -> None:
    """`text[]` is a type, `ARRAY[…]` and `column[1]` are values, and after any other keyword a bracket is a mistake."""
    if before.text in TYPES and not (after is not None and after.text == "]"):
        raise QueryRejected("An array type with a size", "write the type with [].", rule="type")
    if before.text in KEYWORDS and before.text not in ("array", "key", "value", "position"):
        raise QueryRejected(f"[ after {before.text.upper()}", "write ARRAY[…].", rule="brackets")


def _check_word(tokens: Sequence[Token], index: int, before: Token | None, after: Token | None) -> None:
    token = tokens[index]
    dotted = before is not None and before.text == "." and before.kind == SIGN
    if token.kind == WORD and token.text in _NEVER and not dotted:
        raise QueryRejected(token.text.upper(), f"{_NEVER[token.text]}.", rule=f"keyword_{token.text}")
    if token.kind == WORD and token.text == "for" and after and after.text in ("update", "share", "no", "key"):
        raise QueryRejected("Locking rows with FOR", "leave it out; nothing is changed here.", rule="lock")
    if token.kind == WORD and token.text == "rows" and after and after.text == "from":
        raise QueryRejected("ROWS FROM", "join the functions with LATERAL.", rule="rows_from")
    if (
        token.kind == WORD
        and token.text == "collate"
        and not (after and after.kind == NAME and after.text in _COLLATIONS)
    ):
        raise QueryRejected("This collation", 'use COLLATE "C" or leave it out.', rule="collation")
    if token.kind == WORD and token.text == "as" and (before is None or _is_word_of(before, _NEVER_BEFORE_AS)):
        raise QueryRejected("AS without anything before it", "remove it.", rule="syntax")
    if token.kind == WORD and token.text == "by" and (after is None or _is_word_of(after, _NEVER_BEHIND_BY)):
        raise QueryRejected("BY without columns", "name them.", rule="syntax")
    if token.kind == WORD and token.text == "cast":
        _check_cast(tokens, index)
    if token.kind == WORD and token.text == "interval" and not dotted:
        _check_interval(before, after)
    if after and after.text == "(" and after.kind == SIGN:
        _check_call(tokens, index, before, dotted)


def _is_word_of(token: Token, words: Collection[str]) -> bool:
    """Whether a token is one of these words or signs; a name in quotes is itself, whatever it says: "from"."""
    return token.kind != NAME and token.text in words


def _check_interval(before: Token | None, after: Token | None) -> None:
    """INTERVAL '1 day', INTERVAL(0) '1 day' and the type; before anything else the word is a column's name."""
    typed = before is not None and (before.text == "::" or (before.kind == WORD and before.text == "as"))
    if not typed and not (after is not None and (after.kind == STRING or after.text == "(")):
        raise QueryRejected("INTERVAL without a string", "write INTERVAL '1 day'.", rule="interval")


def _check_call(tokens: Sequence[Token], index: int, before: Token | None, dotted: bool) -> None:
    kind, word, _, _ = tokens[index]
    if dotted:
        raise QueryRejected(f"The qualified call {word}()", "call functions by their plain name.", rule="function")
    if kind == WORD and (word in _BEFORE_BRACKET or word in FUNCTIONS or word in _TYPES_WITH_SIZE):
        return
    if before and before.kind == WORD and before.text == "as":
        return
    if _follows_a_source(tokens, index) or _names_a_cte(tokens, index):
        return
    raise QueryRejected(
        f"The function {word}()", "use one of the documented functions, without quotes.", rule="function"
    )


def _follows_a_source(tokens: Sequence[Token], index: int) -> bool:
    """`(SELECT …) name (a, b)`: after a closed bracket a name is an alias, except behind DISTINCT ON (…)."""
    depth = 0
    for at in range(index - 1, -1, -1):
        text = tokens[at].text if tokens[at].kind == SIGN else ""
        depth += (text == ")") - (text == "(")
        if depth == 0:
            return at < index - 1 and at > 0 and tokens[at - 1].text != "on"
    return False


def _names_a_cte(tokens: Sequence[Token], index: int) -> bool:
    """`name (a, b) AS (SELECT`: after AS and a bracket, SELECT and WITH are reserved, so this cannot be a call."""
    depth = 0
    for at in range(index + 1, len(tokens)):
        text = tokens[at].text if tokens[at].kind == SIGN else ""
        depth += (text == "(") - (text == ")")
        if depth == 0:
            rest = [token.text for token in tokens[at + 1 : at + 6] if token.kind in (WORD, SIGN)]
            rest = [word for word in rest if word not in ("not", "materialized")]
            return rest[:2] == ["as", "("] and len(rest) > 2 and rest[2] in ("select", "with")
    return False


def _check_before_string(before: Token | None) -> None:
    """`regclass 'pg_authid'` is a cast: a name, a bracket or a string before a string must not be one."""
    if before is None or before.kind == OPERATOR or (before.kind == SIGN and before.text in "([,:"):
        return
    if before.kind == WORD and before.text in _BEFORE_STRING:
        return
    if before.kind == STRING:
        raise QueryRejected("Two strings in a row", "join them with ||.", rule="adjacent_strings")
    raise QueryRejected(
        f"The word {before.text[:63]} before a string", "write CAST('…' AS type), or AS and a name.", rule="type"
    )


def _check_cast(tokens: Sequence[Token], index: int) -> None:
    """The type of CAST(… AS type) is the word after the last AS directly inside its bracket."""
    depth = 0
    target: Token | None = None
    for at in range(index + 1, len(tokens)):
        kind, text, _, _ = tokens[at]
        if kind == SIGN:
            depth += (text in "([") - (text in ")]")
            if depth == 0:
                break
        elif kind == WORD and text == "as" and depth == 1:
            target = tokens[at + 1]
    if target is None or target.kind != WORD or target.text not in TYPES:
        raise _unknown_type(target)


def _unknown_type(token: Token | None) -> QueryRejected:
    name = token.text[:63] if token else "nothing"
    return QueryRejected(
        f"The type {name}", "cast to text, numbers, dates, times, intervals, json or uuid.", rule="type"
    )


def check_vocabulary(tokens: Iterable[Token], known: frozenset[str] | set[str]) -> None:
    """Every word must be a keyword, function, type, unit or one of `known`: relations, columns and the query's own
    names. A word that nothing explains is a construct that the parser did not report."""
    for kind, text, _, _ in tokens:
        if kind == WORD:
            if text in KEYWORDS or text in known or text in FUNCTIONS or text in TYPES or text in _UNITS:
                continue
            if text in WITHOUT_PARENTHESES or text == "e":
                continue
        elif kind != NAME or text in known or text in _COLLATIONS:
            continue
        raise QueryRejected(f"The word {text}", "check its spelling or leave it out.", rule="unknown_word")
