"""The state folder: who may look into it, its secrets, and what is said when the disk refuses.

Secrets are files that only we can read, written whole or not at all.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dash.errors import EnvironmentProblem


def prepare_home(home: Path) -> None:
    """Make the state folder. For root others may pass through it, because another account runs the server."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    home.mkdir(mode=0o711 if as_root else 0o700, parents=True, exist_ok=True)
    if as_root and home.stat().st_uid == 0:
        home.chmod(home.stat().st_mode | 0o011)
    if hasattr(os, "geteuid") and not as_root and home.stat().st_uid != os.geteuid():
        raise EnvironmentProblem(
            f"The state folder {home} belongs to another user; use your own: export DASH_HOME=~/.local/share/dash"
        )


def read_secret(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def write_secret(path: Path, text: str) -> None:
    """Write a file that only we can read; whoever reads it sees the old or the new text, never half of it."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what the operating system says about the state folder into a sentence with its mend."""
    try:
        yield
    except OSError as error:
        raise folder_problem(error.errno or 0, home, str(error)) from error


def folder_problem(number: int, home: Path, said: str) -> EnvironmentProblem:
    """The EnvironmentProblem for an errno met in the state folder."""
    if number in (errno.ENOSPC, errno.EDQUOT):
        return EnvironmentProblem(
            f"The disk that holds the state folder {home} is full; free some space (df -h '{home}' shows how much), "
            "or use another disk: export DASH_HOME=/path/with/space"
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentProblem(
            f"The state folder {home} cannot be written; use another one: export DASH_HOME=~/dash-state "
            f"(or take it: sudo chown -R \"$USER\" '{home}')"
        )
    if number in (errno.ENOTDIR, errno.EEXIST):
        return EnvironmentProblem(
            f"The state folder {home} is not a folder; use another one: export DASH_HOME=~/dash-state"
        )
    return EnvironmentProblem(f"The state folder {home} cannot be used ({said}); try: export DASH_HOME=~/dash-state")
