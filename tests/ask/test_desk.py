"""Questions at work outside the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pytest

from dash.desk import (
    MOST_AT_WORK,
    MOST_AT_WORK_OF_ONE,
    MOST_KEPT,
    MOST_WAITING,
    MOST_WAITING_OF_ONE,
    Desk,
    Job,
)
from dash.desk.turns import Turns
from dash.errors import DatabaseUnavailable, Overloaded, UserError
from dash.records import Viewer


def test_a_job_tells_its_steps_and_then_its_answer() -> None:
    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        step("ground", 0.0)
        step("execute", 1.0)
        return {"headline": f"{job.text} in {job.thread_id}"}

    job = Desk(ask).start("thread", "why?")
    assert job.wait(5)
    assert job.steps == ["ground", "execute"]
    assert job.answer == {"headline": "why? in thread"}


def test_one_conversation_is_answered_in_order_and_another_does_not_wait() -> None:
    gate, order = threading.Event(), []

    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        if job.text == "slow":
            assert gate.wait(5)
        order.append(job.text)
        return {}

    desk = Desk(ask)
    desk.start("one", "slow")
    second = desk.start("one", "second")
    assert desk.start("two", "other").wait(5)
    assert not second.done
    assert [job.text for job in desk.jobs("one")] == ["slow", "second"]
    gate.set()
    assert second.wait(5)
    assert order == ["other", "slow", "second"]


def test_a_failure_of_our_own_code_ends_the_job_and_the_next_one_runs() -> None:
    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        if job.text == "break":
            raise ValueError("a secret")
        return {}

    desk = Desk(ask)
    broken = desk.start("thread", "break")
    assert broken.wait(5)
    assert broken.failed
    assert broken.answer is None
    assert desk.start("thread", "fine").wait(5)


def test_a_question_that_was_stopped_elsewhere_is_stopped_here() -> None:
    asked: list[tuple[str, ...]] = []

    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        job.begun(f"run of {job.text}")
        assert job.cancelled.wait(30)
        return {"outcome": "cancelled"}

    def cancellations(run_ids: Sequence[str]) -> Collection[str]:
        asked.append(tuple(run_ids))
        return [run_id for run_id in run_ids if run_id == "run of one"]

    desk = Desk(ask, cancellations=cancellations)
    one, two = desk.start("first", "one"), desk.start("second", "two")
    assert one.wait(30)
    assert not two.done
    desk.cancel("run of two")
    assert desk.finish(30)
    assert two.answer == {"outcome": "cancelled"}
    assert desk.waiting == 0
    assert all("run of one" not in each for each in asked[1:])  # nobody asks again about what is stopped


def test_whoever_listens_hears_of_every_change() -> None:
    heard: list[tuple[str | None, int, bool]] = []
    gate = threading.Event()

    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        assert gate.wait(30)
        job.begun("run")
        step("ground", 0.0)
        return {}

    job = Desk(ask).start("thread", "why?")
    job.listen(lambda: heard.append((job.run_id, len(job.steps), job.done)))
    gate.set()
    assert job.wait(30)
    assert heard == [("run", 0, False), ("run", 1, False), ("run", 1, True)]


def test_a_forgotten_job_is_gone_and_the_others_stay() -> None:
    desk = Desk(lambda job, step: {})
    first, second = desk.start("thread", "a"), desk.start("thread", "b")
    assert first.wait(5)
    assert second.wait(5)
    desk.forget(first)
    desk.forget(first)
    assert desk.jobs("thread") == (second,)
    desk.forget(second)
    assert desk.jobs("thread") == ()


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_an_answer_that_the_store_has_is_kept_for_nobody_and_another_one_is() -> None:
    desk = Desk(lambda job, step: {"run_id": job.text}, stored=lambda answer: answer["run_id"] == "written")
    desk.start("one", "written")
    kept = desk.start("two", "lost")
    assert eventually(lambda: desk.jobs("one") == ())
    assert kept.wait(5)
    assert desk.jobs("two") == (kept,)


def test_of_answers_that_cannot_be_stored_a_bounded_number_is_kept() -> None:
    def unreachable(_: Mapping[str, Any]) -> bool:
        raise DatabaseUnavailable("Nobody there.")

    desk = Desk(lambda job, step: {}, stored=unreachable)
    for number in range(MOST_KEPT + 20):
        assert desk.start(f"thread {number}", "why?").wait(5)
    assert eventually(lambda: sum(len(jobs) for jobs in desk._jobs.values()) == MOST_KEPT)
    assert desk.jobs("thread 0") == ()
    assert desk.jobs(f"thread {MOST_KEPT + 19}")


def test_a_bounded_number_of_questions_is_at_work_and_nothing_stays_behind() -> None:
    gate, at_work, most = threading.Event(), 0, 0
    counting = threading.Lock()

    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        nonlocal at_work, most
        with counting:
            at_work += 1
            most = max(most, at_work)
        assert gate.wait(5)
        with counting:
            at_work -= 1
        return {}

    desk = Desk(ask, stored=lambda answer: True)
    jobs = [desk.start(f"thread {number % 30}", "why?", viewer=Viewer(f"{number % 3}")) for number in range(60)]
    assert eventually(lambda: at_work == MOST_AT_WORK)
    gate.set()
    assert all(job.wait(5) for job in jobs)
    assert most == MOST_AT_WORK
    assert eventually(lambda: desk._workers == 0)
    assert not (desk._jobs or desk._turns or desk._done)


def test_one_person_fills_their_share_and_nobody_elses() -> None:
    gate, heard = threading.Event(), []

    def ask(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        heard.append(job.viewer.name)
        assert gate.wait(60)
        return {}

    desk, ann, bob = Desk(ask, stored=lambda answer: True), Viewer("ann"), Viewer("bob")
    jobs = [desk.start(f"a{number}", "why?", viewer=ann) for number in range(MOST_WAITING_OF_ONE)]
    with pytest.raises(Overloaded, match="your own questions"):
        desk.start("one more", "why?", viewer=ann)
    assert eventually(lambda: len(heard) == MOST_AT_WORK_OF_ONE)
    jobs.append(desk.start("b", "why?", viewer=bob))
    assert eventually(lambda: heard[-1] == "bob")  # who has asked less does not wait behind the crowd
    others = (MOST_WAITING - desk.waiting) // MOST_WAITING_OF_ONE + 1
    with pytest.raises(Overloaded, match="can be answered soon"):
        jobs.extend(desk.start(f"c{n}", "why?", viewer=Viewer(f"carl {n % others}")) for n in range(MOST_WAITING))
    assert desk.waiting == MOST_WAITING
    gate.set()
    assert all(job.wait(60) for job in jobs)
    assert heard.count("ann") == MOST_WAITING_OF_ONE


def test_the_next_turn_is_of_whoever_has_the_fewest_at_work() -> None:
    turns, ann, bob = Turns(), Viewer("ann"), Viewer("bob")
    for thread, viewer in (("1", ann), ("2", ann), ("3", bob), ("2", ann)):
        turns.add(Job(thread, "why?", viewer=viewer))
    first, second, third = turns.next(), turns.next(), turns.next()
    assert first and second and third and turns.next() is None  # the second of conversation 2 waits for the first
    assert [job.thread_id for job in (first, second, third)] == ["1", "3", "2"]
    turns.ended(third)
    assert turns.next() is not None and turns.next() is None


def test_what_is_no_question_takes_a_place_too_and_ends_in_what_it_raised() -> None:
    desk = Desk(lambda job, step: {})

    def work(job: Job, step: Callable[[str, float], None]) -> Mapping[str, Any]:
        raise UserError("There is no such hour.")

    job = desk.start_apart("stuck_tickets", work, viewer=Viewer("ann"))
    assert job.wait(60) and job.failed
    with pytest.raises(UserError, match="such hour"):
        job.result()
