"""Golden SQL names no year that its question does not name.

A golden question is asked as of many moments. Where it says "yesterday", "last month" or "October", SQL with a date
written out is right on the day it was written and wrong ever after, so its dates are worked out from `:now`.
"""

from __future__ import annotations

import re

import pytest

from dash.knowledge import Knowledge
from dash.knowledge.formats import EvalFile

EXCEPTIONS: dict[str, str] = {}
"""Golden cases whose SQL may name a year that their question does not, each with the reason."""

_YEAR = re.compile(r"(?<![\w-])(?:19|20)\d\d(?!\d)")
_SAID = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def unnamed_years(case: EvalFile) -> set[str]:
    """Years of the SQL that no turn names; the first of January after a named year is that year's end."""
    named = {year for turn in (case.question or "", *case.turns) for year in _SAID.findall(turn)}
    found = set()
    for sql in (case.sql or "", *case.also_accept):
        for year in named:
            sql = sql.replace(f"{int(year) + 1}-01-01", "")
        found |= set(_YEAR.findall(sql)) - named
    return found


def case(question: str, sql: str, *also_accept: str) -> EvalFile:
    return EvalFile(id="a", question=question, sql=sql, also_accept=list(also_accept))


@pytest.mark.parametrize(
    ("question", "sql", "years"),
    [
        ("tickets yesterday", "SELECT 1 WHERE at >= TIMESTAMPTZ '2026-11-19 UTC'", {"2026"}),
        ("tickets in October", "SELECT 1 WHERE at >= '2026-10-01Z'", {"2026"}),
        ("tickets in October", "SELECT 1 WHERE extract(year FROM at) = 2026", {"2026"}),
        ("tickets in October", "SELECT 1 WHERE at >= make_date(2026, 10, 1)", {"2026"}),
        ("tickets in October 2026", "SELECT 1 WHERE at >= '2026-10-01'", set()),
        ("פניות ב2026", "SELECT 1 WHERE at >= '2026-01-01' AND at < '2027-01-01'", set()),
        ("tickets in 2026", "SELECT 1 WHERE at >= '2027-02-01'", {"2027"}),
        ("tickets this year", "SELECT 1 WHERE at >= '2026-01-01' AND at < '2027-01-01'", {"2026", "2027"}),
        ("ticket T-012045", "SELECT 1 WHERE thread_id = 'T-012045'", set()),
        ("ticket T-2045", "SELECT 1 WHERE thread_id = 'T-2045'", set()),
    ],
)
def test_a_year_that_the_question_does_not_name_is_found(question: str, sql: str, years: set[str]) -> None:
    assert unnamed_years(case(question, sql)) == years
    assert unnamed_years(case(question, "SELECT 1", sql)) == years


def test_no_golden_sql_has_a_date_that_its_question_does_not_name(knowledge: Knowledge) -> None:
    found = {golden.id: sorted(unnamed_years(golden)) for golden in knowledge.evals}
    assert {name: years for name, years in found.items() if years and name not in EXCEPTIONS} == {}


def test_every_exception_is_still_needed_and_says_why(knowledge: Knowledge) -> None:
    needed = {golden.id for golden in knowledge.evals if unnamed_years(golden)}
    assert set(EXCEPTIONS) <= needed
    assert all(EXCEPTIONS.values())
