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

from dash.errors import QueryRejected
from dash.knowledge.nearest import advise
from dash.knowledge.placeholders import bind, names

Problem = tuple[str, str, int]
"""What, how to mend it, and how many lines below the beginning of the SQL."""

_CLOCKS = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.Localtime, exp.Localtimestamp)
_CLOCK_FUNCTIONS = frozenset({"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"})
_CLOCK_WORDS = frozenset({"now", "today", "tomorrow", "yesterday"})


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
