"""Learning is the last thing that happens to a run, and nothing of it may cost the person the answer."""

from __future__ import annotations

from typing import Any

import pytest

from dash.ask import Dash, answer_json
from dash.errors import DatabaseUnavailable

from .conftest import ask_all


def _comparable(answer: Any) -> dict[str, Any]:
    return {
        name: value for name, value in answer_json(answer).items() if name not in ("timings_ms", "thread_id", "run_id")
    }


@pytest.mark.parametrize(
    "error", [RuntimeError("broken"), DatabaseUnavailable("gone"), RecursionError(), KeyError("x")]
)
@pytest.mark.parametrize("place", ["dash.ask.learn", "dash.ask.keep", "dash.recording.Run.facts"])
def test_whatever_goes_wrong_in_learning_the_answer_is_given(
    shared: Dash, monkeypatch: pytest.MonkeyPatch, error: Exception, place: str
) -> None:
    turns = ("How many shiping tickets last week?", "1")
    plain = [_comparable(answer) for answer in ask_all(shared, *turns)]
    called = []

    def fails(*_: Any, **__: Any) -> Any:
        called.append(place)
        raise error

    monkeypatch.setattr(place, fails)
    assert [_comparable(answer) for answer in ask_all(shared, *turns)] == plain
    assert called


def test_an_answer_without_a_key_is_the_same_with_and_without_learning(shared: Dash) -> None:
    for question in (
        "resolution rate last month",
        "Show stuck tickets",
        "how many quokkas?",
        "how much does it cost",
        "",
    ):
        assert _comparable(shared.ask(question)) == _comparable(shared.ask(question, learns=False))


def test_a_question_that_follows_nothing_asks_the_database_nothing_more(
    shared: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(shared.threads, "turn_before", lambda run_id: asked.append(run_id))
    shared.ask("How many tickets last week?")
    assert asked == []
    ask_all(shared, "How many tickets last week?", "by channel")
    assert len(asked) == 1
