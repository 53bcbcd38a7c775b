"""Files of the knowledge folder as text, each read once, with a fault for whatever keeps one from being read.

Nothing here knows a format. A file is never skipped: it is read, or it is a fault that says how to mend it. Only hidden
files, backups of editors and Markdown notes are passed over, because nobody expects them to be read.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dash.errors import Fault
from dash.knowledge.nearest import find_nearest

MAXIMUM_BYTES = 1_000_000
FOLDERS = {
    "tables": (".json",),
    "business": (".yaml", ".yml", ".json"),
    "queries": (".sql",),
    "evals": (".yaml", ".yml"),
    "language": (".yaml", ".yml"),
    "phrases": (".yaml", ".yml"),
}
"""Folder → endings of the files that are read from it."""

# NUL, ESC, right-to-left override: they make a text look other than it is.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

_READABLE = "make it readable for the user who runs this"


@dataclass(frozen=True)
class TextFile:
    """A file's text. `path` is what a person reads: the folder's own name and the path inside it."""

    path: str
    text: str
    suffix: str


@dataclass(frozen=True)
class FolderFiles:
    """All text files by sub-folder, the faults of those that could not be read, and a hash of all bytes."""

    files: dict[str, tuple[TextFile, ...]]
    faults: tuple[Fault, ...]
    fingerprint: str


def read_folder(folder: Path) -> FolderFiles:
    """Read everything under `folder`. Never raises for a broken file."""
    name = folder.resolve().name
    if not folder.is_dir():
        fault = Fault(name, 1, "there is no such folder", "make it, or let DASH_KNOWLEDGE name the right one")
        return FolderFiles({}, (fault,), "")
    faults: list[Fault] = []
    digest = hashlib.sha256()
    files: dict[str, list[TextFile]] = {part: [] for part in FOLDERS}
    try:
        faults += _misnamed_folders(folder, name)
    except OSError as error:
        faults.append(Fault(name, 1, f"the folder cannot be read ({_reason(error)})", _READABLE))
    for part, suffixes in FOLDERS.items():
        for path in _walk(folder / part, f"{name}/{part}", faults):
            shown = _printable(f"{name}/{path.relative_to(folder).as_posix()}")
            if path.suffix not in suffixes:
                mend = f"name it …{suffixes[0]}, or move it out of {name}/{part}"
                faults.append(Fault(shown, 1, f"files that end in {path.suffix or 'nothing'} are not read here", mend))
                continue
            content = _read_bytes(path, shown, faults)
            digest.update(f"{shown}\0{len(content)}\0".encode() + content)
            text = decode(content, shown, faults) if content else None
            if text is not None:
                files[part].append(TextFile(shown, text, path.suffix))
    return FolderFiles({part: tuple(found) for part, found in files.items()}, tuple(faults), digest.hexdigest())


def read_flat_folder(folder: Path, suffixes: tuple[str, ...]) -> tuple[tuple[TextFile, ...], list[Fault]]:
    """The text files of a folder beside the knowledge, read as strictly. Never raises for a broken file."""
    name = folder.resolve().name
    faults: list[Fault] = []
    found = []
    for path in _walk(folder, name, faults):
        shown = _printable(f"{name}/{path.relative_to(folder).as_posix()}")
        if path.suffix not in suffixes:
            what = f"files that end in {path.suffix or 'nothing'} are not read here"
            faults.append(Fault(shown, 1, what, f"name it …{suffixes[0]}, or move it out of {name}"))
            continue
        content = _read_bytes(path, shown, faults)
        text = decode(content, shown, faults) if content else None
        if text is not None:
            found.append(TextFile(shown, text, path.suffix))
    return tuple(found), faults


def read_one(folder: Path, name: str) -> tuple[TextFile | None, list[Fault]]:
    """One file that stands in the knowledge folder itself, read as strictly. Never raises for a broken file."""
    faults: list[Fault] = []
    shown = f"{folder.resolve().name}/{name}"
    path = folder / name
    content = _read_bytes(path, shown, faults)
    text = decode(content, shown, faults) if content else None
    if text is None and not faults:
        faults.append(Fault(shown, 1, "the file is empty", "write it, or remove it"))
    return (TextFile(shown, text, path.suffix) if text is not None else None), faults


def _misnamed_folders(folder: Path, name: str) -> Iterator[Fault]:
    """`querys/` would be ignored in silence; other names may hold what other tools read."""
    for entry in sorted(folder.iterdir()):
        if entry.name in FOLDERS or not entry.is_dir():
            continue
        near = find_nearest(entry.name, FOLDERS, cutoff=75)
        if near:
            yield Fault(_printable(f"{name}/{entry.name}"), 1, "no folder of this name is read", f"rename it to {near}")


def _walk(start: Path, shown: str, faults: list[Fault]) -> Iterator[Path]:
    """Files below a folder in a stable order; folder links are not followed, so a loop of them cannot be entered."""
    if start.is_symlink() and not start.exists():
        faults.append(Fault(shown, 1, "this link leads nowhere", "mend or remove the link"))

    def fail(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            place = Path(os.fsdecode(error.filename)).relative_to(start).as_posix()
            path = _printable(f"{shown}/{place}".removesuffix("/."))
            faults.append(Fault(path, 1, f"the folder cannot be read ({_reason(error)})", _READABLE))

    for here, folders, names in os.walk(start, onerror=fail, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for folder in [name for name in folders if (Path(here) / name).is_symlink()]:
            path = _printable(f"{shown}/{(Path(here) / folder).relative_to(start).as_posix()}")
            faults.append(Fault(path, 1, "links to folders are not followed", "put the files themselves here"))
        for name in sorted(names):
            if not (name.startswith((".", "#")) or name.endswith(("~", ".md"))):
                yield Path(here) / name


def _read_bytes(path: Path, shown: str, faults: list[Fault]) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.append(Fault(shown, 1, "this is not an ordinary file", "replace it by a file"))
            return b""
        if status.st_size > MAXIMUM_BYTES:
            what = f"the file has {status.st_size / 1e6:.1f} MB, and at most {MAXIMUM_BYTES / 1e6:.0f} MB are read"
            faults.append(Fault(shown, 1, what, "split it into several files"))
            return b""
        content = path.read_bytes()
    except OSError as error:
        mend = "mend or remove the link" if path.is_symlink() else _READABLE
        faults.append(Fault(shown, 1, f"the file cannot be read ({_reason(error)})", mend))
        return b""
    if not content.strip():
        faults.append(Fault(shown, 1, "the file is empty", "write it or remove it"))
    return content


def decode(content: bytes, shown: str, faults: list[Fault]) -> str | None:
    """The text of a file's bytes, or None after adding a fault."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.append(Fault(shown, 1, "the file is UTF-16", "save it as UTF-8"))
        return None
    if content.startswith(b"\xef\xbb\xbf"):
        what = "the file begins with a byte order mark"
        faults.append(Fault(shown, 1, what, "save it as UTF-8 without a byte order mark"))
        return None
    if b"\r" in content:
        line = content[: content.index(b"\r")].count(b"\n") + 1
        faults.append(Fault(shown, line, "a line ends in CR", "save the file with Unix line ends (LF)"))
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = f"byte 0x{content[error.start]:02x} is not UTF-8"
        faults.append(Fault(shown, line, what, "save the file as UTF-8"))
        return None
    found = _UNREADABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        what = f"the invisible character U+{ord(found.group()):04X} is in this line"
        faults.append(Fault(shown, line, what, "remove it"))
        return None
    return text if text.strip() else None


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be read").lower()


def _printable(path: str) -> str:
    """File names may be any bytes; a message is always text."""
    return path.encode("utf-8", "replace").decode("utf-8")
