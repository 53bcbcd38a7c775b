"""Whatever the guard accepts, PostgreSQL's own parser sees as one plain query over allowed relations and functions."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from dash.errors import QueryRejected
from dash.records import CheckedQuery
from tests.guard.attacks import ATTACKS
from tests.guard.checking import TRUSTED, allowed, check
from tests.guard.ordinary import ORDINARY
from tests.guard.postgresql_view import Reading, parsed
from tests.guard.test_generated import FOREIGN, HEADS, TAILS, queries
from tests.guard.test_knowledge import EVALS, KNOWLEDGE, _values
from tests.guard.test_personal import FREE, MASKED, PARAMETERS, REFUSED

GOOD = [
    *(sql for _, sql in ORDINARY),
    *(sql for _, sql, _ in MASKED),
    *(sql for _, sql in (*FREE, *REFUSED)),
    *(query.sql for query in KNOWLEDGE.queries.values()),
    *(sql for _, sql in EVALS),
]
BAD = [sql for texts in ATTACKS.values() for sql in texts if 0 < len(sql) < 2_000]
# 'text' | "name" | word | 1.5 | blanks | operator | anything
_PIECE = re.compile(
    r"""'(?:[^']|'')*' | "[^"]*" | [A-Za-z_]\w* | \d+(?:\.\d+)? | \s+ | :: | [-+*/<>=~!@\#%^&|`?]+ | .""",
    re.DOTALL | re.VERBOSE,
)
_SIGNS_AND_WORDS = """
    ' " -- /* */ $$ $1 U& ; , ( ) [ ] . : :: - + * é e AS ONLY INTO FOR UPDATE TABLE WITH RECURSIVE NATURAL USING
    OPERATOR VARIADIC LATERAL ROWS FROM COLLATE CAST INTERVAL SELECT UNION VALUES EXISTS DISTINCT DEFAULT WINDOW ISNULL
    SYMMETRIC ORDINALITY MATERIALIZED regclass oid xml name user date pg_catalog information_schema pg_sleep ::regclass
    ::text
"""
_FOREIGN_PIECES = [*FOREIGN, *TAILS, *HEADS, "E'\\n'", "\n", " ", "\t", "\\", *_SIGNS_AND_WORDS.split()]
OBJECTIONABLE = [
    "SELECT 1; SELECT 2",
    "DELETE FROM x",
    "SELECT pg_sleep(1)",
    "SELECT * FROM pg_authid",
    "SELECT 1 INTO x",
    "SELECT 1 FROM support.sessions FOR UPDATE",
    "WITH x AS (DELETE FROM y RETURNING 1) SELECT 1",
    "SELECT 'a'::regclass",
    "SELECT user",
    "SELECT 1 OPERATOR(public.+) 1",
    "SELECT secret FROM support.sessions",
    "SELECT pg_catalog.lower('x')",
    "SELECT pg_catalog.btrim('x')",
    "WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a",
    "SELECT $1",
    "SELECT x FROM (WITH c AS (SELECT 1 AS x) SELECT x FROM c) s, c",
    "SELECT (SELECT 1 FROM pg_class UNION SELECT 1 FROM support.sessions)",
]


def differences(sql: str, checked: CheckedQuery) -> list[str]:
    """What PostgreSQL's parser sees that the guard's promise leaves no room for."""
    statements = parsed(checked.text)
    if statements is None:
        return []  # PostgreSQL refuses it too, so nothing runs
    if len(statements) != 1:
        return [f"{len(statements)} statements"]
    reading = Reading(statements[0], allowed(), len(checked.values))
    if reading.relations != set(checked.relations):
        reading.objections.append(f"reads {reading.relations}, the guard saw {checked.relations}")
    return reading.objections


def agree(sql: str, parameters: dict[str, Any] | None = None) -> bool:
    """Whether the guard accepts the text; the test fails when PostgreSQL reads something else in it."""
    values = _parameters(sql) if parameters is None else parameters
    try:
        checked = check(sql, values, TRUSTED)
    except QueryRejected:
        return False
    assert differences(sql, checked) == [], sql
    return True


def _parameters(sql: str) -> dict[str, Any]:
    try:
        named = _values(sql)
    except QueryRejected:
        named = {}
    return {**named, **PARAMETERS}


@pytest.mark.parametrize("sql", GOOD, ids=[sql[:70] for sql in GOOD])
def test_both_parsers_see_the_same_in_an_honest_query(sql: str) -> None:
    """All of them are accepted and valid, and both see the same relations."""
    checked = check(sql, _parameters(sql), TRUSTED)
    assert parsed(checked.text) is not None
    assert differences(sql, checked) == []


def test_the_other_view_objects_by_itself() -> None:
    """A judge that never objects proves nothing."""
    for text in OBJECTIONABLE:
        found = parsed(text)
        assert found
        assert len(found) > 1 or Reading(found[0], allowed(), 0).objections, text


def _pieces(sql: str) -> list[str]:
    return _PIECE.findall(sql)


def mutant(dice: random.Random) -> str:
    """A query, now and then an attack, with one to three pieces dropped, doubled, exchanged, replaced or put in."""
    pieces = _pieces(dice.choice(BAD if dice.random() < 0.15 else GOOD))
    other = _pieces(dice.choice(GOOD))
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        at, there = dice.randrange(len(pieces) + 1), dice.randrange(len(other))
        foreign = dice.choice(_FOREIGN_PIECES)
        pieces[at : at + 3] = dice.choice(
            [
                pieces[at + 1 : at + 3],
                [*pieces[at : at + 1], *pieces[at : at + 3]],
                pieces[at : at + 3][::-1],
                [foreign, *pieces[at + 1 : at + 3]],
                [" ", foreign, " ", *pieces[at : at + 3]],
                [other[there], *pieces[at + 1 : at + 3]],
                [" ", *other[there : there + dice.randint(1, 8)], " ", *pieces[at : at + 3]],
            ]
        )
    return "".join(pieces)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**64))
def test_both_parsers_see_the_same_in_whatever_is_accepted(seed: int) -> None:
    """Pieces of queries in orders that nobody thought of."""
    dice = random.Random(seed)
    for _ in range(20):
        event("accepted" if agree(mutant(dice)) else "rejected")


@settings(max_examples=60, deadline=None)
@given(queries())
def test_both_parsers_see_the_same_in_a_generated_query(sql: str) -> None:
    """Each of them is accepted."""
    assert agree(sql, {})
