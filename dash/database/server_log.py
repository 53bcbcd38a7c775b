"""What the embedded server said, and what that means for the person: its log is the only place where it tells why."""

from __future__ import annotations

import errno
from pathlib import Path

from dash.database.folders import folder_problem
from dash.errors import EnvironmentProblem

_LONGEST_BYTES = 10_000_000


class ServerLog:
    """The server's log file, kept short, and read from where a start began."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def since(self, begin: int) -> str:
        """At most the last 20 kB that were written since `size` was `begin`."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as file:
            file.seek(max(begin, self.size() - 20_000))
            return file.read().decode("utf-8", "replace")

    def keep_short(self) -> None:
        """One old file of a few megabytes is enough to understand yesterday."""
        if self.size() > _LONGEST_BYTES:
            self.path.replace(self.path.with_name("server.log.1"))

    def problem(self, said: str, *, doing: str) -> EnvironmentProblem:
        """The sentence for what PostgreSQL's programs printed."""
        home = self.path.parent.parent
        if any(reason in said for reason in ("No space left on device", "Disk quota exceeded", "File too large")):
            return folder_problem(errno.ENOSPC, home, said)
        if "Permission denied" in said or "Read-only file system" in said:
            return folder_problem(errno.EACCES, home, said)
        lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
        reason = f" ({lines[0].strip()[:300]})" if lines else ""
        return EnvironmentProblem(
            f"PostgreSQL could not {doing}{reason}; look at the end of its log: tail '{self.path}'"
        )
