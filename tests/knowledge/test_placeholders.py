"""`:name` becomes `$n`, and every other character of the text stays where it was."""

from __future__ import annotations

import re

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dash.errors import QueryRejected
from dash.knowledge.placeholders import bind, names

BOUND = [
    ("SELECT :a", {"a": 1}, "SELECT $1", (1,)),
    (":a + :b + :a", {"a": 1, "b": 2}, "$1 + $2 + $1", (1, 2)),
    (":b + :a", {"a": 1, "b": 2, "c": 3}, "$1 + $2", (2, 1)),
    ("CAST(:now AS timestamptz)", {"now": 0}, "CAST($1 AS timestamptz)", (0,)),
    ("make_interval(hours => :hours)", {"hours": 24}, "make_interval(hours => $1)", (24,)),
    ("make_interval(hours=>:hours)", {"hours": 24}, "make_interval(hours=>$1)", (24,)),
    ("f(a := :a)", {"a": 1}, "f(a := $1)", (1,)),
    (":a::text", {"a": 1}, "$1::text", (1,)),
    ("x::int = :a", {"a": 1}, "x::int = $1", (1,)),
    ("x=:a AND y<:b", {"a": 1, "b": 2}, "x=$1 AND y<$2", (1, 2)),
    ("ARRAY[:a, :b]", {"a": 1, "b": 2}, "ARRAY[$1, $2]", (1, 2)),
    ("ARRAY[[:a], [:b]]", {"a": 1, "b": 2}, "ARRAY[[$1], [$2]]", (1, 2)),
    ("x = ANY(:a::text[])", {"a": []}, "x = ANY($1::text[])", ([],)),
    ("x[1:(:n)]", {"n": 2}, "x[1:($1)]", (2,)),
    ("x[(:n)]", {"n": 2}, "x[($1)]", (2,)),
    ("x[1 + :n]", {"n": 2}, "x[1 + $1]", (2,)),
    ("x[CASE WHEN y THEN :n END]", {"n": 2}, "x[CASE WHEN y THEN $1 END]", (2,)),
    ("j -> :key ->> 'a'", {"key": "k"}, "j -> $1 ->> 'a'", ("k",)),
    (":date, :end, :select", {"date": 1, "end": 2, "select": 3}, "$1, $2, $3", (1, 2, 3)),
    ("'😀' || :a || '😀:a'", {"a": 1}, "'😀' || $1 || '😀:a'", (1,)),
    ("-- 😀 :a\n:a", {"a": 1}, "-- 😀 :a\n$1", (1,)),
    ("-- :b\r:a", {"a": 1}, "-- :b\r$1", (1,)),
]

UNTOUCHED = [
    "SELECT 1",
    "SELECT 'it''s :a', E'it\\'s :a', $$ :a $$, $tag$ :a $$ $tag$",
    'SELECT ":a", "x"":a"',
    "SELECT 1 -- :a",
    "SELECT /* :a /* :a */ :a */ 1",
    "SELECT x::text, y :: int",
    "SELECT days[1:a], days[a:b], days[:a], days[1:2][a:b], days[f(x):a], days[date:a]",
    "SELECT days['{1}'::int[] :a]",
    "SELECT ': a', :'a'",
    "SELECT '' :: text",
    "SELECT U&'\\0061:a'",
    "SELECT B'01', X'1F', N':a'",
    "SELECT a$1 FROM b",
    "SELECT 'a\\' , ':a'",
]

REJECTED = [
    ("SELECT :hour", {"hours": 1}, "write :hours"),
    ("SELECT :x", {"hours": 1, "days": 2}, "declared are :days, :hours"),
    ("SELECT :x", {}, "this query has no parameters"),
    ("SELECT a:b", {"b": 1}, "put a space between it"),
    ("SELECT 1:b", {"b": 1}, "put a space between it"),
    ("SELECT \u00a0:b", {"b": 1}, "put a space between it"),
    ("SELECT :b\u00a0", {"b": 1}, "put a space between it"),
    ("SELECT :b$1", {"b": 1}, "use letters a–z"),
    ("SELECT :имя", {"имя": 1}, "use letters a–z"),
    ("SELECT $1, :b", {"b": 1}, "write :name"),
    ("SELECT 'open :b", {"b": 1}, "close what was opened"),
    ('SELECT "open :b', {"b": 1}, "close what was opened"),
    ("SELECT $q$ open :b", {"b": 1}, "close what was opened"),
    ("SELECT E'a'\n'\\'', pg_sleep(10) --'", {}, "write one string"),
]


@pytest.mark.parametrize(("sql", "parameters", "text", "values"), BOUND)
def test_a_name_becomes_a_number_in_order_of_first_appearance(sql, parameters, text, values):
    assert bind(sql, parameters) == (text, values)


@pytest.mark.parametrize("sql", UNTOUCHED)
def test_what_is_no_placeholder_is_not_touched(sql):
    assert bind(sql, {"a": 1, "b": 2}) == (sql, ())
    assert names(sql) == ()


