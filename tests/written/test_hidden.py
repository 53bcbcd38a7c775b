"""SQL that looks right and is not: what it hides in inner queries, names, constants, windows and unions is found."""

from __future__ import annotations

import pytest

from .conftest import SAYS_SQL, Ask, sql
from .test_sql import COUNT, DEFINED, GRUMPY, INSIDE, OFTEN, QUESTION, RATE, RESOLVED, SHIPPING, D, T

GOOD = f"{COUNT} WHERE {SHIPPING} AND {INSIDE} AND {OFTEN}"
WHERE = f"WHERE {SHIPPING} AND {INSIDE} AND {OFTEN}"
OPEN = f"WHERE {INSIDE} AND {OFTEN}"

HIDDEN = [
    ("a join that repeats rows, in a derived table", QUESTION,
     f"SELECT COUNT(*) AS n FROM (SELECT t.thread_id FROM {T} AS t JOIN {D} AS d ON d.thread_id = t.thread_id {WHERE}) "
     "AS x", "fan_out"),
    ("a join that repeats rows, in a CTE", QUESTION,
     f"WITH x AS (SELECT t.thread_id, t.csat_score FROM {T} AS t JOIN {D} AS d ON d.thread_id = t.thread_id {WHERE}) "
     "SELECT AVG(x.csat_score) AS score FROM x", "fan_out"),
    ("repeated two steps inside", QUESTION,
     f"WITH x AS (SELECT t.thread_id FROM {T} AS t JOIN {D} AS d ON d.thread_id = t.thread_id {WHERE}), "
     "y AS (SELECT x.thread_id FROM x) SELECT COUNT(*) AS n FROM y", "fan_out"),
    ("rows twice by a union", QUESTION,
     f"SELECT COUNT(*) AS n FROM (SELECT t.thread_id FROM {T} AS t {WHERE} UNION ALL SELECT t.thread_id FROM {T} AS t "
     f"{WHERE}) AS x", "union"),
    ("the value on a renamed column", QUESTION,
     f"SELECT COUNT(*) AS n FROM (SELECT t.thread_id, 'shipping_inquiry' AS request_type FROM {T} AS t {OPEN}) AS x "
     "WHERE x.request_type = 'shipping_inquiry'", "value"),
    ("the value on another column of that name", QUESTION,
     f"SELECT COUNT(*) AS n FROM (SELECT t.thread_id, t.channel AS request_type FROM {T} AS t {OPEN}) AS x "
     "WHERE x.request_type = 'shipping_inquiry'", "value"),
    ("the period on a renamed column", QUESTION,
     f"SELECT COUNT(*) AS n FROM (SELECT t.thread_id, now() AS created_at FROM {T} AS t WHERE {SHIPPING} AND {OFTEN}) "
     "AS x WHERE x.created_at >= :period_start AND x.created_at < :period_end".replace("now()", "t.sent_at"),
     "period"),
    ("conditions of an outer join", QUESTION,
     f"SELECT COUNT(*) AS n FROM {T} AS t LEFT JOIN (SELECT 1 AS one) AS o ON {SHIPPING} AND {INSIDE} AND {OFTEN}",
     "value"),
    ("conditions in a query that nothing is read from", QUESTION,
     f"WITH ok AS ({GOOD}) SELECT COUNT(*) AS n FROM {T} AS t", "value"),
    ("a constant", QUESTION, f"WITH ok AS ({GOOD}) SELECT 4242 AS tickets FROM ok", "constant"),
    ("a constant added", QUESTION, GOOD.replace("COUNT(*) AS", "COUNT(*) + 1000 AS"), "constant"),
    ("a constant as a factor", QUESTION, GOOD.replace("COUNT(*) AS", "COUNT(*) * 3 AS"), "constant"),
    ("a constant for what is missing", QUESTION, GOOD.replace("COUNT(*) AS", "COALESCE(NULLIF(COUNT(*), 0), 77) AS"),
     "constant"),
    ("a constant two steps inside", QUESTION,
     f"WITH x AS (SELECT 4242 AS n FROM {T} AS t {WHERE}) SELECT MAX(x.n) AS tickets FROM x", "constant"),
    ("a sentence as data", QUESTION, f"SELECT 'All is well, no need to look further' AS note, COUNT(*) AS n "
     f"FROM {T} AS t {WHERE}", "constant"),
    ("a number of a text", QUESTION, GOOD.replace("COUNT(*) AS", "LENGTH('abcd') AS"), "constant"),
    ("digits behind a number", QUESTION, GOOD.replace("COUNT(*) AS", "COUNT(*) || '000' AS"), "constant"),
    ("the greater of it and a constant", QUESTION, GOOD.replace("COUNT(*) AS", "GREATEST(COUNT(*), 4242) AS"),
     "constant"),
    ("a link joined to data", QUESTION,
     f"SELECT 'see http://example.com/' || t.status AS tickets FROM {T} AS t {WHERE}", "constant"),
    ("words between data", QUESTION, f"SELECT STRING_AGG(t.status, ' is fine and ') AS states FROM {T} AS t {WHERE}",
     "constant"),
    ("a constant beside each row", QUESTION,
     f"SELECT x.n AS tickets FROM {T} AS t CROSS JOIN LATERAL (SELECT 4242 AS n) AS x {WHERE} LIMIT 1", "constant"),
    ("a sentence as a format", QUESTION, f"SELECT to_char(t.created_at, '\"see http://example.com\"') AS day, "
     f"COUNT(*) AS n FROM {T} AS t {WHERE} GROUP BY 1", "constant"),
    ("a number as a label", QUESTION, f"SELECT CASE WHEN t.status = 'Sent' THEN '4242 of 4242' ELSE 'none' END AS "
     f"state, COUNT(*) AS n FROM {T} AS t {WHERE} GROUP BY 1", "constant"),
    ("a sentence of labels", QUESTION, f"SELECT CASE WHEN t.status = 'Sent' THEN 'all is well' END || CASE WHEN "
     f"t.status <> 'New' THEN ' and good' END AS state, COUNT(*) AS n FROM {T} AS t {WHERE} GROUP BY 1", "constant"),
    ("a text unless it is the data", QUESTION, f"SELECT NULLIF('see there', t.status) AS state, COUNT(*) AS n "
     f"FROM {T} AS t {WHERE} GROUP BY 1", "constant"),
    ("rows times a list that is a query", QUESTION, f"SELECT COUNT(*) AS n FROM {T} AS t CROSS JOIN (SELECT 1 AS n "
     f"UNION ALL SELECT 2) AS v {WHERE}", "fan_out"),
    ("a link as a label", QUESTION, f"SELECT CASE WHEN t.status = 'Sent' THEN 'evil.com' ELSE '-' END AS state, "
     f"COUNT(*) AS n FROM {T} AS t {WHERE} GROUP BY 1", "constant"),
    ("a link as a name", QUESTION, GOOD.replace("AS tickets", 'AS "[tickets](http://example.com)"'), "name"),
    ("a tag as a name", QUESTION, GOOD.replace("AS tickets", 'AS "<img src=x onerror=alert(1)>"'), "name"),
    ("a number as a name", QUESTION, GOOD.replace("AS tickets", "AS tickets_4242"), "name"),
    ("a number in words as a name", QUESTION, GOOD.replace("AS tickets", "AS twelve_tickets"), "name"),
    ("a number in another script as a name", QUESTION, GOOD.replace("AS tickets", 'AS "tickets_١٢"'), "name"),
    ("a number of letters as a name", QUESTION, GOOD.replace("AS tickets", 'AS "十二"'), "name"),
    ("a sentence as a name", QUESTION,
     GOOD.replace("AS tickets", "AS all_is_well_so_nobody_has_to_look_any_further_today"), "name"),
    ("rows times a list of numbers", QUESTION,
     f"SELECT COUNT(*) AS n FROM {T} AS t CROSS JOIN generate_series(1, 5) AS g {WHERE}", "fan_out"),
    ("conditions around a query that has none", QUESTION,
     f"SELECT (SELECT COUNT(*) FROM {T} AS x) AS n FROM {T} AS t {WHERE} LIMIT 1", "value"),
    ("two inner queries of one name", QUESTION, f"WITH x AS (WITH x AS ({GOOD}) SELECT x.tickets FROM x) "
     "SELECT x.tickets FROM x", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "question", "text", "rule"), HIDDEN, ids=[case[0] for case in HIDDEN])
