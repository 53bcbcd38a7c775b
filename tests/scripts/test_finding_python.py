"""What scripts/setup says on a machine that lacks a Python that can be used: one sentence, one command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scripts.conftest import run

Machine = Callable[..., dict[str, str]]

AS_ROOT = "echo 0"
AS_PERSON = "echo 1000"
# What scripts/setup asks a Python: its version, or to import ensurepip.
OLD_PYTHON = 'case "$*" in *version_info*) echo 3.9;; *) exit 0;; esac'
PYTHON_WITHOUT_VENV = 'case "$*" in *version_info*) echo 3.11;; *ensurepip*) exit 1;; esac'
BROKEN_SHIM = 'echo "pyenv: command not found" >&2; exit 127'
PYTHON_2 = 'case "$*" in *-I*) exit 2;; esac'


def said(project: Path, environment: dict[str, str]) -> list[str]:
    result = run([project / "scripts" / "setup"], env=environment)
    assert result.returncode == 1
    assert result.stdout == ""
    return result.stderr.splitlines()


@pytest.mark.parametrize(
    ("programs", "sentence", "command"),
    [
        ({}, "has no Python 3", "apt-get install -y python3.11 python3.11-venv"),
        ({"python3": OLD_PYTHON}, "newest one on this machine is 3.9", "apt-get install -y python3.11 python3.11-venv"),
        ({"python3": PYTHON_2}, "has no Python 3", "apt-get install -y python3.11 python3.11-venv"),
        ({"python3": BROKEN_SHIM}, "has no Python 3", "apt-get install -y python3.11 python3.11-venv"),
        ({"python3": PYTHON_WITHOUT_VENV}, "makes virtual environments", "apt-get install -y python3.11-venv"),
    ],
)
def test_setup_names_what_is_missing_and_the_command_that_mends_it(
    project: Path, machine: Machine, programs: dict[str, str], sentence: str, command: str
) -> None:
    lines = said(project, machine(id=AS_ROOT, apt_get="exit 0", **programs))
    assert len(lines) == 2
    assert sentence in lines[0]
    assert lines[1].strip() == command


def test_setup_puts_sudo_before_the_command_for_everyone_but_root(project: Path, machine: Machine) -> None:
    assert said(project, machine(id=AS_PERSON, apt_get="exit 0"))[1].strip().startswith("sudo apt-get install")


def test_setup_names_the_machines_own_package_manager(project: Path, machine: Machine) -> None:
    assert "dnf install -y python3.12" in said(project, machine(id=AS_PERSON, dnf="exit 0"))[1]


def test_setup_passes_over_a_shim_that_fails_and_takes_the_next_python(project: Path, machine: Machine) -> None:
    programs = {
        "python3.13": BROKEN_SHIM,
        "python3.12": OLD_PYTHON,
        "python3.11": 'echo "$*" > "$HOME/used"; echo 3.11',
    }
    environment = machine(id=AS_ROOT, **programs)
    assert run([project / "scripts" / "setup"], env=environment).returncode == 0
    used = (Path(environment["HOME"]) / "used").read_text(encoding="utf-8")
    assert "scripts/install.py" in used


@pytest.mark.parametrize("script", ["run", "test", "check", "format", "bench", "dash"])
def test_every_script_stops_with_the_same_words(project: Path, machine: Machine, script: str) -> None:
    result = run([project / "scripts" / script], env=machine(id=AS_ROOT, apt_get="exit 0"), cwd="/")
    assert result.returncode == 1
    assert "has no Python 3" in result.stderr
