"""Who runs the embedded server: ourselves, or, when we are root, an account without privileges.

PostgreSQL refuses to run as root, and what it cannot enter it cannot use. Everything that depends on that second
account is decided here, so that the rest of the life of the server reads the same for both.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dash.errors import EnvironmentProblem


@dataclass(frozen=True)
class Account:
    """An operating system account that the server's programs run as; `uid` None is whoever runs us."""

    name: str
    uid: int | None = None
    gid: int | None = None

    def run(self, command: Sequence[str], *, cwd: Path, timeout_seconds: float) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, output captured.

        Raises PermissionError if it may not even execute it, EnvironmentProblem if it does not end in time.
        """
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        try:
            return subprocess.run(
                list(command),
                cwd=cwd,
                env={**environment, "LC_ALL": "C", "LANGUAGE": "C"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout_seconds,
                check=False,
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
                umask=0o077,
            )
        except subprocess.TimeoutExpired as error:
            raise EnvironmentProblem(
                f"PostgreSQL's {Path(command[0]).name} did not finish within {timeout_seconds:.0f} seconds; "
                "is the machine or its disk overloaded? Try again."
            ) from error

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def enters(self, folder: Path) -> bool:
        """Whether this account can reach things inside `folder`."""
        if self.uid is None:
            return os.access(folder, os.X_OK)
        test = ["/bin/sh", "-c", 'test -x "$1" && test -x "$1/."', "sh", str(folder)]
        return self.run(test, cwd=Path("/"), timeout_seconds=10).returncode == 0


def server_account(data: Path) -> Account:
    """The account for the cluster in `data`: its present owner, else postgres, else nobody; ourselves if not root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return Account(name="you")
    import pwd

    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        try:
            name = pwd.getpwuid(owner.st_uid).pw_name
        except KeyError:
            name = str(owner.st_uid)
        return Account(name=name, uid=owner.st_uid, gid=owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise EnvironmentProblem(
        "PostgreSQL does not run as root and there is no other user to run it as; add one: useradd --system postgres"
    )


def require_reachable(account: Account, home: Path) -> None:
    """Raises EnvironmentProblem, naming the closed folder, when the server's account cannot enter the state folder."""
    if account.enters(home):
        return
    closed = next((parent for parent in reversed(home.parents) if not account.enters(parent)), home)
    raise EnvironmentProblem(
        f"The database runs as the user {account.name}, who cannot enter {closed}, where the state folder is. "
        f"Use a folder that everybody can reach: export DASH_HOME=/var/lib/dash   (or open it: chmod o+x '{closed}')"
    )
