"""Questions at work outside the page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from dash.ui.work import Desk


def test_a_job_tells_its_steps_and_then_its_answer() -> None:
    def ask(text: str, thread_id: str, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        step("ground", 0.0)
        step("execute", 1.0)
        return {"headline": f"{text} in {thread_id}"}

    job = Desk(ask).start("thread", "why?")
    assert job.wait(5)
    assert job.steps == ["ground", "execute"]
    assert job.answer == {"headline": "why? in thread"}


def test_one_conversation_is_answered_in_order_and_another_does_not_wait() -> None:
    gate, order = threading.Event(), []

    def ask(text: str, thread_id: str, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        if text == "slow":
            assert gate.wait(5)
        order.append(text)
        return {}

    desk = Desk(ask)
    slow = desk.start("one", "slow")
    while not slow.steps and not order and desk._turns["one"].acquire(blocking=False):
        desk._turns["one"].release()
    second = desk.start("one", "second")
    assert desk.start("two", "other").wait(5)
    assert not second.done
    assert [job.text for job in desk.jobs("one")] == ["slow", "second"]
    gate.set()
    assert second.wait(5)
    assert order == ["other", "slow", "second"]


def test_a_failure_of_our_own_code_ends_the_job_and_the_next_one_runs() -> None:
    def ask(text: str, thread_id: str, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        if text == "break":
            raise ValueError("a secret")
        return {}

    desk = Desk(ask)
    broken = desk.start("thread", "break")
    assert broken.wait(5)
    assert broken.failed
    assert broken.answer is None
    assert desk.start("thread", "fine").wait(5)


def test_a_forgotten_job_is_gone_and_the_others_stay() -> None:
    desk = Desk(lambda text, thread_id, step: {})
    first, second = desk.start("thread", "a"), desk.start("thread", "b")
    assert first.wait(5)
    assert second.wait(5)
    desk.forget(first)
    desk.forget(first)
    assert desk.jobs("thread") == (second,)
    desk.forget(second)
    assert desk.jobs("thread") == ()
