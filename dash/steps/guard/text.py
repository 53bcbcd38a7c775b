"""The text before any parser sees it: bounded, printable, and cut into tokens exactly as PostgreSQL cuts it.

The parser that reads the query later was written for thirty dialects and PostgreSQL for one, so wherever they could
disagree about where a string, a name or a comment ends (escapes, dollar quotes, `U&`, nested comments, unusual
blanks), the text is rejected instead of trusted. What passes here has one reading.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from dash.errors import QueryRejected
from dash.steps.guard.functions import OPERATORS

MAXIMUM_BYTES = 20_000
MAXIMUM_TOKENS = 6_000
MAXIMUM_NESTING = 20
MAXIMUM_NAME_BYTES = 63

WORD, NAME, STRING, NUMBER, PARAMETER, OPERATOR, SIGN = "word", "name", "string", "number", "parameter", "op", "sign"


class Token(NamedTuple):
    """A piece of the text, [start, end). `text` is what it means: a word is folded to lower case, a quoted name has
    lost its quotes, everything else is as written."""

    kind: str
    text: str
    start: int
    end: int


# One alternative per thing that PostgreSQL's scanner knows, e.g. -- note | /* note */ | created_at | "Week" | 'it''s' |
# $1 | 12.5e3 | ->> | (
_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\n\r]+ | --[^\n\r]*)
    | (?P<comment>/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<name>"[^"\\\n\r]*")
    | (?P<string>'(?:[^']|'')*')
    | (?P<parameter>\$[0-9]{1,4})
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)
    | (?P<op>::|(?:(?!--|/\*)[-+*/<>=~!@\#%^&|`?]){1,9})
    | (?P<sign>[()\[\],;.:])
    """,
    re.VERBOSE,
)
_UNICODE_ESCAPE = re.compile(r"""[uU]&["']""")  # U&"\0065mail" names the column email
_ESCAPES_THAT_BOTH_READ_ALIKE = re.compile(r"'(?:[^'\\]|\\[nrt])*'\Z")  # E'one line\nanother'
_STRING_PREFIXES = {"b", "x", "n", "u"}  # B'101', X'1F', N'text'
_OPENING = {"(": ")", "[": "]"}


def read_tokens(text: str) -> list[Token]:
    """Cut bounded, harmless-looking text into PostgreSQL's tokens without comments; raise QueryRejected otherwise."""
    check_characters(text)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = match.lastgroup or ""
        end = match.end()
        if kind == "op":
            end = _end_of_operator(text, position, end)
        if kind not in ("blank", "comment"):
            tokens.append(_token(text, kind, position, end, tokens))
            if len(tokens) > MAXIMUM_TOKENS:
                raise QueryRejected(
                    "A query of more than 6,000 words and signs", "split it into smaller queries.", rule="too_long"
                )
        position = end
    return _as_one_statement(tokens)


def check_characters(text: str) -> None:
    # Characters are counted first so that measuring a gigantic text costs nothing.
    if len(text) > MAXIMUM_BYTES:
        raise _too_long()
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise QueryRejected("Text that is not valid Unicode", "type the query again.", rule="characters") from None
    if size > MAXIMUM_BYTES:
        raise _too_long()
    if not text.isprintable():
        for character in set(text) - {"\n", "\r", "\t"}:
            if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
                raise QueryRejected(
                    f"The invisible character U+{ord(character):04X}",
                    "remove it, or pass the text as a parameter.",
                    rule="characters",
                )
    if _UNICODE_ESCAPE.search(text):
        raise QueryRejected("A U& Unicode escape", "write the characters themselves.", rule="unicode_escape")


def _too_long() -> QueryRejected:
    return QueryRejected("A query longer than 20,000 bytes", "split it into smaller queries.", rule="too_long")


def _unreadable(text: str, position: int) -> QueryRejected:
    character = text[position]
    if character == "$":
        return QueryRejected("A dollar-quoted string", "write it in single quotes.", rule="dollar_quote")
    if character in "'\"":
        return QueryRejected(
            "A quote that never ends, or a quoted name with a backslash, a quote or a line break in it",
            "close it, or use a plain name.",
            rule="quoting",
        )
    if text.startswith("/*", position):
        return QueryRejected("A nested or unfinished comment", "use -- comments.", rule="nested_comment")
    return QueryRejected(
        f"The character {character!r} outside quotes", "put names that need it into double quotes.", rule="characters"
    )


