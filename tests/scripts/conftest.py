"""Copies of the project's scripts in folders of their own, and machines that lack something, built as a PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "env", "readlink", "dirname", "cat", "sh")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the scripts of its own, never set up."""
    return copied_to(tmp_path)


@pytest.fixture(scope="module")
def standing_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the scripts that was set up once; making .venv is the slow part."""
    folder = copied_to(tmp_path_factory.mktemp("standing"))
    made = run([folder / "scripts" / "setup"], env=clean_environment())
    assert made.returncode == 0, made.stderr
    return folder


def copied_to(parent: Path) -> Path:
    """The scripts in a folder whose path has a space and a letter that is not ASCII, with nothing to install."""
    folder = parent / "my projécts"
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (folder / "dash").mkdir()
    (folder / "dash" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "dash" / "__main__.py").write_text("import sys; print(sys.argv[1:])\n", encoding="utf-8")
    return folder


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """An environment whose PATH has the basic tools and the given programs (name → shell script), nothing else."""

    def build(**programs: str) -> dict[str, str]:
        path = tmp_path / "bin"
        path.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found
            (path / tool).symlink_to(found)
        for name, script in programs.items():
            program = path / name.replace("_", "-")
            program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            program.chmod(0o755)
        return {"PATH": str(path), "HOME": str(tmp_path)}

    return build


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without the settings of a person, and with this Python first."""
    theirs = ("DASH_", "OPENAI_", "PYTHON", "STREAMLIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    base = Path(os.path.realpath(sys.executable)).parent
    return kept | {"PATH": f"{base}:{kept.get('PATH', '')}"} | more


def run(command: list[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    """Run to the end and keep what it said."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, capture_output=True, text=True, encoding="utf-8", timeout=120, **options
    )