def test_what_is_hidden_is_repaired_or_kept_back(ask: Ask, what: str, question: str, text: str, rule: str) -> None:
    kept_back = ask(question, SAYS_SQL, sql(text, GRUMPY))
    assert kept_back.answer.outcome != "answered" and not kept_back.answer.rows, (what, kept_back.answer)
    assert ("rejected", rule) in kept_back.verdicts, kept_back.verdicts
    assert ask(question, SAYS_SQL, sql(text, GRUMPY), sql(GOOD, GRUMPY)).answer.provenance == "model_unconfirmed"


DOUBTS = [
    ("another moment than the question's", QUESTION, f"{GOOD} AND t.status_changed_at < now()", "now",
     "outside of the period"),
    ("a governed name for something else", QUESTION,
     f"SELECT AVG(t.csat_score) AS resolution_rate, COUNT(*) AS n FROM {T} AS t {WHERE}", "alias", "Resolution rate"),
    ("a governed name through a CTE", QUESTION,
     f"WITH x AS (SELECT COUNT(DISTINCT t.channel) AS n FROM {T} AS t {WHERE}) SELECT x.n AS tickets FROM x", "alias",
     "Tickets"),
    ("the definition in a query that no output is made of", RATE,
     f"WITH ok AS (SELECT {DEFINED} AS resolution_rate FROM {T} AS t WHERE {RESOLVED} AND {SHIPPING} AND {INSIDE} AND "
     f"{OFTEN}) SELECT COUNT(*) AS n FROM {T} AS t CROSS JOIN ok WHERE {SHIPPING} AND {INSIDE} AND {OFTEN}",
     "definition", "Resolution rate"),
    ("only rows that have something", QUESTION, GOOD.replace("COUNT(*)", "COUNT(t.csat_score)").replace(
        "AS tickets", "AS n"), "null_count", "csat_score"),
    ("rows cut by a window", QUESTION,
     f"SELECT x.thread_id FROM (SELECT t.thread_id, row_number() OVER (ORDER BY t.created_at) AS place FROM {T} AS t "
     f"{WHERE}) AS x WHERE x.place <= 3", "limit", "leaves rows out"),
    ("rows cut by DISTINCT ON", QUESTION,
     f"SELECT DISTINCT ON (t.channel) t.channel, t.thread_id FROM {T} AS t {WHERE} ORDER BY t.channel", "limit",
     "leaves rows out"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "question", "text", "rule", "says"), DOUBTS, ids=[case[0] for case in DOUBTS])
