# ruff: noqa: E501
"""Queries from a grammar are accepted; the same queries with something foreign in them are not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dash.errors import QueryRejected
from dash.records import CheckedQuery
from tests.guard.checking import TRUSTED, check

NUMBERS = {"t": ["id", "csat_score"], "d": ["id", "position"], "k": ["prompt_tokens", "cost_usd"]}
TEXTS = {
    "t": ["channel", "status", "request_type", "country"],
    "d": ["author_type", "body"],
    "k": ["task_type", "model"],
}
TABLES = {"t": "support.support_threads_data", "d": "support.support_dialogs", "k": "support.ai_agent_tasks"}


def _number(alias: str, depth: int = 2) -> st.SearchStrategy[str]:
    column = st.sampled_from(NUMBERS[alias]).map(lambda name: f"{alias}.{name}")
    leaf = column | st.integers(0, 999).map(str) | st.sampled_from(["1.5", "NULL::int"])
    if not depth:
        return leaf
    inner = _number(alias, depth - 1)
    return (
        leaf
        | st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")
        | inner.map(lambda text: f"coalesce({text}, 0)")
        | inner.map(lambda text: f"round(abs({text})::numeric, 2)")
        | st.tuples(_condition(alias, depth - 1), inner).map(lambda p: f"CASE WHEN {p[0]} THEN {p[1]} ELSE 0 END")
        | _text(alias, depth - 1).map(lambda text: f"length({text})")
        | st.just(f"extract(epoch FROM now() - {alias}.created_at)")
        | st.just(f"(SELECT count(*) FROM {TABLES['d']} z WHERE z.thread_id = {alias}.thread_id)")
    )


def _text(alias: str, depth: int = 1) -> st.SearchStrategy[str]:
    column = st.sampled_from(TEXTS[alias]).map(lambda name: f"{alias}.{name}")
    leaf = column | st.sampled_from(["'a'", "''", "'it''s; -- no'", "'Тикет'", "to_char(now(), 'YYYY-MM')"])
    if not depth:
        return leaf
    inner = _text(alias, depth - 1)
    return (
        leaf
        | st.tuples(inner, inner).map(" || ".join).map(lambda text: f"({text})")
        | inner.map(lambda text: f"upper({text})")
        | inner.map(lambda text: f"regexp_replace({text}, '\\d+', '#', 'g')")
        | _number(alias, 0).map(lambda text: f"CAST({text} AS text)")
    )


def _condition(alias: str, depth: int = 2) -> st.SearchStrategy[str]:
    leaf = (
        st.tuples(
            _number(alias, 0), st.sampled_from(["=", "<>", "<", ">=", "IS DISTINCT FROM"]), _number(alias, 0)
        ).map(" ".join)
        | _text(alias, 0).map(lambda text: f"{text} LIKE 'a%'")
        | _text(alias, 0).map(lambda text: f"{text} IN ('x', 'y')")
        | _number(alias, 0).map(lambda text: f"{text} IS NOT NULL")
        | st.just(f"{alias}.created_at >= now() - INTERVAL '7 days'")
        | st.just(f"EXISTS (SELECT 1 FROM {TABLES['k']} y WHERE y.thread_id = {alias}.thread_id)")
    )
    if not depth:
        return leaf
    inner = _condition(alias, depth - 1)
    return (
        leaf
        | st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
        | inner.map(lambda text: f"NOT ({text})")
    )


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A SELECT that an analyst could have written."""
    alias = draw(st.sampled_from(sorted(TABLES)))
    where = f" WHERE {draw(_condition(alias))}" if draw(st.booleans()) else ""
    join = ""
    if alias != "d" and draw(st.booleans()):
        join = f" LEFT JOIN {TABLES['d']} d ON d.thread_id = {alias}.thread_id"
    if draw(st.booleans()):
        group = draw(_text(alias, 0).filter(lambda text: "." in text))
        body = f"SELECT {group} AS g, count(*) AS n, sum({draw(_number(alias))}) AS s FROM {TABLES[alias]} {alias}{join}{where} GROUP BY {group}"
        order = draw(st.sampled_from(["", " ORDER BY n DESC", " ORDER BY 1, 2 DESC NULLS LAST"]))
    else:
        body = (
            f"SELECT {draw(_number(alias))} AS a, {draw(_text(alias))} AS b FROM {TABLES[alias]} {alias}{join}{where}"
        )
        order = draw(st.sampled_from(["", " ORDER BY a", " ORDER BY b, a DESC"]))
    query = body + order
    if draw(st.booleans()):
        query = f"WITH w AS ({query}) SELECT count(*), count(DISTINCT w) AS x FROM (SELECT * FROM w) w"
        query = query.replace(", count(DISTINCT w) AS x", "")
    if draw(st.booleans()):
        query += f" LIMIT {draw(st.integers(0, 500))}"
    return query


