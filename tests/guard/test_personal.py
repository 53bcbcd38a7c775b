# ruff: noqa: E501
"""Personal columns, for a viewer who may not see them: masked where they come out, refused where they would decide.

The rules: a personal column may travel through aliases, WITH, subqueries and harmless functions into an output column,
which is then masked by its name. In conditions only equality with a bound parameter, IS NULL, counting and grouping
are allowed, because they tell nothing that the person did not bring.
"""

from __future__ import annotations

import pytest

from tests.guard.checking import TRUSTED, check, rejection

T = "support.support_threads_data"
D = "support.support_dialogs"

MASKED: list[tuple[str, str, tuple[str, ...]]] = [
    ("the column itself", f"SELECT id, customer_email FROM {T}", ("customer_email",)),
    ("qualified", f"SELECT t.customer_email FROM {T} t", ("customer_email",)),
    ("an alias", f"SELECT customer_email AS contact FROM {T}", ("contact",)),
    ("a function", f"SELECT lower(customer_email) AS e FROM {T}", ("e",)),
    ("a part of it", f"SELECT split_part(customer_email, '@', 2) AS domain, left(customer_email, 1) AS l FROM {T}", ("domain", "l")),
    ("concatenation", f"SELECT id || ': ' || customer_email AS line FROM {T}", ("line",)),
    ("coalesce and case", f"SELECT coalesce(customer_email, '-') AS a, CASE WHEN id > 5 THEN customer_email END AS b FROM {T}", ("a", "b")),
    ("a cast to text", f"SELECT customer_email::text AS e FROM {T}", ("e",)),
    ("a CTE", f"WITH c AS (SELECT customer_email AS e FROM {T}) SELECT e AS f FROM c", ("f",)),
    ("a CTE with a column list", f"WITH c (x, y) AS (SELECT id, customer_email FROM {T}) SELECT y, x FROM c", ("y",)),
    ("a subquery with a column list", f"SELECT b FROM (SELECT id, customer_email FROM {T}) AS s(a, b)", ("b",)),
    ("a star", f"SELECT * FROM {D}", ("author_name",)),
    ("a star of an alias", f"SELECT d.* FROM {D} d JOIN {T} t USING (thread_id)", ("author_name",)),
    ("a star over a subquery", f"SELECT * FROM (SELECT customer_email AS e, id FROM {T}) x", ("e",)),
    ("a star over a star", f"SELECT * FROM (SELECT * FROM {D}) x", ("author_name",)),
    ("json of a row", f"SELECT to_json(x) AS j FROM (SELECT id, customer_email FROM {T}) x", ("j",)),
    ("json built by hand", f"SELECT jsonb_build_object('mail', customer_email) AS j FROM {T}", ("j",)),
    ("an aggregate", f"SELECT min(customer_email) AS a, string_agg(customer_email, ',') AS b, array_agg(customer_email) AS c FROM {T}", ("a", "b", "c")),
    ("an element of an array", f"SELECT (array_agg(customer_email))[1] AS e FROM {T}", ("e",)),
    ("unnest", f"SELECT e FROM (SELECT array_agg(customer_email) AS a FROM {T}) x, unnest(x.a) AS e", ("e",)),
    ("a scalar subquery", f"SELECT id, (SELECT customer_email FROM {T} i WHERE i.id = o.id) AS e FROM {T} o", ("e",)),
    ("collected without repeats", f"SELECT string_agg(DISTINCT customer_email, ', ') AS e, count(DISTINCT customer_email) AS n FROM {T}", ("e",)),
    ("a list of what was collected", f"SELECT array_to_string(array_agg(customer_email), ', ') AS e FROM {T}", ("e",)),
    ("a using join of persons", f"SELECT a.id, customer_email FROM {T} a JOIN {T} b USING (customer_email)", ("customer_email",)),
    ("an array of a subquery", f"SELECT ARRAY(SELECT customer_email FROM {T}) AS e", ("e",)),
    ("union all, by position", f"SELECT channel AS x FROM {T} UNION ALL SELECT customer_email FROM {T}", ("x",)),
    ("a window function", f"SELECT lag(customer_email) OVER (ORDER BY id) AS e FROM {T}", ("e",)),
    ("lateral", f"SELECT x.e FROM {T} t CROSS JOIN LATERAL (SELECT t.customer_email AS e) x", ("e",)),
    ("values", f"SELECT e FROM {T} t CROSS JOIN LATERAL (VALUES (t.customer_email)) AS v(e)", ("e",)),
    ("two names for it", f"SELECT customer_email AS e, id AS e FROM {T}", ("e",)),
    ("grouping by it", f"SELECT customer_email, count(*) AS n FROM {T} GROUP BY customer_email", ("customer_email",)),
    ("grouping by its position", f"SELECT customer_email AS who, count(*) FROM {T} GROUP BY 1", ("who",)),
    ("distinct", f"SELECT DISTINCT customer_email FROM {T}", ("customer_email",)),
    ("equality with a parameter", f"SELECT id, customer_email FROM {T} WHERE customer_email = :mail", ("customer_email",)),
    ("upper case", f"SELECT CUSTOMER_EMAIL FROM {T}", ("customer_email",)),
    ("a quoted name", f'SELECT "customer_email" AS "E-mail" FROM {T}', ("E-mail",)),
]  # fmt: skip

