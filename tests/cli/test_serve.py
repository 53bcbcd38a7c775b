"""`dash key` and `dash serve` as processes: a key is made, the server takes it, several workers are one product."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from dash.database import Database
from dash.settings import REPOSITORY
from tests.cli.conftest import environment_for


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "dash", *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@contextmanager
def serving(environment: dict[str, str], *arguments: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server process that answers; ended if it is still there at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-X", "utf8", "-m", "dash", "serve", "--port", str(port), *arguments]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            assert process.poll() is None, "The server ended before it answered."
            try:
                if httpx2.get(f"{url}/healthz", timeout=5).status_code == 200:
                    break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield url, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)


def test_a_key_is_made_used_listed_and_taken_back(fresh_database: Database, tmp_path: Path) -> None:
    environment = environment_for(fresh_database, tmp_path)
    refused = run(environment, "serve", "--host", "0.0.0.0", "--port", "18600")
    assert (refused.returncode, "dash key create" in refused.stderr) == (1, True)
    wrong = run(environment, "key", "create", "x", "--role", "viewer", "--scope", "replay")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    made = run(environment, "key", "create", "nightly report", "--role", "lead", "--scope", "ask", "--days", "30")
    token = made.stdout.strip()
    assert made.returncode == 0
    assert token.startswith("dash_")
    assert token not in made.stderr
    (key,) = json.loads(run(environment, "key", "list", "--json").stdout)
    assert (key["name"], key["roles"], key["scopes"], key["last_used_at"]) == (
        "nightly report",
        ["lead"],
        ["ask"],
        None,
    )
    bearer = {"Authorization": f"Bearer {token}"}
    with serving(environment) as (url, process):
        asked = httpx2.post(f"{url}/api/v1/questions", json={"question": "How many tickets are there?"}, headers=bearer)
        assert asked.json()["outcome"] == "answered"
        assert run(environment, "key", "revoke", key["id"]).returncode == 0
        assert httpx2.get(f"{url}/api/v1/me", headers=bearer).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    listed = run(environment, "key", "list").stdout
    assert "revoked" in listed
    assert token.rsplit("_", 1)[1] not in listed


def test_several_workers_are_one_product(fresh_database: Database, tmp_path: Path) -> None:
    environment = environment_for(fresh_database, tmp_path) | {
        "DASH_API_KEY_RATE": "2",
        "DASH_API_ADDRESS_RATE": "9999",
    }
    token = run(environment, "key", "create", "x", "--role", "admin").stdout.strip()
    bearer = {"Authorization": f"Bearer {token}", "Connection": "close"}
    with serving(environment, "--workers", "2") as (url, process):
        statuses = [httpx2.get(f"{url}/api/v1/me", headers=bearer, timeout=60).status_code for _ in range(20)]
        assert {200, 429} == set(statuses)
        other = run(environment, "key", "create", "y", "--role", "admin").stdout.strip()
        text = httpx2.get(f"{url}/metrics", headers={"Authorization": f"Bearer {other}"}, timeout=60).text
        counted = [
            line for line in text.splitlines() if line.startswith('dash_http_requests_total{endpoint="/api/v1/me"')
        ]
        assert sum(float(line.rsplit(" ", 1)[1]) for line in counted) == 20
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
