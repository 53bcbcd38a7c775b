"""Golden SQL: its clock is the question's, and its order means as much as its leading sort key."""

from __future__ import annotations

import pytest

from dash.ask import Dash
from dash.errors import QueryFailed, QueryRejected
from dash.evals.golden import run_golden, sort_column, with_given_clock
from dash.evals.moments import end_of_data

from .conftest import NOW

AS_OF = "CAST(:now AS timestamptz)"


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT now()", f"SELECT {AS_OF}"),
        ("SELECT NOW ( ) - x", f"SELECT {AS_OF} - x"),
        ("SELECT current_date, CURRENT_TIMESTAMP", f"SELECT CAST({AS_OF} AS date), {AS_OF}"),
        ("SELECT date_trunc('week', now())", f"SELECT date_trunc('week', {AS_OF})"),
        ("SELECT 'now()' -- now()", "SELECT 'now()' -- now()"),
        ("SELECT t.now, x AS now FROM t", "SELECT t.now, x AS now FROM t"),
        ("SELECT :now", "SELECT :now"),
        ("SELECT 'unfinished", "SELECT 'unfinished"),
    ],
)
def test_the_servers_clock_is_read_as_the_questions(sql: str, text: str) -> None:
    assert with_given_clock(sql) == text


@pytest.mark.parametrize(
    ("sql", "width", "place"),
    [
        ("SELECT a, count(*) FROM t GROUP BY 1 ORDER BY count(*) DESC", 2, 1),
        ("SELECT a, count(*) AS n FROM t GROUP BY 1 ORDER BY n DESC, a", 2, 1),
        ("SELECT a, b FROM t ORDER BY 2", 2, 1),
        ("SELECT t.a FROM t ORDER BY t.a", 1, 0),
        ("SELECT a FROM t UNION SELECT a FROM u ORDER BY a", 1, 0),
        ("WITH t AS (SELECT 1 AS a) SELECT a FROM t ORDER BY a", 1, 0),
        ("SELECT a FROM t ORDER BY b", 1, None),
        ("SELECT a FROM t", 1, None),
        ("SELECT * FROM t ORDER BY a", 3, None),
        ("SELECT a FROM t ORDER BY 9", 1, None),
        ("no sql", 1, None),
    ],
)
def test_the_leading_sort_column_is_found_or_admitted_to_be_unknown(sql: str, width: int, place: int | None) -> None:
    assert sort_column(sql, width) == place


def test_places_of_equal_rank_may_be_exchanged_only_where_the_order_counts(dash: Dash) -> None:
    sql = "SELECT * FROM (VALUES ('a', 3), ('b', 2), ('c', 2), ('d', 1)) AS v(name, n) ORDER BY n DESC"
    named = sql.replace("SELECT *", "SELECT name, n")
    assert run_golden(dash, named, NOW, ordered=True).segments == (0, 1, 1, 3)
    assert run_golden(dash, named, NOW, ordered=False).segments == (0, 0, 0, 0)


def test_a_semicolon_at_the_end_is_no_second_statement(dash: Dash) -> None:
    expected = run_golden(dash, "SELECT count(*) AS n FROM support.support_threads_data;\n", NOW, ordered=False)
    assert (expected.columns, expected.rows) == (("n",), ((3000,),))


@pytest.mark.parametrize(
    "sql", ["DELETE FROM support.support_threads_data", "SELECT 1; SELECT 2", "SELECT :other", "SELECT pg_sleep(9)"]
)
def test_golden_sql_passes_the_same_guard(dash: Dash, sql: str) -> None:
    with pytest.raises(QueryRejected):
        run_golden(dash, sql, NOW, ordered=False)


def test_golden_sql_that_fails_says_so(dash: Dash) -> None:
    with pytest.raises(QueryFailed):
        run_golden(dash, "SELECT 1 / (id - id) FROM support.support_threads_data", NOW, ordered=False)


def test_the_end_of_the_data_is_the_minute_after_its_last_row_and_never_in_the_future(dash: Dash) -> None:
    end = end_of_data(dash, NOW.replace(year=2027))
    assert 0 <= (NOW - end).total_seconds() < 3600
    assert end.second == 0
    earlier = NOW.replace(month=5)
    assert end_of_data(dash, earlier) <= earlier
