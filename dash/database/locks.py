"""Locks between processes that the kernel itself gives back, so that a killed process leaves nothing stale behind.

A pid in a file lies after a kill -9 or a reboot; a lock on an open file cannot. `FileLock` serialises starting and
stopping the server; a `Lease` says "I am using it" for as long as its process lives, and counting the live ones is
trying their locks.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from types import TracebackType

from dash.errors import EnvironmentProblem

if os.name == "nt":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


_BUSY = "Another process has been starting or stopping the database for minutes; end it and try again."


class FileLock:
    """`with FileLock(path):` waits for its turn. Also excludes threads of one process, since each opens its own file.

    Raises EnvironmentProblem when another process holds it for longer than `patience_seconds`.
    """

    def __init__(self, path: Path, *, patience_seconds: float = 180.0, busy: str = _BUSY) -> None:
        """`busy` is what the error says."""
        self._path = path
        self._busy = busy
        self._patience_seconds = patience_seconds
        self._descriptor: int | None = None

    def __enter__(self) -> FileLock:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + self._patience_seconds
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise EnvironmentProblem(self._busy)
            time.sleep(0.02)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Lease:
    """One user of the server: a locked file of its own in `folder`. Take and release it under the server's FileLock."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._path = folder / f"{secrets.token_hex(8)}.lease"
        self._descriptor: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        _try_lock(self._descriptor)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._path.unlink(missing_ok=True)


def live_leases(folder: Path) -> int:
    """How many processes use the server now; files of processes that are gone are removed."""
    live = 0
    for path in folder.glob("*.lease"):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        gone = _try_lock(descriptor)
        os.close(descriptor)
        if gone:
            path.unlink(missing_ok=True)
        else:
            live += 1
    return live
