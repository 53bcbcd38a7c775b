"""Pieces of SQL that people wrote in the knowledge, used to the letter.

A calculation or filter is never parsed and printed again, because printing can change its meaning in silence
(docs/adr/0007): the compiler puts the text where it belongs. Only when a question asks for another aggregation of the
same expression ("median") is the aggregate's argument lifted out, by token positions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from dash.errors import InternalError

_AGGREGATE = re.compile(r"\b(AVG|SUM|COUNT|MIN|MAX)\s*\(", re.IGNORECASE)  # AVG(EXTRACT(…)) → "AVG("

AGGREGATIONS: dict[str, str] = {
    "mean": "AVG({0})",
    "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY {0})",
    "p75": "percentile_cont(0.75) WITHIN GROUP (ORDER BY {0})",
    "p90": "percentile_cont(0.9) WITHIN GROUP (ORDER BY {0})",
    "p95": "percentile_cont(0.95) WITHIN GROUP (ORDER BY {0})",
    "p99": "percentile_cont(0.99) WITHIN GROUP (ORDER BY {0})",
    "max": "MAX({0})",
    "min": "MIN({0})",
    "sum": "SUM({0})",
}
"""Aggregation name → SQL over one expression. Percentiles interpolate (SQL:2003 PERCENTILE_CONT)."""


@dataclass(frozen=True)
class Aggregate:
    """The one aggregate call inside a calculation: text before it, its function, its argument, text after it."""

    before: str
    function: str
    argument: str
    after: str


def read_aggregate(calculation: str) -> Aggregate | None:
    """The aggregate call of a calculation, or None when it has none or several (then it is used only as a whole)."""
    matches = list(_AGGREGATE.finditer(calculation))
    if len(matches) != 1:
        return None
    match = matches[0]
    end = closing(calculation, match.end())
    return Aggregate(
        before=calculation[: match.start()],
        function=match.group(1).upper(),
        argument=calculation[match.end() : end].strip(),
        after=calculation[end + 1 :],
    )


@lru_cache(maxsize=1_024)
def read_conditions(condition: str | None) -> frozenset[str]:
    """What a filter says, each condition of it that must hold, in one spelling; only to compare filters, never to run.

    Raises sqlglot's ParseError for text that is no condition, which `dash check` reports before anyone asks.
    """
    if not condition:
        return frozenset()
    parsed = sqlglot.parse_one(condition, dialect="postgres")
    parts = parsed.flatten() if isinstance(parsed, exp.And) else [parsed]
    return frozenset(part.sql(dialect="postgres") for part in parts)


def closing(text: str, start: int) -> int:
    """Position of the parenthesis that closes the one before `start`; text in '…' does not count."""
    depth, quoted = 1, False
    for position in range(start, len(text)):
        letter = text[position]
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return position
    raise InternalError("A calculation has unbalanced parentheses; `dash check` should have said so.")


def with_filter(calculation: str, condition: str | None) -> str:
    """An aggregate over those rows that pass a condition: `COUNT(*) FILTER (WHERE …)`."""
    if not condition:
        return calculation
    aggregate = read_aggregate(calculation)
    if aggregate is None:
        raise InternalError("A filtered calculation must be exactly one aggregate call.")
    call = f"{aggregate.function}({aggregate.argument})"
    return f"{aggregate.before}{call} FILTER (WHERE {condition}){aggregate.after}"


def reaggregate(calculation: str, aggregation: str) -> str | None:
    """The same expression under another aggregation, or None where that makes no sense (counts)."""
    aggregate = read_aggregate(calculation)
    if aggregate is None or aggregate.function == "COUNT" or aggregate.argument.upper().startswith("DISTINCT"):
        return None
    return aggregate.before + AGGREGATIONS[aggregation].format(aggregate.argument) + aggregate.after


def is_additive(calculation: str | None) -> bool:
    """Whether parts of this aggregate add up to the whole: COUNT and SUM without DISTINCT."""
    aggregate = read_aggregate(calculation) if calculation else None
    if aggregate is None or aggregate.before.strip() or aggregate.after.strip():
        return False
    return aggregate.function in ("COUNT", "SUM") and not aggregate.argument.upper().startswith("DISTINCT")


def identifier(name: str) -> str:
    """A column or alias as SQL: bare if PostgreSQL would read it back unchanged, else quoted."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in _RESERVED:  # created_at
        return name
    return '"' + name.replace('"', '""') + '"'


def relation(name: str) -> str:
    """`schema.table` with each part quoted where it must be."""
    return ".".join(identifier(part) for part in name.split("."))


_RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "constraint",
        "create",
        "current_date",
        "current_role",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "from",
        "grant",
        "group",
        "having",
        "in",
        "initially",
        "intersect",
        "into",
        "lateral",
        "leading",
        "limit",
        "localtime",
        "localtimestamp",
        "not",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "placing",
        "primary",
        "references",
        "returning",
        "select",
        "session_user",
        "some",
        "symmetric",
        "system_user",
        "table",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "when",
        "where",
        "window",
        "with",
        "authorization",
        "binary",
        "collation",
        "concurrently",
        "cross",
        "current_catalog",
        "current_schema",
        "freeze",
        "full",
        "ilike",
        "inner",
        "is",
        "isnull",
        "join",
        "left",
        "like",
        "natural",
        "notnull",
        "outer",
        "overlaps",
        "right",
        "similar",
        "tablesample",
        "verbose",
    ]
)