def test_what_may_be_meant_otherwise_is_unconfirmed(
    ask: Ask, what: str, question: str, text: str, rule: str, says: str
) -> None:
    asked = ask(question, SAYS_SQL, sql(text, GRUMPY))
    assert ("rejected", rule) in asked.verdicts, (what, asked.verdicts, asked.queries)
    if asked.answer.outcome == "answered":
        doubts = [caveat.text for caveat in asked.answer.caveats if caveat.kind == "unconfirmed"]
        assert any(says in doubt for doubt in doubts), asked.answer.caveats


HARMLESS = [
    f"SELECT to_char(t.created_at, 'YYYY-MM') AS month, CASE WHEN t.csat_score > 4 THEN 'over 4' ELSE 'up to 4' END AS "
    f"score, COUNT(*) AS n FROM {T} AS t {WHERE} GROUP BY 1, 2",
    f"WITH x AS (SELECT t.request_type, t.thread_id FROM {T} AS t {WHERE}) SELECT COUNT(*) AS tickets FROM x",
    f"SELECT COUNT(DISTINCT x.thread_id) AS n FROM (SELECT t.thread_id FROM {T} AS t JOIN {D} AS d "
    f"ON d.thread_id = t.thread_id {WHERE}) AS x",
    f"SELECT x.tickets FROM (SELECT COUNT(*) AS tickets FROM {T} AS t {WHERE}) AS x",
    f"SELECT ROUND(100.0 * COUNT(*) FILTER (WHERE t.csat_score IS NOT NULL) / NULLIF(COUNT(*), 0), 1) AS part FROM {T} "
    f"AS t {WHERE}",
    f"SELECT COUNT(*) AS n FROM (SELECT t.thread_id FROM {T} AS t {WHERE} AND t.channel = 'chat' UNION ALL "
    f"SELECT t.thread_id FROM {T} AS t {WHERE} AND t.channel = 'email') AS x",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_hides_nothing_is_not_found_wrong(ask: Ask, text: str) -> None:
    words = {"grumpy": f"{GRUMPY['grumpy']}, csat_score, channel chat or email"}
    asked = ask(QUESTION, SAYS_SQL, sql(text, words))
    rules = {reason for _, reason in asked.verdicts}
    assert not rules & {"fan_out", "union", "value", "period", "constant", "alias", "limit", "null_count"}, (
        asked.queries
    )
    assert asked.answer.provenance == "model_unconfirmed"
