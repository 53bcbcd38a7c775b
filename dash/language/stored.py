"""The lexicon and the examples of the vetted queries, kept between runs: to stem every phrase of the knowledge and to
read every example takes seconds.

It is one file in the state folder, which only this account may write: it is a pickle, and whoever can change it could
as well change the product's own state (docs/adr/0010). A file that belongs to somebody else, that others may write, or
that another version wrote is not read; one that cannot be read or written is no fault, it only costs the time.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from dash.settings import OWN_KNOWLEDGE

Built = TypeVar("Built")

_NAME = "reading.pickle"
_CODE = ("language", "knowledge", "records", "semantics")
"""Packages whose code decides what is in it."""


def stored(folder: Path | None, fingerprint: str, kind: type[Built], build: Callable[[], Built]) -> Built:
    """What `build` makes, from the file in `folder` if it was made of the same knowledge by the same code.

    `fingerprint` is the knowledge's; without a folder nothing is kept.
    """
    if folder is None or not fingerprint:
        return build()
    path, key = folder / _NAME, f"{fingerprint}-{_code_fingerprint()}".encode()
    found = _read(path, key)
    if isinstance(found, kind):
        return found
    built = build()
    _write(path, key, built)
    return built


def _read(path: Path, key: bytes) -> object:
    collects = gc.isenabled()
    gc.disable()  # a million small objects that all stay: looking for garbage among them doubles the time
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            others = stat.S_IWGRP | stat.S_IWOTH
            if status.st_uid != os.geteuid() or status.st_mode & others or file.read(len(key)) != key:
                return None
            return pickle.load(file)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it can be made again
        return None
    finally:
        if collects:
            gc.enable()


def _write(path: Path, key: bytes, built: object) -> None:
    """Whole or not at all: a reader never sees half a file."""
    with suppress(Exception):  # a full disk, an object that cannot be kept
        handle, name = tempfile.mkstemp(prefix=f".{_NAME}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(key)
                pickle.dump(built, file, pickle.HIGHEST_PROTOCOL)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise


@cache
def _code_fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for library in ("snowballstemmer", "pydantic"):
        digest.update(metadata.version(library).encode())
    for package in _CODE:
        for path in sorted((Path(__file__).parent.parent / package).rglob("*.py")):
            digest.update(path.read_bytes())
    # The languages of every project that has none of its own; those it has are in its knowledge's fingerprint.
    for path in sorted((OWN_KNOWLEDGE / "language").glob("*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
