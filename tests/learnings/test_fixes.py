"""A fix changes exactly its places, only what cannot run or finds nothing, and nothing a second time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.knowledge import Knowledge
from dash.learnings import Learning, apply_fix, apply_fixes
from dash.learnings.reading import read
from dash.learnings.records import (
    CastColumn,
    EmptyAsNull,
    Fix,
    GroupColumn,
    NullDivisor,
    QualifyColumn,
    RenameColumn,
    RenameRelation,
    SpellValue,
)
from dash.learnings.spans import divisors, spelled

TICKETS = "support.support_threads_data"
COMPARED = "support.ai_human_comparison"
RENAME = RenameColumn(TICKETS, "category", "request_type")
SCORE = CastColumn(COMPARED, "penalty_score", "numeric")

CASES: list[tuple[Fix, str, str]] = [
    (
        RENAME,
        f"SELECT t.category, COUNT(*) FROM {TICKETS} AS t WHERE t.category = 'x' GROUP BY t.category",
        f"SELECT t.request_type AS category, COUNT(*) FROM {TICKETS} AS t WHERE t.request_type = 'x' "
        "GROUP BY t.request_type",
    ),
    (RENAME, f"SELECT COUNT(category) FROM {TICKETS}", f"SELECT COUNT(request_type) FROM {TICKETS}"),
    (
        RENAME,
        f"SELECT status AS category, COUNT(*) FROM {TICKETS} GROUP BY 1 ORDER BY category",
        f"SELECT status AS category, COUNT(*) FROM {TICKETS} GROUP BY 1 ORDER BY category",
    ),
    (RENAME, f"SELECT 'category' FROM {TICKETS} -- category", f"SELECT 'category' FROM {TICKETS} -- category"),
    (RENAME, "SELECT category FROM support.sessions", "SELECT category FROM support.sessions"),
    (
        RENAME,
        f"WITH c AS (SELECT CATEGORY FROM {TICKETS}) SELECT category FROM c",
        f"WITH c AS (SELECT request_type AS category FROM {TICKETS}) SELECT category FROM c",
    ),
    (
        RenameRelation("support.tickets", TICKETS),
        "SELECT tickets.status FROM support.tickets WHERE tickets.status = 'tickets'",
        f"SELECT tickets.status FROM {TICKETS} AS tickets WHERE tickets.status = 'tickets'",
    ),
    (
        RenameRelation("support_threads_data", TICKETS),
        "SELECT t.status FROM support_threads_data t",
        f"SELECT t.status FROM {TICKETS} t",
    ),
    (
        RenameRelation("tickets", TICKETS),
        "WITH tickets AS (SELECT 1 AS one) SELECT one FROM tickets",
        "WITH tickets AS (SELECT 1 AS one) SELECT one FROM tickets",
    ),
    (
        SCORE,
        f"SELECT COUNT(*) FROM {COMPARED} c WHERE c.penalty_score >= 50 AND -1 < penalty_score",
        f"SELECT COUNT(*) FROM {COMPARED} c WHERE CAST(NULLIF(c.penalty_score, '') AS numeric) >= 50 "
        "AND -1 < CAST(NULLIF(penalty_score, '') AS numeric)",
    ),
    (
        SCORE,
        f"SELECT AVG(penalty_score) FROM {COMPARED} WHERE penalty_score <> '' AND penalty_score IN (1, 2)",
        f"SELECT AVG(CAST(NULLIF(penalty_score, '') AS numeric)) FROM {COMPARED} WHERE penalty_score <> '' "
        "AND CAST(NULLIF(penalty_score, '') AS numeric) IN (1, 2)",
    ),
    (SCORE, f"SELECT penalty_score::int > 5 FROM {COMPARED}", f"SELECT penalty_score::int > 5 FROM {COMPARED}"),
    (
        EmptyAsNull(COMPARED, "penalty_score"),
        f"SELECT penalty_score::int, CAST(penalty_score AS text) FROM {COMPARED}",
        f"SELECT NULLIF(penalty_score, '')::int, CAST(penalty_score AS text) FROM {COMPARED}",
    ),
    (
        NullDivisor("count ( * ) filter ( where status = 'Sent' )"),
        f"SELECT 100.0 * COUNT(*) / COUNT(*) FILTER (WHERE t.status = 'Sent') AS r, 1 / COUNT(*) FROM {TICKETS} t",
        "SELECT 100.0 * COUNT(*) / NULLIF(COUNT(*) FILTER (WHERE t.status = 'Sent'), 0) AS r, 1 / COUNT(*) "
        f"FROM {TICKETS} t",
    ),
    (NullDivisor("b"), "SELECT 'a / b', a / b::numeric -- a / b", "SELECT 'a / b', a / b::numeric -- a / b"),
    (NullDivisor("b"), "SELECT a / b ^ 2, a / b", "SELECT a / b ^ 2, a / NULLIF(b, 0)"),
    (
        GroupColumn(TICKETS, "channel"),
        f"SELECT channel, urgency, COUNT(*) FROM {TICKETS} WHERE 1 = 1 ORDER BY 3 DESC LIMIT 5",
        f"SELECT channel, urgency, COUNT(*) FROM {TICKETS} WHERE 1 = 1 GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 5",
    ),
    (
        GroupColumn(TICKETS, "channel"),
        f"SELECT urgency, channel, COUNT(*) FROM {TICKETS} GROUP BY urgency HAVING COUNT(*) > 1",
        f"SELECT urgency, channel, COUNT(*) FROM {TICKETS} GROUP BY urgency, 2 HAVING COUNT(*) > 1",
    ),
    (
        GroupColumn(TICKETS, "channel"),
        f"SELECT n FROM (SELECT channel, COUNT(*) AS n FROM {TICKETS}) AS s ORDER BY n",
        f"SELECT n FROM (SELECT channel, COUNT(*) AS n FROM {TICKETS} GROUP BY 1) AS s ORDER BY n",
    ),
    (
        GroupColumn(TICKETS, "channel"),
        f"SELECT channel, COUNT(*) OVER () FROM {TICKETS}",
        f"SELECT channel, COUNT(*) OVER () FROM {TICKETS}",
    ),
    (
        SpellValue(TICKETS, "status", "sent", "Sent"),
        f"SELECT 'sent' FROM {TICKETS} WHERE status IN ('sent', 'New') OR channel = 'sent' OR 'sent' = status",
        f"SELECT 'sent' FROM {TICKETS} WHERE status IN ('Sent', 'New') OR channel = 'sent' OR 'Sent' = status",
    ),
    (
        QualifyColumn(TICKETS, "thread_id"),
        f"SELECT thread_id FROM {TICKETS} t JOIN {COMPARED} c ON c.thread_id = t.thread_id",
        f"SELECT t.thread_id FROM {TICKETS} t JOIN {COMPARED} c ON c.thread_id = t.thread_id",
    ),
    (
        QualifyColumn(TICKETS, "thread_id"),
        f"SELECT thread_id FROM {TICKETS} t FULL JOIN {COMPARED} c USING (thread_id)",
        f"SELECT thread_id FROM {TICKETS} t FULL JOIN {COMPARED} c USING (thread_id)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fix", "sql", "expected"), CASES)
def test_a_fix_changes_its_places_and_nothing_else(fix: Fix, sql: str, expected: str) -> None:
    changed, places = apply_fix(sql, fix)
    assert changed == expected
    assert (places > 0) == (sql != expected)


@pytest.mark.parametrize(("fix", "sql", "expected"), CASES)
def test_what_was_mended_is_not_mended_again(fix: Fix, sql: str, expected: str) -> None:
    assert apply_fix(expected, fix) == (expected, 0)


def test_a_bare_name_of_several_tables_is_followed_only_when_their_columns_are_known(knowledge: Knowledge) -> None:
    sql = f"SELECT COUNT(*) FROM {TICKETS} t JOIN {COMPARED} c ON c.thread_id = t.thread_id WHERE category = 'x'"
    assert apply_fix(sql, RENAME) == (sql, 0)
    changed, places = apply_fix(sql, RENAME, knowledge.allowed())
    assert (changed, places) == (sql.replace("category", "request_type"), 1)


def test_a_column_that_the_other_table_has_is_left_to_it(knowledge: Knowledge) -> None:
    allowed = {**knowledge.allowed(), COMPARED: (*knowledge.allowed()[COMPARED], "category")}
    sql = f"SELECT COUNT(*) FROM {TICKETS} t JOIN {COMPARED} c ON c.thread_id = t.thread_id WHERE category = 'x'"
    assert apply_fix(sql, RENAME, allowed) == (sql, 0)


def test_fixes_are_applied_in_an_order_in_which_each_finds_its_names(knowledge: Knowledge) -> None:
    active = [
        Learning("b", "query_fix", "column", "active", fix=RENAME),
        Learning("a", "query_fix", "table", "active", fix=RenameRelation("support.tickets", TICKETS)),
        Learning(
            "c", "query_fix", "value", "active", fix=SpellValue(TICKETS, "request_type", "shipping", "shipping_inquiry")
        ),
    ]
    sql = "SELECT COUNT(*) FROM support.tickets t WHERE t.category = 'shipping' AND t.created_at >= :since"
    mended, applied = apply_fixes(sql, active, knowledge.allowed())
    assert mended == (
        f"SELECT COUNT(*) FROM {TICKETS} t WHERE t.request_type = 'shipping_inquiry' AND t.created_at >= :since"
    )
    assert [each.learning for each in applied] == ["a", "b", "c"]
    assert [each.source for each in applied] == ["learnings/a", "learnings/b", "learnings/c"]
    assert apply_fixes(mended, active, knowledge.allowed()) == (mended, ())


@pytest.mark.parametrize("status", ["candidate", "retired"])
def test_only_active_learnings_are_applied(status: str) -> None:
    learning = Learning("a", "query_fix", "x", status, fix=RENAME)  # type: ignore[arg-type]
    sql = f"SELECT category FROM {TICKETS}"
    assert apply_fixes(sql, [learning]) == (sql, ())


@pytest.mark.parametrize(
    "sql",
    [
        "", "category", "SELECT category FROM", "DROP TABLE category", "SELECT category; SELECT category",
        f"SELECT {'ARRAY[' * 40}category{']' * 40} FROM {TICKETS}",
        f"SELECT {'decimal(' * 60}category{')' * 60} FROM {TICKETS}",
        f"SELECT {'(' * 3000}category{')' * 3000} FROM {TICKETS}",
        "SELECT 'category", 'SELECT "category', "SELECT category /* ", "SELECT $$category$$", "SELECT category\x00",
        f"SELECT category FROM {TICKETS} WHERE " + " AND ".join(["category = 'x'"] * 3000),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_read_stays_as_it_is_however_it_nests(sql: str) -> None:
    assert apply_fix(sql, RENAME) == (sql, 0)


names = st.sampled_from(["category", "Category", "status", "t.category", "t.status", '"category"', "s.category"])
literals = st.sampled_from(["'category'", "'sent'", "1", ":now", "'it''s'", "NULL", "-2.5", "'é/b'"])
operators = st.sampled_from([" = ", "<>", " / ", " + ", " < ", "/", " IN (1, 2) AND 1 = "])
comments = st.sampled_from(["", " ", "\n", " /* category / b */ ", " -- category\n", "\t"])


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Queries whose names, values and comments hold what fixes look for, also where it is something else."""
    operands = [draw(st.one_of(names, literals)) for _ in range(draw(st.integers(1, 4)))]
    condition = operands[0]
    for operand in operands[1:]:
        condition += draw(operators) + draw(comments) + operand
    outputs = ", ".join(
        draw(st.lists(st.one_of(names, st.sampled_from(["COUNT(*)", "1 / b"])), min_size=1, max_size=3))
    )
    source = draw(st.sampled_from([TICKETS, f"{TICKETS} t", f"{TICKETS} AS t", "support.sessions s", "tickets"]))
    return f"SELECT{draw(comments) or ' '}{outputs} FROM {source}{draw(comments) or ' '}WHERE {condition}"


