"""Finding conversations: every filter against SQL written by hand, combinations, pages, and words of any language."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from dash.database import Database
from dash.errors import NotFoundError
from dash.records import MASK
from dash.replay import Replay
from dash.replay.searching import FEW, Search, count_query, find_conversations, search_query

TICKETS = "SELECT t.thread_id FROM support.support_threads_data AS t WHERE {} ORDER BY created_at DESC, thread_id DESC"
IN_CHAT = "EXISTS (SELECT FROM support.conversations AS c WHERE c.thread_id = t.thread_id AND {})"
IN_EVENTS = "EXISTS (SELECT FROM support.analytics_events AS e WHERE e.thread_id = t.thread_id AND {})"
IN_MESSAGES = "EXISTS (SELECT FROM support.support_dialogs AS m WHERE m.thread_id = t.thread_id AND {})"
WHERE = {
    "category": (("payment_issue", "other"), "request_type IN ('payment_issue', 'other')"),
    "channel": (("email",), "channel = 'email'"),
    "outcome": (("escalated",), IN_CHAT.format("c.resolution_type = 'escalated'")),
    "status": (("AI Answered",), "status = 'AI Answered'"),
    "agent": (("discount", "fallback"), IN_CHAT.format("c.agents_used && '{discount,fallback}'")),
    "tool": (("track_package",), IN_EVENTS.format("e.tool_name = 'track_package'")),
    "error": (("timeout", "auth"), IN_EVENTS.format("e.error_category IN ('timeout', 'auth')")),
    "text": (("merci",), IN_MESSAGES.format(r"m.body ~* '\ymerci\y'")),
}


def by_hand(database: Database, condition: str) -> list[str]:
    with psycopg.connect(database.owner_dsn()) as connection:
        return [row[0] for row in connection.execute(TICKETS.format(condition).encode()).fetchall()]


def all_ids(replay: Replay, search: Search, size: int = 500) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = find_conversations(replay, search, after=after, limit=size)
        found += [conversation.id for conversation in page.conversations]
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("name", WHERE)
def test_a_filter_finds_what_sql_by_hand_finds_in_the_same_order(replay: Replay, database: Database, name: str) -> None:
    values, condition = WHERE[name]
    expected = by_hand(database, condition)
    assert expected, "a filter that finds nothing proves nothing"
    assert all_ids(replay, Search(filters={name: values})) == expected


@pytest.mark.parametrize(
    "names", [("text", "category"), ("tool", "outcome"), ("agent", "error", "channel"), ("text", "agent", "outcome")]
)
def test_filters_combine(replay: Replay, database: Database, names: tuple[str, ...]) -> None:
    search = Search(filters={name: WHERE[name][0] for name in names})
    assert all_ids(replay, search, 7) == by_hand(database, " AND ".join(f"({WHERE[name][1]})" for name in names))


def test_a_period_takes_its_first_moment_and_not_its_last(replay: Replay, database: Database) -> None:
    since, until = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    expected = by_hand(database, "created_at >= '2026-10-01Z' AND created_at < '2026-11-01Z'")
    assert all_ids(replay, Search(since=since, until=until), 50) == expected


@pytest.mark.parametrize("size", [7, 40, 500])
def test_pages_of_a_search_lose_nothing(replay: Replay, database: Database, size: int) -> None:
    expected = by_hand(database, "channel = 'telegram'")
    assert all_ids(replay, Search(filters={"channel": ("telegram",)}), size) == expected


def test_a_customer_is_found_by_number_or_whole_address_and_shown_masked(replay: Replay, database: Database) -> None:
    with psycopg.connect(database.owner_dsn()) as connection:
        row = connection.execute(
            "SELECT customer_id, customer_email FROM support.support_threads_data "
            "WHERE customer_email IS NOT NULL ORDER BY id LIMIT 1"
        ).fetchone()
    assert row
    expected = by_hand(database, f"customer_id = '{row[0]}'")
    assert all_ids(replay, Search(filters={"customer": (row[0],)})) == expected
    assert all_ids(replay, Search(filters={"customer": (row[1],)})) == expected
    assert all_ids(replay, Search(filters={"customer": (row[1][:-1],)})) == []
    shown = find_conversations(replay, Search(filters={"customer": (row[1],)})).conversations
    assert {conversation.facts["email"] for conversation in shown} == {MASK}


@pytest.mark.parametrize("words", ["спасибо", "תודה", "ORD-7", "% _ \\", "!!!", "' OR 1=1 --", "\u202e", "a" * 500])
def test_words_of_any_kind_are_only_words(replay: Replay, database: Database, words: str) -> None:
    found = all_ids(replay, Search(filters={"text": (words,)}))
    with psycopg.connect(database.owner_dsn()) as connection:
        everything = connection.execute("SELECT count(*) FROM support.support_threads_data").fetchone()
    assert everything
    assert len(found) < everything[0]
    if words in ("спасибо", "תודה"):
        pattern = rf"m.body ~* '(^|[[:space:][:punct:]]){words}($|[[:space:][:punct:]])'"
        assert found == by_hand(database, IN_MESSAGES.format(pattern))
        assert found


def test_few_and_many_matches_are_looked_up_in_two_ways_with_one_result(replay: Replay) -> None:
    search = Search(filters={"text": ("merci",), "category": ("damaged_item",)})
    ways = [
        [row["id"] for row in replay.read(search_query(replay.description, search, None, 500, first=first)).rows]
        for first in ("text", None)
    ]
    assert ways[0] == ways[1] != []
    matches = replay.read(count_query(replay.description, "text", ("merci",))).rows[0]["matches"]
    assert 0 < matches < FEW


def test_a_filter_that_the_file_does_not_have_is_refused(replay: Replay) -> None:
    with pytest.raises(NotFoundError):
        find_conversations(replay, Search(filters={"mood": ("angry",)}))
