"""Whether the process that runs the schedule on this machine is alive: not only there, but going on.

Each turn of its loop says by when the next one comes, and a job has longer than a look. The promise is the time of a
file, and the file is locked for as long as the process lives, so neither a process that hangs nor one that was killed
passes for one that works. Containers that share a state folder have a host name, and so a file, of their own.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dash.database.folders import prepare_home
from dash.database.locks import FileLock
from dash.errors import EnvironmentProblem, UserError

_FORGOTTEN_AFTER = timedelta(days=1)
_TO_BE_FIRST = 2.0
"""Seconds of waiting for the lock: whoever looks has it for a moment."""

_TO_OPEN = 300.0
"""Seconds until the schedule has been opened and makes promises of its own."""
_BUSY = "another one of this machine is seen in its place"

logger = logging.getLogger(__name__)

Promise = Callable[[float], None]


@contextmanager
def alive(home: Path, clock: Callable[[], datetime]) -> Iterator[Promise]:
    """A promise to call it again within so many seconds. A second process beside the first on one machine makes none:
    who asks hears of the first."""
    path = _file(home)

    def promise(seconds: float) -> None:
        by = (clock() + timedelta(seconds=seconds)).timestamp()
        try:
            os.utime(path, (by, by))
        except OSError as error:  # the jobs are more than what is said of them
            logger.warning("Nobody can see that the schedule is run: %s", error)

    with ExitStack() as held:
        try:
            prepare_home(home)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _forget_others(path, clock())
            held.enter_context(FileLock(path, patience_seconds=_TO_BE_FIRST, busy=_BUSY))
            promise(_TO_OPEN)
        except (EnvironmentProblem, OSError) as error:
            logger.warning("Nobody can see that the schedule is run by this process: %s", error)
            promise = _unseen
        yield promise


def _unseen(seconds: float) -> None:
    """What nobody looks at."""


def require_alive(home: Path, now: datetime) -> None:
    """Raise UserError, which says what is wrong, unless the schedule is run on this machine."""
    path = _file(home)
    if not path.exists() or _is_free(path):
        raise UserError("Nothing runs the schedule on this machine; start it: ./scripts/dash schedule")
    by = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if by < now:
        raise UserError(
            f"What runs the schedule on this machine was to go on by {by:%Y-%m-%d %H:%M:%S}Z and has not: it hangs. "
            "End it and start it anew: ./scripts/dash schedule"
        )


def _file(home: Path) -> Path:
    machine = re.sub(r"[^\w.-]", "_", socket.gethostname())
    return home / "schedule" / f"{machine}.alive"


def _is_free(path: Path) -> bool:
    try:
        with FileLock(path, patience_seconds=0):
            return True
    except EnvironmentProblem:
        return False


def _forget_others(own: Path, now: datetime) -> None:
    """A container has a new name whenever it is made anew."""
    for path in own.parent.glob("*.alive"):
        with suppress(FileNotFoundError):  # another process may forget it at the same moment
            if path != own and path.stat().st_mtime < (now - _FORGOTTEN_AFTER).timestamp():
                path.unlink()
