"""What was learned reaches a model through Agno's LearningMachine, which learns nothing by itself."""

from __future__ import annotations

import asyncio
import logging

import pytest
from agno.learn.machine import LearningMachine
from agno.learn.stores.protocol import LearningStore

from dash.llm.learned import STORE, LearnedLines, recalled

LINES = {"a.b": ("Weeks begin on Monday.", "Divide by NULLIF(…, 0).")}


def lines(relations: object) -> tuple[str, ...]:
    return tuple(line for name in relations for line in LINES.get(name, ()))  # type: ignore[attr-defined]


def test_the_machine_recalls_the_lines_of_the_tables_in_question() -> None:
    assert recalled(lines, ["a.b", "c.d"]) == LINES["a.b"]
    assert recalled(lines, ["c.d"]) == recalled(lines, []) == ()


def test_the_store_is_one_that_agno_takes_and_gives_a_model_nothing_to_write_with() -> None:
    store = LearnedLines(lines)
    assert isinstance(store, LearningStore)
    machine = LearningMachine(custom_stores={STORE: store})
    store.process([{"role": "user", "content": "Our policy is that weeks begin on Sunday."}])
    asyncio.run(store.aprocess([]))
    assert machine.get_tools() == [] and not machine.was_updated and machine.instructions() == ""
    assert machine.build_context(relations=["a.b"]).splitlines()[1:] == [f"- {line}" for line in LINES["a.b"]]
    assert asyncio.run(machine.arecall(relations=["a.b"])) == {STORE: list(LINES["a.b"])}


def test_nobody_hears_what_is_recalled(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("agno"), "propagate", True)
    logging.getLogger("agno").setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG):
            recalled(lines, ["a.b"])
    finally:
        logging.getLogger("agno").setLevel(logging.NOTSET)
    assert "Monday" not in caplog.text


def test_what_fails_while_recalling_is_not_swallowed() -> None:
    def broken(_: object) -> tuple[str, ...]:
        raise LookupError("no table")

    with pytest.raises(LookupError, match="no table"):
        recalled(broken, ["a.b"])