FREE: list[tuple[str, str]] = [
    ("counting", f"SELECT count(customer_email), count(DISTINCT customer_email) FROM {T}"),
    ("asking whether it is there", f"SELECT count(*) FILTER (WHERE customer_email IS NULL) AS n FROM {T} WHERE customer_email IS NOT NULL"),
    ("looking up a known person", f"SELECT id FROM {T} WHERE customer_email = :mail"),
    ("looking up known people", f"SELECT id FROM {T} WHERE customer_email IN (:mail, :other) OR customer_email = ANY (:known) OR customer_email <> CAST(:mail AS text)"),
    ("joining people with themselves", f"SELECT count(*) FROM {T} a JOIN {T} b ON a.customer_email = b.customer_email"),
    ("using it without showing it", f"SELECT id FROM (SELECT id, customer_email FROM {T}) x"),
    ("tickets per person", f"SELECT avg(n) FROM (SELECT customer_email, count(*) AS n FROM {T} GROUP BY customer_email) x"),
    ("partitioning", f"SELECT id, row_number() OVER (PARTITION BY customer_email ORDER BY id) AS n FROM {T}"),
]  # fmt: skip

REFUSED: list[tuple[str, str]] = [
    ("like", f"SELECT id FROM {T} WHERE customer_email LIKE 'a%'"),
    ("a pattern", f"SELECT id FROM {T} WHERE customer_email ~ '^a'"),
    ("comparing", f"SELECT id FROM {T} WHERE customer_email > 'm'"),
    ("between", f"SELECT id FROM {T} WHERE customer_email BETWEEN 'a' AND 'b'"),
    ("equality with a literal", f"SELECT id FROM {T} WHERE customer_email = 'anna@example.com'"),
    ("a function in a condition", f"SELECT id FROM {T} WHERE left(customer_email, 1) = :letter"),
    ("through an alias", f"SELECT id FROM (SELECT id, customer_email AS e FROM {T}) x WHERE e LIKE 'a%'"),
    ("through a CTE", f"WITH c AS (SELECT id, lower(customer_email) AS e FROM {T}) SELECT id FROM c WHERE e = :mail"),
    ("order by", f"SELECT id FROM {T} ORDER BY customer_email"),
    ("order by its position", f"SELECT customer_email FROM {T} ORDER BY 1"),
    ("order by an alias", f"SELECT lower(customer_email) AS e FROM {T} ORDER BY e"),
    ("order by inside a window", f"SELECT row_number() OVER (ORDER BY customer_email) AS n FROM {T}"),
    ("order by inside an aggregate", f"SELECT array_agg(id ORDER BY customer_email) AS ids FROM {T}"),
    ("within group", f"SELECT mode() WITHIN GROUP (ORDER BY customer_email) AS e FROM {T}"),
    ("having", f"SELECT channel FROM {T} GROUP BY channel HAVING min(customer_email) < 'b'"),
    ("group by a part", f"SELECT count(*) FROM {T} GROUP BY left(customer_email, 1)"),
    ("group by an alias of a part", f"SELECT left(customer_email, 1) AS l, count(*) FROM {T} GROUP BY l"),
    ("distinct parts", f"SELECT DISTINCT left(customer_email, 1) AS l FROM {T}"),
    ("counting distinct parts", f"SELECT count(DISTINCT left(customer_email, 1)) FROM {T}"),
    ("filter", f"SELECT count(*) FILTER (WHERE customer_email LIKE 'a%') FROM {T}"),
    ("case", f"SELECT CASE WHEN customer_email LIKE 'a%' THEN 1 END AS x FROM {T}"),
    ("simple case", f"SELECT CASE customer_email WHEN 'a' THEN 1 END AS x FROM {T}"),
    ("counting through case", f"SELECT sum(CASE WHEN customer_email > 'm' THEN 1 ELSE 0 END) AS n FROM {T}"),
    ("counting through nullif", f"SELECT count(nullif(customer_email, 'x')) FROM {T}"),
    ("is null through nullif", f"SELECT id FROM {T} WHERE nullif(customer_email, 'x') IS NULL"),
    ("an error that tells", f"SELECT customer_email::int AS x FROM {T}"),
    ("a length that counts", f"SELECT id FROM {T} LIMIT (SELECT max(length(customer_email)) FROM {T})"),
    ("a number out of it", f"SELECT id + length(customer_email) AS n FROM {T}"),
    ("a union that removes duplicates", f"SELECT left(customer_email, 1) AS l FROM {T} UNION SELECT 'a'"),
    ("mixing it with guesses", f"SELECT count(DISTINCT x) FROM (SELECT customer_email AS x FROM {T} UNION ALL SELECT 'a') s"),
    ("intersect", f"SELECT lower(customer_email) AS l FROM {T} INTERSECT SELECT 'a@b'"),
    ("in a subquery of guesses", f"SELECT id FROM {T} WHERE customer_email IN (SELECT 'a')"),
    ("guesses in a subquery of it", f"SELECT id FROM {T} WHERE 'a' IN (SELECT customer_email FROM {T})"),
    ("any", f"SELECT id FROM {T} WHERE 'a' = ANY (SELECT customer_email FROM {T})"),
    ("a join on a part", f"SELECT count(*) FROM {T} a JOIN support.sessions b ON a.customer_email LIKE b.thread_id"),
    ("a join condition", f"SELECT count(*) FROM {T} a JOIN {T} b ON a.id = b.id AND a.customer_email > 'm'"),
    ("distinct from a literal", f"SELECT id FROM {T} WHERE customer_email IS DISTINCT FROM 'a'"),
    ("a row comparison", f"SELECT id FROM {T} WHERE (customer_email, id) = ('a', 1)"),
    ("null where a guess is right", f"SELECT id, nullif(customer_email, 'anna@example.com') AS e FROM {T}"),
    ("null where a pattern fails", f"SELECT id, substring(customer_email FROM '^a') AS e FROM {T}"),
    ("null where a pattern fails, as a call", f"SELECT id, substring(customer_email, '^a.*') AS e FROM {T}"),
    ("a cast that cuts", f"SELECT DISTINCT customer_email::char AS e FROM {T}"),
    ("a cast that cuts to a length", f"SELECT count(*) FROM {T} WHERE CAST(customer_email AS varchar(1)) = :letter"),
    ("a json key that fails", f"SELECT jsonb_object_agg(customer_email, id) AS j FROM {T}"),
    ("a split", f"SELECT p FROM {T} t, unnest(string_to_array(t.customer_email, 'a')) AS p"),
    ("without a name", f"SELECT upper(customer_email) FROM {T}"),
    ("without a name, in a subquery", f"SELECT (SELECT customer_email FROM {T} LIMIT 1)"),
    ("json in a condition", f"SELECT 1 FROM (SELECT id, customer_email FROM {T}) x WHERE to_jsonb(x) ->> 'customer_email' LIKE 'a%'"),
    ("an array in a condition", f"SELECT 1 FROM (SELECT array_agg(customer_email) AS a FROM {T}) x WHERE 'a' = ANY (x.a)"),
    ("a named window", f"SELECT rank() OVER w AS r FROM {T} WINDOW w AS (ORDER BY customer_email)"),
    ("distinct on", f"SELECT DISTINCT ON (customer_email) id FROM {T}"),
    ("its position behind a star", f"SELECT * FROM {D} ORDER BY 5"),
    ("null where an offset is too far", f"SELECT id, lag(1, strpos(customer_email, 'a')) OVER (PARTITION BY id) AS e FROM {T}"),
    ("a failure where a letter is missing", f"SELECT split_part('x', 'y', strpos(customer_email, 'a')) AS e FROM {T}"),
    ("a failure where a flag is unknown", f"SELECT regexp_replace('x', 'x', 'y', left(customer_email, 1)) AS e FROM {T}"),
    ("a failure where a start is before the first", f"SELECT regexp_replace('x', 'x', 'y', position('@' IN customer_email) , 1) AS e FROM {T}"),
    ("a length of another text", f"SELECT left('abc', length(customer_email)) AS e FROM {T}"),
    ("null where a json key is missing", f"SELECT (jsonb_build_object(left(customer_email, 1), 1))['a'] AS e FROM {T}"),
    ("null where a json number is missing", f"SELECT (jsonb_build_object(strpos(customer_email, 'a'), 1))[0] AS e FROM {T}"),
    ("null where a json text has no parts", f"SELECT (to_jsonb(customer_email))[0] AS e FROM {T}"),
    ("an element of a subquery's array by a personal number", f"SELECT (ARRAY['a', 'b'])[length(customer_email)] AS e FROM {T}"),
    ("guesses in USING", f"SELECT t.id FROM {T} t JOIN (VALUES ('anna@example.com')) AS g(customer_email) USING (customer_email)"),
    ("the size of collected parts", f"SELECT string_agg(split_part(customer_email, 'a', 1), '') AS e FROM {T}, generate_series(1, 100000)"),
    ("the size of parts of what was collected", f"SELECT regexp_replace(string_agg(customer_email, ''), '[^a]', '', 'g') AS e FROM {T}, generate_series(1, 100000)"),
    ("the size of an array of parts", f"SELECT ARRAY(SELECT left(customer_email, 2) FROM {T}) AS e"),
]  # fmt: skip