@pytest.mark.parametrize(("sql", "parameters", "advice"), REJECTED)
def test_what_cannot_be_bound_is_rejected_with_advice(sql, parameters, advice):
    with pytest.raises(QueryRejected) as rejection:
        bind(sql, parameters)
    assert rejection.value.rule == "placeholder"
    assert advice in rejection.value.message


def test_names_come_once_in_order_of_first_appearance():
    assert names("SELECT :b, :a, :b, ':c' -- :d") == ("b", "a")


NAME = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
ANYTHING = st.text(st.characters(exclude_characters="'$\\\x00", exclude_categories=["Cs"]), max_size=12)
OPAQUE = st.one_of(
    ANYTHING.map(lambda text: f"'{text}'"),
    ANYTHING.map(lambda text: f"E'{text}\\':x'"),
    ANYTHING.map(lambda text: f"$q${text} :x $q$"),
    ANYTHING.map(lambda text: "/* " + text.replace("*/", "").replace("/*", "").rstrip("*/") + " :x */"),
    ANYTHING.map(lambda text: "-- " + text.replace("\n", "").replace("\r", "") + " :x\n"),
    ANYTHING.map(lambda text: '"' + text.replace('"', '""') + ':x"'),
    st.sampled_from(["a::text", "x[1:y]", "x[:y]", "f(a => 1)", "ARRAY[1, 2]", "😀", "имя", "(", ")", ",", "+", "=>"]),
)
PLACEHOLDER = NAME.map(lambda name: (name,))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(OPAQUE, PLACEHOLDER), max_size=12))
@example([("a",), "'😀 :a'", ("a",), "$q$ :x $q$", ("b",)])
def test_everything_outside_placeholders_stays_as_it_was(parts):
    """A text is put together from opaque pieces and placeholders, so what must come out is known without a lexer."""
    parts = ["+" if part in (")", "(") and index % 2 else part for index, part in enumerate(parts)]
    written, expected, order = [], [], {}
    for part in parts:
        if isinstance(part, tuple):
            number = order.setdefault(part[0], len(order) + 1)
            written.append(f":{part[0]}")
            expected.append(f"${number}")
        else:
            # A comma parts neighbouring strings, which PostgreSQL would otherwise read as one.
            written.append(part + " ,")
            expected.append(part + " ,")
    text, values = bind(" ".join(written), {name: name.upper() for name in order})
    assert text == " ".join(expected)
    assert values == tuple(name.upper() for name in order)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
@example("\x1b$1")  # a control character ends a word for PostgreSQL, and begins one for the tokenizer
@example("a\x7f$1")
@example("\x80$1")
def test_any_text_is_bound_or_rejected_but_never_crashes(text):
    try:
        bound, values = bind(text, {"a": 1})
    except QueryRejected:
        return
    assert len(values) <= 1
    # a$1 is a name, and to PostgreSQL every character above ASCII belongs to one
    assert re.sub(r"(?<![A-Za-z0-9_$\x80-\U0010ffff])\$1", ":a", bound) == text


LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="'\"\\$"), max_size=8)
COLUMNS = st.one_of(
    LETTERS.map(lambda text: (f"'{text} :a'", f"{text} :a")),
    LETTERS.map(lambda text: (f"E'{text}\\':a'", f"{text}':a")),
    LETTERS.map(lambda text: (f"$q${text} :a$q$", f"{text} :a")),
    LETTERS.map(lambda text: (f"/* {text.replace('*', '').replace('/', '')} :a */ 'x'::text", "x")),
    LETTERS.map(lambda text: (f"-- {text} :a\n'y'", "y")),
    st.just(("CAST(:a AS text)", "A")),
    st.just((":b::text", "B")),
    st.just(("concat(:a::text, ':b', :b::text)", "A:bB")),
    st.just(("array_to_string((ARRAY['p', 'q', 'r'])[2:3], ':a')", "q:ar")),
    st.just(("array_to_string((ARRAY['p', 'q', 'r'])[1:(:n)], '')", "pq")),
    st.just(("(SELECT x[s:] FROM (VALUES (ARRAY['p', 'q'], 2)) AS v(x, s))::text", "{q}")),
    st.just(("to_char(make_date(year => 2026, month => :n, day => 1), 'HH24:MI')", "00:00")),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(COLUMNS, min_size=1, max_size=6))
def test_postgresql_sees_the_same_placeholders(reader, columns):
    text, values = bind("SELECT " + " , ".join(sql for sql, _ in columns), {"a": "A", "b": "B", "n": 2})
    row = reader.execute(text, values).fetchone()
    assert row == tuple(expected for _, expected in columns)


@pytest.fixture(scope="module")
def reader(server):
    with psycopg.connect(server.owner_dsn(), cursor_factory=psycopg.RawCursor, autocommit=True) as connection:
        yield connection
