# ruff: noqa: E501
"""No text of 20 kB takes long or much memory to check, whatever is in it."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.errors import QueryRejected
from dash.steps.guard.text import NAME, STRING, WORD, read_tokens
from tests.guard.checking import check, rejection

T = "support.support_threads_data"


def _filled(head: str, unit: str, tail: str = "", separator: str = "") -> str:
    """As many units as fit into 19,900 bytes."""
    count = (19_900 - len(head) - len(tail)) // len((unit + separator).encode())
    return head + separator.join([unit] * count) + tail


LONG: list[tuple[str, str]] = [
    ("numbers", _filled("SELECT ", "1", separator=",")),
    ("a sum", _filled("SELECT ", "id", f" FROM {T}", "+")),
    ("concatenation", _filled("SELECT ", "'a'", separator="||")),
    ("a long AND", _filled(f"SELECT 1 FROM {T} WHERE ", "id=1", separator=" AND ")),
    ("many NOT", _filled("SELECT ", "NOT ", "true")),
    ("many minuses", _filled("SELECT ", "- ", "1")),
    ("brackets", _filled("", "(")),
    ("pairs of brackets", _filled("SELECT ", "(1)", separator="+")),
    ("subscripts", _filled("SELECT ", "agents_used[1]", " FROM support.conversations", ",")),
    ("a long CASE", _filled("SELECT CASE ", "WHEN 1=1 THEN 1 ", " END")),
    ("casts", _filled("SELECT 1", "::int")),
    ("array types", _filled("SELECT 1", "::int[]")),
    ("intervals", _filled("SELECT ", "interval '1 day'", separator="+")),
    ("interval chains", _filled("SELECT interval ", "'1' day ")),
    ("unions", _filled("SELECT 1 ", "UNION SELECT 1 ")),
    ("joins", _filled(f"SELECT 1 FROM {T} a ", " JOIN support.sessions b USING(thread_id)")),
    ("sources", _filled("SELECT 1 FROM ", "support.sessions", separator=",")),
    ("subqueries", _filled("SELECT ", "(SELECT 1)", separator=",")),
    ("a long IN", _filled(f"SELECT 1 FROM {T} WHERE id IN (", "1", ")", ",")),
    ("values", _filled("VALUES ", "(1,2)", separator=",")),
    ("a long string", "SELECT '" + "x" * 19_000 + "'"),
    ("doubled quotes", "SELECT '" + "''" * 9_900 + "'"),
    ("a long comment", "SELECT 1 /*" + "*" * 19_000 + "*/"),
    ("an open comment", "SELECT 1 /*" + "*" * 19_000),
    ("comments", _filled("SELECT 1 ", "/**/")),
    ("signs", "SELECT 1 " + "+-" * 9_000),
    ("points", _filled("SELECT ", "a", separator=".")),
    ("windows", _filled("SELECT ", "sum(1) OVER (ORDER BY 1)", separator=",")),
    ("calls", _filled("SELECT ", "abs(1)", separator=",")),
    ("time zones", _filled("SELECT now()", " AT TIME ZONE 'UTC'")),
    ("IS NULL", _filled("SELECT 1", " IS NULL")),
    ("json arrows", _filled("SELECT details", "->'a'", " FROM support.analytics_events")),
    ("powers", _filled("SELECT 1", "^1")),
    ("groups", _filled(f"SELECT 1 FROM {T} GROUP BY ", "id", separator=",")),
    ("named groups", "SELECT " + ",".join(f"id a{i}" for i in range(1100)) + f" FROM {T} GROUP BY "
     + ",".join(f"a{i}" for i in range(1100))),
    ("parameters", _filled("SELECT ", ":p", separator=",")),
    ("words", _filled("SELECT ", "a ")),
    ("keywords", _filled("SELECT ", "from ")),
    ("laterals", _filled("SELECT * FROM ", "lateral ")),
    ("limits", _filled("SELECT 1 ", "limit 1 ")),
    ("stars", _filled("SELECT ", "*", f" FROM {T}", ",")),
    ("stars over stars", "SELECT *,*,*,*,*,*,*,* FROM (" * 15 + "SELECT 1 AS a" + ")x" * 15),
    ("emoji", "SELECT '" + "😀" * 4_900 + "'"),
    ("WITH names", _filled("WITH ", "f(a)", separator=",")),
    ("open WITH names", _filled("WITH ", "f(a", separator=",")),
    ("open casts", _filled("SELECT ", "cast(1 as int", separator=",")),
    ("aliases with columns", _filled("SELECT ", "(1) x(1)", separator=",")),
    ("dollars", _filled("SELECT ", "$a$", separator=" ")),
    ("patterns", _filled(f"SELECT 1 FROM {T} WHERE ", "subject~'a{1,2}'", separator=" AND ")),
    ("a long span", "SELECT * FROM generate_series(now(), now(), '" + "1" * 19_000 + "')"),
    ("a long interval", "SELECT INTERVAL '" + "1" * 19_000 + "'"),
    ("a long number", "SELECT " + "1" * 19_000),
    ("half numbers", "SELECT " + "1e" * 9_000),
    ("a format", "SELECT format('" + "%" * 19_000 + "')"),
    ("question marks", _filled("SELECT details", "?'a'", " FROM support.analytics_events")),
]  # fmt: skip

NESTED = [
    "ARRAY[|]", "decimal(|)", "date(|)", "text(|)", "timestamp(|)", "struct(|)", "float(|)", "(|)", "(SELECT |)", "abs(|)",
    "x.f(|)", "cast(|as int)", "1::int[|]", "int[|]", "map[|]", "coalesce(1,|)", "row(|)", "(SELECT 1 LIMIT |)",
    "1 = any(|)", "1 in (|)", "extract(year from |)", "trim(|)", "sum(1) over (order by |)", "sum(1) filter (where |)",
    "case when | then 1 end", "interval(|)", "substring(|)", "overlay(|)", "position(|)",
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "sql"), LONG, ids=[case[0] for case in LONG])
def test_twenty_kilobytes_are_checked_in_a_quarter_of_a_second(sentence: str, sql: str) -> None:
    """The best of three, so that a busy machine does not count."""
    assert len(sql.encode()) <= 20_000
    assert _seconds(sql) <= 0.25


@pytest.mark.parametrize("depth", [3, 8, 12, 16, 19, 25, 200])
@pytest.mark.parametrize("shape", NESTED)
def test_nesting_does_not_explode(shape: str, depth: int) -> None:
    """The full parser doubles its time with every level of some of these."""
    opening, closing = shape.split("|")
    assert _seconds("SELECT " + opening * depth + "1" + closing * depth) <= 0.25


@pytest.mark.parametrize("sql", [case[1] for case in LONG[::6]])
def test_a_check_takes_less_than_a_hundred_megabytes(sql: str) -> None:
    """Measured as what Python allocates."""
    tracemalloc.start()
    try:
        _seconds(sql)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_longer_text_is_rejected_before_anything_reads_it() -> None:
    """A megabyte costs nothing."""
    assert rejection("SELECT " + "ARRAY[" * 200_000).rule == "too_long"
    assert _seconds("(" * 50_000_000) <= 0.25


def test_a_deep_caller_gets_a_rejection_and_no_error() -> None:
    """However little of Python's stack is left."""

    def dive(levels: int) -> None:
        if levels:
            dive(levels - 1)
        else:
            with pytest.raises(QueryRejected):
                check("SELECT " + "(SELECT coalesce(" * 9 + "1" + "))" * 9)

    dive(700)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_accepted_or_rejected_and_nothing_else(text: str) -> None:
    """No other exception leaves the guard."""
    _seconds(text)
    _seconds("SELECT " + text)