PARAMETERS = {"mail": "anna@example.com", "other": "b@example.com", "letter": "a", "known": ["anna@example.com"]}


@pytest.mark.parametrize(("sentence", "sql", "names"), MASKED, ids=[case[0] for case in MASKED])
def test_an_output_that_comes_from_a_personal_column_is_masked(sentence: str, sql: str, names: tuple[str, ...]) -> None:
    """By the name that comes back."""
    assert set(check(sql, PARAMETERS).personal_columns) == set(names)


@pytest.mark.parametrize(("sentence", "sql"), FREE, ids=[case[0] for case in FREE])
def test_what_tells_nothing_new_is_allowed(sentence: str, sql: str) -> None:
    """And nothing has to be masked."""
    assert check(sql, PARAMETERS).personal_columns == ()


@pytest.mark.parametrize(("sentence", "sql"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_personal_column_decides_nothing(sentence: str, sql: str) -> None:
    """Conditions, orders, failures and sizes would tell it row by row."""
    assert rejection(sql, PARAMETERS).rule == "personal"


@pytest.mark.parametrize("sql", [case[1] for case in [*MASKED, *FREE]])
def test_who_may_see_personal_data_gets_it_unmasked(sql: str) -> None:
    """The same queries, nothing masked."""
    assert check(sql, PARAMETERS, viewer=TRUSTED).personal_columns == ()


@pytest.mark.parametrize("sql", [f"SELECT id FROM {T} WHERE customer_email LIKE 'a%' ORDER BY customer_email"])
def test_who_may_see_personal_data_may_search_it(sql: str) -> None:
    """The right to see is the right to ask."""
    assert check(sql, viewer=TRUSTED).personal_columns == ()
