"""A learning is tried before anyone relies on it; what makes an answer worse cannot be activated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dash.ask import Dash
from dash.errors import UserError
from dash.evals.shadow import try_learning
from dash.evals.support import require_usable, unsupported
from dash.knowledge import Knowledge
from dash.knowledge.formats import EvalFile
from dash.learnings import Learning, Word
from dash.learnings.candidates import check_of
from dash.learnings.quarantine import may_activate_itself
from dash.learnings.records import CastColumn, Fix, NullDivisor, RenameColumn, SpellValue
from dash.learnings.shadow import changed_texts

from .conftest import NOW

T = "support.support_threads_data"
C = "support.ai_human_comparison"
CASES = (
    EvalFile(id="ambiguous", question="how much does it cost", kind="ambiguous"),
    EvalFile(id="quokka", question="How many quokka tickets last month?", kind="unanswerable"),
    EvalFile(id="other", question="How many tickets last month?", sql="SELECT 1"),
)


@pytest.fixture
def few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Knowledge, "evals", CASES)


def word(phrase: str, **meaning: object) -> Learning:
    return Learning("vocabulary-1", "vocabulary", "x", word=Word({"en": (phrase,)}, **meaning))  # type: ignore[arg-type]


def fix(one: Fix, **more: object) -> Learning:
    return Learning("fix-1", "query_fix", "x", fix=one, check=check_of(one), **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("few_cases")
def test_a_word_is_tried_on_the_questions_that_have_it_and_every_change_is_shown(shared: Dash) -> None:
    trial = try_learning(shared, word("quokka", dimension="category", values=("shipping_inquiry",)), now=NOW)
    assert trial.tried == 1
    (change,) = trial.changes
    assert (change.name, change.worse) == ("quokka", True)  # a golden question says that it cannot be answered
    assert change.before.startswith("correct: ") and change.after.startswith("wrong: ")
    assert shared.ask("How many quokka tickets last month?").outcome == "declined"


@pytest.mark.usefixtures("few_cases")
def test_narrowing_a_word_that_golden_questions_call_ambiguous_makes_them_wrong(shared: Dash) -> None:
    trial = try_learning(shared, word("cost", metric="chat_cost"), now=NOW)
    assert [(change.name, change.worse) for change in trial.changes] == [("ambiguous", True)]
    assert trial.worse == trial.changes


@pytest.mark.usefixtures("few_cases")
def test_a_word_that_no_golden_question_has_changes_nothing(shared: Dash) -> None:
    trial = try_learning(shared, word("wombat", metric="tickets"), now=NOW)
    assert (trial.tried, trial.changes) == (0, ())


def test_a_fix_changes_no_reviewed_sql(shared: Dash) -> None:
    for one in (RenameColumn(T, "category", "request_type"), CastColumn(C, "penalty_score", "numeric")):
        trial = try_learning(shared, fix(one), now=NOW)
        assert trial.changes == ()
        assert trial.tried > 500
        assert not may_activate_itself(fix(one), shared.knowledge)  # a person decides what a name stands for


def test_a_fix_that_takes_something_right_for_a_mistake_is_found_out(shared: Dash) -> None:
    """As if a word had been a column once: it stands in reviewed SQL, so nothing lets the fix through."""
    wrong = RenameColumn(T, "status", "channel")
    assert changed_texts(wrong, shared.knowledge)
    trial = try_learning(shared, fix(wrong), now=NOW)
    assert trial.worse
    assert not may_activate_itself(fix(wrong), shared.knowledge)
    with pytest.raises(UserError, match="cannot be activated"):
        require_usable(shared, fix(wrong))


def test_what_belongs_to_one_user_never_activates_itself(shared: Dash) -> None:
    one = fix(NullDivisor("b"))
    assert may_activate_itself(one, shared.knowledge)
    assert not may_activate_itself(replace(one, scope="ann"), shared.knowledge)


@pytest.mark.parametrize(
    "one", [RenameColumn(T, "category", "request_type"), CastColumn(C, "penalty_score", "numeric"), NullDivisor("b")]
)
def test_a_check_holds_as_long_as_the_data_supports_it(shared: Dash, one: Fix) -> None:
    assert unsupported(shared, fix(one), NOW) == ""


@pytest.mark.parametrize(
    ("learning", "why"),
    [
        (fix(SpellValue(T, "status", "nowhere", "Sent")), ""),
        (replace(fix(NullDivisor("b")), check="SELECT 1 = 2"), "not true"),
        (replace(fix(NullDivisor("b")), check="SELECT 1"), "not true"),
        (replace(fix(NullDivisor("b")), check="DROP TABLE support.sessions"), "does not run"),
        (replace(fix(NullDivisor("b")), check="SELECT rolsuper FROM pg_catalog.pg_roles"), "does not run"),
        (replace(fix(NullDivisor("b")), check=f"SELECT CAST(subject AS integer) > 0 FROM {T}"), "does not run"),
        (fix(RenameColumn(T, "category", "gone")), "knowledge speaks against it"),
    ],
)
def test_a_check_that_fails_says_so_and_is_guarded_like_any_query(shared: Dash, learning: Learning, why: str) -> None:
    found = unsupported(shared, learning, NOW)
    assert why in found
    assert bool(found) == bool(why)
