"""./scripts/run as a person uses it: from nothing to a page, a second time, twice at once, and to the end."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.scripts.conftest import ROOT, clean_environment, run

FEW = "--tickets=300"


@pytest.fixture
def home() -> Iterator[Path]:
    """A state folder that the server's account can enter, wherever pytest keeps its own."""
    folder = Path(tempfile.mkdtemp(prefix="dash-run-"))
    folder.chmod(0o711)
    yield folder / "state"
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def started(home: Path, port: int, **more: str) -> tuple[subprocess.Popen[str], list[str]]:
    """The script, and what it said up to the line that names the page or up to its end."""
    environment = clean_environment(DASH_HOME=str(home), DASH_PORT=str(port), **more)
    process = subprocess.Popen(
        [ROOT / "scripts" / "run", FEW], env=environment, cwd="/",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line.rstrip())
        if "http://" in line:
            break
    return process, said


def living(home: Path) -> list[str]:
    """Command lines of every process that works for this state folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(home) in " ".join(process.cmdline()) or process.environ().get("DASH_HOME") == str(home):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def ended(home: Path) -> bool:
    deadline = time.monotonic() + 15
    while living(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not living(home)


def answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /_stcore/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return b"200" in connection.recv(64)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_the_page_and_a_signal_stops_everything_that_it_started(home: Path, how: signal.Signals) -> None:
    port = free_port()
    process, said = started(home, port)
    assert f"http://127.0.0.1:{port}" in said[-1], said
    assert any("Loading demo data" in line for line in said)
    assert answers(port)
    process.send_signal(how)
    rest = process.communicate(timeout=30)[0]
    assert rest.strip() == "Stopped."
    assert process.returncode == 0
    assert ended(home), living(home)


def test_a_second_start_loads_nothing_again_and_a_killed_one_leaves_no_page_behind(home: Path) -> None:
    port = free_port()
    process, _ = started(home, port)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 15
    while any("dash.ui.process" in line for line in living(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    process, said = started(home, port)
    assert "http://" in said[-1], said
    assert not any("Loading demo data" in line for line in said)
    process.terminate()
    process.communicate(timeout=30)
    assert ended(home), living(home)


def test_run_twice_at_once_shares_one_page_and_another_port_shares_the_database(home: Path) -> None:
    port = free_port()
    first, _ = started(home, port)
    again = run([ROOT / "scripts" / "run"], env=clean_environment(DASH_HOME=str(home), DASH_PORT=str(port)))
    assert (again.returncode, again.stdout) == (0, f"Dash is already running at http://127.0.0.1:{port}\n")
    other = free_port()
    second, said = started(home, other)
    assert f":{other}" in said[-1], said
    first.terminate()
    first.communicate(timeout=30)
    assert answers(other)
    second.terminate()
    second.communicate(timeout=30)
    assert ended(home), living(home)


def test_a_port_in_use_is_one_sentence_with_the_command_that_works(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run([ROOT / "scripts" / "run"], env=clean_environment(DASH_HOME=str(home), DASH_PORT=str(port)))
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert f"Port {port} is in use" in result.stderr
    assert "DASH_PORT=" in result.stderr and "./scripts/run" in result.stderr
    assert ended(home), living(home)


def test_a_broken_knowledge_file_is_named_with_its_line_and_nothing_stays_running(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", broken)
    (broken / "business" / "broken.yaml").write_text("metrics:\n  - name: x\n    colour: red\n", encoding="utf-8")
    settings = {"DASH_HOME": str(home), "DASH_PORT": str(free_port()), "DASH_KNOWLEDGE": str(broken)}
    result = run([ROOT / "scripts" / "run", FEW], env=clean_environment(**settings))
    assert result.returncode == 1
    assert "business/broken.yaml:" in result.stderr
    assert "Traceback" not in result.stderr
    assert ended(home), living(home)


def test_run_works_in_a_shell_full_of_other_settings(home: Path) -> None:
    port = free_port()
    hostile = {"PYTHONPATH": "/nonexistent", "PYTHONHOME": "/nonexistent", "VIRTUAL_ENV": "/nonexistent",
               "STREAMLIT_SERVER_PORT": "1", "STREAMLIT_SERVER_ADDRESS": "10.0.0.1", "CDPATH": "/", "LC_ALL": "C",
               "http_proxy": "http://127.0.0.1:9", "PGHOST": "nowhere", "PGUSER": "nobody"}  # fmt: skip
    process, said = started(home, port, **hostile)
    assert f"http://127.0.0.1:{port}" in said[-1], said
    process.terminate()
    process.communicate(timeout=30)
    assert ended(home), living(home)
