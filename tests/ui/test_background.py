"""Work in the background: found again by name, reported, stopped, and never a stack trace."""

from __future__ import annotations

import threading
import time

from dash.errors import UserError
from dash.ui.background import MOST_KEPT, Progress, Work, Workshop


def until_done(work: Work) -> Work:
    deadline = time.monotonic() + 30
    while work.running and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not work.running
    return work


def test_work_is_done_once_and_found_by_whoever_looks() -> None:
    shop, go = Workshop(), threading.Event()

    def job(progress: Progress) -> str:
        progress(1, 2)
        go.wait(30)
        return "done"

    first = shop.begin("one", job)
    assert shop.begin("one", job) is first is shop.find("one")
    assert first.running
    go.set()
    assert until_done(first).result == "done"
    assert (first.done, first.total) == (1, 2)
    assert shop.begin("one", job) is not first


def test_work_that_is_stopped_ends_at_its_next_report_without_a_result() -> None:
    shop, began = Workshop(), threading.Event()

    def job(progress: Progress) -> str:
        for number in range(100_000):
            progress(number, 100_000)
            began.set()
            time.sleep(0.001)
        return "never"

    work = shop.begin("one", job)
    assert began.wait(30)
    work.cancel()
    until_done(work)
    assert work.result is None and work.problem is None and work.cancelled


def test_what_goes_wrong_is_a_sentence_and_our_own_mistakes_are_none() -> None:
    shop = Workshop()

    def fails(progress: Progress) -> None:
        raise UserError("Write it another way.")

    def breaks(progress: Progress) -> None:
        raise ZeroDivisionError

    assert until_done(shop.begin("fails", fails)).problem == "Write it another way."
    assert until_done(shop.begin("breaks", breaks)).problem == ""


def test_old_results_are_forgotten() -> None:
    shop = Workshop()
    for number in range(MOST_KEPT + 5):
        until_done(shop.begin(f"work {number}", lambda progress: None))
    until_done(shop.begin("last", lambda progress: None))
    assert shop.find("work 0") is None and shop.find("last") is not None
    shop.forget("last")
    assert shop.find("last") is None
