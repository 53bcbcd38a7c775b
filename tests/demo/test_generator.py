"""The generator keeps its rules for any seed, size and end, and gives the same bytes wherever it runs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash.demo import generate
from dash.errors import UserError
from tests.demo.world import breaches, build_world

UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def fingerprint(tickets: int, seed: int, until: datetime = UNTIL) -> str:
    digest = hashlib.sha256()
    for batch in generate(tickets, seed, 90, until):
        digest.update(repr(batch.rows).encode())
    return digest.hexdigest()


@settings(max_examples=150, deadline=None)
@given(
    tickets=st.integers(20, 60),
    seed=st.integers(0, 2**40),
    days=st.sampled_from([1, 2, 7, 30, 540]),
    hours=st.floats(0, 50_000),
)
def test_every_rule_holds_for_any_seed_and_end(tickets: int, seed: int, days: int, hours: float) -> None:
    world = build_world(tickets, seed, days, UNTIL - timedelta(hours=hours))
    assert len(world.tickets) == tickets
    assert breaches(world) == []


@pytest.mark.parametrize("seed", [0, 7, 2026])
def test_every_rule_holds_for_two_thousand_tickets(seed: int) -> None:
    assert breaches(build_world(2_000, seed, 540, UNTIL)) == []


def test_the_same_seed_and_end_give_the_same_bytes_in_another_process_with_another_hash_seed() -> None:
    program = "from tests.demo.test_generator import fingerprint\nprint(fingerprint(400, 7))"
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed, zone in (("0", "UTC"), ("4711", "Asia/Tokyo"))
    }
    assert found == {fingerprint(400, 7)}


def test_another_seed_gives_other_data() -> None:
    assert fingerprint(100, 7) != fingerprint(100, 8)


def test_the_end_is_a_moment_whatever_its_zone() -> None:
    assert fingerprint(100, 7) == fingerprint(100, 7, UNTIL.astimezone(timezone(timedelta(hours=3))))


def test_tickets_come_in_order_of_their_creation() -> None:
    moments = [ticket["created_at"] for ticket in build_world(500, 7, 90, UNTIL).tickets.values()]
    assert moments == sorted(moments)


@pytest.mark.parametrize("hour", range(24))
def test_there_are_tickets_in_the_last_hour_and_today_at_any_time_of_day(hour: int) -> None:
    until = UNTIL.replace(hour=hour, minute=35)
    world = build_world(600, 7, 60, until)
    created = [ticket["created_at"] for ticket in world.tickets.values()]
    assert sum(moment > until - timedelta(hours=1) for moment in created) >= 3
    failed = [
        task
        for task in world.tables["ai_agent_tasks"]
        if task["status"] == "failed" and task["created_at"] > until - timedelta(hours=1)
    ]
    assert failed
    if hour >= 1:
        assert sum(moment >= until.replace(hour=0, minute=0) for moment in created) >= 8


@pytest.mark.parametrize("arguments", [(0, 7, 30), (10, 7, 0), (10, -1, 30)])
def test_impossible_numbers_are_refused_before_anything_is_made(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(UserError, match="at least one"):
        generate(*arguments, UNTIL)


def test_an_end_without_a_zone_is_refused() -> None:
    with pytest.raises(UserError, match="time zone"):
        generate(10, 7, 30, datetime(2026, 11, 20))  # noqa: DTZ001 - that is the mistake
