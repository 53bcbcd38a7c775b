"""Waiting for a model without being held by it: the caller looks up every few milliseconds and can leave at once.

The conversation with the server runs in a thread with an event loop of its own. Whoever leaves does not wait for it:
the thread closes its connection and ends by itself, and an interruption (Ctrl-C) ends it in the same way.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent import futures
from typing import Any, Generic, TypeVar

T = TypeVar("T")

LOOK_UP_SECONDS = 0.02


class Left(Exception):
    """The person did not want to wait any longer."""


def wait_for(work: Callable[[], Coroutine[Any, Any, T]], seconds: float, cancelled: Callable[[], bool]) -> T:
    """The result of `work`. Raises what it raises, TimeoutError after `seconds`, Left once `cancelled` says so."""
    until = time.monotonic() + seconds
    errand = _Errand(work)
    errand.start()
    try:
        while not errand.result.done():
            left = until - time.monotonic()
            if cancelled():
                raise Left
            if left <= 0:
                raise TimeoutError
            futures.wait([errand.result], min(left, LOOK_UP_SECONDS))
        return errand.result.result()
    finally:
        errand.stop()


def pause(seconds: float, cancelled: Callable[[], bool]) -> None:
    """Wait. Raises Left once `cancelled` says so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if cancelled():
            raise Left
        time.sleep(max(0.0, min(until - time.monotonic(), LOOK_UP_SECONDS)))


class _Errand(threading.Thread, Generic[T]):
    """A thread for one coroutine; a daemon, so that it never keeps the process from ending."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        super().__init__(name="dash-llm", daemon=True)
        self.result: futures.Future[T] = futures.Future()
        self._work = work
        self._lock = threading.Lock()
        self._stopped = False
        self._task: asyncio.Task[T] | None = None

    def run(self) -> None:
        try:
            self.result.set_result(asyncio.run(self._main()))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the result is taken
            self.result.set_exception(error)

    def stop(self) -> None:
        """Whatever is still going on is given up."""
        with self._lock:
            self._stopped = True
            if self._task is not None:
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> T:
        task = asyncio.create_task(self._work())
        with self._lock:
            self._task = task
            if self._stopped:
                task.cancel()
        try:
            return await task
        finally:
            with self._lock:
                self._task = None
