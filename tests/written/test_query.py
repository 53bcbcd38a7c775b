"""Questions that no planner understands as a whole, answered through a query of governed names."""

from __future__ import annotations

from dash.ask import Dash

from .conftest import Ask, query

HECTIC = "Which channel is the most hectic?"
GOOD = query(metrics=["tickets"], split_by=["channel"], order="highest", limit=1, words={"hectic": "tickets"})


def test_a_word_that_nothing_explains_is_explained_by_the_model(ask: Ask, shared: Dash) -> None:
    asked = ask(HECTIC, GOOD)
    answer = asked.answer
    assert (answer.outcome, answer.provenance) == ("answered", "model_read"), answer
    assert answer.rows == shared.ask("Which channel has the most tickets?").rows
    assert len(asked.requests) == 1
    assert ("hectic", "Tickets", "model") in [(u.words, u.meaning, u.kind) for u in answer.understood]
    assert any("language model" in caveat.text for caveat in answer.caveats)