def _end_of_operator(text: str, start: int, end: int) -> int:
    """PostgreSQL's own rule: an operator gives up its trailing + and - unless it has a special character."""
    run = text[start:end]
    if len(run) > 8:
        raise QueryRejected("A long run of signs", "put blanks between operators.", rule="operator")
    if not set(run) & set("~!@#%^&|`?"):
        return start + max(1, len(run.rstrip("+-")))
    return end


def _token(text: str, kind: str, start: int, end: int, before: list[Token]) -> Token:
    raw = text[start:end]
    follower = text[end : end + 1]
    if kind == WORD:
        if follower == "'":
            return _prefixed_string_word(text, raw, start, end)
        if follower == "$":
            raise QueryRejected("A name with a dollar sign", "put it into double quotes.", rule="characters")
        return Token(WORD, _bounded_name(raw.lower()), start, end)
    if kind == NAME:
        if len(raw) == 2 or follower == '"':
            raise QueryRejected("An empty name or one with a quote in it", "use a plain name.", rule="quoting")
        return Token(NAME, _bounded_name(raw[1:-1]), start, end)
    if kind == STRING and before and before[-1].end == start:
        _check_prefix(before[-1], raw)
    if kind in (NUMBER, PARAMETER) and follower and (follower.isalnum() or follower in "_$."):
        raise QueryRejected(
            f"The number {raw + follower!r}", "write it with digits, one point and a blank after it.", rule="number"
        )
    if kind == NUMBER and len(raw) > 40:
        raise QueryRejected("A number of more than 40 digits", "use a shorter one.", rule="number")
    if kind == OPERATOR and raw not in OPERATORS:
        raise QueryRejected(f"The operator {raw}", "use one of the ordinary operators.", rule="operator")
    return Token(kind, raw, start, end)


def _bounded_name(name: str) -> str:
    # PostgreSQL cuts longer names silently, so two spellings would be one name.
    if len(name.encode("utf-8")) > MAXIMUM_NAME_BYTES:
        raise QueryRejected("A name of more than 63 bytes", "use a shorter one.", rule="long_name")
    return name


def _prefixed_string_word(text: str, raw: str, start: int, end: int) -> Token:
    """`e'…'` becomes a word token "e" here and is checked when its string is read; other prefixes end it."""
    if raw.lower() in _STRING_PREFIXES:
        raise QueryRejected(f"A string with the prefix {raw}", "use a plain string.", rule="string_prefix")
    return Token(WORD, raw.lower(), start, end)


def _check_prefix(prefix: Token, raw: str) -> None:
    if prefix.kind == WORD and prefix.text == "e" and not _ESCAPES_THAT_BOTH_READ_ALIKE.match(raw):
        raise QueryRejected(
            "An E'' string with a backslash escape other than \\n, \\r and \\t or with a doubled quote",
            "use a plain string.",
            rule="string_escape",
        )


def _as_one_statement(tokens: list[Token]) -> list[Token]:
    """Drop one final semicolon, require brackets to pair and stay shallow, and the statement to be one query."""
    if tokens and tokens[-1].text == ";" and tokens[-1].kind == SIGN:
        tokens = tokens[:-1]
    if not tokens:
        raise QueryRejected("An empty text", "write one SELECT.", rule="empty")
    first = tokens[0]
    if first.text not in ("select", "with", "values", "(") or first.kind not in (WORD, SIGN):
        raise QueryRejected(
            f"A statement that begins with {first.text.upper()[:40]}", "write one SELECT.", rule="not_a_query"
        )
    _check_brackets(tokens)
    return tokens


def _check_brackets(tokens: list[Token]) -> None:
    closing: list[str] = []
    cases = 0
    for kind, text, _, _ in tokens:
        if kind == SIGN:
            if text == ";":
                raise QueryRejected("More than one statement", "send one SELECT at a time.", rule="several_statements")
            if text in _OPENING:
                closing.append(_OPENING[text])
            elif text in (")", "]") and (not closing or closing.pop() != text):
                raise QueryRejected(f"A {text} without its partner", "balance the brackets.", rule="brackets")
        elif kind == WORD and text in ("case", "end"):
            cases += 1 if text == "case" else -1
        if len(closing) + max(cases, 0) > MAXIMUM_NESTING:
            raise QueryRejected(
                f"Nesting of more than {MAXIMUM_NESTING} levels", "use WITH to name the inner steps.", rule="too_deep"
            )
    if closing:
        raise QueryRejected("A bracket that is never closed", "balance the brackets.", rule="brackets")