FIXES: list[Fix] = [
    RENAME, RenameRelation("tickets", TICKETS), NullDivisor("b"), SpellValue(TICKETS, "status", "sent", "Sent"),
    GroupColumn(TICKETS, "status"),
]  # fmt: skip


def undone(changed: str, fix: Fix) -> str:
    """The text with the right forms, which no generated query has by itself, replaced by the wrong ones again."""
    if isinstance(fix, RenameColumn):
        return changed.replace("request_type AS category", "category").replace("request_type", "category")
    if isinstance(fix, RenameRelation):
        return changed.replace(f"{TICKETS} AS tickets", "tickets")
    if isinstance(fix, NullDivisor):
        return changed.replace("NULLIF(b, 0)", "b")
    if isinstance(fix, SpellValue):
        return changed.replace("'Sent'", "'sent'")
    return re.sub(r" GROUP BY \d(, \d)*", "", changed)  # GROUP BY 1, 3


def in_one_spelling(sql: str) -> str:
    return sql.replace('"category"', "category").replace("Category", "category")


@settings(max_examples=400, deadline=None)
@given(queries(), st.sampled_from(FIXES))
def test_a_rewritten_query_differs_only_at_its_patches_and_is_rewritten_once(sql: str, fix: Fix) -> None:
    changed, places = apply_fix(sql, fix)
    assert apply_fix(changed, fix) == (changed, 0)
    assert in_one_spelling(undone(changed, fix)) == in_one_spelling(sql)
    assert (changed == sql) == (places == 0)
    if read(sql) is not None:
        assert read(changed) is not None


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab/%()'\", .:-*[]cast", max_size=60))
def test_any_text_at_all_is_survived(text: str) -> None:
    for fix in FIXES:
        apply_fix(f"SELECT {text} FROM {TICKETS} WHERE category = b", fix)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("a / b", ["b"]),
        ("a / b.c::int + 1", ["c :: int"]),
        ("a / (b + c)", ["( b + c )"]),
        ("a / SUM(b) OVER (PARTITION BY c)", ["sum ( b ) over ( partition by c )"]),
        ("a / CASE WHEN b THEN CASE c WHEN 1 THEN 2 END END", ["case when b then case c when 1 then 2 end end"]),
        ("a / -b", []),
        ("a % b", ["b"]),
        ("a / b[1]", []),
        ("a / b / c", ["b", "c"]),
    ],
)
def test_a_divisor_is_found_where_its_end_is_certain(expression: str, found: list[str]) -> None:
    query = read(f"SELECT {expression} FROM t")
    assert query is not None
    assert [spelled(query.tokens, first, last) for first, last in divisors(query.tokens)] == found
