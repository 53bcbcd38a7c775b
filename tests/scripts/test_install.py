"""Making .venv: from nothing, again, interrupted, moved, twice at once, in a hostile shell. Real ones, with nothing to
install into them, so that each takes two seconds."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tests.scripts.conftest import ROOT, clean_environment, run


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dash_install", ROOT / "scripts" / "install.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_setup_makes_the_project_importable_from_any_folder_and_says_nothing_the_second_time(project: Path) -> None:
    hostile = clean_environment(
        PYTHONPATH="/nonexistent", PYTHONHOME="/nonexistent", VIRTUAL_ENV="/nonexistent", PIP_USER="1",
        PIP_TARGET="/nonexistent", PIP_DRY_RUN="1", PIP_REQUIRE_HASHES="0", CDPATH="/", DASH_HOME="/nonexistent",
    )  # fmt: skip
    first = run([project / "scripts" / "setup"], env=hostile, cwd="/")
    assert first.returncode == 0, first.stderr
    assert "Making .venv" in first.stderr
    again = run([project / "scripts" / "setup"], env=hostile, cwd="/")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    for command in (project / ".venv" / "bin" / "dash", project / "scripts" / "dash"):
        result = run([command, "ask", "a b"], env=hostile, cwd="/")
        assert result.stdout == "['ask', 'a b']\n", result.stderr


def test_setup_follows_a_changed_lock_and_keeps_the_environment(standing_project: Path) -> None:
    project, environment = standing_project, clean_environment()
    kept = project / ".venv" / "kept"
    kept.touch()
    (project / "requirements.lock").write_text("# something else\n", encoding="utf-8")
    second = run([project / "scripts" / "setup"], env=environment)
    assert second.returncode == 0
    assert "Installing the dependencies" in second.stderr
    assert kept.exists()


def test_an_interrupted_setup_is_begun_again_from_nothing(standing_project: Path) -> None:
    project, environment = standing_project, clean_environment()
    venv = project / ".venv"
    (venv / "stamp").unlink()
    (venv / "installing").touch()
    leftover = venv / "half-written"
    leftover.touch()
    assert run([project / "scripts" / "setup"], env=environment).returncode == 0
    assert not leftover.exists()
    assert (venv / "stamp").exists()
    assert not (venv / "installing").exists()


def test_a_moved_folder_gets_an_environment_of_its_own(standing_project: Path) -> None:
    environment = clean_environment()
    moved = standing_project.with_name("moved")
    standing_project.rename(moved)
    try:
        assert run([moved / "scripts" / "setup"], env=environment).returncode == 0
        assert str(moved) in (moved / ".venv" / "bin" / "dash").read_text(encoding="utf-8")
        result = run([moved / "scripts" / "dash", "x"], env=environment)
        assert result.stdout == "['x']\n"
    finally:
        moved.rename(standing_project)


def test_two_setups_at_once_install_once_and_a_killed_one_is_forgotten(project: Path) -> None:
    environment = clean_environment()
    command = [str(project / "scripts" / "setup")]
    killed = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    while not (project / ".venv" / "installing").exists():
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Making .venv" in words for words in said) == 1
    assert sum("waiting" in words for words in said) == 1


def test_without_a_network_setup_says_so_in_one_sentence(project: Path) -> None:
    lock = "click==8.5.1 --hash=sha256:" + "0" * 64 + "\n"
    (project / "requirements.lock").write_text(lock, encoding="utf-8")
    nowhere = clean_environment(
        PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="", PIP_RETRIES="1",
        PIP_CONFIG_FILE="/dev/null", PIP_NO_INDEX="",
    )  # fmt: skip
    result = run([project / "scripts" / "setup"], env=nowhere)
    assert result.returncode == 1
    assert "package index does not answer" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'", "does not answer"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "requirements.lock"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "no numpy==2.4.6 for Python"),
        ("ERROR: something new\n", "pip stopped: ERROR: something new"),
    ],
)
def test_the_words_of_a_failed_command_become_one_sentence(install: ModuleType, output: str, sentence: str) -> None:
    problem = install.problem_of_output(output, "pip stopped")
    assert sentence in problem.sentence
    assert "\n" not in problem.sentence


def test_a_disk_without_room_is_found_before_anything_is_written(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install.shutil, "disk_usage", lambda folder: SimpleNamespace(free=100_000_000))
    with pytest.raises(install.Problem) as found:
        install.check_disk(tmp_path, install.NEEDED_BYTES)
    assert "1.6 GB" in found.value.sentence and "0.1 GB are free" in found.value.sentence
    assert found.value.command.startswith("du ")


def test_a_folder_that_python_cannot_use_is_named(install: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(install.Problem, match="rename it"):
        install.check_place(tmp_path / "a:b")


def test_only_where_packages_come_from_is_taken_from_pips_variables(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_INDEX_URL", "PIP_USER", "PIP_TARGET", "PYTHONPATH"):
        monkeypatch.setenv(name, "x")
    environment = install.environment(tmp_path)
    assert environment["PIP_INDEX_URL"] == "x"
    assert environment["PIP_USER"] == "0"
    assert "PIP_TARGET" not in environment and "PYTHONPATH" not in environment
