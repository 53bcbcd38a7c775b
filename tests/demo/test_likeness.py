"""The demo data looks like a support organisation: shares, seasons, a learning AI, and every way of being stuck.

Bounds are loose on purpose: they say what a person would see in the data, not what the generator's constants are.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import mean

import pytest

from tests.demo.world import CATEGORIES, Record, World, build_world

UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    """As many tickets as a first start loads."""
    return build_world(20_000, 7, 540, UNTIL)


@pytest.fixture(scope="module")
def small() -> World:
    """The data of the test database."""
    return build_world(3_000, 7, 540, UNTIL)


def share(records: list[Record], column: str, *values: object) -> float:
    return sum(record[column] in values for record in records) / len(records)


def scored(world: World, since: datetime) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {category: [] for category in CATEGORIES}
    for record in world.tables["ai_human_comparison"]:
        if record["compared_at"] >= since and record["penalty_score"] not in (None, ""):
            found[record["request_type"]].append(record)
    return found


def ready_for_sending(world: World) -> set[str]:
    return {
        category
        for category, records in scored(world, UNTIL - timedelta(days=30)).items()
        if len(records) >= 50
        and mean(int(record["penalty_score"]) for record in records) <= 10
        and share(records, "verdict", "human_better") <= 0.05
    }


def resolution_rate(tickets: list[Record]) -> float:
    answered = [ticket for ticket in tickets if ticket["status"] != "Data collected"]
    return share(answered, "status", "Draft Created", "Sent")


def test_about_seventy_percent_of_sent_tickets_are_not_rated(world: World) -> None:
    sent = [ticket for ticket in world.tickets.values() if ticket["status"] == "Sent"]
    assert 0.66 < share(sent, "csat_score", None) < 0.75
    assert share(sent, "assigned_to", None) > 0.6


def test_there_are_about_five_messages_a_ticket_in_five_languages_and_channels(world: World) -> None:
    tickets = list(world.tickets.values())
    assert 4.3 < len(world.tables["support_dialogs"]) / len(tickets) < 5.7
    for column, values in (
        ("language", ("en", "he", "es", "fr", "ru")),
        ("channel", ("email", "chat", "whatsapp", "facebook", "telegram")),
    ):
        assert all(share(tickets, column, value) > 0.03 for value in values)


def test_volume_grows_and_follows_weekdays_and_hours(world: World) -> None:
    created = [ticket["created_at"] for ticket in world.tickets.values()]
    assert sum(moment > UNTIL - timedelta(days=90) for moment in created) > 1.5 * sum(
        moment < UNTIL - timedelta(days=450) for moment in created
    )
    weekdays, hours = Counter(m.weekday() for m in created), Counter(m.hour for m in created)
    assert weekdays[0] > 1.5 * weekdays[5]
    assert hours[10] > 3 * hours[3]


def test_parcels_break_after_the_holidays(world: World) -> None:
    def damaged(tickets: list[Record]) -> float:
        return share(tickets, "request_type", "damaged_item")

    tickets = list(world.tickets.values())
    after = [t for t in tickets if (2025, 12, 26) <= t["created_at"].timetuple()[:3] <= (2026, 1, 22)]
    assert damaged(after) > 1.8 * damaged(tickets)


def test_the_ai_gets_better_over_the_months(world: World) -> None:
    tickets = list(world.tickets.values())
    thirds = [[t for t in tickets if start <= (UNTIL - t["created_at"]).days < start + 180] for start in (360, 180, 0)]
    rates = [resolution_rate(third) for third in thirds]
    assert all(earlier < later for earlier, later in pairwise(rates))
    comparisons = world.tables["ai_human_comparison"]
    early = [c for c in comparisons if UNTIL - c["compared_at"] > timedelta(days=360)]
    late = [c for c in comparisons if UNTIL - c["compared_at"] < timedelta(days=90)]
    assert share(early, "verdict", "human_better") > 1.4 * share(late, "verdict", "human_better")


def test_the_ai_is_worst_at_damaged_items_and_payments(world: World) -> None:
    rates = {
        category: resolution_rate([t for t in world.tickets.values() if t["request_type"] == category])
        for category in CATEGORIES
    }
    assert set(sorted(rates, key=rates.__getitem__)[:2]) == {"damaged_item", "payment_issue"}
    lost = {category: share(records, "verdict", "human_better") for category, records in scored_always(world).items()}
    assert set(sorted(lost, key=lost.__getitem__)[-2:]) == {"damaged_item", "payment_issue"}


def scored_always(world: World) -> dict[str, list[Record]]:
    return scored(world, UNTIL - timedelta(days=10_000))


def test_exactly_two_categories_are_ready_for_automatic_sending(world: World) -> None:
    assert ready_for_sending(world) == {"shipping_inquiry", "skip_month"}


def test_one_category_is_ready_in_the_test_database(small: World) -> None:
    assert ready_for_sending(small) == {"shipping_inquiry"}


def test_penalties_are_text_with_null_and_empty_ones(world: World) -> None:
    scores = Counter(record["penalty_score"] for record in world.tables["ai_human_comparison"])
    assert scores[None] > 50
    assert scores[""] > 50
    assert all(score is None or isinstance(score, str) for score in scores)


def test_one_day_some_weeks_before_the_end_has_many_failures(world: World) -> None:
    days = Counter(task["created_at"].date() for task in world.tables["ai_agent_tasks"] if task["status"] == "failed")
    (worst, most), (_, second) = days.most_common(2)
    assert most > 4 * second
    assert 14 <= (UNTIL.date() - worst).days <= 40


@pytest.mark.parametrize("size", ["world", "small"])
def test_steps_failed_in_the_last_hour_for_reasons(size: str, request: pytest.FixtureRequest) -> None:
    tasks = request.getfixturevalue(size).tables["ai_agent_tasks"]
    failed = [t for t in tasks if t["status"] == "failed" and t["created_at"] > UNTIL - timedelta(hours=1)]
    assert len(failed) >= 2


@pytest.mark.parametrize("size", ["world", "small"])
def test_tickets_are_stuck_at_each_stage_for_different_reasons(size: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(size)
    tasks, dialogs = world.of("ai_agent_tasks"), world.of("support_dialogs")
    waiting = {record["thread_id"] for record in world.tables["active_interrupts"] if record["resolved_at"] is None}
    expired = {record["thread_id"] for record in world.tables["active_interrupts"] if record["resolution"] == "expired"}
    reasons: set[tuple[str, str]] = set()
    for name, ticket in world.tickets.items():
        if ticket["status"] == "Sent" or UNTIL - ticket["status_changed_at"] < timedelta(hours=24):
            continue
        signs = {
            "unidentified": ticket["customer_id"] is None,
            "failed step": tasks[name][-1]["status"] == "failed",
            "hanging step": any(task["status"] in ("queued", "running") for task in tasks[name]),
            "waiting approval": name in waiting,
            "expired approval": name in expired,
            "customer wrote last": dialogs[name][-1]["author_type"] == "customer",
            "has a person": ticket["assigned_to"] is not None,
            "has nobody": ticket["assigned_to"] is None,
        }
        reasons |= {(ticket["status"], sign) for sign, there in signs.items() if there}
    assert reasons >= {
        ("Data collected", "unidentified"),
        ("Data collected", "failed step"),
        ("Data collected", "hanging step"),
        ("AI Answered", "waiting approval"),
        ("AI Answered", "expired approval"),
        ("AI Answered", "customer wrote last"),
        ("Draft Created", "customer wrote last"),
        ("Draft Created", "failed step"),
        ("Draft Created", "has a person"),
        ("Draft Created", "has nobody"),
    }


def test_conversations_end_in_every_way_and_are_escalated_for_every_reason(world: World) -> None:
    endings = Counter((c["resolution_type"], c["escalation_reason"]) for c in world.tables["conversations"])
    assert len(endings) == 7
    assert min(endings.values()) >= 1
    outcomes = Counter(interrupt["resolution"] for interrupt in world.tables["active_interrupts"])
    assert {"approved", "rejected", "expired", None} == set(outcomes)


def test_some_customers_come_back_and_keep_who_they_are(world: World) -> None:
    seen: dict[str, tuple[str, str, str]] = {}
    known = [ticket for ticket in world.tickets.values() if ticket["customer_id"] is not None]
    for ticket in known:
        who = (ticket["customer_email"], ticket["language"], ticket["country"])
        assert seen.setdefault(ticket["customer_id"], who) == who
    assert 0.2 < len(seen) / len(known) < 0.8


def test_countries_go_with_languages(world: World) -> None:
    places = {
        "en": {"US", "GB", "CA", "AU", "IE"},
        "es": {"ES", "MX", "AR", "CO"},
        "he": {"IL", "US"},
        "fr": {"FR", "BE", "CH", "CA"},
        "ru": {"KZ", "IL", "DE", "LV", "GE"},
    }
    for ticket in world.tickets.values():
        assert ticket["country"] in places[ticket["language"]] | {None}


def test_about_one_ticket_in_five_hundred_gives_orders_to_an_ai(world: World) -> None:
    canary = re.compile(r"\b[A-Z]{5,7}-\d{4}\b")
    trapped = {m["thread_id"] for m in world.tables["support_dialogs"] if canary.search(m["body"])}
    assert 20 <= len(trapped) <= 65
    assert any(canary.search(ticket["subject"]) for ticket in world.tickets.values())


def test_nobody_says_the_same_twice_in_a_conversation(world: World) -> None:
    repeated = 0
    for messages in world.of("support_dialogs").values():
        bodies = [message["body"] for message in messages if message["author_type"] in ("ai", "agent")]
        repeated += len(bodies) != len(set(bodies))
    assert repeated < 0.01 * len(world.tickets)


def test_messages_are_in_the_language_of_the_ticket(world: World) -> None:
    letters = {"he": re.compile("[א-ת]"), "ru": re.compile("[а-яё]", re.IGNORECASE)}
    for message in world.tables["support_dialogs"]:
        language = world.tickets[message["thread_id"]]["language"]
        if message["author_type"] != "system" and language in letters and not message["body"].startswith("ORD-"):
            assert letters[language].search(message["body"])
