"""Trying and deciding, wherever a person does it: what holds a decision up, and what a trial is worth later."""

from __future__ import annotations

import pytest

from dash.ask import Dash
from dash.errors import UserError
from dash.evals.review import WorseError, activate, check_all, try_out, without_model
from dash.knowledge import Knowledge
from dash.learnings import Learning
from dash.learnings.records import Candidate, Evidence, NullDivisor, Word

from .conftest import NOW
from .test_trial import CASES


@pytest.fixture(autouse=True)
def few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Knowledge, "evals", CASES)


def candidate(dash: Dash, phrase: str, **more: object) -> Learning:
    word = Word({"en": (phrase,)}, dimension="category", values=("shipping_inquiry",))
    made = Candidate("vocabulary", f"“{phrase}” means shipping", word=word, evidence=Evidence(error="x"), **more)  # type: ignore[arg-type]
    return dash.learnings.record(made)


def test_what_was_tried_and_changes_nothing_for_the_worse_is_activated_with_what_the_trial_showed(own: Dash) -> None:
    learning = candidate(own, "wombat")
    trial = try_out(own, learning, now=NOW, everything=True)
    assert trial.run.tried == len(CASES) and trial.holds(own)
    assert activate(own, trial, by="ann", note="said often").status == "active"
    (decision,) = own.learnings.history(learning.id)
    assert (decision.decided_by, decision.note) == ("ann", "said often (tried on 3, 0 changed)")


def test_what_makes_a_golden_question_wrong_is_not_activated(own: Dash) -> None:
    learning = candidate(own, "quokka")
    trial = try_out(own, learning, now=NOW)
    with pytest.raises(WorseError, match="makes answers worse"):
        activate(own, trial, by="ann")
    assert own.learnings.get(learning.id).status == "candidate"
    assert own.learnings.history(learning.id) == ()


def test_a_trial_is_worth_nothing_after_another_decision(own: Dash) -> None:
    first, second = candidate(own, "wombat"), candidate(own, "numbat")
    trials = [try_out(own, each, now=NOW) for each in (first, second)]
    activate(own, trials[0], by="ann")
    assert not trials[1].holds(own)
    with pytest.raises(UserError, match="try it again"):
        activate(own, trials[1], by="ann")
    assert own.learnings.get(second.id).status == "candidate"


def test_one_persons_learning_reaches_everyone_only_when_that_is_said(own: Dash) -> None:
    learning = candidate(own, "wombat", scope="bob")
    assert activate(own, try_out(own, learning, now=NOW), by="ann").scope == "bob"
    own.learnings.retire(learning.id, by="ann")
    assert activate(own, try_out(own, learning, now=NOW), by="ann", everyone=True).scope is None


def test_a_check_goes_through_all_that_are_not_retired_and_says_how_far_it_is(own: Dash) -> None:
    good, gone = candidate(own, "wombat"), candidate(own, "numbat")
    own.learnings.retire(gone.id, by="ann")
    broken = own.learnings.record(
        Candidate("query_fix", "Divide.", fix=NullDivisor("b"), check="SELECT 1 = 2", evidence=Evidence(error="x"))
    )
    heard: list[tuple[int, int]] = []
    found = {learning.id: why for learning, why in check_all(own, NOW, lambda *how_far: heard.append(how_far))}
    assert found == {good.id: "", broken.id: "Its check is not true any more."}
    assert heard == [(0, 2), (1, 2)]
    assert own.learnings.get(broken.id).flag


def test_no_model_is_asked_for_a_trial(own: Dash) -> None:
    assert without_model(own) is own
    own.model = object()  # type: ignore[assignment]
    quiet = without_model(own)
    assert quiet.model is None and quiet.database is own.database and quiet.written is own.written
