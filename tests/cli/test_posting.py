"""`dash digest`, `dash alerts` and `dash schedule` as people and machines run them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dash.database import Database
from dash.settings import REPOSITORY
from tests.cli.conftest import Run, environment_for
from tests.ops.delivery.servers import Receiver, answers, nobody

OK = answers("200 OK")


@pytest.fixture
def dash_of_my_own(dash: Run, fresh_database: Database, tmp_path: Path) -> Run:
    """`dash` on demo data that this test may write to."""
    settings = environment_for(fresh_database, tmp_path)
    mine = {name: settings[name] for name in ("DASH_HOME", "DASH_DATABASE_URL")}
    return lambda *arguments, stdin=None, **more: dash(*arguments, stdin=stdin, **{**mine, **more})


def test_a_digest_is_sent_once_and_its_exit_code_says_whether_it_arrived(dash_of_my_own: Run) -> None:
    with Receiver(OK) as receiver, nobody() as port:
        ops = {"DASH_TARGET_OPS": f"json://user:very-secret@127.0.0.1:{receiver.port}/?rto=10"}
        first = dash_of_my_own("digest", **ops)
        second = dash_of_my_own("digest", **ops)
        lost = dash_of_my_own("digest", "--test", **ops, DASH_TARGET_LOST=f"json://:very-secret@127.0.0.1:{port}")
    assert (first.returncode, first.stdout) == (0, "ops: sent\n"), first.stderr
    assert second.stdout.startswith("Nothing new, so nothing was sent")
    assert lost.returncode == 1 and "lost: not delivered" in lost.stdout and "ops: sent\n" in lost.stdout
    titles = [json.loads(body)["title"] for body in receiver.received]
    assert titles[0].startswith("Stuck tickets: ") and titles[1:] == ["A test message from Dash"]
    log = dash_of_my_own("digest", "--log", **ops)
    assert "ops  stuck:1  try 1: sent" in log.stdout and "lost  test:" in log.stdout
    assert "very-secret" not in "".join(each.stdout + each.stderr for each in (first, second, lost, log))


def test_without_a_target_it_says_how_to_name_one_and_shows_the_list_all_the_same(dash_of_my_own: Run) -> None:
    refused = dash_of_my_own("digest")
    shown = dash_of_my_own("digest", "--show", "--language", "ru")
    assert refused.returncode == 1 and "DASH_TARGET_OPS" in refused.stderr
    assert shown.returncode == 0 and shown.stdout.startswith("Застрявшие тикеты: ")


def test_alerts_say_what_fires(dash_with_data: Run) -> None:
    shown = dash_with_data("alerts", "--json")
    rules = {each["rule"]: each for each in json.loads(shown.stdout)}
    silent = rules["no_tickets"]  # the demo data ends at a fixed moment, this machine's clock is what it is
    assert silent["standing"] == ("firing" if silent["value"] < 1 else "quiet"), shown.stderr
    assert shown.returncode == (10 if any(each["standing"] == "firing" for each in rules.values()) else 0)


def test_a_schedule_that_cannot_be_read_is_said(dash_with_data: Run) -> None:
    wrong = dash_with_data("schedule", "list", DASH_SCHEDULE_STUCK_DIGEST="every morning")
    unknown = dash_with_data("schedule", "list", DASH_SCHEDULE_LUNCH="0 12 * * *")
    off = dash_with_data("schedule", "list", DASH_SCHEDULE_STUCK_DIGEST="off")
    assert wrong.returncode == 1 and "DASH_SCHEDULE_STUCK_DIGEST='every morning': it needs five fields" in wrong.stderr
    assert unknown.returncode == 1 and "DASH_SCHEDULE_LUNCH names no job" in unknown.stderr
    assert off.returncode == 0 and "stuck_digest" not in off.stdout and "alerts" in off.stdout


def test_once_runs_what_is_due_and_leaves(dash_of_my_own: Run) -> None:
    first = dash_of_my_own("schedule", "--once")
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    done = dash_of_my_own("schedule", "run", "stuck_check")
    assert done.returncode == 0 and done.stdout.startswith("stuck_check: ") and "stuck tickets" in done.stdout


def test_a_running_schedule_is_seen_to_be_alive_and_sigterm_ends_it_in_peace(
    fresh_database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    environment = environment_for(fresh_database, tmp_path)
    schedule = [sys.executable, "-X", "utf8", "-m", "dash", "schedule"]

    def alive() -> tuple[int, str]:
        asked = subprocess.run(
            [*schedule, "alive"], cwd=REPOSITORY, env=environment, text=True, encoding="utf-8", capture_output=True
        )
        return asked.returncode, asked.stdout + asked.stderr

    assert alive() == (1, "Nothing runs the schedule on this machine; start it: ./scripts/dash schedule\n")
    running = subprocess.Popen(
        schedule, cwd=REPOSITORY, text=True, encoding="utf-8", env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    request.addfinalizer(_ended(running))
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("Running the schedule"):
            break
    assert alive() == (0, "The schedule is run on this machine.\n")
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=120)
    assert (running.returncode, said.splitlines()[-1]) == (0, "Stopped.")
    assert alive()[0] == 1


def _ended(process: subprocess.Popen[str]) -> Callable[[], None]:
    def end() -> None:
        process.kill()
        process.wait()

    return end
