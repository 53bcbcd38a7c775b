"""`dash stuck` in processes of its own: exit codes for monitors, files for spreadsheets, deeds and rights."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dash.database import Database
from dash.settings import REPOSITORY
from tests.cli.conftest import Run, clean_environment
from tests.conftest import with_reading

Stuck = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def stuck(dash: Run, fresh_database: Database, tmp_path: Path) -> Stuck:
    """`dash stuck` on demo data of one's own."""
    url = fresh_database.settings.database_url
    assert url
    with_reading(fresh_database.settings, tmp_path / "home")

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return dash("stuck", *arguments, DASH_DATABASE_URL=url, **settings)

    return run


def in_support(database: Database, statement: str, *values: Any) -> None:
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        connection.execute(statement.encode(), values)


def test_a_monitor_hears_of_new_tickets_once_and_people_work_the_list(stuck: Stuck, fresh_database: Database) -> None:
    first = stuck("--json", "--as", "monitor")
    found = json.loads(first.stdout)
    assert first.returncode == 10 and found["before"] is None
    assert found["counts"]["new"] == found["check"]["tickets"] == len(found["tickets"]) > 50

    fresh = (
        "UPDATE support.support_threads_data SET status = 'AI Answered', sent_at = NULL, status_changed_at = "
        "'2026-11-01' WHERE thread_id = (SELECT min(thread_id) FROM support.support_threads_data WHERE status = 'Sent')"
    )
    in_support(fresh_database, fresh)
    assert stuck("--as", "monitor", "--fail-over", "1").returncode == 0  # one is let pass, and stays new
    assert [stuck().returncode for _ in range(2)] == [10, 10]  # somebody looks, and looks again
    again = stuck("--as", "monitor")
    assert again.returncode == 10 and "New: 1 " in again.stdout and again.stderr.count("Traceback") == 0
    assert all(line == line.rstrip() for line in again.stdout.splitlines())
    assert stuck("--as", "monitor").returncode == 0
    assert stuck("--since", "last").returncode == 0
    refused = stuck("--as", "monitor", "--since", "7d")
    assert refused.returncode == 2 and "Choose one" in refused.stderr
    for narrowed in (("--mine",), ("--category", "Shipping"), ("--reason", "unknown"), ("--where", "channel=chat")):
        refused = stuck("--as", "monitor", *narrowed)
        assert refused.returncode == 2 and "leave out" in refused.stderr

    one, two = (ticket["ticket"] for ticket in found["tickets"][:2])
    assert stuck("snooze", one, "--until", "2d", "--note", "=1+1").stdout == "1 ticket: snoozed.\n"
    assert stuck("assign", one, two).stdout == "2 tickets: assigned.\n"
    assert stuck("note", two, "--text", "=HYPERLINK(0)").returncode == 0
    mine = json.loads(stuck("--mine", "--last", "--json").stdout)
    assert [ticket["ticket"] for ticket in mine["tickets"]] == [two]
    rows = {row["ticket"]: row for row in csv.DictReader(io.StringIO(stuck("--csv", "--all", "--last").stdout))}
    assert rows[one]["state"] == "snoozed" and rows[two]["has_it"] == "local"
    assert rows[two]["note"] == "'=HYPERLINK(0)"

    unknown = stuck("close", one, "T-none")
    assert unknown.returncode == 1 and "T-none" in unknown.stderr and unknown.stdout == ""


def test_a_monitor_is_shown_everything_that_is_new(stuck: Stuck, fresh_database: Database) -> None:
    assert stuck("--as", "monitor").returncode == 10
    in_support(fresh_database, "UPDATE support.support_threads_data SET status = 'AI Answered', sent_at = NULL, "
               "status_changed_at = '2026-11-01' WHERE thread_id IN (SELECT thread_id FROM "
               "support.support_threads_data WHERE status = 'Sent' ORDER BY thread_id LIMIT 25)")  # fmt: skip
    shown = stuck("--as", "monitor").stdout
    with psycopg.connect(fresh_database.owner_dsn()) as connection:
        new = connection.execute(
            "SELECT thread_id FROM support.support_threads_data WHERE status_changed_at = '2026-11-01'"
        ).fetchall()
    assert len(new) >= 25 and all(ticket in shown for (ticket,) in new)


