"""What the containers run, run without them: two processes of the API, the page and the scheduler on one database, with
the commands and settings of docker-compose.yml, are one product."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psutil
from playwright.sync_api import Browser, expect

from dash.ask import Dash
from dash.database import Database
from dash.settings import REPOSITORY
from tests.cli.conftest import environment_for
from tests.deploy.test_compose import OURS, filled
from tests.ui.conftest import browser  # noqa: F401

UNKNOWN, MEANT = "How many quokka tickets last week?", "How many shipping tickets last week?"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-X", "utf8", "-m", "dash", *arguments]


def environment_of(service: str, database: Database, folder: Path, **changed: str) -> dict[str, str]:
    """The environment of a container of this service, where the addresses are those of this machine."""
    environment = environment_for(database, folder)
    url = folder / "database_url"
    url.write_text(environment.pop("DASH_DATABASE_URL"), encoding="utf-8")
    named = {name: filled(value, {}) for name, value in OURS[service]["environment"].items()}
    return environment | named | {"DASH_DATABASE_URL_FILE": str(url)} | changed


@contextlib.contextmanager
def running(service: str, environment: dict[str, str], health: str | None) -> Iterator[subprocess.Popen[bytes]]:
    """The service as a process, once it answers; it ends when it is told to."""
    process = subprocess.Popen(command(*OURS[service]["command"]), cwd=REPOSITORY, env=environment)
    try:
        assert health is None or eventually(lambda: answers(process, health))
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) in (0, -signal.SIGTERM)
    finally:
        for one in (*psutil.Process(process.pid).children(recursive=True), process) if process.poll() is None else ():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def answers(process: subprocess.Popen[bytes], health: str) -> bool:
    assert process.poll() is None, "It ended before it answered."
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(health, timeout=5).status_code == 200
    return False


def eventually(condition: Callable[[], bool], seconds: float = 240) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.5)
    return False


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_two_apis_a_page_and_a_scheduler_are_one_product(
    fresh_database: Database,
    tmp_path: Path,
    browser: Browser,  # noqa: F811
) -> None:
    ports = [free_port() for _ in range(3)]
    settings = [
        environment_of("api", fresh_database, tmp_path, DASH_API_HOST="127.0.0.1", DASH_API_PORT=port)
        for port in ports[:2]
    ]
    page = environment_of("page", fresh_database, tmp_path, DASH_PORT=ports[2])
    create = command("key", "create", "laptop", "--role", "admin", "--owner", page.get("DASH_USER", "local"))
    made = subprocess.run(create, cwd=REPOSITORY, env=settings[0], check=True, capture_output=True, timeout=120)
    headers = {"Authorization": f"Bearer {made.stdout.decode().strip()}"}
    with contextlib.ExitStack() as all_of_it:
        for environment, port in zip(settings, ports, strict=False):
            all_of_it.enter_context(running("api", environment, f"http://127.0.0.1:{port}/readyz"))
        all_of_it.enter_context(running("page", page, f"http://127.0.0.1:{ports[2]}/_stcore/health"))
        scheduler = environment_of("scheduler", fresh_database, tmp_path)
        schedule = all_of_it.enter_context(running("scheduler", scheduler, None))
        asked = OURS["scheduler"]["healthcheck"]["test"]
        health = command(*asked[asked.index("dash") + 1 :])
        assert eventually(lambda: not subprocess.run(health, cwd=REPOSITORY, env=scheduler, timeout=60).returncode)
        one, other = (
            all_of_it.enter_context(httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120))
            for port in ports[:2]
        )

        def ask(client: httpx2.Client, question: str, **more: Any) -> dict[str, Any]:
            answer: dict[str, Any] = client.post("/api/v1/questions", json={"question": question, **more}).json()
            return answer

        # A conversation goes on in another process, and is on the page.
        first = ask(one, "How many tickets were there in the last 30 days?")
        second = ask(other, "And by category?", thread_id=first["thread_id"])
        assert second["outcome"] == "answered" and len(second["rows"]) > 1
        assert one.get(f"/api/v1/runs/{second['run_id']}").json()["answer"] == second
        tab = browser.new_page()
        tab.goto(f"http://127.0.0.1:{ports[2]}/?thread={first['thread_id']}")
        expect(tab.get_by_text("And by category?").first).to_be_visible(timeout=240_000)
        tab.close()

        # A word that one process learned is known to all, without a restart.
        asked = ask(one, UNKNOWN)
        ask(one, MEANT, thread_id=asked["thread_id"])
        assert asked["outcome"] != "answered"
        (learning,) = other.get("/api/v1/learnings").json()["learnings"]
        with Dash.open(fresh_database.settings) as dash:
            dash.learnings.activate(learning["id"], by="lead")
        for client in (one, other):
            assert eventually(lambda client=client: ask(client, UNKNOWN)["outcome"] == "answered")  # type: ignore[misc]

        # A second scheduler beside the first has nothing to do, and the first is still there.
        again = subprocess.run(
            command("schedule", "--once"), cwd=REPOSITORY, env=scheduler, check=False, capture_output=True, timeout=240
        )
        assert again.returncode == 0 and schedule.poll() is None, again.stderr.decode()