@settings(max_examples=150, deadline=None)
@given(queries())
def test_a_generated_select_is_accepted_unchanged(sql: str) -> None:
    """The text is sealed as it came."""
    checked = check(sql, viewer=TRUSTED)
    assert isinstance(checked, CheckedQuery)
    assert checked.text == sql


FOREIGN = [
    "pg_sleep(1)", "set_config('a', 'b', true)", "lo_create(0)", "nextval('s')", "'x'::regclass", "current_user",
    "query_to_xml('x', true, true, '')", "(SELECT count(*) FROM pg_authid)", "(SELECT 1 FROM support.secrets)", "ctid",
    "secret", "1 OPERATOR(public.+) 1", "$$x$$", "E'\\x41'", "U&'\\0041'", "unknown_function(1)", "repeat('x', 9)",
    '"pg_sleep"(1)', "pg_catalog.lower('x')", "CAST(1 AS oid)", "random()", "xmin::text", "(1 FOR UPDATE)",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(queries(), st.sampled_from(FOREIGN), st.data())
def test_something_foreign_in_a_value_s_place_is_rejected(sql: str, foreign: str, data: st.DataObject) -> None:
    """Wherever a value stands, it may be replaced by something that is not allowed."""
    places = [match.span() for match in re.finditer(r"\b[tdk]\.(?!thread_id|created_at)[a-z_]+\b", sql)]
    assume(places)
    start, end = data.draw(st.sampled_from(places))
    with pytest.raises(QueryRejected):
        check(sql[:start] + foreign + sql[end:], viewer=TRUSTED)


TAILS = [
    "; DELETE FROM support.sessions", "; COMMIT", " FOR UPDATE", " FOR SHARE", "; SELECT 1", " INTO x", ";;", " UNION SELECT * FROM pg_user",
    " /* open", " 'open", " -- \r; DROP TABLE x", " RETURNING *", " TABLESAMPLE SYSTEM (1)", " $1", " )", " OFFSET pg_sleep(1)",
]  # fmt: skip
HEADS = [
    "EXPLAIN ANALYZE ", "COPY (", "CREATE TABLE x AS ", "DECLARE c CURSOR FOR ", "PREPARE p AS ", "INSERT INTO support.sessions ",
    "WITH x AS (DELETE FROM support.sessions RETURNING 1) ", "SET x = 1; ", "BEGIN; ", "WITH RECURSIVE ", "; ", "(", "DO ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(queries(), st.sampled_from([("", tail) for tail in TAILS] + [(head, "") for head in HEADS]))
def test_something_before_or_behind_a_query_is_rejected(sql: str, frame: tuple[str, str]) -> None:
    """A query stays one query."""
    with pytest.raises(QueryRejected):
        check(frame[0] + sql + frame[1], viewer=TRUSTED)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["'", "''", "\\'", "'; --", "' OR '1'='1", "') UNION SELECT 1 --"]))
def test_a_parameter_never_becomes_sql(value: str, payload: str) -> None:
    """Values travel beside the text."""
    parameters: dict[str, Any] = {"v": value + payload}
    checked = check("SELECT count(*) FROM support.support_threads_data WHERE subject = :v", parameters)
    assert checked.text == "SELECT count(*) FROM support.support_threads_data WHERE subject = $1"
    assert checked.values == (value + payload,)