def test_filters_take_what_people_call_things_and_name_what_there_is(stuck: Stuck) -> None:
    shipping = json.loads(stuck("--category", "Shipping", "--where", "stage=ai answered", "--json").stdout)
    assert {ticket["facts"]["category"] for ticket in shipping["tickets"]} == {"shipping_inquiry"}
    assert {ticket["stage"] for ticket in shipping["tickets"]} == {"AI Answered"}
    russian = stuck("--last", "--reason", "step_failed", "--language", "ru")
    assert "Сбой на шаге AI" in russian.stdout and "Черновик ждёт" not in russian.stdout
    refused = stuck("--last", "--reason", "aproval")
    assert refused.returncode == 1 and "write approval" in refused.stderr


def test_a_terminal_command_has_the_rights_of_its_user(stuck: Stuck, tmp_path: Path) -> None:
    access = tmp_path / "access.yaml"
    access.write_text("local: viewer\n")
    refused = stuck(DASH_ACCESS=str(access))
    assert refused.returncode == 1 and "see stuck" in refused.stderr and refused.stdout == ""
    access.write_text("local: lead\n")
    shown = stuck("--json", DASH_ACCESS=str(access))
    assert shown.returncode == 10
    ticket = json.loads(shown.stdout)["tickets"][0]["ticket"]
    refused = stuck("ack", ticket, DASH_ACCESS=str(access))
    assert refused.returncode == 1 and "work stuck list" in refused.stderr


def test_without_a_check_the_last_one_cannot_be_shown(stuck: Stuck) -> None:
    refused = stuck("--last")
    assert refused.returncode == 1 and "Nothing was checked yet" in refused.stderr


def test_a_terminal_says_what_stays_what_was_so_and_what_a_colleague_decided(stuck: Stuck) -> None:
    found = json.loads(stuck("--json").stdout)
    one, two, three = (ticket["ticket"] for ticket in found["tickets"][:3])
    assert found["counts"].keys() == {"new", "worse", "still", "back", "cleared"}
    assert stuck("snooze", one, DASH_USER="bob").returncode == 0
    kept = stuck("ack", one, two).stdout
    assert "2 tickets: acknowledged." in kept and "1 snoozed by bob until the stage changes" in kept
    assert stuck("ack", two).stdout == "1 ticket: acknowledged already.\n"
    assert stuck("unsnooze", three).stdout == "1 ticket: not snoozed, so nothing was changed.\n"
    refused = stuck("close", one, three)
    assert refused.returncode == 1 and "Nothing was changed. --anyway" in refused.stderr and "bob" in refused.stderr
    assert stuck("close", one, three, "--anyway").stdout == "2 tickets: closed as expected.\n"
    listed = stuck("--last", "--reason", found["tickets"][3]["reason"])
    assert "Checking" not in listed.stderr and "2 closed as expected, " in listed.stdout
    assert "not asked for. --all shows" in listed.stdout


def test_wrong_usage_is_told_from_an_error_and_each_known_value_is_named_once(stuck: Stuck) -> None:
    assert stuck().returncode == 10
    assert stuck("--since", "tomorrow").returncode == 2
    refused = stuck("--last", "--category", "zzz")
    assert refused.returncode == 1 and refused.stderr.count("shipping") == 1


def test_a_reader_that_has_enough_is_no_error(stuck: Stuck, fresh_database: Database, tmp_path: Path) -> None:
    stuck("--json")
    url = fresh_database.settings.database_url
    assert url
    environment = clean_environment(tmp_path) | {"DASH_DATABASE_URL": url}
    command = [sys.executable, "-X", "utf8", "-m", "dash", "stuck", "--last", "--all"]
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads a word of it
    try:
        ended = subprocess.run(
            command, cwd=REPOSITORY, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=300
        )
    finally:
        os.close(writing)
    assert ended.returncode == 10 and "Traceback" not in ended.stderr and "broke" not in ended.stderr
