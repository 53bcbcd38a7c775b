"""Questions that no planner understands as a whole, answered through a query of governed names."""

from __future__ import annotations

from .conftest import query

SWAMPED = "Which channel is the most hectic?"
GOOD = query(metrics=["tickets"], split_by=["channel"], order="highest", limit=1, words={"hectic": "tickets"})


def test_a_word_that_nothing_explains_is_explained_by_the_model(ask, shared):
    answer, model = ask(SWAMPED, GOOD)
    assert answer.outcome == "answered", answer
    assert answer.provenance == "model_read"
    same = shared.ask("Which channel has the most tickets?")
    assert answer.rows == same.rows and len(model.requests) == 1
    assert ("hectic", "Tickets", "model") in [(u.words, u.meaning, u.kind) for u in answer.understood]
