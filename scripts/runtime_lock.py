"""Prints requirements.lock without what only development needs; the image is installed from that.

    python scripts/runtime_lock.py requirements.lock [--without NAME …]

The lock says for each package who asked for it (`# via …`). What is asked for by the project itself, or by something
that is, stays; so there is one lock file, and what is served is what was tested. Needs only the standard library.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PROJECT = "dash-for-support (pyproject.toml)"
_BEGIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==")  # agno==3.1.10 \
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(?P<by>\S.*)$")  # "    # via agno", "    #   agno"


def blocks(lock: str) -> dict[str, tuple[str, set[str]]]:
    """name → (its lines, who asked for it)."""
    found: dict[str, tuple[str, set[str]]] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        begins = _BEGIN.match(line)
        if begins:
            name = begins["name"]
            found[name] = (found[name][0] if name in found else "", found[name][1] if name in found else set())
        if not name:
            continue
        text, by = found[name]
        asked = _VIA.match(line)
        if asked and asked["by"] != "via":
            by = by | {asked["by"].strip()}
        found[name] = (text + line, by)
    return found


def runtime(lock: str, without: frozenset[str] = frozenset()) -> str:
    """The blocks that the project needs to run. Raises SystemExit for a name to leave out that is not there."""
    packages = blocks(lock)
    missing = without - packages.keys()
    if missing:
        raise SystemExit(f"The lock file has no {', '.join(sorted(missing))}.")
    needed = {PROJECT}
    while True:
        more = {name for name, (_, by) in packages.items() if by & needed and name not in without} - needed
        if not more:
            break
        needed |= more
    return "".join(text for name, (text, _) in packages.items() if name in needed)


def main(arguments: list[str]) -> None:
    """The command line."""
    path, *rest = arguments
    left_out = frozenset(rest[1:]) if rest[:1] == ["--without"] else frozenset()
    sys.stdout.write(runtime(Path(path).read_text(encoding="utf-8"), left_out))


if __name__ == "__main__":
    main(sys.argv[1:])