_PIECES = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        ";",
        ":",
        "::",
        "'",
        '"',
        "$$",
        "$1",
        "E'",
        "U&",
        "--",
        "/*",
        "*/",
        "*",
        "+",
        "-",
        "=",
        "<",
        ">",
        "||",
        "->",
        "?",
        "@>",
        "AS",
        "BY",
        "GROUP",
        "ORDER",
        "LIMIT",
        "WITH",
        "UNION",
        "CASE",
        "WHEN",
        "END",
        "IN",
        "LIKE",
        "NULL",
        "INTERVAL",
        "ARRAY",
        "CAST",
        "date",
        "text",
        "int",
        "support",
        "sessions",
        "thread_id",
        "count",
        "lower",
        "pg_sleep",
        "OVER",
        "FILTER",
        "DISTINCT",
        "ON",
        "JOIN",
        "LATERAL",
        "VALUES",
        "1",
        "2.5",
        "'x'",
        '"y"',
        "\\",
        "\n",
        "\t",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=60), st.sampled_from([" ", "", "\n", "/**/"]))
def test_any_sequence_of_pieces_is_accepted_or_rejected_quickly(pieces: list[str], separator: str) -> None:
    """Pieces that mean something, in orders that do not."""
    assert _seconds("SELECT " + separator.join(pieces), times=2) <= 0.25


def test_tokens_are_postgresqls() -> None:
    """Names fold, strings keep their quotes, operators end where PostgreSQL ends them."""
    tokens = read_tokens("SELECT Foo, \"Bar\", 'it''s', a<-1, b->>'k' -- end\n")
    assert [(token.kind, token.text) for token in tokens if token.kind in (WORD, NAME, STRING)] == [
        (WORD, "select"), (WORD, "foo"), (NAME, "Bar"), (STRING, "'it''s'"), (WORD, "a"), (WORD, "b"), (STRING, "'k'"),
    ]  # fmt: skip
    assert [token.text for token in tokens if token.kind == "op"] == ["<", "-", "->>"]


def _seconds(sql: str, times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        with suppress(QueryRejected):
            check(sql, {"p": 1})
        best = min(best, time.perf_counter() - began)
        if best < 0.1:
            break
    return best
